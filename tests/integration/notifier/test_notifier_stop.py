"""People who said stop, and people whom nothing reaches."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from db.engine import open_engine
from db.sealed import PersonKeys
from db.tables.notifier import person_keys
from hark.notifier.v1.notification_pb2 import Content, Notification
from hark.notifier.v1.notifier_service_pb2 import BatchSendNotificationsRequest
from services.notifier.domain.contact import UserNotFound, UserStopped
from services.notifier.storage.database import Database
from services.notifier.storage.people import People
from tests.integration.notifier.graph import ScriptedGraph, error
from tests.integration.notifier.house import HASH_KEY, KEYRING, House, a_request, send, stamp

SENT = Notification.STATE_SENT


@pytest_asyncio.fixture(loop_scope="session")
async def people(database_url: str) -> AsyncIterator[People]:
    engine = open_engine(database_url, application_name="test")
    keys = PersonKeys(engine, person_keys, KEYRING)
    yield People(Database(engine), keys, hash_key=HASH_KEY)
    await engine.dispose()


def a_reply(user_id: str, **fields: Any) -> Any:
    return a_request(
        user_id,
        type=Notification.TYPE_CONFIRMATION,
        contents=[Content(template="reply", parameters={"text": "You won't hear from me"})],
        **fields,
    )


async def test_who_said_stop_is_told_nothing_but_replies(
    house: House, graph: ScriptedGraph, people: People
) -> None:
    person = await house.record()
    await people.set_stopped(person.user_id, house.clock.now())
    for type_ in (Notification.TYPE_TASK_UPDATE, Notification.TYPE_STATUS_UPDATE):
        with pytest.raises(UserStopped):
            await send(house, a_request(person.user_id, type=type_))
    accepted = await send(house, a_reply(person.user_id))
    await house.in_state(accepted.notification_id, SENT)
    assert len(graph.sends) == 1


async def test_stop_beats_what_is_queued_replies_to_earlier_messages_too(
    house: House, graph: ScriptedGraph, people: People
) -> None:
    person = await house.record()
    later = stamp(house.clock.now() + timedelta(hours=1))
    queued = [
        await send(house, a_request(person.user_id, due_time=later)),
        await send(house, a_reply(person.user_id, due_time=later)),
    ]
    await people.set_stopped(person.user_id, house.clock.now())
    house.clock.offset = timedelta(hours=2)
    for each in queued:
        found = await house.in_state(each.notification_id, Notification.STATE_CANCELLED)
        assert found.state_reason == "USER_STOPPED"
        assert not found.attempts
    assert not graph.sends


async def test_a_request_accepted_before_the_stop_is_answered_as_it_stands(
    house: House, graph: ScriptedGraph, people: People
) -> None:
    person = await house.record()
    request = a_request(person.user_id)
    accepted = await send(house, request)
    await house.in_state(accepted.notification_id, SENT)
    await people.set_stopped(person.user_id, house.clock.now())
    again = await send(house, request)
    assert (again.notification_id, again.state) == (accepted.notification_id, SENT)
    assert len(graph.sends) == 1


async def test_in_a_batch_only_those_who_stopped_are_left_out(
    house: House, graph: ScriptedGraph, people: People
) -> None:
    ada = await house.record()
    bo = await house.record("15550100002", wamid="wamid.in-2", message_id="m_2")
    await people.set_stopped(ada.user_id, house.clock.now())
    requests = [a_request(ada.user_id), a_request(bo.user_id), a_reply(ada.user_id)]
    answer = await house.call(
        "BatchSendNotifications", BatchSendNotificationsRequest(requests=requests)
    )
    assert [each.refusal.reason for each in answer.results] == ["USER_STOPPED", "", ""]
    await graph.sent(2)
    assert {body["to"] for body in graph.sends} == {"+15550100001", "+15550100002"}


async def test_whoever_starts_again_is_told_everything_again(
    house: House, graph: ScriptedGraph, people: People
) -> None:
    person = await house.record()
    await people.set_stopped(person.user_id, house.clock.now())
    await people.set_stopped(person.user_id, None)
    accepted = await send(house, a_request(person.user_id))
    await house.in_state(accepted.notification_id, SENT)
    with pytest.raises(UserNotFound):
        await people.set_stopped(str(uuid.uuid4()), None)


async def test_saying_stop_twice_does_not_free_what_was_queued_in_between(
    house: House, graph: ScriptedGraph, people: People
) -> None:
    person = await house.record()
    await people.set_stopped(person.user_id, house.clock.now())
    accepted = await send(house, a_reply(person.user_id))
    await people.set_stopped(person.user_id, house.clock.now() + timedelta(hours=1))
    await house.in_state(accepted.notification_id, SENT)


async def test_whom_nothing_reaches_is_left_alone_for_hours_and_then_tried_again(
    house: House, graph: ScriptedGraph
) -> None:
    person = await house.record()
    graph.script.append(error(131026))
    first = await send(house, a_request(person.user_id))
    found = await house.in_state(first.notification_id, Notification.STATE_FAILED)
    assert found.state_reason == "UNDELIVERABLE"
    second = await send(house, a_request(person.user_id))
    found = await house.in_state(second.notification_id, Notification.STATE_FAILED)
    assert found.state_reason == "USER_UNREACHABLE"
    assert not found.attempts
    house.clock.offset = timedelta(hours=7)
    third = await send(house, a_request(person.user_id))
    await house.in_state(third.notification_id, SENT)
    assert len(graph.sends) == 2


async def test_who_writes_can_be_reached_again(house: House, graph: ScriptedGraph) -> None:
    person = await house.record()
    graph.script.append(error(131026))
    first = await send(house, a_request(person.user_id))
    await house.in_state(first.notification_id, Notification.STATE_FAILED)
    await house.record(wamid="wamid.in-2", message_id="m_2")
    second = await send(house, a_request(person.user_id))
    await house.in_state(second.notification_id, SENT)
