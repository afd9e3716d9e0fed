"""A repetition as values, its RFC 5545 rule, and its first occurrence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from services.ai.local.temporal.almanac import floor, nth_weekday, shift, stretch, unit
from services.ai.local.temporal.values import DAY, MONTH, YEAR, Clock, Length, Part

_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_SUB_DAILY = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
_STEPS = {"SECONDLY": 1, "MINUTELY": 60, "HOURLY": 3600}
_SEARCH_DAYS = 366 * 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """What was said about a repetition; `nth` pairs an ordinal with each weekday."""

    frequency: str = ""
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    nth: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    clocks: tuple[Clock, ...] = ()
    until_clock: Clock | None = None
    part: Part | None = None
    count: int | None = None
    until: datetime | None = None
    start: datetime | None = None
    length: Length | None = None
    part_hour: float | None = None

    def having(self, **changes: Any) -> Repeat:
        """A copy with some fields set."""
        return replace(self, **changes)

    def lasting(self, now: datetime, length: Length) -> Repeat:
        """Repeated for that long, counted from its start or from now."""
        begin = floor(self.start or now, DAY)
        return replace(self, until=shift(begin, length))

    def without(self, category: str, value: int) -> Repeat:
        """Except in a month or on weekdays."""
        if category == "MONTH":
            months = self.months or tuple(range(1, 13))
            return replace(self, months=tuple(month for month in months if month != value))
        skipped = {"WEEKEND": (5, 6), "BUSINESSDAY": (0, 1, 2, 3, 4)}.get(category, (value,))
        days = self.weekdays or tuple(range(7))
        left = tuple(day for day in days if day not in skipped)
        frequency = "WEEKLY" if self.frequency == "DAILY" else self.frequency
        return replace(self, weekdays=left, frequency=frequency) if left else self

    def finished(self, ordinals: tuple[int, ...]) -> Repeat | None:
        """With the ordinals given their meaning by everything else that was said."""
        repeat = self
        if ordinals and repeat.weekdays:
            frequency = "YEARLY" if repeat.frequency == "YEARLY" or repeat.months else "MONTHLY"
            repeat = replace(repeat, nth=ordinals, frequency=frequency)
        elif ordinals:
            repeat = repeat._numbered(ordinals)
        if not repeat.frequency:
            if repeat.months or repeat.weeks:
                repeat = replace(repeat, frequency="YEARLY")
            elif repeat.month_days:
                repeat = replace(repeat, frequency="MONTHLY")
            else:
                return None
        if repeat.months and repeat.frequency in ("MONTHLY", "WEEKLY") and repeat.month_days:
            repeat = replace(repeat, frequency="YEARLY")
        if repeat.weeks:
            repeat = replace(repeat, frequency="YEARLY")
        return repeat

    def _numbered(self, ordinals: tuple[int, ...]) -> Repeat:
        if self.frequency == "WEEKLY":
            # A week counts from Sunday where days of it are numbered.
            return replace(self, weekdays=tuple((number - 2) % 7 for number in ordinals))
        if self.frequency == "YEARLY" and not self.months:
            return replace(self, year_days=ordinals)
        days = tuple(dict.fromkeys((*self.month_days, *ordinals)))
        if any(not 1 <= abs(day) <= 31 for day in days):
            return self
        frequency = "YEARLY" if self.months else "MONTHLY"
        return replace(self, month_days=days, frequency=frequency)

    def rule(self, *, clocks: bool) -> str:
        """The RFC 5545 rule; with the times of day if asked or if there are several."""
        parts = [f"FREQ={self.frequency}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.weekdays:
            days = [
                f"{nth or ''}{_CODES[day]}" for nth in (self.nth or (0,)) for day in self.weekdays
            ]
            parts.append("BYDAY=" + ",".join(days))
        for name, values in (
            ("BYMONTHDAY", self.month_days),
            ("BYYEARDAY", self.year_days),
            ("BYMONTH", self.months),
            ("BYWEEKNO", self.weeks),
            ("BYSETPOS", self.positions),
        ):
            if values:
                parts.append(f"{name}=" + ",".join(map(str, values)))
        if self.clocks and (clocks or len(self.clocks) > 1):
            parts.append("BYHOUR=" + ",".join(str(clock.hour) for clock in self.clocks))
            parts.append(f"BYMINUTE={self.clocks[0].minute}")
        if self.count:
            parts.append(f"COUNT={self.count}")
        if self.until:
            parts.append(f"UNTIL={self.until:%Y%m%dT%H%M%S}")
        return ";".join(parts)

    def first(self, now: datetime) -> datetime:
        """The first occurrence at or after the start, and after now."""
        if self.frequency in _SUB_DAILY:
            step = timedelta(seconds=_STEPS[self.frequency] * self.interval)
            return (self.start or now) + (timedelta() if self.start else step)
        clock = self.clocks[0] if self.clocks else None
        at = floor(max(self.start, now) if self.start else now, DAY)
        for _ in range(_SEARCH_DAYS):
            if self._falls_on(at):
                moment = at.replace(hour=clock.hour, minute=clock.minute) if clock else at
                if clock is None and self.part_hour is not None:
                    moment = at + timedelta(hours=self.part_hour)
                if moment > now or (clock is None and at.date() > now.date()):
                    return moment
                if clock is None and self.start is not None:
                    return moment
            at += timedelta(days=1)
        return at

    @property
    def is_sub_daily(self) -> bool:
        """Whether it repeats within a day."""
        return self.frequency in _SUB_DAILY

    def until_on(self, start: datetime) -> datetime | None:
        """The end of the occurrence that starts at `start`, where one was said."""
        if self.until_clock is None:
            return None
        end = start.replace(hour=self.until_clock.hour, minute=self.until_clock.minute)
        while end <= start:
            end += timedelta(hours=12)
        return end

    def _falls_on(self, day: datetime) -> bool:
        if self.months and day.month not in self.months:
            return False
        if self.month_days:
            from_end = (
                day.day - (shift(floor(day, MONTH), unit(MONTH)) - floor(day, MONTH)).days - 1
            )
            if day.day not in self.month_days and from_end not in self.month_days:
                return False
        if self.year_days and day.timetuple().tm_yday not in self.year_days:
            return False
        if self.weeks and day.isocalendar().week not in self.weeks:
            return False
        if self.weekdays and day.weekday() not in self.weekdays:
            return False
        if self.nth or self.positions:
            grain = YEAR if self.frequency == "YEARLY" and not self.months else MONTH
            span = stretch(floor(day, grain), grain)
            return any(
                nth_weekday(span, day.weekday(), nth) == day for nth in self.nth or self.positions
            )
        if not (self.weekdays or self.month_days or self.months or self.year_days or self.weeks):
            return True
        return True
