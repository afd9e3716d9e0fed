"""Times at which nothing takes place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.scheduler.domain.item import Event, Item
from services.scheduler.domain.preferences import Preferences
from services.scheduler.domain.schedule import between
from services.scheduler.domain.wording import Voice, adverb, voice_of
from services.scheduler.domain.zone import to_instant, to_local

# What nobody gave an end is taken to last this long.
USUAL_LENGTH = timedelta(hours=1)
_STEP = timedelta(minutes=15)
# Occurrences of one event that are looked at.
_MOST = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Wall-clock times of a day between which to look; no end is midnight."""

    start: time
    end: time | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeTime:
    """A time at which nothing takes place."""

    start: datetime
    end: datetime


def free_times(
    items: Sequence[Item],
    first: date,
    last: date,
    hours: Hours,
    *,
    length: timedelta,
    time_zone: str,
    now: datetime,
) -> Iterator[FreeTime]:
    """Free times of at least `length` on the days from `first` to `last`, never before `now`."""
    bounds = [_bounds(day, hours, time_zone) for day in _days(first, last)]
    taken = _taken(items, bounds[0][0], bounds[-1][1])
    soonest = _rounded_up(now)
    for start, end in bounds:
        free_from = max(start, soonest)
        for busy_from, busy_until in taken:
            if busy_until <= free_from:
                continue
            if busy_from >= end:
                break
            if busy_from - free_from >= length:
                yield FreeTime(start=free_from, end=busy_from)
            free_from = max(free_from, busy_until)
        if end - free_from >= length:
            yield FreeTime(start=free_from, end=end)


def told(found: FreeTime | None, preferences: Preferences, now: datetime) -> str:
    """The first free time in words, or that there is none."""
    by = voice_of(preferences)
    texts = by.texts.agenda
    if found is None:
        return texts.not_free
    until = by.until(to_local(found.end, preferences.time_zone))
    return texts.free_until.format(time=time_text(found, preferences, now, by), until=until)


def time_text(
    found: FreeTime, preferences: Preferences, now: datetime, by: Voice | None = None
) -> str:
    """When a free time starts, as its person reads it."""
    start, today = (to_local(each, preferences.time_zone) for each in (found.start, now))
    return adverb(start, today, all_day=False, by=by or voice_of(preferences))


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


def _bounds(day: date, hours: Hours, time_zone: str) -> tuple[datetime, datetime]:
    end = (
        datetime.combine(day + timedelta(days=1), time())
        if hours.end is None
        else datetime.combine(day, hours.end)
    )
    start = datetime.combine(day, hours.start)
    return to_instant(start, time_zone), to_instant(end, time_zone)


def _taken(
    items: Sequence[Item], start: datetime, end: datetime
) -> list[tuple[datetime, datetime]]:
    """When events take place, by start; whole days and tasks take no time."""
    found: list[tuple[datetime, datetime]] = []
    for event in items:
        if not isinstance(event, Event) or event.schedule.all_day:
            continue
        schedule = event.schedule
        length = USUAL_LENGTH
        if schedule.local_end is not None:
            # With room for what a change of the clocks adds.
            length = schedule.local_end - schedule.local_start + timedelta(hours=2)
        for number, moment in enumerate(between(schedule, start - length, end)):
            if number >= _MOST:
                break
            found.append((moment, schedule.end_of(moment) or moment + USUAL_LENGTH))
    return sorted(found)


def _rounded_up(now: datetime) -> datetime:
    """The next quarter of an hour."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + -((midnight - now) // _STEP) * _STEP
