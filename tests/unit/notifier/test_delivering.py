"""Sending one claimed notification, with the provider and the bookkeeping in memory."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from chassis.outcome import Postpone, Settle
from services.notifier.domain.cap import Caps
from services.notifier.domain.delivery import Ambiguous, NotSent, Refused, RetryPolicy
from services.notifier.domain.notification import CLOSED, State
from services.notifier.usecases.delivery import Delivery
from services.notifier.usecases.waiting import Waiting
from tests.unit.notifier.fakes import (
    NOW,
    FakeBreakers,
    FakeClock,
    FakeDeliveries,
    FakeEvents,
    FakePauses,
    FakeProvider,
    FakeQuotas,
    a_claim,
)

WINDOW_CLOSED, PAUSED, MISSING, PAIR_RATE, TOKEN_EXPIRED = 131047, 132015, 132001, 131056, 190
POLICY = RetryPolicy()


def refused(code: int) -> Refused:
    return Refused(code=code, http_status=400)


class Desk:
    """A `Delivery` and everything around it."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.events = FakeEvents()
        self.provider = FakeProvider()
        self.breakers, self.pauses, self.quotas = FakeBreakers(), FakePauses(), FakeQuotas()
        self.waiting = Waiting(self.quotas, Caps(), clock=self.clock)
        self.delivery = self.for_(FakeDeliveries())

    def for_(self, deliveries: FakeDeliveries) -> Delivery:
        """The same replica's bookkeeping for another notification."""
        self.deliveries = deliveries
        deliveries.breakers = self.breakers
        delivery = Delivery(
            deliveries,
            self.provider,
            breakers=self.breakers,
            pauses=self.pauses,
            waiting=self.waiting,
            events=self.events,
            clock=self.clock,
            rng=Random(7),
            policy=POLICY,
        )
        self.delivery = delivery
        return delivery

    @property
    def forms(self) -> list[str]:
        """What was sent as."""
        return [each.template.name if each.template else "text" for each in self.provider.sent]


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_what_is_accepted_is_settled(desk: Desk) -> None:
    assert await desk.delivery.deliver(a_claim()) == Settle()
    assert desk.deliveries.state is State.SENT
    assert desk.events.counted == [("attempted", "ACCEPTED", "")]
    assert [each.token for each in desk.provider.sent] == ["t1"]


@pytest.mark.parametrize("state", sorted(CLOSED))
async def test_what_is_over_is_settled_without_a_send(desk: Desk, state: State) -> None:
    assert await desk.delivery.deliver(a_claim(state=state)) == Settle()
    assert desk.provider.sent == []


async def test_an_attempt_whose_process_died_waits_for_proof(desk: Desk) -> None:
    outcome = await desk.delivery.deliver(a_claim(state=State.SENDING))
    assert outcome == Postpone(due_time=NOW + POLICY.probe_window, reason="ATTEMPT_INTERRUPTED")
    assert desk.deliveries.suspected == ["ATTEMPT_INTERRUPTED"]
    assert desk.provider.sent == []


async def test_what_is_too_late_expires_to_the_microsecond(desk: Desk) -> None:
    late = a_claim(expire_time=NOW)
    assert await desk.delivery.deliver(late) == Settle()
    assert (desk.deliveries.state, desk.deliveries.reason) == (State.EXPIRED, "EXPIRED")
    assert desk.events.counted == [("closed", "EXPIRED", "task_due")]
    in_time = desk.for_(FakeDeliveries())
    await in_time.deliver(a_claim(expire_time=NOW + timedelta(microseconds=1)))
    assert desk.deliveries.state is State.SENT


async def test_an_unknown_outcome_leads_to_a_repeat_that_says_so(desk: Desk) -> None:
    desk.deliveries.state = State.UNKNOWN
    await desk.delivery.deliver(a_claim(state=State.UNKNOWN, ambiguous=1))
    assert desk.deliveries.repeats == [True]
    assert ("repeated", "task_due") in desk.events.counted


@pytest.mark.parametrize(
    ("kind", "ambiguous"), [("status_update", 1), ("digest", 1), ("task_due", POLICY.most_unknown)]
)
async def test_what_may_not_be_repeated_is_given_up(desk: Desk, kind: str, ambiguous: int) -> None:
    claimed = a_claim(kind=kind, state=State.UNKNOWN, ambiguous=ambiguous)
    assert await desk.delivery.deliver(claimed) == Settle()
    assert (desk.deliveries.state, desk.deliveries.reason) == (State.DEAD, "OUTCOME_UNKNOWN")
    assert desk.provider.sent == []


async def test_a_repeat_that_was_put_off_is_still_one(desk: Desk) -> None:
    await desk.delivery.deliver(a_claim(state=State.QUEUED, ambiguous=1))
    assert desk.deliveries.repeats == [True]
    # It was counted when it was first tried.
    assert ("repeated", "task_due") not in desk.events.counted


