"""Caps, quiet hours, HOLD and the breaker from the gRPC edge, and what an operator sees of them."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from chassis.errors import RemoteError, ServiceError
from hark.notifier.v1.inbound_pb2 import DeliveryStatus
from hark.notifier.v1.notification_pb2 import Notification
from hark.notifier.v1.notifier_service_pb2 import (
    OVERFLOW_POLICY_HOLD,
    CancelNotificationRequest,
    GetQuotaRequest,
    GetQuotaResponse,
)
from hark.notifier.v1.quota_pb2 import Breaker
from services.notifier.domain.breaker import BreakerPolicy
from services.notifier.domain.cap import RateLimited
from services.notifier.ports import NotStarted, Started
from services.notifier.storage.breakers import SqlBreakers
from services.notifier.storage.template_pauses import SqlTemplatePauses
from tests.integration.notifier.graph import Reply, ScriptedGraph, error
from tests.integration.notifier.house import (
    House,
    MovableClock,
    a_request,
    eventually,
    notifier,
    stamp,
)
from tests.integration.notifier.house import send as hand_in
from tests.integration.notifier.replica import NO_CAPS, START, Replica, replica

SENT, HELD = Notification.STATE_SENT, Notification.STATE_HELD
SECOND = timedelta(seconds=1)


class At(MovableClock):
    """Starts at a time of its own and goes on from there."""

    def __init__(self, start: datetime) -> None:
        super().__init__()
        self.offset = start - datetime.now(UTC)

    def move(self, **how: float) -> None:
        self.offset += timedelta(**how)


# Noon in New York, where numbers that begin with 1 555 are taken to be.
NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)


async def quota(house: House, user_id: str = "") -> GetQuotaResponse:
    answer: GetQuotaResponse = await house.call("GetQuota", GetQuotaRequest(user_id=user_id))
    return answer


async def caps(house: House, user_id: str = "") -> dict[str, tuple[int, int, int]]:
    answer = await quota(house, user_id)
    return {cap.name: (cap.limit, cap.used_count, cap.free_count) for cap in answer.caps}


async def test_what_is_over_the_minute_waits_and_goes_out_when_it_frees_up(
    database_url: str, graph: ScriptedGraph
) -> None:
    clock = MovableClock()
    async with notifier(
        database_url, graph.url, clock=clock, notifier_messages_per_minute=5
    ) as house:
        person = await house.record()
        accepted = [await hand_in(house, a_request(person.user_id)) for _ in range(8)]
        await graph.sent(5)

        async def is_full() -> bool:
            return (await caps(house))["MESSAGES_PER_MINUTE"] == (5, 5, 0)

        await eventually(is_full, 20.0)
        assert len(graph.sends) == 5
        (full,) = [c for c in (await quota(house)).caps if c.name == "MESSAGES_PER_MINUTE"]
        frees = full.free_time.ToDatetime(UTC) - clock.now()
        # A call that has not ended yet counts for its time-out on top.
        assert timedelta(seconds=30) < frees <= timedelta(seconds=81)
        states = [(await house.get(each.notification_id)).state for each in accepted]
        assert states.count(Notification.STATE_QUEUED) == 3
        clock.offset += timedelta(seconds=61)
        await graph.sent(8, timeout=20)


async def test_the_25th_of_a_day_is_refused_with_its_time_or_held_until_then(
    database_url: str, graph: ScriptedGraph
) -> None:
    clock = At(NOON)
    async with notifier(database_url, graph.url, clock=clock) as house:
        person = await house.record()
        for number in range(24):
            request = a_request(person.user_id, due_time=stamp(clock.now() - number * SECOND))
            await hand_in(house, request)
        await graph.sent(24, timeout=20)
        peer = house.peers["ai"]
        with pytest.raises(RemoteError) as caught:
            await peer.call(
                house.stubs["ai"].SendNotification, a_request(person.user_id), timeout=10.0
            )
        refusal = caught.value
        assert (refusal.remote_reason, refusal.metadata["code"]) == (RateLimited.reason, "429")
        assert refusal.retry_delay is not None
        assert refusal.violations
        midnight = datetime(2026, 11, 24, 5, tzinfo=UTC)
        assert abs(clock.now() + refusal.retry_delay - midnight) < timedelta(minutes=5)
        held = [
            await hand_in(house, a_request(person.user_id, overflow_policy=OVERFLOW_POLICY_HOLD))
            for _ in range(2)
        ]
        assert [(each.state, each.state_reason) for each in held] == [(HELD, "DAILY_LIMIT")] * 2
        assert held[0].held_until.ToDatetime(UTC) == midnight
        assert (await caps(house, person.user_id))["DAILY_LIMIT"] == (24, 24, 0)
        counts = {each.reason: each.count for each in (await quota(house)).held_counts}
        assert counts == {"DAILY_LIMIT": 2}
        # An answer to what they have just written goes out all the same.
        answer = a_request(
            person.user_id, type=Notification.TYPE_CONFIRMATION, reply_to_message_id="m_1"
        )
        await house.in_state((await hand_in(house, answer)).notification_id, SENT, 20.0)
        assert len(graph.sends) == 25
        clock.offset += midnight - clock.now() + SECOND
        for each in held:
            await house.in_state(each.notification_id, SENT, 20.0)


async def test_quiet_hours_hold_what_the_system_started_and_the_caller_is_told_until_when(
    database_url: str, graph: ScriptedGraph
) -> None:
    clock = At(datetime(2026, 11, 24, 4, tzinfo=UTC))  # 23:00 in New York
    async with notifier(database_url, graph.url, clock=clock) as house:
        person = await house.record()
        database = await asyncpg.connect(database_url)
        try:
            await database.execute(
                "UPDATE notifier.contacts SET quiet_start = '22:00', quiet_end = '07:00'"
            )
        finally:
            await database.close()
        clock.move(minutes=1)  # beyond what is remembered of a person
        update = await hand_in(
            house, a_request(person.user_id, type=Notification.TYPE_STATUS_UPDATE)
        )
        assert (update.state, update.state_reason) == (HELD, "QUIET_HOURS")
        assert update.held_until.ToDatetime(UTC) == datetime(2026, 11, 24, 12, tzinfo=UTC)
        reminder = await hand_in(house, a_request(person.user_id))
        await house.in_state(reminder.notification_id, SENT, 20.0)
        assert len(graph.sends) == 1
        clock.move(hours=8)
        await house.in_state(update.notification_id, SENT, 20.0)


async def test_what_becomes_quiet_after_it_was_accepted_is_held_where_it_would_start(
    database_url: str,
) -> None:
    async with replica(database_url, NO_CAPS) as one:
        user_id = await one.meet(1)
        claimed = await one.claim(user_id, "status_update")
        await one.database.fetch(
            "UPDATE notifier.contacts SET quiet_start = '06:00', quiet_end = '08:00'"
        )
        refused = await one.begin(claimed)  # 07:00 in New York
        assert refused == NotStarted(refusal="QUIET_HOURS", until=START + timedelta(hours=1))


async def test_stop_beats_what_is_held(database_url: str, graph: ScriptedGraph) -> None:
    clock = At(NOON)
    async with notifier(
        database_url, graph.url, clock=clock, notifier_user_notifications_per_day=1
    ) as house:
        person = await house.record()
        await hand_in(house, a_request(person.user_id))
        await graph.sent(1)
        held = await hand_in(house, a_request(person.user_id, overflow_policy=OVERFLOW_POLICY_HOLD))
        assert held.state == HELD
        database = await asyncpg.connect(database_url)
        try:
            await database.execute("UPDATE notifier.contacts SET stop_time = now()")
        finally:
            await database.close()
        clock.move(hours=13)
        found = await house.in_state(held.notification_id, Notification.STATE_CANCELLED, 20.0)
        assert found.state_reason == "USER_STOPPED"
        assert len(graph.sends) == 1


async def test_a_breaker_that_one_replica_opens_stops_the_other_and_one_probe_closes_it(
    database_url: str, graph: ScriptedGraph
) -> None:
    clock = MovableClock()
    async with (
        notifier(database_url, graph.url, clock=clock) as first,
        notifier(database_url, graph.url, clock=clock) as second,
    ):
        person = await first.record()
        # The token is wrong, and stays so until somebody acts.
        graph.script.extend([error(190, 401)] * 2)
        accepted = [await hand_in(first, a_request(person.user_id))]
        await graph.sent(1)

        async def is_open() -> bool:
            return bool((await quota(second)).breaker.open_until.seconds)

        await eventually(is_open, 20.0)
        breaker = (await quota(second)).breaker
        assert breaker.reason == "ACCESS_TOKEN_INVALID"
        accepted += [await hand_in(second, a_request(person.user_id)) for _ in range(5)]
        clock.offset += timedelta(seconds=31)
        # One probe meets the wrong token again; then another gets through, and all follow.
        await graph.sent(2, timeout=20)

        async def has_reopened() -> bool:
            clock.offset += timedelta(seconds=31)
            return (await quota(first)).breaker.state == Breaker.STATE_CLOSED

        await eventually(has_reopened, 20.0)
        for each in accepted:
            clock.offset += timedelta(seconds=5)
            await second.in_state(each.notification_id, SENT, 20.0)
        assert len(graph.sends) == 2 + len(accepted)


async def test_a_half_open_breaker_lets_exactly_one_probe_start_among_replicas(
    database_url: str,
) -> None:
    policy = BreakerPolicy()
    async with replica(database_url, NO_CAPS) as one, replica(database_url, NO_CAPS) as other:
        breakers = SqlBreakers(one.database, phone_id="test_phone_id", policy=policy)
        await breakers.failed(START, reason="ACCESS_TOKEN_INVALID", at_once=True)
        user_id = await one.meet(1)
        claims = [await one.claim(user_id) for _ in range(12)]

        async def started(now: datetime) -> list[tuple[int, Replica, Started]]:
            pairs = [((one, other)[i % 2], claimed) for i, claimed in enumerate(claims)]
            answers = await asyncio.gather(*(r.begin(claimed, now) for r, claimed in pairs))
            return [
                (i, pairs[i][0], answer)
                for i, answer in enumerate(answers)
                if isinstance(answer, Started)
            ]

        assert await started(START) == []
        ((index, prober, probe),) = await started(START + policy.base)
        assert await started(START + policy.base) == []
        # It ends well: the breaker is closed for all.
        await prober.end(claims.pop(index), probe, START + policy.base)
        assert len(await started(START + policy.base)) == len(claims)


async def test_a_template_that_one_replica_found_unusable_is_spared_by_the_other(
    database_url: str,
) -> None:
    clock = At(START)
    async with replica(database_url, NO_CAPS) as one, replica(database_url, NO_CAPS) as other:
        mine = SqlTemplatePauses(one.database, clock=clock)
        theirs = SqlTemplatePauses(other.database, clock=clock)
        await mine.add("hark_task_due/en", clock.now(), timedelta(hours=1), reason="PAUSED")
        assert mine.names(clock.now()) == {"hark_task_due/en"}
        await theirs.refresh()
        assert theirs.names(clock.now()) == {"hark_task_due/en"}
        clock.move(hours=2)
        await theirs.refresh()
        assert theirs.names(clock.now()) == frozenset()


async def test_what_is_cancelled_before_it_comes_is_never_sent(
    house: House, graph: ScriptedGraph
) -> None:
    person = await house.record()
    request_id = str(uuid.uuid4())
    for _again in range(2):
        answer = await house.call(
            "CancelNotification", CancelNotificationRequest(request_id=request_id), client="ai"
        )
        assert answer.notification.state == Notification.STATE_CANCELLED
    for _again in range(2):
        late = await hand_in(house, a_request(person.user_id, request_id=request_id))
        assert late.state == Notification.STATE_CANCELLED
        assert late.user_id == person.user_id
    assert (await house.get(late.notification_id)).state == Notification.STATE_CANCELLED
    after = await hand_in(house, a_request(person.user_id))
    await house.in_state(after.notification_id, SENT, 20.0)
    assert len(graph.sends) == 1


async def test_a_cancel_and_a_hand_over_that_meet_agree_about_who_was_first(
    house: House, graph: ScriptedGraph
) -> None:
    person = await house.record()
    soon = stamp(house.clock.now() + timedelta(hours=1))
    for _ in range(20):
        request_id = str(uuid.uuid4())
        cancel = house.call(
            "CancelNotification", CancelNotificationRequest(request_id=request_id), client="ai"
        )
        request = a_request(person.user_id, request_id=request_id, due_time=soon)
        cancelled, accepted = await asyncio.gather(cancel, hand_in(house, request))
        assert cancelled.notification.state == Notification.STATE_CANCELLED
        found = await house.get(accepted.notification_id)
        assert found.state == Notification.STATE_CANCELLED


async def test_an_answer_to_what_they_just_wrote_is_tried_although_nothing_reached_them(
    house: House, graph: ScriptedGraph
) -> None:
    person = await house.record()
    graph.script.append(error(131026))
    first = await hand_in(house, a_request(person.user_id))
    await house.in_state(first.notification_id, Notification.STATE_FAILED)

    def answer(message_id: str) -> Any:
        return a_request(
            person.user_id, type=Notification.TYPE_CONFIRMATION, reply_to_message_id=message_id
        )

    # They wrote m_1 before that; they are there.
    accepted = await hand_in(house, answer("m_1"))
    await house.in_state(accepted.notification_id, SENT, 20.0)
    # What nobody wrote proves nothing.
    loose = await hand_in(house, answer("m_unknown"))
    found = await house.in_state(loose.notification_id, Notification.STATE_FAILED, 20.0)
    assert found.state_reason == "USER_UNREACHABLE"


async def test_what_was_sent_and_then_failed_is_failed_if_its_repeat_is_refused(
    database_url: str, graph: ScriptedGraph
) -> None:
    async with notifier(database_url, graph.url, probe_seconds=0.2) as house:
        person = await house.record()
        graph.script.extend(
            [Reply(drops=True), Reply(waits=True, status=400, body=error(131009).body)]
        )
        accepted = await hand_in(house, a_request(person.user_id))
        await graph.sent(2)
        token = graph.sends[0]["biz_opaque_callback_data"]

        async def report(status: str, code: int = 0) -> None:
            await house.status(
                DeliveryStatus(
                    provider_message_id="wamid.first",
                    status=status,
                    callback_data=token,
                    provider_code=code,
                )
            )

        # While the repeat is under way the first is heard of: sent, and then failed after all.
        await report("sent")
        assert (await house.get(accepted.notification_id)).state == SENT
        await report("failed", 131000)
        assert (await house.get(accepted.notification_id)).state == Notification.STATE_SENDING
        graph.release.set()
        found = await house.in_state(accepted.notification_id, Notification.STATE_FAILED, 20.0)
        assert found.state_reason == "PARAMETER_INVALID"


async def test_an_unknown_person_has_no_quota(house: House) -> None:
    with pytest.raises(ServiceError) as caught:
        await quota(house, str(uuid.uuid4()))
    assert caught.value.reason == "USER_NOT_FOUND"
    with pytest.raises(ServiceError) as caught:
        await quota(house, "nobody")
    assert caught.value.reason == "INVALID_ARGUMENT"
