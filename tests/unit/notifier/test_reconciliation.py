"""Joining statuses: any order, any number of times, and only ever forward."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.domain.notification import AttemptOutcome, State
from services.notifier.domain.reconciliation import (
    NOTHING,
    RANK,
    Evidence,
    Observation,
    arrivals,
    joined,
    moved_state,
    observed,
    proven_state,
    standing,
    together,
)

_START = datetime(2026, 11, 22, tzinfo=UTC)
observations = st.builds(
    Observation,
    status=st.sampled_from(["sent", "delivered", "read", "played", "failed", "deleted", ""]),
    event_time=st.integers(0, 3).map(lambda seconds: _START + timedelta(seconds=seconds)),
    provider_code=st.sampled_from([0, 131026, 131047]),
)


def _joined(seen: list[Observation]) -> Evidence:
    return reduce(joined, map(observed, seen), NOTHING)


@given(st.lists(observations, max_size=8), st.randoms())
def test_the_order_of_statuses_does_not_matter(seen: list[Observation], random: object) -> None:
    shuffled = list(seen)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert _joined(shuffled) == _joined(seen)


@given(st.lists(observations, max_size=8), st.lists(observations, max_size=8))
def test_a_status_that_comes_again_changes_nothing(
    seen: list[Observation], more: list[Observation]
) -> None:
    assert _joined(seen + more + seen) == _joined(seen + more)


@given(st.lists(observations, max_size=4), st.lists(observations), st.lists(observations))
def test_evidence_may_be_joined_in_any_grouping(
    one: list[Observation], two: list[Observation], three: list[Observation]
) -> None:
    a, b, c = _joined(one), _joined(two), _joined(three)
    assert joined(joined(a, b), c) == joined(a, joined(b, c))
    assert joined(a, NOTHING) == a


@given(
    st.lists(st.lists(observations, max_size=5), min_size=1, max_size=3), observations, st.data()
)
def test_a_status_never_moves_a_notification_back(
    attempts: list[list[Observation]], more: Observation, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(attempts) - 1))
    before = [_joined(seen) for seen in attempts]
    after = list(before)
    after[index] = joined(after[index], observed(more))
    earlier, later = proven_state(before), proven_state(after)
    # The one way back: an attempt that was sent, and not the last, turns out to have failed.
    has_failed = standing(before[index]) is State.SENT and standing(after[index]) is State.FAILED
    is_taken_back = has_failed and index < len(attempts) - 1
    assert not has_failed or more.status == "failed"
    if earlier is not None and (later is None or RANK[later] < RANK[earlier]):
        others = [standing(each) for each in before[:index] + before[index + 1 : -1]]
        assert is_taken_back
        assert (earlier, later) == (State.SENT, None)
        assert all(each in (None, State.FAILED) for each in others)
    assert arrivals(after) - arrivals(before) >= -int(has_failed)


@pytest.mark.parametrize(
    ("last", "is_open", "expected"),
    [
        (AttemptOutcome.OPEN, True, State.SENDING),
        (AttemptOutcome.AMBIGUOUS, True, State.UNKNOWN),
        (AttemptOutcome.REFUSED, True, State.QUEUED),
        (AttemptOutcome.REFUSED, False, State.FAILED),
    ],
)
def test_what_stood_as_sent_by_a_failed_attempt_stands_where_the_newer_one_has_it(
    last: AttemptOutcome, is_open: bool, expected: State
) -> None:
    sent = observed(Observation(status="sent", event_time=_START))
    failed = joined(sent, observed(Observation(status="failed", event_time=_START)))
    moved = moved_state(State.SENT, [sent, NOTHING], [failed, NOTHING], last=last, is_open=is_open)
    assert moved is expected
    # What was not sent by it stays where it is.
    for state in (State.UNKNOWN, State.SENDING, State.DEAD, State.FAILED):
        assert (
            moved_state(state, [NOTHING, NOTHING], [failed, NOTHING], last=last, is_open=is_open)
            is state
        )


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([], None),
        (["deleted"], None),
        (["sent"], State.SENT),
        (["sent", "failed"], State.FAILED),
        (["failed", "delivered"], State.DELIVERED),
        (["read", "sent", "failed"], State.READ),
        (["played"], State.PLAYED),
    ],
)
def test_what_one_attempt_proves(statuses: list[str], expected: State | None) -> None:
    seen = [Observation(status=status, event_time=_START) for status in statuses]
    assert standing(_joined(seen)) is expected


def test_a_failed_attempt_says_nothing_once_another_has_been_started() -> None:
    failed = observed(Observation(status="failed", event_time=_START, provider_code=131026))
    sent = observed(Observation(status="sent", event_time=_START))
    assert proven_state([failed]) is State.FAILED
    assert proven_state([failed, NOTHING]) is None
    assert proven_state([joined(sent, failed), NOTHING]) is None
    assert proven_state([failed, sent]) is State.SENT
    assert proven_state([sent, failed]) is State.FAILED


def test_two_copies_that_went_out_are_noticed() -> None:
    sent = observed(Observation(status="sent", event_time=_START))
    assert arrivals([sent, NOTHING]) == 1
    assert arrivals([sent, sent]) == 2


def test_the_notification_shows_the_earliest_time_of_each_thing() -> None:
    late = observed(Observation(status="read", event_time=_START + timedelta(seconds=9)))
    early = observed(Observation(status="read", event_time=_START))
    assert together([late, early]).read_time == _START
