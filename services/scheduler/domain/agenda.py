"""What stands when, and how that is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from itertools import groupby, islice

from services.scheduler.domain.item import Event, Item, item_id
from services.scheduler.domain.preferences import Preferences
from services.scheduler.domain.schedule import between
from services.scheduler.domain.wording import Voice, counted, voice_of
from services.scheduler.domain.zone import day_bounds, to_local

_TICK = timedelta(microseconds=1)
_WEEK = timedelta(days=6)
# More is too long to listen to.
MOST_TOLD = 12
_MIDDAY, _EVENING = 12, 18


class Period(Enum):
    """Days as people name them; a week is what is left of it."""

    TODAY = "today"
    TOMORROW = "tomorrow"
    THIS_WEEK = "this week"
    NEXT_WEEK = "next week"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """One occurrence of something."""

    item: Item
    start: datetime


def days_of(period: Period, preferences: Preferences, now: datetime) -> tuple[date, date]:
    """The first and the last day of a period."""
    today = to_local(now, preferences.time_zone).date()
    end = _end_of_week(today, preferences, voice_of(preferences))
    match period:
        case Period.TODAY:
            return today, today
        case Period.TOMORROW:
            return today + timedelta(days=1), today + timedelta(days=1)
        case Period.THIS_WEEK:
            return today, end
        case Period.NEXT_WEEK:
            return end + timedelta(days=1), end + timedelta(days=7)


def stands(items: Sequence[Item], start: datetime, end: datetime, *, limit: int) -> list[Stand]:
    """What stands in [start, end), by time; at most `limit` of each item, or a little more."""
    found = [
        Stand(item=item, start=moment)
        for item in items
        for moment in islice(_starts(item, start, end), limit)
    ]
    found.sort(key=lambda stand: (stand.start, item_id(stand.item)))
    return found


def told(
    found: Sequence[Stand], first: date, last: date, preferences: Preferences, now: datetime
) -> str:
    """The agenda of some days in words: a sentence, then a line for each occurrence or day."""
    by = voice_of(preferences)
    today = to_local(now, preferences.time_zone).date()
    texts = by.texts.agenda
    days = _days(first, last, today, preferences, by)
    if not found:
        return texts.nothing.format(days=days)
    head = texts.things[0 if len(found) == 1 else 1].format(n=len(found), days=days)
    return "\n".join([head, *_lines(found, first, last, today, preferences)])


def overview(found: Sequence[Stand], days: int, preferences: Preferences, now: datetime) -> str:
    """What a person hears of today (1), or of today and the days after it, unasked."""
    by = voice_of(preferences)
    local = to_local(now, preferences.time_zone)
    texts = by.texts.agenda
    greeting = texts.morning
    if local.hour >= _MIDDAY:
        greeting = texts.evening if local.hour >= _EVENING else texts.afternoon
    last = local.date() + timedelta(days=days - 1)
    when = by.texts.days.today if days == 1 else by.texts.days.next_days
    head = texts.things[0 if len(found) == 1 else 1].format(n=len(found), days=when)
    lines = _lines(found, local.date(), last, local.date(), preferences)
    return "\n".join([f"{greeting} {head}", *lines])


def overview_bounds(
    days: int, preferences: Preferences, now: datetime
) -> tuple[datetime, datetime]:
    """The instants between which an overview looks: from the start of today."""
    today = to_local(now, preferences.time_zone).date()
    return day_bounds(today, today + timedelta(days=days - 1), preferences.time_zone)


def _lines(
    found: Sequence[Stand], first: date, last: date, today: date, preferences: Preferences
) -> list[str]:
    by = voice_of(preferences)
    told = [
        (_day(stand, preferences), _line(stand, preferences, by)) for stand in found[:MOST_TOLD]
    ]
    if first == last:
        lines = [_sentence(line) for _, line in told]
    else:
        lines = [
            _sentence(f"{_named(day, today, by)}: {'; '.join(line for _, line in group)}")
            for day, group in groupby(told, key=lambda pair: pair[0])
        ]
    if len(found) > MOST_TOLD:
        lines.append(counted(by.texts.agenda.more, len(found) - MOST_TOLD))
    return lines


def _line(stand: Stand, preferences: Preferences, by: Voice) -> str:
    item = stand.item
    if item.schedule is not None and item.schedule.all_day:
        if isinstance(item, Event):
            return by.texts.agenda.all_day.format(title=item.title)
        return item.title
    return f"{item.title} {by.at(to_local(stand.start, preferences.time_zone))}"


def _sentence(line: str) -> str:
    return line if line.endswith((".", "!", "?", "…")) else f"{line}."


def _named(day: date, today: date, by: Voice) -> str:
    name = by.named_day(day, today) or by.day(day, today)
    return name[:1].upper() + name[1:]


def _day(stand: Stand, preferences: Preferences) -> date:
    schedule = stand.item.schedule
    if schedule is not None and schedule.all_day:
        return schedule.local(stand.start).date()
    return to_local(stand.start, preferences.time_zone).date()


def _days(first: date, last: date, today: date, preferences: Preferences, by: Voice) -> str:
    if first == last:
        return by.named_day(first, today) or by.on(first, today)
    if first == today and last == _end_of_week(today, preferences, by):
        return by.texts.days.this_week
    span = by.texts.days.span
    return span.format(first=by.day(first, today), last=by.day(last, today))


def _end_of_week(today: date, preferences: Preferences, by: Voice) -> date:
    first_day = by.first_day if preferences.first_day is None else preferences.first_day
    return today - timedelta(days=(today.weekday() - first_day) % 7) + _WEEK


def _starts(item: Item, start: datetime, end: datetime) -> Iterator[datetime]:
    """When an item stands in [start, end); a task, from where it is due now."""
    if item.schedule is None:
        return
    if isinstance(item, Event):
        yield from between(item.schedule, start, end)
        return
    if item.due_time is None:
        return
    if start <= item.due_time < end:
        yield item.due_time
    if item.schedule.recurrence:
        since = max(start, item.due_time + _TICK)
        yield from between(item.schedule, since, end)
