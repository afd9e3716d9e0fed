"""Parts of something recurring: one occurrence, or one and all after it, apart from the rest.

An occurrence that is changed for itself alone is left out of its series and becomes an item of its
own; a series that changes from some occurrence on ends before it, and another one goes on. So no
change of one occurrence can touch another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from services.scheduler.domain.change import Part, Scope
from services.scheduler.domain.errors import OccurrenceNotFound
from services.scheduler.domain.item import Event, Item, Task, is_recurring
from services.scheduler.domain.schedule import Schedule, between
from services.scheduler.domain.when import When
from services.scheduler.domain.zone import day_bounds, to_instant

_SECOND = timedelta(seconds=1)

Kept = TypeVar("Kept", bound=Item)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What a change is about: all of an item, or a part that begins at `occurrence`."""

    scope: Scope
    occurrence: datetime | None = None


WHOLE = Chosen(scope=Scope.ALL)


def chosen(item: Item, part: Part, named: When | None, *, said: datetime, zone: str) -> Chosen:
    """What `part` means of this item; `named` is the day or time by which the item was named.

    Raises OccurrenceNotFound where the item does not stand there.
    """
    if not is_recurring(item) or part.scope is Scope.ALL:
        return WHOLE
    when = part.occurrence or named
    if part.scope is None and when is None:
        return WHOLE
    scope = part.scope or Scope.THIS
    occurrence = _occurrence(item, when, said=said, zone=zone)
    if scope is Scope.FOLLOWING and occurrence == _first(item):
        return WHOLE
    return Chosen(scope=scope, occurrence=occurrence)


def without(item: Kept, occurrence: datetime, now: datetime) -> Kept:
    """The item without one occurrence; a task that stood there stands at its next one.

    It is gone where nothing else is left of it.
    """
    schedule = _scheduled(item)
    excluded = tuple(sorted({*schedule.excluded, occurrence}))
    kept: Item = item.edited(now, schedule=replace(schedule, excluded=excluded))
    return _standing(kept, occurrence, now)  # type: ignore[return-value]  # the same kind


def ended(item: Kept, occurrence: datetime, now: datetime) -> Kept:
    """The item without an occurrence and all that come after it."""
    schedule = _scheduled(item)
    last = schedule.local(occurrence) - _SECOND
    rule = _without(schedule.recurrence, "COUNT", "UNTIL")
    until = f"{rule};UNTIL={last:%Y%m%dT%H%M%S}"
    kept: Item = item.edited(now, schedule=replace(schedule, recurrence=until))
    return _standing(kept, occurrence, now)  # type: ignore[return-value]  # the same kind


def single(schedule: Schedule, occurrence: datetime) -> Schedule:
    """One occurrence, as a time of its own."""
    return replace(_from(schedule, occurrence), recurrence="", excluded=())


def rest(schedule: Schedule, occurrence: datetime) -> Schedule:
    """An occurrence and all that come after it, as a series of its own."""
    rule = schedule.rule
    recurrence = schedule.recurrence
    if rule is not None and rule.count is not None:
        before = sum(1 for start in _until(schedule, occurrence))
        recurrence = f"{_without(recurrence, 'COUNT')};COUNT={rule.count - before}"
    excluded = tuple(each for each in schedule.excluded if each > occurrence)
    return replace(_from(schedule, occurrence), recurrence=recurrence, excluded=excluded)


def shifted(before: Schedule, after: Schedule, old: datetime) -> Schedule:
    """A moved series that leaves out what it left out before, where that stands now.

    `old` is the occurrence that the person moved, which is the first of `after`.
    """
    if not before.excluded or not after.recurrence:
        return after
    distance = after.local_start - before.local(old)
    moved = (to_instant(before.local(each) + distance, after.time_zone) for each in before.excluded)
    return replace(after, excluded=tuple(sorted(moved)))


def belongs(item: Item, series_id: str, since: datetime | None) -> bool:
    """Whether it is an open occurrence that was taken out of this series, from `since` on."""
    if not item.is_open or item.series_id != series_id or item.series_start is None:
        return False
    return since is None or item.series_start >= since


def _occurrence(item: Item, when: When | None, *, said: datetime, zone: str) -> datetime:
    schedule = _scheduled(item)
    if when is None:
        standing = item.due_time if isinstance(item, Task) else _next(schedule, said)
        if standing is None:
            raise OccurrenceNotFound
        return standing
    start, end = _span(when, said, zone)
    if isinstance(item, Task) and item.due_time is not None and start <= item.due_time < end:
        return item.due_time
    found = next(iter(between(schedule, start, end)), None)
    if found is None or (isinstance(item, Task) and item.due_time and found < item.due_time):
        raise OccurrenceNotFound
    return found


def _span(when: When, said: datetime, zone: str) -> tuple[datetime, datetime]:
    """From when to when an occurrence that is named so starts."""
    if when.local_date is not None:
        return day_bounds(when.local_date, when.local_date, zone)
    if when.local_time is not None:
        moment = to_instant(when.local_time, zone)
    elif when.instant is not None:
        moment = when.instant
    elif when.after is not None:
        moment = said + when.after
    else:
        raise OccurrenceNotFound
    return moment, moment + _SECOND


def _next(schedule: Schedule, said: datetime) -> datetime | None:
    """The occurrence that goes on now, or else the next."""
    length = timedelta(days=1) if schedule.all_day else timedelta()
    for start in schedule.starts(after=said - length - timedelta(days=1)):
        end = schedule.end_of(start) or start + length
        if start >= said or end > said:
            return start
    return None


def _first(item: Item) -> datetime | None:
    """Where all that still counts of it begins."""
    return item.due_time if isinstance(item, Task) else _scheduled(item).first_start()


def _standing(item: Item, occurrence: datetime, now: datetime) -> Item:
    schedule = _scheduled(item)
    if isinstance(item, Event):
        return item if schedule.first_start() is not None else item.cancelled(now)
    if item.due_time != occurrence:
        return item
    following = schedule.next_start(occurrence)
    return item.deleted(now) if following is None else replace(item, due_time=following)


def _from(schedule: Schedule, occurrence: datetime) -> Schedule:
    local = schedule.local(occurrence)
    end = schedule.local_end
    length = None if end is None else end - schedule.local_start
    return replace(
        schedule,
        instant=occurrence,
        local_start=local,
        local_end=None if length is None else local + length,
    )


def _until(schedule: Schedule, occurrence: datetime) -> list[datetime]:
    found = []
    for start in schedule.candidates():
        if start >= occurrence:
            break
        found.append(start)
    return found


def _without(rule: str, *keys: str) -> str:
    return ";".join(part for part in rule.split(";") if part.partition("=")[0].upper() not in keys)


def _scheduled(item: Item) -> Schedule:
    if item.schedule is None:
        raise OccurrenceNotFound
    return item.schedule
