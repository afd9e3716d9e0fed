"""A person's own time: days and quiet hours, over changes of the clock too."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.domain.cap import QUIET_HOURS, Caps
from services.notifier.domain.habit import Habits
from services.notifier.domain.kind import KINDS
from services.notifier.domain.plan import Plan, plan

LISBON, BERLIN = "Europe/Lisbon", "Europe/Berlin"
NIGHT = Habits(time_zone=BERLIN, quiet_start=time(22), quiet_end=time(7))
NOON_REST = Habits(time_zone=BERLIN, quiet_start=time(12), quiet_end=time(14))


def berlin(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo(BERLIN)).astimezone(UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (berlin(2026, 11, 22, 21, 59), None),
        (berlin(2026, 11, 22, 22, 0), berlin(2026, 11, 23, 7)),
        (berlin(2026, 11, 23, 6, 59), berlin(2026, 11, 23, 7)),
        (berlin(2026, 11, 23, 7, 0), None),
        # The night in which clocks go forward, and the one in which they go back.
        (berlin(2026, 3, 28, 23), berlin(2026, 3, 29, 7)),
        (berlin(2026, 10, 24, 23), berlin(2026, 10, 25, 7)),
    ],
)
def test_quiet_hours_over_midnight(now: datetime, until: datetime | None) -> None:
    assert NIGHT.quiet_until(now) == until


def test_quiet_hours_within_a_day() -> None:
    assert NOON_REST.quiet_until(berlin(2026, 11, 22, 13)) == berlin(2026, 11, 22, 14)
    assert NOON_REST.quiet_until(berlin(2026, 11, 22, 14)) is None
    assert Habits(time_zone=BERLIN).quiet_until(berlin(2026, 11, 22, 3)) is None


def test_a_day_is_the_persons_own_and_as_long_as_it_is() -> None:
    spring = Habits(time_zone=BERLIN)
    assert spring.day(berlin(2026, 3, 29, 0, 0)) == date(2026, 3, 29)
    length = spring.day_end(berlin(2026, 3, 29, 0, 0)) - berlin(2026, 3, 29, 0, 0)
    assert length == timedelta(hours=23)
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert Habits(time_zone=BERLIN).day(late) == date(2026, 11, 23)
    assert Habits(time_zone=LISBON).day(late) == date(2026, 11, 22)


def test_what_is_too_much_for_a_day_never_comes_in_the_night() -> None:
    assert NIGHT.next_day(berlin(2026, 11, 22, 18)) == berlin(2026, 11, 23, 7)
    assert NOON_REST.next_day(berlin(2026, 11, 22, 18)) == berlin(2026, 11, 23)


def test_an_unknown_zone_is_utc() -> None:
    assert Habits(time_zone="Mars/Olympus").day_end(
        datetime(2026, 11, 22, 12, tzinfo=UTC)
    ) == datetime(2026, 11, 23, tzinfo=UTC)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda t: t.replace(tzinfo=UTC)),
    st.times(),
    st.times(),
    st.sampled_from((BERLIN, LISBON, "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati")),
)
def test_quiet_hours_end_outside_of_themselves_and_within_a_day(
    now: datetime, start: time, end: time, zone: str
) -> None:
    start, end = start.replace(microsecond=0), end.replace(microsecond=0)
    habits = Habits(time_zone=zone, quiet_start=start, quiet_end=end)
    until = habits.quiet_until(now)
    if until is None:
        return
    assert now < until <= now + timedelta(hours=25)
    if start != end:
        assert habits.quiet_until(until) is None
    assert habits.day_end(now) > now


def a_plan(kind: str, send_time: datetime, **given: bool) -> Plan:
    return plan(
        KINDS[kind],
        NIGHT,
        Caps(),
        send_time=send_time,
        due_time=send_time if given.get("timed", True) else None,
        extends=True,
        has_document=given.get("document", False),
    )


def test_only_what_the_system_started_waits_for_the_morning() -> None:
    night, morning = berlin(2026, 11, 22, 23), berlin(2026, 11, 23, 7)
    held = a_plan("status_update", night)
    assert (held.hold_until, held.hold_reason) == (morning, QUIET_HOURS)
    assert held.counted_day == date(2026, 11, 23)
    for kind in ("task_due", "event_due", "reply", "error"):
        assert a_plan(kind, night).hold_until is None


def test_the_system_stops_before_a_persons_day_is_full_and_replies_do_not_count() -> None:
    noon = berlin(2026, 11, 22, 12)
    limits = {kind: a_plan(kind, noon).day_limit for kind in KINDS}
    assert limits["status_update"] == limits["digest"] == 18
    assert limits["task_due"] == limits["event_due"] == 24
    assert limits["reply"] == 0
    assert a_plan("reply", noon).counted_day is None


def test_what_has_a_time_may_share_a_bubble_and_answers_and_files_do_not() -> None:
    noon = berlin(2026, 11, 22, 12)
    assert a_plan("task_due", noon).is_mergeable
    assert not a_plan("task_due", noon, timed=False).is_mergeable
    assert not a_plan("task_due", noon, document=True).is_mergeable
    assert not a_plan("reply", noon).is_mergeable
