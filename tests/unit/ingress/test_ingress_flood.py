"""Flood control: 30 a minute, 10 at once, one sender apart from another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.ingress.domain import flood as flood_module
from services.ingress.domain.flood import FloodControl, Over

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ADA, BOB = b"ada", b"bob"


def passed(flood: FloodControl, lane: bytes, count: int, now: datetime = NOW) -> int:
    return sum(flood.check(lane, now) is None for _ in range(count))


def test_a_burst_passes_and_one_more_does_not() -> None:
    flood = FloodControl(per_minute=30, burst=10)
    assert passed(flood, ADA, 25) == 10
    assert passed(flood, BOB, 25) == 10


def test_what_is_over_is_due_when_there_is_room_again() -> None:
    flood = FloodControl(per_minute=30, burst=10)
    passed(flood, ADA, 10)
    over = flood.check(ADA, NOW)
    assert over == Over(due_time=NOW + timedelta(seconds=2), is_news=True)
    assert over is not None
    assert flood.check(ADA, over.due_time) is None
    assert flood.check(ADA, over.due_time) is not None


def test_after_a_quiet_while_there_is_a_whole_burst_again() -> None:
    flood = FloodControl(per_minute=30, burst=10)
    passed(flood, ADA, 10)
    assert passed(flood, ADA, 25, NOW + timedelta(seconds=20)) == 10


def test_somebody_who_was_told_is_not_told_again_for_a_while() -> None:
    flood = FloodControl(per_minute=30, burst=1)
    passed(flood, ADA, 1)
    flood.told(ADA, NOW)
    for minutes, is_news in ((0, False), (9, False), (10, True)):
        now = NOW + timedelta(minutes=minutes)
        flood.check(ADA, now)
        over = flood.check(ADA, now)
        assert over is not None
        assert over.is_news == is_news


def test_a_message_that_waited_leaves_no_room_for_one_that_did_not() -> None:
    flood = FloodControl(per_minute=30, burst=10)
    flood.count(ADA, NOW)
    assert flood.check(ADA, NOW) is not None
    assert flood.check(ADA, NOW + flood.gap) is None


def test_what_is_remembered_is_bounded() -> None:
    flood = FloodControl(per_minute=30, burst=1)
    assert passed(flood, ADA, 1) == 1
    for number in range(flood_module._MOST_SENDERS):
        flood.check(number.to_bytes(4, "big"), NOW)
    assert len(flood._senders) == flood_module._MOST_SENDERS


@given(
    st.integers(1, 120),
    st.integers(1, 20),
    st.lists(st.floats(0, 5), min_size=1, max_size=80),
)
@settings(max_examples=150, deadline=None)
def test_no_minute_sees_more_than_its_share_and_a_burst(
    per_minute: int, burst: int, gaps: list[float]
) -> None:
    flood, now = FloodControl(per_minute=per_minute, burst=burst), NOW
    handled: list[datetime] = []
    for gap in gaps:
        now += timedelta(seconds=gap)
        over = flood.check(ADA, now)
        if over is None:
            handled.append(now)
        else:
            assert now < over.due_time <= now + flood.gap
    for start in handled:
        within = [at for at in handled if start <= at < start + timedelta(minutes=1)]
        assert len(within) <= per_minute + burst
