"""Which occurrence a person puts off, and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from services.scheduler.domain.errors import NothingToSnooze, invalid
from services.scheduler.domain.item import Event, Item, Task
from services.scheduler.domain.when import When, resolved
from services.scheduler.domain.zone import to_local

# What was reminded of longer ago than this is not what is meant.
_RECENT = timedelta(days=1)
_LONGEST = timedelta(days=366)


def until(when: When, *, said: datetime, zone: str) -> datetime:
    """When to remind again; a time of day alone is the next one of it.

    Raises TimeInPast, and InvalidArgument for a day without a time, or more than a year ahead.
    """
    if when.recurrence or when.local_end is not None:
        raise invalid("when", "is one moment, without an end or a recurrence")
    if when.local_date is not None:
        raise invalid("when", "needs a time of day")
    if when.time_of_day is not None:
        here = to_local(said, zone)
        at = datetime.combine(here.date(), when.time_of_day)
        at = at if at > here else at + timedelta(days=1)
        when = replace(when, time_of_day=None, local_time=at)
    moment = resolved(when, said=said, time_zone=zone).instant
    if moment - said > _LONGEST:
        raise invalid("when", "must be within a year")
    return moment


def occurrence(item: Item, now: datetime) -> datetime:
    """The occurrence reminded of last, or else the next one.

    Raises NothingToSnooze for what is done, called off, or has no time.
    """
    schedule = item.schedule
    if not item.is_open or schedule is None:
        raise NothingToSnooze
    if not schedule.recurrence:
        standing = item.due_time if isinstance(item, Task) else schedule.instant
        return standing or schedule.instant
    lead = max(item.leads, default=timedelta()) if isinstance(item, Event) else timedelta()
    since = now - _RECENT
    if isinstance(item, Task) and item.due_time is not None:
        # What was done before is not put off; one that is overdue is, however long it has been.
        since = max(since, item.due_time - timedelta(microseconds=1))
    latest = None
    if isinstance(item, Task) and item.due_time is not None:
        latest = item.due_time if schedule.reminder_of(item.due_time, lead) <= now else None
    for start in schedule.starts(after=since):
        if schedule.reminder_of(start, lead) > now:
            return latest or start
        latest = start
    if latest is None:
        raise NothingToSnooze
    return latest
