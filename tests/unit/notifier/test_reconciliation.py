"""Joining statuses: any order, any number of times, and only ever forward."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.domain.notification import State
from services.notifier.domain.reconciliation import (
    NOTHING,
    RANK,
    Evidence,
    Observation,
    arrivals,
    joined,
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
    if later is None:
        # The first was sent and then failed, the second is under way: nothing is proven any more,
        # and what is stored stays as it is.
        assert earlier in (None, State.SENT)
    elif earlier is not None:
        assert RANK[later] >= RANK[earlier]
    assert arrivals(after) >= arrivals(before) or more.status == "failed"


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
