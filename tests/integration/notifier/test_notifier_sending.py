"""The notifier from its gRPC edge to the provider's socket and back by statuses."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from chassis.errors import RequestIdReused
from hark.notifier.v1.inbound_pb2 import DeliveryStatus
from hark.notifier.v1.notification_pb2 import Attempt, Content, Notification
from tests.integration.notifier.graph import Reply, ScriptedGraph, error
from tests.integration.notifier.house import (
    House,
    MovableClock,
    a_request,
    eventually,
    notifier,
    send,
    stamp,
)


async def test_a_notification_goes_out_and_is_followed_until_it_is_read(
    house: House, graph: ScriptedGraph
) -> None:
    person = await house.record()
    accepted = await send(
        house,
        a_request(
            person.user_id,
            type=Notification.TYPE_CONFIRMATION,
            contents=[
                Content(
                    template="event_created",
                    parameters={"title": "Dinner {time} %s", "time": "today at 18:00"},
                ),
                Content(template="reply", parameters={"text": "Anything else?"}),
            ],
            reply_to_message_id="m_1",
        ),
    )
    assert accepted.state == Notification.STATE_QUEUED
    assert accepted.kind == "reply"
    await graph.sent(1)
    (body,) = graph.sends
    assert body["to"] == "+15550100001"
    assert body["text"]["body"] == (
        "Event 'Dinner {time} %s' scheduled for today at 18:00\nAnything else?"
    )
    assert body["context"] == {"message_id": "wamid.in-1"}
    assert graph.authorizations == {"Bearer test_auth_token"}
    await house.in_state(accepted.notification_id, Notification.STATE_SENT)

    now = house.clock.now().replace(microsecond=0)
    for status in ("sent", "delivered", "read"):
        answer = await house.status(
            DeliveryStatus(provider_message_id="wamid.1", status=status, event_time=stamp(now))
        )
        assert answer.matched_count == 1
    found = await house.get(accepted.notification_id)
    assert found.state == Notification.STATE_READ
    assert [event.status for event in found.events] == ["sent", "delivered", "read"]
    assert [attempt.outcome for attempt in found.attempts] == [Attempt.OUTCOME_ACCEPTED]
    assert found.read_time.ToDatetime() == now.replace(tzinfo=None)
    assert len(graph.sends) == 1


async def test_repeats_that_share_a_commit_meet_the_same_notification(
    house: House, graph: ScriptedGraph
) -> None:
    person = await house.record()
    request = a_request(person.user_id)
    other = a_request(
        person.user_id,
        request_id=request.request_id,
        contents=[Content(template="task_due", parameters={"title": "Bob", "number": "1"})],
    )
    # The first keeps the writer busy, so that all others wait for the next commit together.
    _busy, *answers = await asyncio.gather(
        send(house, a_request(person.user_id)),
        *(send(house, request) for _ in range(6)),
        send(house, other),
        return_exceptions=True,
    )
    accepted = [answer for answer in answers if not isinstance(answer, BaseException)]
    refused = [answer for answer in answers if isinstance(answer, BaseException)]
    assert len({answer.notification_id for answer in accepted}) == 1
    assert all(isinstance(answer, RequestIdReused) for answer in refused)
    assert len(refused) in (1, 6)  # whichever body was first
    await house.in_state(accepted[0].notification_id, Notification.STATE_SENT)
    assert len(graph.sends) == 2


@pytest.mark.parametrize("refusal", [error(130429, 429), error(131056), error(80007)])
async def test_what_was_certainly_not_sent_is_tried_again(
    house: House, graph: ScriptedGraph, refusal: Reply
) -> None:
    person = await house.record()
    graph.script.append(refusal)
    accepted = await send(house, a_request(person.user_id))
    found = await house.in_state(accepted.notification_id, Notification.STATE_SENT)
    assert [attempt.outcome for attempt in found.attempts] == [
        Attempt.OUTCOME_REFUSED,
        Attempt.OUTCOME_ACCEPTED,
    ]
    tokens = [body["biz_opaque_callback_data"] for body in graph.sends]
    assert len(set(tokens)) == 2


async def test_retry_after_is_honoured(house: House, graph: ScriptedGraph) -> None:
    person = await house.record()
    graph.script.append(error(130429, 429, **{"retry-after": "3600"}))
    accepted = await send(house, a_request(person.user_id))

    async def refused() -> bool:
        found = await house.get(accepted.notification_id)
        return bool(found.attempts and found.attempts[0].reason)

    await eventually(refused)
    house.clock.offset = timedelta(seconds=3590)
    with pytest.raises(TimeoutError):
        await graph.sent(2, timeout=1.5)
    house.clock.offset = timedelta(seconds=3601)
    await graph.sent(2)
    found = await house.in_state(accepted.notification_id, Notification.STATE_SENT)
    assert found.attempts[0].reason == "NUMBER_RATE_LIMITED"


async def test_a_refusal_for_good_fails_and_says_why(house: House, graph: ScriptedGraph) -> None:
    person = await house.record()
    graph.script.append(error(131009))
    accepted = await send(house, a_request(person.user_id))
    found = await house.in_state(accepted.notification_id, Notification.STATE_FAILED)
    assert found.state_reason == "PARAMETER_INVALID"
    assert found.attempts[0].provider_code == 131009


@pytest.mark.parametrize(
    "answer",
    [
        Reply(drops=True),
        Reply(body=b'{"messages": ['),
        Reply(body=b'{"messages": []}'),
        Reply(status=500, body=b"oops"),
        error(131000, 500),
    ],
)
async def test_an_unproven_send_is_not_repeated_and_a_status_settles_it(
    house: House, graph: ScriptedGraph, answer: Reply
) -> None:
    person = await house.record()
    graph.script.append(answer)
    accepted = await send(house, a_request(person.user_id))
    found = await house.in_state(accepted.notification_id, Notification.STATE_UNKNOWN)
    assert found.attempts[0].outcome == Attempt.OUTCOME_AMBIGUOUS
    token = graph.sends[0]["biz_opaque_callback_data"]
    answered = await house.status(
        DeliveryStatus(provider_message_id="wamid.x", status="sent", callback_data=token)
    )
    assert answered.matched_count == 1
    assert (await house.get(accepted.notification_id)).state == Notification.STATE_SENT
    # The provider's own id is known from then on.
    await house.status(DeliveryStatus(provider_message_id="wamid.x", status="delivered"))
    assert (await house.get(accepted.notification_id)).state == Notification.STATE_DELIVERED
    house.clock.offset = timedelta(minutes=5)
    with pytest.raises(TimeoutError):
        await graph.sent(2, timeout=1.5)


# What the queue itself writes of an outcome never arrives: as if the worker died right before.
OUTCOMES_ARE_LOST = """
CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''lost''; END';
CREATE TRIGGER lose BEFORE UPDATE OF postponed_reason ON notifier.notifications
FOR EACH ROW EXECUTE FUNCTION lose();
"""


@pytest.mark.parametrize("dies_too", [False, True])
async def test_an_unknown_outcome_waits_for_its_status_although_the_worker_dies_after_it(
    database_url: str, graph: ScriptedGraph, dies_too: bool
) -> None:
    database = await asyncpg.connect(database_url)
    due = "SELECT due_time FROM notifier.notifications WHERE notification_id = $1::uuid"
    try:
        async with notifier(database_url, graph.url, probe_seconds=60.0) as house:
            person = await house.record()
            await database.execute(OUTCOMES_ARE_LOST)
            graph.script.append(Reply(waits=True) if dies_too else Reply(drops=True))
            start = house.clock.now()
            accepted = await send(house, a_request(person.user_id))
            if dies_too:
                await graph.sent(1)
                worker = next(each for each in house.components if each.name.startswith("due "))
                worker._slots.abandon()
            await house.in_state(accepted.notification_id, Notification.STATE_UNKNOWN)
            due_time = await database.fetchval(due, accepted.notification_id)
            assert due_time >= start + timedelta(seconds=60)
    finally:
        await database.close()


async def test_after_the_probe_window_a_timed_reminder_is_repeated_and_says_so(
    database_url: str, graph: ScriptedGraph
) -> None:
    async with notifier(database_url, graph.url, probe_seconds=0.2) as house:
        person = await house.record()
        graph.script.append(Reply(drops=True))
        accepted = await send(house, a_request(person.user_id))
        found = await house.in_state(accepted.notification_id, Notification.STATE_SENT)
        assert len(found.attempts) == 2
        assert graph.sends[1]["text"]["body"] == "In case this did not reach you: Reminder: Ada"
        # Late proof that the first one went out as well harms nothing.
        token = graph.sends[0]["biz_opaque_callback_data"]
        await house.status(
            DeliveryStatus(provider_message_id="wamid.9", status="sent", callback_data=token)
        )
        assert (await house.get(accepted.notification_id)).state == Notification.STATE_SENT


async def test_after_the_probe_window_what_the_system_started_is_given_up(
    database_url: str, graph: ScriptedGraph
) -> None:
    async with notifier(database_url, graph.url, probe_seconds=0.2) as house:
        person = await house.record()
        graph.script.append(Reply(drops=True))
        accepted = await send(
            house, a_request(person.user_id, type=Notification.TYPE_STATUS_UPDATE)
        )
        found = await house.in_state(accepted.notification_id, Notification.STATE_DEAD)
        assert found.state_reason == "OUTCOME_UNKNOWN"
        assert len(graph.sends) == 1
        token = graph.sends[0]["biz_opaque_callback_data"]
        await house.status(
            DeliveryStatus(provider_message_id="wamid.9", status="read", callback_data=token)
        )
        assert (await house.get(accepted.notification_id)).state == Notification.STATE_READ


async def test_a_status_that_overtakes_the_answer_counts(
    house: House, graph: ScriptedGraph
) -> None:
    person = await house.record()

    async def overtake(body: dict[str, Any], wamid: str) -> None:
        await house.status(
            DeliveryStatus(
                provider_message_id=wamid,
                status="delivered",
                callback_data=body["biz_opaque_callback_data"],
            )
        )

    graph.on_send = overtake
    accepted = await send(house, a_request(person.user_id))
    await graph.sent(1)
    found = await house.in_state(accepted.notification_id, Notification.STATE_DELIVERED)

    async def ended() -> bool:
        found = await house.get(accepted.notification_id)
        return found.attempts[0].outcome == Attempt.OUTCOME_ACCEPTED

    await eventually(ended)
    found = await house.get(accepted.notification_id)
    assert found.state == Notification.STATE_DELIVERED


async def test_a_worker_that_takes_over_a_started_attempt_does_not_send_again(
    database_url: str, graph: ScriptedGraph
) -> None:
    clock = MovableClock()
    graph.script.append(Reply(waits=True))
    async with notifier(database_url, graph.url, clock=clock) as first:
        person = await first.record()
        accepted = await send(first, a_request(person.user_id))
        await graph.sent(1)
        # As kill -9 leaves it: the attempt on record, no answer, the lease running out.
        worker = next(each for each in first.components if each.name.startswith("due "))
        worker._slots.abandon()
        async with notifier(database_url, graph.url, clock=clock) as second:
            found = await second.in_state(accepted.notification_id, Notification.STATE_UNKNOWN)
            assert [attempt.reason for attempt in found.attempts] == ["ATTEMPT_INTERRUPTED"]
            assert len(graph.sends) == 1
            await second.status(
                DeliveryStatus(
                    provider_message_id="wamid.1",
                    status="sent",
                    callback_data=graph.sends[0]["biz_opaque_callback_data"],
                )
            )
            assert (await second.get(accepted.notification_id)).state == Notification.STATE_SENT
        graph.release.set()


async def test_while_nothing_answers_sends_wait_and_then_go_out(
    database_url: str, graph: ScriptedGraph, unused_tcp_port: int
) -> None:
    async with notifier(database_url, f"http://127.0.0.1:{unused_tcp_port}/v26.0") as house:
        person = await house.record()
        accepted = [await send(house, a_request(person.user_id)) for _ in range(3)]

        async def refused() -> bool:
            found = await house.get(accepted[0].notification_id)
            return bool(found.attempts) and found.attempts[0].reason == "CONNECT_FAILED"

        await eventually(refused)
        server = await asyncio.start_server(graph.handle, "127.0.0.1", unused_tcp_port)
        async with server:
            house.clock.offset = timedelta(minutes=2)
            for each in accepted:
                await house.in_state(each.notification_id, Notification.STATE_SENT, timeout=20)
        assert len(graph.sends) == 3


async def test_a_reminder_waits_for_its_time_and_expires_when_that_is_long_past(
    database_url: str, graph: ScriptedGraph
) -> None:
    clock = MovableClock()
    async with notifier(database_url, graph.url, clock=clock) as house:
        person = await house.record(at=clock.now() + timedelta(hours=20))
        due = clock.now() + timedelta(minutes=30)
        on_time = await send(house, a_request(person.user_id, due_time=stamp(due)))
        late = await send(
            house,
            a_request(
                person.user_id,
                due_time=stamp(due + timedelta(hours=1)),
                expire_time=stamp(due + timedelta(hours=2)),
            ),
        )
        clock.offset = timedelta(minutes=31)
        await house.in_state(on_time.notification_id, Notification.STATE_SENT)
    clock.offset = timedelta(hours=3)
    async with notifier(database_url, graph.url, clock=clock) as house:
        await house.in_state(late.notification_id, Notification.STATE_EXPIRED)
    assert len(graph.sends) == 1


async def test_statuses_of_strangers_are_counted_and_change_nothing(house: House) -> None:
    answer = await house.status(
        DeliveryStatus(provider_message_id="wamid.other", status="read"),
        DeliveryStatus(
            provider_message_id="wamid.other", status="sent", callback_data=str(uuid.uuid4())
        ),
        DeliveryStatus(provider_message_id="wamid.other", status="sent", callback_data="theirs"),
    )
    assert (answer.matched_count, answer.unmatched_count) == (0, 3)
