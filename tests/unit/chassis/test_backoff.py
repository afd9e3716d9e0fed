"""Waiting longer after every failure, and never together."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.backoff import ceiling, delay

BASE = timedelta(milliseconds=250)
CAP = timedelta(seconds=30)


def test_the_ceiling_doubles_with_every_failure_and_stops_at_the_cap() -> None:
    ceilings = [ceiling(attempt, base=BASE, cap=CAP).total_seconds() for attempt in range(1, 10)]

    assert ceilings == [0.25, 0.5, 1, 2, 4, 8, 16, 30, 30]


@given(attempt=st.integers(min_value=1, max_value=10**9), seed=st.integers())
def test_no_wait_is_negative_or_above_its_ceiling(attempt: int, seed: int) -> None:
    wait = delay(attempt, base=BASE, cap=CAP, rng=Random(seed))

    assert timedelta() <= wait <= ceiling(attempt, base=BASE, cap=CAP) <= CAP


def test_waits_are_spread_over_the_whole_range() -> None:
    rng = Random(7)
    waits = [delay(4, base=BASE, cap=CAP, rng=rng).total_seconds() for _ in range(2_000)]

    in_each_quarter = [sum(1 for wait in waits if q <= wait / 0.5 < q + 1) for q in range(4)]
    assert all(400 < count < 600 for count in in_each_quarter)


@pytest.mark.parametrize(
    ("attempt", "base", "cap"),
    [(0, BASE, CAP), (1, timedelta(), CAP), (1, CAP, BASE)],
)
def test_senseless_arguments_are_refused(attempt: int, base: timedelta, cap: timedelta) -> None:
    with pytest.raises(ValueError, match=r"attempt|base"):
        ceiling(attempt, base=base, cap=cap)
