"""Calendars of others are taken as far as they can be, and hostile ones do no harm."""

from __future__ import annotations

import tracemalloc
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scheduler.domain.errors import CalendarUnreadable
from services.scheduler.domain.ical.incoming import Skip
from services.scheduler.domain.ical.outgoing import calendar
from services.scheduler.domain.ical.scanning import LARGEST, MOST_EVENTS, MOST_LINES
from services.scheduler.domain.ical.taking import Read, Taken, read, taken
from services.scheduler.domain.item import Event
from tests.unit.scheduler.calendars import LISBON, NOW, USER, event, schedule

_HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Other//EN\r\n"
_TAIL = "END:VCALENDAR\r\n"


def file(*events: str) -> bytes:
    return (_HEAD + "".join(events) + _TAIL).encode()


def vevent(*lines: str, uid: str = "a@other", start: str = "DTSTART:20261130T090000Z") -> str:
    return "\r\n".join(("BEGIN:VEVENT", f"UID:{uid}", start, *lines, "END:VEVENT", ""))


def _read(content: bytes) -> Read:
    return read(content, USER, LISBON, worked=lambda: 0.0)


def take(content: bytes, known: Mapping[str, Event] | None = None) -> Taken:
    return taken(_read(content), USER, known or {}, LISBON, NOW)


def only(content: bytes) -> Event:
    made = take(content)
    assert made.skipped == {}
    (found,) = made.new
    return found


def test_an_event_is_taken_with_all_that_hark_knows_of() -> None:
    found = only(
        file(
            vevent(
                "SUMMARY:Lunch\\, with Ada",
                "DTEND;TZID=Europe/Berlin:20261130T113000",
                "LOCATION:Bistro",
                "DESCRIPTION:First\\nsecond",
                "ATTENDEE;CN=Ada:mailto:ada@example.com",
                "BEGIN:VALARM",
                "ACTION:DISPLAY",
                "TRIGGER:-PT30M",
                "DESCRIPTION:not this one",
                "END:VALARM",
                start="DTSTART;TZID=Europe/Berlin:20261130T100000",
            )
        )
    )
    assert (found.title, found.place, found.notes) == ("Lunch, with Ada", "Bistro", "First\nsecond")
    assert found.participants == ("Ada",)
    assert found.schedule.instant == datetime(2026, 11, 30, 9, tzinfo=UTC)
    assert found.schedule.end_of(found.schedule.instant) == datetime(
        2026, 11, 30, 10, 30, tzinfo=UTC
    )
    assert found.leads == (timedelta(minutes=30),)


@pytest.mark.parametrize(
    ("start", "instant"),
    [
        ("DTSTART:20261130T090000Z", datetime(2026, 11, 30, 9, tzinfo=UTC)),
        # Floating: wherever the person is.
        ("DTSTART:20261130T090000", datetime(2026, 11, 30, 9, tzinfo=UTC)),
        (
            "DTSTART;TZID=W. Europe Standard Time:20261130T090000",
            datetime(2026, 11, 30, 8, tzinfo=UTC),
        ),
        (
            "DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Berlin:20261130T090000",
            datetime(2026, 11, 30, 8, tzinfo=UTC),
        ),
        (
            'DTSTART;TZID="America/Argentina/Buenos_Aires":20261130T090000',
            datetime(2026, 11, 30, 12, tzinfo=UTC),
        ),
    ],
)
def test_zones_are_known_by_many_names(start: str, instant: datetime) -> None:
    assert only(file(vevent("SUMMARY:x", start=start))).schedule.instant == instant


def test_without_alarms_the_person_is_reminded_as_usual() -> None:
    assert only(file(vevent("SUMMARY:x"))).leads == LISBON.reminder_leads


def test_exceptions_are_taken_apart_from_their_series() -> None:
    made = take(
        file(
            vevent(
                "SUMMARY:Choir",
                "RRULE:FREQ=WEEKLY;COUNT=4",
                "EXDATE;TZID=Europe/Berlin:20261207T100000",
                start="DTSTART;TZID=Europe/Berlin:20261130T100000",
            ),
            vevent(
                "SUMMARY:Choir, later",
                "RECURRENCE-ID;TZID=Europe/Berlin:20261214T100000",
                start="DTSTART;TZID=Europe/Berlin:20261214T120000",
            ),
            vevent(
                "STATUS:CANCELLED",
                "RECURRENCE-ID;TZID=Europe/Berlin:20261221T100000",
                start="DTSTART;TZID=Europe/Berlin:20261221T100000",
            ),
        )
    )
    series, apart = made.new
    assert made.skipped == {}
    assert [start.day for start in series.schedule.starts()] == [30]
    assert apart.series_id == series.event_id
    assert apart.series_start == datetime(2026, 12, 14, 9, tzinfo=UTC)
    assert apart.schedule.instant == datetime(2026, 12, 14, 11, tzinfo=UTC)