async def test_a_closed_window_sends_the_template_in_the_same_breath(desk: Desk) -> None:
    desk.provider.script.append(refused(WINDOW_CLOSED))
    assert await desk.delivery.deliver(a_claim()) == Settle()
    assert desk.forms == ["text", "hark_task_due"]
    assert desk.events.counted == [
        ("attempted", "REFUSED", "WINDOW_CLOSED"),
        ("attempted", "ACCEPTED", ""),
    ]


async def test_every_form_is_tried_once_and_then_it_fails_with_what_was_said_last(
    desk: Desk,
) -> None:
    desk.provider.script.extend([refused(WINDOW_CLOSED), refused(PAUSED), refused(MISSING)])
    assert await desk.delivery.deliver(a_claim()) == Settle()
    assert desk.forms == ["text", "hark_task_due", "hark_message"]
    assert desk.deliveries.state is State.FAILED
    assert desk.deliveries.reason == "TEMPLATE_NOT_APPROVED"
    assert desk.events.counted[-1] == ("closed", "FAILED", "task_due")


async def test_a_paused_template_is_spared_for_the_next_ones_and_then_tried_again(
    desk: Desk,
) -> None:
    desk.deliveries.is_window_open = False
    desk.provider.script.append(refused(PAUSED))
    await desk.delivery.deliver(a_claim())
    await desk.for_(FakeDeliveries(is_window_open=False)).deliver(a_claim())
    assert desk.forms == ["hark_task_due", "hark_message", "hark_message"]
    desk.clock.move(hours=1)
    await desk.for_(FakeDeliveries(is_window_open=False)).deliver(a_claim())
    assert desk.forms[3:] == ["hark_task_due"]


async def test_a_window_that_opens_and_closes_again_does_not_go_round_for_ever(desk: Desk) -> None:
    class Flapping(FakeDeliveries):
        @property
        def is_window_open(self) -> bool:
            return True

        @is_window_open.setter
        def is_window_open(self, value: bool) -> None:
            del value

    desk.for_(Flapping())
    desk.provider.script.extend([refused(WINDOW_CLOSED)] * 20)
    outcome = await desk.delivery.deliver(a_claim())
    assert isinstance(outcome, Postpone)
    assert outcome.due_time > NOW
    assert len(desk.provider.sent) == 4


@pytest.mark.parametrize(
    ("refusal", "state"),
    [
        ("USER_STOPPED", State.CANCELLED),
        ("USER_ERASED", State.FAILED),
        ("USER_UNREACHABLE", State.FAILED),
        ("WINDOW_CLOSED", State.FAILED),
    ],
)
async def test_what_may_not_start_ends_with_its_reason(
    desk: Desk, refusal: str, state: State
) -> None:
    desk.deliveries.refusal = refusal
    assert await desk.delivery.deliver(a_claim()) == Settle()
    assert (desk.deliveries.state, desk.deliveries.reason) == (state, refusal)
    assert desk.provider.sent == []
    assert desk.events.counted == [("closed", state.name, "task_due")]


async def test_what_somebody_changed_meanwhile_is_looked_at_again(desk: Desk) -> None:
    desk.deliveries.refusal = ""
    outcome = await desk.delivery.deliver(a_claim())
    assert outcome == Postpone(due_time=NOW, reason="CHANGED")
    assert desk.deliveries.state is State.QUEUED


async def test_a_retry_is_never_put_off_beyond_the_expiry(desk: Desk) -> None:
    desk.provider.script.append(Refused(code=4, http_status=400, retry_after=timedelta(minutes=30)))
    expires = NOW + timedelta(minutes=10)
    outcome = await desk.delivery.deliver(a_claim(expire_time=expires))
    assert outcome == Postpone(due_time=expires, reason="APP_RATE_LIMITED")


async def test_an_account_error_opens_the_breaker_and_loses_nothing(desk: Desk) -> None:
    desk.provider.script.append(refused(TOKEN_EXPIRED))
    outcome = await desk.delivery.deliver(a_claim())
    assert isinstance(outcome, Postpone)
    assert desk.deliveries.state is State.QUEUED
    waiting = await desk.for_(FakeDeliveries()).deliver(a_claim())
    assert isinstance(waiting, Postpone)
    # It keeps its place in the queue; while the gate is shut, nothing is claimed.
    assert waiting == Postpone(due_time=NOW, reason="BREAKER_OPEN")
    for gate in desk.waiting.gates.values():
        assert gate.most(32, NOW) == 0
        assert gate.opens() == desk.breakers.breaker.open_until
    assert len(desk.provider.sent) == 1
    desk.clock.move(minutes=1)
    assert await desk.for_(FakeDeliveries()).deliver(a_claim()) == Settle()


async def test_while_nothing_is_reached_the_breaker_opens_after_its_threshold(desk: Desk) -> None:
    desk.provider.script.extend([NotSent(reason="CONNECT_FAILED")] * 2)
    for _ in range(2):
        await desk.for_(FakeDeliveries()).deliver(a_claim())
    outcome = await desk.for_(FakeDeliveries()).deliver(a_claim())
    assert isinstance(outcome, Postpone)
    assert outcome.reason == "BREAKER_OPEN"


