"""Exported calendars say to others what they say to Hark: two parsers are asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scheduler.domain.ical.outgoing import calendar
from services.scheduler.domain.ical.taking import read, taken
from services.scheduler.domain.item import Event
from services.scheduler.domain.schedule import Schedule
from tests.unit.scheduler.calendars import (
    LISBON,
    NOW,
    USER,
    event,
    schedule,
    starts_by_hark,
    starts_by_ical,
    starts_by_icalendar,
    task,
)
from tests.unit.scheduler.test_recurrence import ZONES, rules, starts

FIRST, LAST = datetime(2026, 11, 1, tzinfo=UTC), datetime(2028, 3, 1, tzinfo=UTC)


def _read(content: bytes) -> list[icalendar.Component]:
    return icalendar.Calendar.from_ical(content).walk("VEVENT")


@pytest.mark.parametrize(
    ("start", "zone", "rule"),
    [
        ("2026-11-25T09:00", "Europe/Lisbon", ""),
        ("2026-11-25T09:00", "America/New_York", "FREQ=DAILY"),
        ("2026-11-25T09:00", "Asia/Kolkata", "FREQ=WEEKLY;BYDAY=MO,WE,FR"),
        ("2026-11-24T18:30", "Europe/Lisbon", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        # The first candidate does not fit the rule: others take DTSTART for an occurrence.
        ("2026-11-25T09:00", "Europe/Lisbon", "FREQ=WEEKLY;BYDAY=TU"),
        ("2026-11-25T09:00", "Europe/Lisbon", "FREQ=MONTHLY;BYDAY=1TH,3TH;COUNT=6"),
        ("2026-11-25T09:00", "Europe/Berlin", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
        ("2026-11-25T09:00", "Australia/Lord_Howe", "FREQ=DAILY;INTERVAL=3;UNTIL=20270401"),
        ("2026-11-25T23:30", "America/Santiago", "FREQ=WEEKLY;UNTIL=20270301T120000Z"),
        ("2026-11-25T09:00", "Europe/Lisbon", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("2026-11-25T09:00", "Europe/Lisbon", "FREQ=YEARLY"),
        ("2026-11-25T09:00", "Europe/Lisbon", "FREQ=DAILY;BYHOUR=9,17;COUNT=30"),
        ("2026-11-25T09:00", "Europe/Lisbon", "FREQ=HOURLY;INTERVAL=36"),
    ],
)
def test_others_see_the_starts_that_hark_sees(start: str, zone: str, rule: str) -> None:
    made = event("Choir", schedule(start, zone, recurrence=rule))
    content = calendar([made], LISBON, NOW)
    ours = starts_by_hark([made], FIRST, LAST)
    assert ours
    assert starts_by_icalendar(content, FIRST, LAST) == ours
    assert starts_by_ical(content, FIRST, LAST) == ours


@pytest.mark.parametrize("rule", ["", "FREQ=YEARLY", "FREQ=WEEKLY;BYDAY=MO;UNTIL=20270201"])
def test_whole_days_have_no_zone(rule: str) -> None:
    made = event("Birthday", schedule("2026-11-30T00:00", all_day=True, recurrence=rule))
    content = calendar([made], LISBON, NOW)
    ours = starts_by_hark([made], FIRST, LAST)
    assert starts_by_icalendar(content, FIRST, LAST) == ours
    assert starts_by_ical(content, FIRST, LAST) == ours
    (component,) = _read(content)
    assert component["DTSTART"].dt == date(2026, 11, 30)


def _series_with_exceptions() -> list[Event]:
    """A weekly event: one occurrence is left out, another stands an hour later."""
    weekly = schedule("2026-11-25T09:00", recurrence="FREQ=WEEKLY")
    starts = [start for start, _ in zip(weekly.starts(), range(4), strict=False)]
    series = event("Choir", replace(weekly, excluded=(starts[1], starts[2])))
    moved = event(
        "Choir, later",
        schedule("2026-12-09T10:00"),
        number=2,
        series_id=series.event_id,
        series_start=starts[2],
    )
    return [series, moved]


def test_exceptions_of_a_series_are_exceptions_for_others_too() -> None:
    items = _series_with_exceptions()
    content = calendar(items, LISBON, NOW)
    last = datetime(2027, 1, 1, tzinfo=UTC)
    ours = starts_by_hark(items, FIRST, last)
    assert [title for title, _ in ours] == ["Choir", "Choir, later", *["Choir"] * 3]
    assert starts_by_icalendar(content, FIRST, last) == ours
    assert starts_by_ical(content, FIRST, last) == ours


def test_an_exception_has_the_uid_of_its_series_and_says_what_it_replaces() -> None:
    series, moved = _read(calendar(_series_with_exceptions(), LISBON, NOW))
    assert moved["UID"] == series["UID"]
    assert moved["RECURRENCE-ID"].dt.astimezone(UTC) == datetime(2026, 12, 9, 9, tzinfo=UTC)
    # What is moved is not called off: some programs would show neither.
    assert [each.dt.day for each in series["EXDATE"].dts] == [2]


def test_reminders_become_alarms() -> None:
    timed = event("Dentist", schedule("2026-11-30T09:00"), leads=(timedelta(hours=1), timedelta()))
    whole = event("Birthday", schedule("2026-11-30T00:00", all_day=True), number=2)
    first, second = _read(calendar([timed, whole], LISBON, NOW))
    triggers = [alarm["TRIGGER"].dt for alarm in first.walk("VALARM")]
    assert triggers == [timedelta(hours=-1), timedelta()]
    assert [alarm["TRIGGER"].dt for alarm in second.walk("VALARM")] == [timedelta(hours=9)]


def test_the_end_the_place_and_the_people_are_told() -> None:
    end = datetime(2026, 11, 30, 11)
    made = event(
        'Lunch; "soup", and more',
        schedule("2026-11-30T09:30", local_end=end),
        place="Bistro\\Bar",
        notes="Line one\nline two",
        participants=('Ada "Countess" Lovelace', "Grace"),
    )
    (component,) = _read(calendar([made], LISBON, NOW))
    assert str(component["SUMMARY"]) == 'Lunch; "soup", and more'
    assert component["DTEND"].dt.replace(tzinfo=None) == end
    assert str(component["LOCATION"]) == "Bistro\\Bar"
    assert str(component["DESCRIPTION"]) == "Line one\nline two"
    names = [attendee.params["CN"] for attendee in component["ATTENDEE"]]
    assert names == ["Ada 'Countess' Lovelace", "Grace"]


def test_zones_are_described_for_those_who_do_not_know_them() -> None:
    made = event("Choir", schedule("2026-11-25T09:00", "Europe/Berlin", recurrence="FREQ=WEEKLY"))
    zones = icalendar.Calendar.from_ical(calendar([made], LISBON, NOW)).walk("VTIMEZONE")
    assert [str(zone["TZID"]) for zone in zones] == ["Europe/Berlin"]
    offsets = {each["TZOFFSETTO"].td for each in zones[0].subcomponents}
    assert offsets == {timedelta(hours=1), timedelta(hours=2)}


def test_a_due_task_is_a_to_do_with_an_alarm_at_its_time() -> None:
    once = task("Call Ada", schedule("2026-11-30T18:00"))
    often = task("Water", schedule("2026-11-30T08:00", recurrence="FREQ=DAILY"), number=2)
    todos = icalendar.Calendar.from_ical(calendar([once, often], LISBON, NOW)).walk("VTODO")
    assert todos[0]["DUE"].dt.astimezone(UTC) == datetime(2026, 11, 30, 18, tzinfo=UTC)
    assert "DTSTART" not in todos[0]
    assert todos[1]["DTSTART"].dt.astimezone(UTC) == datetime(2026, 11, 30, 8, tzinfo=UTC)
    assert todos[1]["RRULE"]["FREQ"] == ["DAILY"]
    assert [alarm["TRIGGER"].dt for each in todos for alarm in each.walk("VALARM")] == [
        timedelta(),
        timedelta(),
    ]


def test_the_same_things_are_written_in_the_same_bytes() -> None:
    items = [event(f"Number {number}", schedule("2026-11-30T09:00"), number) for number in (1, 2)]
    assert calendar(items, LISBON, NOW) == calendar(list(reversed(items)), LISBON, NOW)


def test_an_empty_calendar_is_one() -> None:
    content = calendar([], LISBON, NOW)
    assert _read(content) == []
    assert starts_by_ical(content, FIRST, LAST) == []
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in content
    assert b"X-PUBLISHED-TTL:PT1H" in content


def test_an_elapsed_series_is_written_where_no_clock_changes() -> None:
    series: Schedule = schedule("2026-11-25T09:00", recurrence="FREQ=HOURLY;INTERVAL=12")
    (component,) = _read(calendar([event("Drops", series)], LISBON, NOW))
    assert component["DTSTART"].dt.utcoffset() == timedelta()
    assert "TZID" not in component["DTSTART"].params


@settings(max_examples=60, deadline=None)
@given(rule=rules(), start=starts, zone=st.sampled_from(ZONES), all_day=st.booleans())
def test_any_rule_is_read_by_others_and_by_hark_itself_as_it_was_meant(
    rule: str, start: datetime, zone: str, all_day: bool
) -> None:
    if all_day:
        start = start.replace(hour=0, minute=0, second=0)
        rule = ";".join(part for part in rule.split(";") if not part.startswith("BYHOUR"))
    made = event("x", schedule(start.isoformat(), zone, recurrence=rule, all_day=all_day))
    content = calendar([made], LISBON, NOW)
    first = made.schedule.instant - timedelta(days=1)
    last = first + timedelta(days=3 * 366)
    ours = starts_by_hark([made], first, last)
    if made.schedule.first_start() is None:
        return
    assert starts_by_icalendar(content, first, last) == ours
    found = read(content, USER, LISBON, worked=lambda: 0.0)
    again = taken(found, USER, {}, LISBON, made.schedule.instant - timedelta(days=2)).new
    if again:
        back = starts_by_hark(list(again), first, last)
        # Whole days are whole days in any zone: those of the person who took them over.
        assert back == ours
