"""When something takes place: once or again and again, at a time or on whole days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import lru_cache

from services.scheduler.domain import recurrence
from services.scheduler.domain.rule import Rule, parsed
from services.scheduler.domain.zone import to_instant, to_local

# The time of day at which whole days are reminded of.
DAY_REMINDER = time(9)
_TICK = timedelta(microseconds=1)
# Longer series are not counted to their end.
_COUNTED = 400
_FAR = timedelta(days=60 * 366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A time or a series of times.

    `instant` is the start (of a series: of its first candidate) and what counts for a single time;
    `local_start` and `local_end` (exclusive, None where nobody said) are naive wall-clock times in
    `time_zone`, midnights for whole days. A series recurs by the wall clock.
    """

    instant: datetime
    local_start: datetime
    time_zone: str
    local_end: datetime | None = None
    all_day: bool = False
    recurrence: str = ""
    # Instants of its starts that do not take place, or take place as items of their own.
    excluded: tuple[datetime, ...] = ()

    @property
    def rule(self) -> Rule | None:
        """How it recurs."""
        if not self.recurrence:
            return None
        return parsed(self.recurrence, time_zone=self.time_zone)

    @property
    def is_elapsed(self) -> bool:
        """Whether it recurs in elapsed time."""
        return self.rule is not None and self.rule.frequency.is_sub_daily

    def starts(self, *, after: datetime | None = None) -> Iterator[datetime]:
        """The instants at which it starts, ascending, later than `after`; none left out."""
        found = self.candidates(after=after)
        if not self.excluded:
            return found
        return (start for start in found if start not in self.excluded)

    def candidates(self, *, after: datetime | None = None) -> Iterator[datetime]:
        """As `starts`, with those that are left out."""
        rule = self.rule
        if rule is None:
            return iter([self.instant] if after is None or self.instant > after else [])
        if rule.frequency.is_sub_daily:
            return recurrence.instants(rule, self.instant, self.time_zone, after=after)
        # In an overlap the wall clock runs behind, so look a little earlier and leave out.
        since = None if after is None else to_local(after, self.time_zone) - timedelta(hours=3)
        moments = recurrence.wall_times(rule, self.local_start, after=since)
        found = recurrence.from_wall(moments, self.time_zone)
        return (start for start in found if after is None or start > after)

    def next_start(self, after: datetime) -> datetime | None:
        """The first start later than `after`; None where there is none any more."""
        return next(iter(self.starts(after=after)), None)

    def first_start(self) -> datetime | None:
        """The first start there is; None for a series that never takes place."""
        return next(iter(self.starts()), None)

    def starts_at(self, moment: datetime) -> bool:
        """Whether this instant is one of its starts."""
        return self.next_start(moment - _TICK) == moment

    def local(self, start: datetime) -> datetime:
        """The wall-clock time of one of its starts; in a gap, the time it will really be."""
        return to_local(start, self.time_zone)

    @property
    def over_time(self) -> datetime | None:
        """When nothing of it takes place any more; None while that is open or far."""
        return _over_time(self)

    def end_of(self, start: datetime) -> datetime | None:
        """When the occurrence that starts at `start` ends."""
        if self.local_end is None:
            return None
        length = self.local_end - self.local_start
        if not self.recurrence or self.is_elapsed:
            first_end = to_instant(self.local_end, self.time_zone)
            return start + max(first_end - self.instant, timedelta())
        return max(to_instant(self.local(start) + length, self.time_zone), start)

    def reminder_of(self, start: datetime, lead: timedelta) -> datetime:
        """When to remind of the occurrence at `start`: `lead` before, or 09:00 of a whole day."""
        if not self.all_day:
            return start - lead
        return to_instant(datetime.combine(self.local(start).date(), DAY_REMINDER), self.time_zone)

    def next_reminder(
        self, lead: timedelta, *, since: datetime, after_start: datetime | None = None
    ) -> tuple[datetime, datetime] | None:
        """The first (start, reminder) whose reminder is not before `since`.

        With `after_start`, only occurrences later than that one.
        """
        # A whole day's reminder comes after its start, by less than a day in any zone.
        earliest = since - timedelta(hours=26) - _TICK if self.all_day else since + lead - _TICK
        if after_start is not None:
            earliest = max(earliest, after_start)
        for start in self.starts(after=earliest):
            reminder = self.reminder_of(start, lead)
            if reminder >= since:
                return start, reminder
        return None

    def anchored(self, done: datetime) -> Schedule:
        """Its next time, counted from when the last one was done.

        Days and longer keep the time of day: "every 3 days", done on Tuesday night, is Friday.
        """
        start = done
        if not self.is_elapsed:
            day = to_local(done, self.time_zone).date()
            start = to_instant(datetime.combine(day, self.local_start.time()), self.time_zone)
        first = replace(self, instant=start, local_start=self.local(start), excluded=())
        following = first.next_start(max(start, done))
        if following is None:
            raise ValueError("a rule of FREQ and INTERVAL has no end")
        return replace(first, instant=following, local_start=self.local(following), local_end=None)

    def in_zone(self, time_zone: str) -> Schedule:
        """As it is after its person moved to another zone.

        What recurs and what takes whole days keeps its wall clock, a single time its instant.
        """
        if time_zone == self.time_zone:
            return self
        keeps_wall = (self.recurrence and not self.is_elapsed) or self.all_day
        if keeps_wall:
            instant = to_instant(self.local_start, time_zone)
            excluded = tuple(to_instant(self.local(each), time_zone) for each in self.excluded)
            return replace(self, time_zone=time_zone, instant=instant, excluded=excluded)
        end = self.local_end
        if end is not None:
            end = to_local(to_instant(end, self.time_zone), time_zone)
        start = to_local(self.instant, time_zone)
        return replace(self, time_zone=time_zone, local_start=start, local_end=end)


def between(schedule: Schedule, start: datetime, end: datetime) -> Iterator[datetime]:
    """Its starts in [start, end)."""
    for moment in schedule.starts(after=start - _TICK):
        if moment >= end:
            return
        yield moment


@lru_cache(maxsize=4096)
def _over_time(schedule: Schedule) -> datetime | None:
    rule = schedule.rule
    last: datetime | None = schedule.instant
    if rule is not None:
        if rule.until is None and (rule.count is None or rule.count > _COUNTED):
            return None
        last = None
        for number, start in enumerate(schedule.starts()):
            if number >= _COUNTED or start > schedule.instant + _FAR:
                return None
            last = start
    if last is None:
        return schedule.instant
    day = timedelta(days=1) if schedule.all_day else timedelta()
    return max(schedule.end_of(last) or last, last + day)