def test_what_was_taken_before_is_neither_doubled_nor_touched() -> None:
    content = file(vevent("SUMMARY:x", "RRULE:FREQ=WEEKLY;UNTIL=20270301T000000Z"))
    first = only(content)
    again = take(content, {first.event_id: first})
    assert (again.new, again.changed, again.unchanged) == ([], [], 1)


def test_what_has_changed_in_the_file_is_changed_here() -> None:
    first = only(file(vevent("SUMMARY:x")))
    known = {first.event_id: first}
    ((renamed, is_retimed),) = take(file(vevent("SUMMARY:y")), known).changed
    assert (renamed.title, is_retimed, renamed.version) == ("y", False, first.version)
    later = file(vevent("SUMMARY:x", start="DTSTART:20261130T100000Z"))
    ((moved, is_retimed),) = take(later, known).changed
    assert (moved.event_id, is_retimed) == (first.event_id, True)
    assert moved.version > first.version
    assert moved.schedule.instant == datetime(2026, 11, 30, 10, tzinfo=UTC)


def test_what_was_called_off_here_stays_so() -> None:
    first = only(file(vevent("SUMMARY:x")))
    known = {first.event_id: first.cancelled(NOW)}
    made = take(file(vevent("SUMMARY:y")), known)
    assert (made.new, made.changed, made.skipped) == ([], [], {Skip.CANCELLED: 1})


def test_harks_own_export_comes_back_as_what_it_was() -> None:
    weekly = schedule("2026-11-25T09:00", "Europe/Berlin", recurrence="FREQ=WEEKLY;BYDAY=WE")
    items = [
        event("Choir", weekly),
        event("Birthday", schedule("2026-12-01T00:00", all_day=True), number=2),
        event("Quiet", schedule("2026-12-01T10:00"), number=3, leads=()),
    ]
    found = _read(calendar(items, LISBON, NOW))
    known = {item.event_id: item for item in items}
    assert known.keys() <= set(found.ids)
    made = taken(found, USER, known, LISBON, NOW)
    assert (made.new, made.changed, made.unchanged) == ([], [], 3)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (vevent(start="DTSTART:20261030T090000Z"), Skip.OVER),
        (vevent("RRULE:FREQ=DAILY;COUNT=3", start="DTSTART:20261030T090000Z"), Skip.OVER),
        (vevent(start="DTSTART:yesterday"), Skip.MALFORMED),
        (vevent(start="DTSTART:99991231T090000Z"), Skip.MALFORMED),
        (vevent(start="DTSTART:00010101T000000"), Skip.MALFORMED),
        (vevent(start="X-NOTHING:1"), Skip.MALFORMED),
        (vevent(uid=""), Skip.MALFORMED),
        (vevent(uid="u" * 600), Skip.MALFORMED),
        (vevent("DTEND;VALUE=DATE:20261201"), Skip.MALFORMED),
        (vevent("DTEND:20290101T000000Z"), Skip.MALFORMED),
        (vevent("DURATION:P99999999999D"), Skip.MALFORMED),
        (vevent("RRULE:FREQ=SECONDLY"), Skip.RULE_UNSUPPORTED),
        (vevent("RRULE:FREQ=YEARLY;BYWEEKNO=20"), Skip.RULE_UNSUPPORTED),
        (vevent("RRULE:FREQ=NEVER"), Skip.RULE_UNSUPPORTED),
        (vevent("RRULE:FREQ=DAILY;COUNT=0"), Skip.RULE_UNSUPPORTED),
        (vevent("RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), Skip.RULE_UNSUPPORTED),
        (
            vevent(
                "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU",
                start="DTSTART:20320229T090000Z",
            ),
            Skip.RULE_UNSUPPORTED,
        ),
        (vevent("RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"), Skip.RULE_UNSUPPORTED),
        (vevent("RDATE:20261201T090000Z"), Skip.RULE_UNSUPPORTED),
        (
            vevent(
                "RRULE:FREQ=DAILY",
                *(f"EXDATE:2027{m:02}{d:02}T090000Z" for m in range(1, 13) for d in range(1, 28)),
            ),
            Skip.RULE_UNSUPPORTED,
        ),
        (vevent(start="DTSTART;TZID=Middle/Earth:20261130T090000"), Skip.TIME_ZONE_UNKNOWN),
        (vevent(start="DTSTART;TZID=../../etc/passwd:20261130T090000"), Skip.TIME_ZONE_UNKNOWN),
        (vevent("STATUS:CANCELLED"), Skip.CANCELLED),
        (vevent("DESCRIPTION:" + "x" * 20_000), Skip.MALFORMED),
        ("BEGIN:VTODO\r\nUID:t\r\nEND:VTODO\r\n", Skip.NOT_AN_EVENT),
    ],
)
def test_what_cannot_be_taken_is_counted_by_its_reason(text: str, reason: Skip) -> None:
    made = take(file(text, vevent("SUMMARY:good", uid="good@other")))
    assert made.skipped == {reason: 1}
    assert [each.title for each in made.new] == ["good"]


