"""What WhatsApp says about the account stops, pauses and resumes what goes out."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from chassis.errors import InvalidArgument
from hark.notifier.v1.notification_pb2 import Content, Notification
from hark.notifier.v1.notifier_service_pb2 import (
    ListTemplatesRequest,
    RecordAccountChangeRequest,
    RecordAccountChangeResponse,
)
from tests.integration.notifier.graph import ScriptedGraph
from tests.integration.notifier.house import House, a_request, eventually, send, stamp


async def change(house: House, change_id: str, field: str = "account_update", **value: Any) -> str:
    request = RecordAccountChangeRequest(
        field=field,
        value_json=json.dumps(value).encode(),
        receive_time=stamp(house.clock.now()),
        change_id=change_id,
    )
    response: RecordAccountChangeResponse = await house.call(
        "RecordAccountChange", request, client="ingress"
    )
    return response.effect


def status(event: str, **more: Any) -> dict[str, Any]:
    return {
        "field": "message_template_status_update",
        "event": event,
        "message_template_name": "hark_task_due",
        "message_template_language": "en",
        **more,
    }


async def test_a_disabled_account_sends_nothing_until_it_is_reinstated_and_loses_nothing(
    house: House, graph: ScriptedGraph, database_url: str
) -> None:
    person = await house.record()
    ban = {"waba_ban_state": "DISABLE"}
    assert await change(house, "1", event="DISABLED_UPDATE", ban_info=ban) == "SENDING_STOPPED"
    assert await change(house, "1", event="DISABLED_UPDATE", ban_info=ban) == "REPEATED"
    sent = await send(house, a_request(person.user_id))
    connection = await asyncpg.connect(database_url)
    try:

        async def put_off() -> bool:
            reason = await connection.fetchval(
                "SELECT postponed_reason FROM notifier.notifications"
            )
            return bool(reason == "ACCOUNT_DISABLED")

        assert await eventually(put_off, 20.0)
    finally:
        await connection.close()
    assert graph.sends == []
    lifted = {"waba_ban_state": "REINSTATE"}
    assert await change(house, "2", event="DISABLED_UPDATE", ban_info=lifted) == "SENDING_RESUMED"
    house.clock.offset += timedelta(minutes=2)
    await house.in_state(sent.notification_id, Notification.STATE_SENT, 20.0)


async def test_a_paused_template_gives_way_and_is_used_again_when_it_resumes(
    house: House, graph: ScriptedGraph
) -> None:
    person = await house.record(at=house.clock.now() - timedelta(hours=25))
    paused = status("PAUSED", other_info={"title": "FIRST_PAUSE"})
    assert await change(house, "1", **paused) == "TEMPLATE_PAUSED"

    async def is_usable() -> bool:
        listed = await house.call("ListTemplates", ListTemplatesRequest(locale="en"))
        return bool(next(t for t in listed.templates if t.name == "task_due").is_approved_usable)

    assert not await is_usable()
    contents = [Content(template="task_due", parameters={"title": "Ada", "number": "1"})]
    await send(house, a_request(person.user_id, contents=contents))
    await graph.sent(1)
    assert graph.sends[0]["template"]["name"] == "hark_message"
    assert await change(house, "2", **status("APPROVED")) == "TEMPLATE_RESUMED"
    assert await is_usable()
    house.clock.offset += timedelta(minutes=1)
    await send(house, a_request(person.user_id, contents=contents))
    await graph.sent(2)
    assert graph.sends[1]["template"]["name"] == "hark_task_due"


async def test_who_wants_no_marketing_is_recorded(house: House, database_url: str) -> None:
    person = await house.record()
    preference = {
        "wa_id": "15550100001",
        "category": "marketing_messages",
        "value": "stop",
        "timestamp": int(house.clock.now().timestamp()),
    }
    field = "user_preferences"
    effect = await change(house, "1", field=field, user_preferences=[preference])
    assert effect == "MARKETING_PREFERENCE"
    connection = await asyncpg.connect(database_url)
    try:
        stopped = await connection.fetchval(
            "SELECT marketing_stop_time FROM notifier.contacts WHERE user_id = $1", person.user_id
        )
        kept = await connection.fetchrow("SELECT * FROM notifier.account_changes")
    finally:
        await connection.close()
    assert stopped is not None
    assert "15550100001" not in str(dict(kept))


async def test_what_cannot_be_read_is_refused(house: House) -> None:
    for fields in (
        {"value_json": b"[1]"},
        {"value_json": b"{"},
        {"value_json": b'{"a": "' + b"x" * 70_000 + b'"}'},
        {"field": "Account Update"},
        {"change_id": ""},
    ):
        values: dict[str, Any] = {
            "field": "account_update",
            "value_json": b"{}",
            "receive_time": stamp(house.clock.now()),
            "change_id": "1",
        }
        request = RecordAccountChangeRequest(**values | fields)
        with pytest.raises(InvalidArgument):
            await house.call("RecordAccountChange", request, client="ingress")
    assert await change(house, "9", field="something_new", event="X") == "NOTED"
