"""What is said at creation beside the confirmation: what it overlaps, and that a day is full."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from services.scheduler.domain.confirmation import day_full, occurrence_text, overlap
from services.scheduler.domain.item import Event, Item, Task, item_id
from services.scheduler.domain.preferences import Preferences
from services.scheduler.domain.schedule import between
from services.scheduler.domain.state import Plan
from services.scheduler.domain.zone import day_bounds, to_local

MOST_OVERLAPS = 3
# Where nobody said when an event ends, it takes this long.
_USUAL = timedelta(minutes=30)
_DAY = timedelta(days=1)
# Days of one utterance that are looked at, and occurrences of one item on a day.
_MOST_DAYS, _MOST_STARTS = 3, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """An event that takes place at the same time."""

    event_id: str
    title: str
    start_time: datetime
    time_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What there is to say about the change at this place of the utterance."""

    position: int
    overlaps: Sequence[Overlap] = ()
    is_day_full: bool = False
    # Of a snooze: when it reminds again.
    reminder_time: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not self.overlaps and not self.is_day_full and self.reminder_time is None


def ranges(plan: Plan) -> Sequence[tuple[datetime, datetime]]:
    """From when to when it must be known what stands, at most 3 of them."""
    zone = plan.state.preferences.time_zone
    found = {}
    for _, item in plan.timed:
        start = _start(item)
        if start is not None:
            day = to_local(start, zone).date()
            begin, end = day_bounds(day, day, zone)
            found[day] = (begin, max(end, _end(item, start)) + _DAY)
    return list(found.values())[:_MOST_DAYS]


def remarks(plan: Plan, standing: Iterable[Item], *, now: datetime, most: int) -> Sequence[Remark]:
    """What there is to say, given what stands; `most` reminders a day go out one by one."""
    known: dict[str, Item] = {item_id(item): item for item in standing}
    known |= {item_id(item): item for item in plan.items}
    made = [_remark(position, item, plan, known, now, most) for position, item in plan.timed]
    return [each for each in made if not each.is_empty]


def put_off(plan: Plan) -> Sequence[Remark]:
    """When what was put off reminds again."""
    return [Remark(position=at, reminder_time=until) for at, until in plan.put_off]


def with_remarks(plan: Plan, found: Sequence[Remark], *, most: int) -> Plan:
    """The plan that says so, each after the change that it is about."""
    by_position = {each.position: each for each in found}
    contents = []
    for position, content in enumerate(plan.contents):
        contents.append(content)
        remark = by_position.get(position)
        if remark is not None:
            contents += [overlap(each.title, each.time_text) for each in remark.overlaps]
            contents += [day_full(most)] if remark.is_day_full else []
    return replace(plan, contents=contents)


def _remark(
    position: int, item: Item, plan: Plan, known: Mapping[str, Item], now: datetime, most: int
) -> Remark:
    start = _start(item)
    if start is None:
        return Remark(position=position)
    preferences = plan.state.preferences
    overlaps = _overlaps(item, start, known.values(), preferences, now)
    return Remark(
        position=position,
        overlaps=tuple(islice(overlaps, MOST_OVERLAPS)),
        is_day_full=_reminders_on_day_of(start, item, known.values(), preferences) > most,
    )


def _overlaps(
    item: Item, start: datetime, others: Iterable[Item], preferences: Preferences, now: datetime
) -> Iterable[Overlap]:
    if not isinstance(item, Event) or item.schedule.all_day:
        return
    end = _end(item, start)
    for other in others:
        if not isinstance(other, Event) or not other.is_open or other.schedule.all_day:
            continue
        if other.event_id == item.event_id or other.series_id == item.event_id:
            continue
        for begin in islice(between(other.schedule, start - _DAY, end), _MOST_STARTS):
            if begin < end and _end(other, begin) > start:
                yield Overlap(
                    event_id=other.event_id,
                    title=other.title,
                    start_time=begin,
                    time_text=occurrence_text(other, begin, preferences, now),
                )
                break


def _reminders_on_day_of(
    start: datetime, item: Item, known: Iterable[Item], preferences: Preferences
) -> int:
    """How many reminders fall on the day on which the item reminds first."""
    zone = preferences.time_zone
    day = to_local(_moments(item, start)[0], zone).date() if _moments(item, start) else None
    if day is None:
        return 0
    begin, end = day_bounds(day, day, zone)
    return sum(
        begin <= moment < end
        for each in known
        if each.is_open
        for stand in _stands(each, begin - _DAY, end + _DAY)
        for moment in _moments(each, stand)
    )


def _moments(item: Item, start: datetime) -> Sequence[datetime]:
    if item.schedule is None:
        return ()
    leads = item.leads if isinstance(item, Event) else (timedelta(),)
    if item.schedule.all_day:
        leads = leads[:1]
    return [item.schedule.reminder_of(start, lead) for lead in leads]


def _stands(item: Item, start: datetime, end: datetime) -> Iterable[datetime]:
    if item.schedule is None:
        return ()
    if isinstance(item, Task) and (not item.schedule.recurrence or item.after_completion):
        return () if item.due_time is None else (item.due_time,)
    since = start
    if isinstance(item, Task) and item.due_time is not None:
        since = max(start, item.due_time)
    return islice(between(item.schedule, since, end), _MOST_STARTS)


def _start(item: Item) -> datetime | None:
    if item.schedule is None:
        return None
    return item.due_time if isinstance(item, Task) else item.schedule.first_start()


def _end(item: Item, start: datetime) -> datetime:
    if item.schedule is None:
        return start
    return item.schedule.end_of(start) or start + _USUAL