def test_the_later_of_two_with_one_uid_counts() -> None:
    made = take(file(vevent("SUMMARY:old"), vevent("SUMMARY:new")))
    assert [each.title for each in made.new] == ["new"]
    assert made.skipped == {Skip.DUPLICATE: 1}


def test_one_import_takes_so_many_events_and_no_more() -> None:
    many = (vevent("SUMMARY:x", uid=f"{number}@other") for number in range(MOST_EVENTS + 7))
    made = take(file(*many))
    assert len(made.new) == MOST_EVENTS
    assert made.skipped == {Skip.TOO_MANY: 7}


def test_a_file_that_is_too_much_work_is_left_in_the_middle() -> None:
    texts = (vevent("SUMMARY:x", uid=f"{number}@other") for number in range(10))
    seconds = count()
    found = read(file(*texts), USER, LISBON, worked=lambda: float(next(seconds)))
    assert len(found.events) == 2
    assert found.skipped == {Skip.TOO_MANY: 8}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 1000,
        b"hello",
        b"<html>BEGIN:VCALENDAR</html>",
        b"\xff\xfe\x00\x01" * 100,
        b"BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\n",
        _HEAD.encode() + b"BEGIN:VEVENT\r\nEND:VCALENDAR\r\n",
        _HEAD.encode() + b"BEGIN:VEVENT\r\n" * 1000,
        _HEAD.encode() + b"END:VEVENT\r\n",
        _HEAD.encode() + b"BEGIN:VALARM\r\n" * 100_000,
        _HEAD.encode() + b"\r\n" * (MOST_LINES + 1),
        b"BEGIN:VCALENDAR\r\n" + b"x" * LARGEST,
    ],
)
def test_what_is_no_calendar_is_refused(content: bytes) -> None:
    with pytest.raises(CalendarUnreadable):
        take(content)


def test_a_file_that_was_cut_off_gives_what_was_complete() -> None:
    whole = file(vevent("SUMMARY:x"), vevent("SUMMARY:y", uid="b@other"))
    made = take(whole[: whole.index(b"SUMMARY:y")])
    assert [each.title for each in made.new] == ["x"]
    assert made.skipped == {Skip.MALFORMED: 1}


@pytest.mark.parametrize(
    "text",
    [
        # One line of a megabyte, folded into tiny pieces; a megabyte of parameters; of exceptions.
        vevent("SUMMARY:" + "\r\n x" * 50_000),
        vevent("ATTENDEE;" + ";".join(f"X{i}=1" for i in range(100_000)) + ":mailto:a"),
        vevent("RRULE:FREQ=DAILY;BYDAY=" + ",".join(["MO"] * 200_000)),
        vevent("EXDATE:" + ",".join(["20261201T090000Z"] * 50_000)),
        vevent(*["ATTENDEE;CN=Ada:mailto:a@example.com"] * 20_000),
    ],
)
def test_one_huge_event_is_left_out_and_costs_little(text: str) -> None:
    content = file(text)[:LARGEST]
    content = content if content.endswith(b"END:VCALENDAR\r\n") else content + _TAIL.encode()
    tracemalloc.start()
    try:
        made = take(file(text)) if len(content) < LARGEST else None
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    if made is not None:
        assert made.skipped == {Skip.MALFORMED: 1}
    assert peak < 40 * LARGEST


_LINES = st.sampled_from(
    [
        "BEGIN:VEVENT",
        "END:VEVENT",
        "BEGIN:VALARM",
        "END:VALARM",
        "BEGIN:VCALENDAR",
        "END:VCALENDAR",
        "BEGIN:VTIMEZONE",
        "END:VTIMEZONE",
        "UID:1",
        "UID:2",
        "DTSTART:20261130T090000Z",
        "DTSTART;VALUE=DATE:20261130",
        "DTSTART;TZID=Europe/Berlin:20260329T023000",
        "DTEND:20261130T080000Z",
        "DURATION:PT1H",
        "DURATION:-P1D",
        "RRULE:FREQ=WEEKLY;COUNT=3",
        "RRULE:FREQ=DAILY;UNTIL=20991231",
        "EXDATE:20261130",
        "EXDATE;TZID=Nowhere:20261130T090000",
        "RECURRENCE-ID:20261130T090000Z",
        "RECURRENCE-ID;VALUE=DATE:20261130",
        "STATUS:CANCELLED",
        "TRIGGER:-PT10M",
        "TRIGGER;RELATED=END:PT5M",
        "SUMMARY:x",
        " folded",
        "ATTENDEE:mailto:a@example.com",
        "X-HARK-ID:nothing",
        ":",
        ";;;:::",
        "",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(_LINES | st.text(max_size=40), max_size=40))
def test_any_lines_are_taken_or_refused_and_never_fail(lines: list[str]) -> None:
    content = (_HEAD + "\r\n".join(lines) + "\r\n" + _TAIL).encode("utf-8", "replace")
    try:
        made = take(content)
    except CalendarUnreadable:
        return
    for each in made.new:
        # What was taken can be given away again.
        calendar([each], LISBON, NOW)
