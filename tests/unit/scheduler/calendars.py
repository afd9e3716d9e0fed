"""Events as they are made for tests, and calendars read by two parsers that are not ours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
from dateutil.rrule import rruleset, rrulestr
from ical.calendar_stream import IcsCalendarStream
from ical.timeline import Timeline

from services.scheduler.domain.item import Event, Task
from services.scheduler.domain.preferences import Preferences
from services.scheduler.domain.schedule import Schedule
from services.scheduler.domain.zone import to_instant

USER = "0f8f3f3a-2b4c-4a7e-9a53-2d0f5a7a0001"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LISBON = Preferences(time_zone="Europe/Lisbon", is_guess=False, locale="en-GB")


def schedule(start: str, zone: str = "Europe/Lisbon", **given: Any) -> Schedule:
    local = datetime.fromisoformat(start)
    return Schedule(instant=to_instant(local, zone), local_start=local, time_zone=zone, **given)


def event(title: str, when: Schedule, number: int = 1, **given: Any) -> Event:
    return Event(
        event_id=f"0f8f3f3a-2b4c-4a7e-9a53-2d0f5a7a1{number:03d}",
        user_id=USER,
        title=title,
        schedule=when,
        leads=given.pop("leads", (timedelta(minutes=10),)),
        create_time=NOW + timedelta(seconds=number),
        update_time=NOW,
        **given,
    )


def task(title: str, when: Schedule, number: int = 1, **given: Any) -> Task:
    return Task(
        task_id=f"0f8f3f3a-2b4c-4a7e-9a53-2d0f5a7a2{number:03d}",
        user_id=USER,
        number=number,
        title=title,
        schedule=when,
        due_time=when.instant,
        create_time=NOW,
        update_time=NOW,
        **given,
    )


def starts_by_ical(content: bytes, first: datetime, last: datetime) -> list[tuple[str, datetime]]:
    """The occurrences that the library `ical` sees: (title, instant), whole days at midnight."""
    made = IcsCalendarStream.calendar_from_ics(content.decode())
    timeline: Timeline = made.timeline
    found = []
    for each in timeline.overlapping(first, last):
        start = each.dtstart
        if not isinstance(start, datetime):
            start = datetime(start.year, start.month, start.day, tzinfo=UTC)
        # It also counts what begins at the very end.
        if first <= start.astimezone(UTC) < last:
            found.append((each.summary or "", start.astimezone(UTC)))
    return sorted(found, key=lambda pair: (pair[1], pair[0]))


def starts_by_icalendar(
    content: bytes, first: datetime, last: datetime
) -> list[tuple[str, datetime]]:
    """The same by `icalendar`, with `dateutil` for the rules."""
    made = icalendar.Calendar.from_ical(content)
    components = made.walk("VEVENT")
    moved = {
        (str(c["UID"]), _instant(c["RECURRENCE-ID"].dt)) for c in components if "RECURRENCE-ID" in c
    }
    found = []
    for each in components:
        for start in _starts(each, last):
            is_moved = (str(each["UID"]), start) in moved and "RECURRENCE-ID" not in each
            if first <= start < last and not is_moved:
                found.append((str(each["SUMMARY"]), start))
    return sorted(found, key=lambda pair: (pair[1], pair[0]))


def _starts(component: Any, last: datetime) -> list[datetime]:
    start = component["DTSTART"].dt
    if "RRULE" not in component:
        return [_instant(start)]
    if not isinstance(start, datetime):
        start = datetime(start.year, start.month, start.day)
    zone = start.tzinfo
    naive = start.replace(tzinfo=None)
    # dateutil wants UNTIL in the form of the start: wall-clock here.
    rule = component["RRULE"]
    until = rule.get("UNTIL", [None])[0]
    text = rule.to_ical().decode()
    if until is not None:
        if isinstance(until, datetime) and zone is not None:
            until = until.astimezone(zone).replace(tzinfo=None)
        elif isinstance(until, date) and not isinstance(until, datetime):
            until = datetime(until.year, until.month, until.day, 23, 59, 59)
        text = ";".join(
            f"UNTIL={until:%Y%m%dT%H%M%S}" if part.startswith("UNTIL") else part
            for part in text.split(";")
        )
    every = rruleset()
    every.rrule(rrulestr(text, dtstart=naive))
    given = component.get("EXDATE", [])
    for each in given if isinstance(given, list) else [given]:
        for value in each.dts:
            gone = value.dt
            if not isinstance(gone, datetime):
                gone = datetime(gone.year, gone.month, gone.day)
            every.exdate(gone.replace(tzinfo=None))
    until_naive = last.replace(tzinfo=None) + timedelta(days=1)
    found = [
        each.replace(tzinfo=zone or UTC) for each in every.between(naive, until_naive, inc=True)
    ]
    return [each.astimezone(UTC) for each in found]


def _instant(value: date | datetime) -> datetime:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime(value.year, value.month, value.day, tzinfo=UTC)


def starts_by_hark(
    items: list[Event], first: datetime, last: datetime
) -> list[tuple[str, datetime]]:
    """What Hark itself would remind of."""
    found = []
    day = timedelta(days=1)
    for each in items:
        for start in each.schedule.starts(after=first - 2 * day):
            if start >= last + 2 * day:
                break
            if each.schedule.all_day:
                local = each.schedule.local(start)
                start = datetime(local.year, local.month, local.day, tzinfo=UTC)
            if first <= start < last:
                found.append((each.title, start))
    return sorted(found, key=lambda pair: (pair[1], pair[0]))