async def test_a_probe_that_could_not_start_leaves_room_for_the_next(desk: Desk) -> None:
    desk.provider.script.append(refused(TOKEN_EXPIRED))
    await desk.delivery.deliver(a_claim())
    desk.clock.move(minutes=1)
    await desk.for_(FakeDeliveries(refusal="USER_ERASED")).deliver(a_claim())
    assert await desk.for_(FakeDeliveries()).deliver(a_claim()) == Settle()


HELD_UNTIL = NOW + timedelta(hours=3)


@pytest.mark.parametrize("reason", ["DAILY_LIMIT", "QUIET_HOURS"])
@pytest.mark.parametrize("state", [State.QUEUED, State.HELD])
async def test_what_a_cap_or_the_night_holds_says_so_and_until_when(
    desk: Desk, reason: str, state: State
) -> None:
    desk.for_(FakeDeliveries(refusal=reason, until=HELD_UNTIL))
    assert await desk.delivery.deliver(a_claim(state=state)) == Postpone(
        due_time=HELD_UNTIL,
        reason=reason,
        values={"state": int(State.HELD), "state_reason": reason},
    )
    assert ("put off", reason) in desk.events.counted
    assert desk.provider.sent == []


async def test_what_is_held_beyond_its_kinds_time_to_live_lives_longer(desk: Desk) -> None:
    tomorrow = NOW + timedelta(hours=25)
    desk.for_(FakeDeliveries(refusal="DAILY_LIMIT", until=tomorrow))
    held = await desk.delivery.deliver(a_claim())
    assert isinstance(held, Postpone)
    assert held.values["expire_time"] == tomorrow + timedelta(hours=24)
    # Where its caller said until when it makes sense, that stands.
    own = await desk.delivery.deliver(a_claim(expire_time=NOW + timedelta(hours=1)))
    assert isinstance(own, Postpone)
    assert "expire_time" not in own.values


async def test_an_unknown_outcome_stays_one_while_its_repeat_is_held(desk: Desk) -> None:
    desk.for_(FakeDeliveries(refusal="DAILY_LIMIT", until=HELD_UNTIL))
    outcome = await desk.delivery.deliver(a_claim(state=State.UNKNOWN, ambiguous=1))
    assert outcome == Postpone(due_time=HELD_UNTIL, reason="DAILY_LIMIT")


async def test_over_the_minute_it_keeps_its_place_and_the_gate_opens_for_each_grant(
    desk: Desk,
) -> None:
    desk.quotas.times = [NOW + timedelta(seconds=s) for s in (0.1, 0.2, 0.3)]
    desk.for_(FakeDeliveries(refusal="MESSAGES_PER_MINUTE"))
    assert await desk.delivery.deliver(a_claim()) == Postpone(
        due_time=NOW, reason="MESSAGES_PER_MINUTE"
    )
    gate, others = desk.waiting.gates[True], desk.waiting.gates[False]
    assert gate.most(32, NOW) == 0
    assert gate.most(32, NOW + timedelta(seconds=0.25)) == 2
    assert gate.most(32, NOW + timedelta(seconds=0.25)) == 0
    assert others.most(32, NOW) == 32


async def test_while_there_may_be_more_grants_they_are_made_first(desk: Desk) -> None:
    desk.quotas.growths = 1
    desk.for_(FakeDeliveries(refusal="MESSAGES_PER_MINUTE"))
    await desk.delivery.deliver(a_claim())
    assert desk.quotas.looks == 0
    assert desk.waiting.gates[True].most(32, NOW) == 32


async def test_the_day_of_all_is_full_until_a_grant_comes_back(desk: Desk) -> None:
    desk.quotas.times = [HELD_UNTIL]
    desk.for_(FakeDeliveries(refusal="MESSAGES_PER_DAY"))
    held = await desk.delivery.deliver(a_claim())
    assert isinstance(held, Postpone)
    assert held.due_time == HELD_UNTIL
    assert desk.waiting.full_until() == HELD_UNTIL
    desk.clock.move(hours=3)
    assert desk.waiting.full_until() is None


async def test_an_answer_that_proves_nothing_is_not_followed_by_another_form(desk: Desk) -> None:
    desk.provider.script.append(Ambiguous(reason="TIMEOUT"))
    outcome = await desk.delivery.deliver(a_claim())
    assert outcome == Postpone(due_time=NOW + POLICY.probe_window, reason="TIMEOUT")
    assert desk.deliveries.state is State.UNKNOWN
    assert len(desk.provider.sent) == 1


async def test_how_long_an_answer_took_is_told_once_it_is_taken(desk: Desk) -> None:
    heard = NOW - timedelta(seconds=0.3)
    desk.for_(FakeDeliveries(heard_time=heard))
    desk.provider.script.append(refused(PAIR_RATE))

    await desk.delivery.deliver(a_claim())
    assert not any(each[0] == "replied" for each in desk.events.counted)
    await desk.delivery.deliver(a_claim())

    (took,) = (each[2] for each in desk.events.counted if each[0] == "replied")
    assert took == pytest.approx(0.3)
