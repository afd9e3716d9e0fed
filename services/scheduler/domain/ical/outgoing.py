"""Events and tasks as an iCalendar file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Todo, vRecur
from icalendar import Event as Component

from services.scheduler.domain.ical.rules import written
from services.scheduler.domain.item import Event, Item, Priority, Task
from services.scheduler.domain.preferences import Preferences
from services.scheduler.domain.schedule import DAY_REMINDER, Schedule
from services.scheduler.domain.wording import voice_of
from services.scheduler.domain.zone import zone

# Of what a feed or an export is made; moves when the same things are written differently.
FORMAT = 1
DOMAIN = "@hark"
# How often a calendar program should look again.
REFRESH = timedelta(hours=1)
# What other programs say about zones is believed for so long.
_ZONES_UNTIL = timedelta(days=10 * 366)
_PRIORITIES = {Priority.HIGH: 1, Priority.MEDIUM: 5, Priority.LOW: 9}
_UTC = "UTC"


def calendar(items: Iterable[Item], preferences: Preferences, now: datetime) -> bytes:
    """The file. Takes milliseconds for ten items: not for the event loop where there are many."""
    known = sorted(items, key=lambda item: (item.create_time, _id(item)))
    by = voice_of(preferences)
    made = Calendar()
    made.add("prodid", "-//Hark//Hark 1.0//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("name", by.texts.calendar.name)
    made.add("x-wr-calname", by.texts.calendar.name)
    made.add("x-wr-timezone", preferences.time_zone)
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    apart = _apart(known)
    for item in known:
        made.add_component(_component(item, apart.get(_id(item), ()), preferences))
    starts = [item.schedule.instant for item in known if item.schedule is not None]
    if starts:
        first = min(starts).date() - timedelta(days=366)
        made.add_missing_timezones(first, (now + _ZONES_UNTIL).date())
    return bytes(made.to_ical())


def _apart(items: Sequence[Item]) -> Mapping[str, Sequence[datetime]]:
    """Of each series, where the occurrences stood that are written as exceptions of it."""
    found: dict[str, list[datetime]] = {}
    for item in items:
        if item.series_id and item.series_start is not None:
            found.setdefault(item.series_id, []).append(item.series_start)
    known = {_id(item) for item in items}
    return {key: starts for key, starts in found.items() if key in known}


def _component(item: Item, apart: Sequence[datetime], preferences: Preferences) -> Any:
    made = _event(item) if isinstance(item, Event) else _task(item)
    made.add("uid", f"{item.series_id or _id(item)}{DOMAIN}")
    made.add("x-hark-id", _id(item))
    made.add("summary", item.title)
    made.add("dtstamp", item.update_time)
    made.add("created", item.create_time)
    made.add("last-modified", item.update_time)
    made.add("sequence", item.revision - 1)
    if item.notes:
        made.add("description", item.notes)
    schedule = item.schedule
    if schedule is not None:
        _times(made, item, schedule, preferences, apart)
    return made


def _event(event: Event) -> Component:
    made = Component()
    if event.place:
        made.add("location", event.place)
    for name in event.participants:
        # An address is required and nobody knows one.
        made.add("attendee", "invalid:nomail", parameters={"CN": name.replace('"', "'")})
    for lead in event.leads:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", event.title)
        alarm.add("trigger", _since_midnight() if event.schedule.all_day else -lead)
        made.add_component(alarm)
    return made


def _task(task: Task) -> Todo:
    made = Todo()
    made.add("status", "NEEDS-ACTION")
    made.add("categories", [task.list_name])
    if task.priority in _PRIORITIES:
        made.add("priority", _PRIORITIES[task.priority])
    return made


def _times(
    made: Any,
    item: Item,
    schedule: Schedule,
    preferences: Preferences,
    apart: Sequence[datetime],
) -> None:
    where = _where(schedule, preferences)
    start = _first(schedule)
    if isinstance(item, Task):
        _task_times(made, item, schedule, _value(item.due_time or start, schedule, where))
    else:
        made.add("dtstart", _value(start, schedule, where))
        if (end := schedule.end_of(start)) is not None:
            made.add("dtend", _value(end, schedule, where))
    if schedule.rule is not None:
        made.add("rrule", vRecur.from_ical(written(schedule.rule, schedule)))
        gone = [each for each in schedule.excluded if each not in apart]
        for each in gone:
            made.add("exdate", _value(each, schedule, where), **_as_date(schedule))
    if item.series_id and item.series_start is not None:
        made.add("recurrence-id", _value(item.series_start, schedule, where))


def _task_times(made: Any, task: Task, schedule: Schedule, due: datetime | date) -> None:
    """A single task is due; one that recurs starts, because its rule counts from a start."""
    made.add("dtstart" if schedule.recurrence else "due", due)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", task.title)
    related = {} if schedule.recurrence else {"RELATED": "END"}
    trigger = _since_midnight() if schedule.all_day else timedelta()
    alarm.add("trigger", trigger, parameters=related)
    made.add_component(alarm)


def _first(schedule: Schedule) -> datetime:
    """Where the series begins: DTSTART always counts, so it must be one that fits the rule.

    One that is left out counts too: EXDATE takes it away again.
    """
    return next(iter(schedule.candidates()), schedule.instant)


def _where(schedule: Schedule, preferences: Preferences) -> str:
    """The zone to write times in: of what recurs in elapsed time, none that has two clocks."""
    rule = schedule.rule
    if (
        rule is not None
        and rule.frequency.is_sub_daily
        and not (rule.hours or rule.days or rule.months)
    ):
        return _UTC
    return schedule.time_zone if rule is not None else preferences.time_zone


def _value(moment: datetime, schedule: Schedule, where: str) -> datetime | date:
    if schedule.all_day:
        return schedule.local(moment).date()
    return moment.astimezone(ZoneInfo(_UTC) if where == _UTC else zone(where))


def _as_date(schedule: Schedule) -> dict[str, Any]:
    return {"parameters": {"VALUE": "DATE"}} if schedule.all_day else {}


def _since_midnight() -> timedelta:
    """When whole days are reminded of, counted from their start."""
    at: time = DAY_REMINDER
    return timedelta(hours=at.hour, minutes=at.minute)


def _id(item: Item) -> str:
    return item.task_id if isinstance(item, Task) else item.event_id
