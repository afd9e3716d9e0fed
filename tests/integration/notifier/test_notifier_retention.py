"""What is forgotten, and what is not."""

from __future__ import annotations

from datetime import timedelta

import asyncpg

from hark.notifier.v1.notification_pb2 import Notification
from hark.notifier.v1.notifier_service_pb2 import GetNotificationRequest
from services.notifier.storage.retention import Retention
from tests.integration.notifier.graph import ScriptedGraph
from tests.integration.notifier.house import House, a_request, eventually, stamp


async def test_only_what_is_finished_and_old_is_forgotten(
    house: House, graph: ScriptedGraph, database_url: str
) -> None:
    person = await house.record()
    sent = a_request(person.user_id)
    waiting = a_request(person.user_id, due_time=stamp(house.clock.now() + timedelta(days=29)))
    for request in (sent, waiting):
        await house.call("SendNotification", request)
    await graph.sent(1)
    found = await house.call("GetNotification", GetNotificationRequest(request_id=sent.request_id))
    await house.in_state(found.notification.notification_id, Notification.STATE_SENT)
    retention = next(each for each in house.components if isinstance(each, Retention))
    house.clock.offset = timedelta(days=28)
    assert await retention.sweep() == 0
    connection = await asyncpg.connect(database_url)

    async def settled() -> bool:
        query = "SELECT count(*) FROM notifier.notifications WHERE settled_time IS NOT NULL"
        return bool(await connection.fetchval(query) == 1)

    # The worker writes its outcome a moment after the state is there to be read.
    house.clock.offset = timedelta()
    await eventually(settled)
    house.clock.offset = timedelta(days=32)
    assert await retention.sweep() == 2
    counts = {
        table: await connection.fetchval(f"SELECT count(*) FROM notifier.{table}")
        for table in ("inbound_messages", "notifications", "attempts", "provider_events")
    }
    await connection.close()
    assert counts == {
        "inbound_messages": 0,
        "notifications": 1,
        "attempts": 0,
        "provider_events": 0,
    }


async def test_a_file_goes_with_its_notification_and_a_finished_erasure_after_a_while(
    house: House, graph: ScriptedGraph, database_url: str
) -> None:
    person = await house.record()
    connection = await asyncpg.connect(database_url)
    await house.call("SendNotification", a_request(person.user_id))
    await graph.sent(1)

    async def settled() -> bool:
        query = "SELECT count(*) FROM notifier.notifications WHERE settled_time IS NOT NULL"
        return bool(await connection.fetchval(query) == 1)

    await eventually(settled)
    await connection.execute(
        "INSERT INTO notifier.documents (notification_id, user_id, content) "
        "SELECT notification_id, user_id, 'x' FROM notifier.notifications"
    )
    now = house.clock.now()
    for alias, stop_time in ((b"forgotten", None), (b"stopped", now)):
        await connection.execute(
            "INSERT INTO notifier.suppressions (alias, erase_time, stop_time) VALUES ($1, $2, $3)",
            *(alias, now, stop_time),
        )
    retention = next(each for each in house.components if isinstance(each, Retention))
    house.clock.offset = timedelta(days=32)
    await retention.sweep()
    files = await connection.fetchval("SELECT count(*) FROM notifier.documents")
    kept = await connection.fetch("SELECT alias FROM notifier.suppressions")
    await connection.close()
    assert files == 0
    assert [row["alias"] for row in kept] == [b"stopped"]
