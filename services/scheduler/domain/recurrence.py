"""Occurrences of a rule, period by period, never looking further than a horizon.

`dateutil` would look for a 30th of February until the year 9999 (5 s of a blocked event loop for
one daily rule), so the expansion is our own and `dateutil` is what the tests compare it with.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count

from services.scheduler.domain.rule import Frequency, Rule
from services.scheduler.domain.zone import to_instant, to_local

# The 29th of February on a given weekday comes back after 28 years, or 40 across 2100.
HORIZON = timedelta(days=41 * 366)
_DAY = timedelta(days=1)
_STEPS = {Frequency.MINUTELY: timedelta(minutes=1), Frequency.HOURLY: timedelta(hours=1)}
# Sub-daily: so many candidates are looked at for one occurrence, and so far.
_CANDIDATES = 20_000
_NEAR_HORIZON = timedelta(days=5 * 366)
# More than any zone sets its clocks forward or back, but for a change of the date line.
_CLOCK_CHANGE = timedelta(hours=3)


def wall_times(rule: Rule, start: datetime, *, after: datetime | None = None) -> Iterator[datetime]:
    """Naive wall-clock occurrences, ascending, from `start` on; those later than `after`.

    `start` is the first candidate: it counts where the rule fits it. Daily and longer rules only.
    Ends where the rule does, or nothing fits for 41 years.
    """
    number = 0
    reached = max(after or start, start)
    for period in count(0 if rule.count else _skipped(rule, start, reached)):
        days = _days(rule, start.date(), period)
        if days is None or _first_day(rule, start.date(), period) > (reached + HORIZON).date():
            return
        for moment in _chosen(rule, start, days):
            if moment < start:
                continue
            if rule.until is not None and moment > rule.until:
                return
            number += 1
            if rule.count is not None and number > rule.count:
                return
            if after is None or moment > after:
                reached = max(reached, moment)
                yield moment


def instants(
    rule: Rule, start: datetime, time_zone: str, *, after: datetime | None = None
) -> Iterator[datetime]:
    """Occurrences of a sub-daily rule as UTC instants later than `after`: elapsed time.

    `start` is an instant. BYHOUR, BYDAY and BYMONTH leave out what falls elsewhere on the wall
    clock.
    """
    step = _STEPS[rule.frequency] * rule.interval
    index = 0
    if rule.count is None and after is not None and after > start:
        index = (after - start) // step
    number = looked = 0
    limit = start + index * step + _NEAR_HORIZON
    while looked < _CANDIDATES:
        looked += 1
        moment = start + index * step
        local = to_local(moment, time_zone)
        if moment > limit or (rule.until is not None and local > rule.until):
            return
        if not _fits(rule, local):
            index = max(index + 1, _next_index(rule, local, start, step, time_zone))
            continue
        index += 1
        number += 1
        if rule.count is not None and number > rule.count:
            return
        if after is None or moment > after:
            looked, limit = 0, moment + _NEAR_HORIZON
            yield moment


def _next_index(
    rule: Rule, local: datetime, start: datetime, step: timedelta, time_zone: str
) -> int:
    """The candidate at which to look on after one that does not fit, at the latest the next fit."""
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if rule.months and local.month not in rule.months:
        following = (midnight.replace(day=1) + timedelta(days=32)).replace(day=1)
    elif rule.days and not any(local.weekday() == day for _, day in rule.days):
        following = midnight + _DAY
    else:
        later = [hour for hour in rule.hours if hour > local.hour]
        following = midnight.replace(hour=min(later)) if later else midnight + _DAY
    # Around a change of clocks the wall says too much: begin before it.
    return (to_instant(following, time_zone) - _CLOCK_CHANGE - start) // step


def from_wall(moments: Iterator[datetime], time_zone: str) -> Iterator[datetime]:
    """The instants of wall-clock occurrences."""
    return (to_instant(moment, time_zone) for moment in moments)


def _fits(rule: Rule, local: datetime) -> bool:
    return (
        (not rule.months or local.month in rule.months)
        and (not rule.hours or local.hour in rule.hours)
        and (not rule.days or any(local.weekday() == day for _, day in rule.days))
    )


def _chosen(rule: Rule, start: datetime, days: list[date]) -> list[datetime]:
    """The period's occurrences: its days at each time of day, then BYSETPOS."""
    times = [
        start.time().replace(hour=hour, minute=minute)
        for hour in rule.hours or (start.hour,)
        for minute in rule.minutes or (start.minute,)
    ]
    moments = [datetime.combine(day, time) for day in days for time in times]
    if not rule.positions:
        return moments
    size = len(moments)
    indexes = {p - 1 if p > 0 else size + p for p in rule.positions}
    return [moments[index] for index in sorted(indexes) if 0 <= index < size]


def _skipped(rule: Rule, start: datetime, reached: datetime) -> int:
    """Periods that lie wholly before `reached`, one less for safety."""
    days = (reached.date() - start.date()).days
    match rule.frequency:
        case Frequency.DAILY:
            periods = days
        case Frequency.WEEKLY:
            periods = days // 7
        case Frequency.MONTHLY:
            periods = (reached.year - start.year) * 12 + reached.month - start.month
        case _:
            periods = reached.year - start.year
    return max(0, periods // rule.interval - 1)


def _first_day(rule: Rule, start: date, period: int) -> date:
    """The day on which a period begins; the latest day there is where it lies beyond time."""
    try:
        match rule.frequency:
            case Frequency.DAILY:
                return start + period * rule.interval * _DAY
            case Frequency.WEEKLY:
                monday = start - ((start.weekday() - rule.week_start) % 7) * _DAY
                return monday + period * rule.interval * 7 * _DAY
            case Frequency.MONTHLY:
                years, month = divmod(start.month - 1 + period * rule.interval, 12)
                return date(start.year + years, month + 1, 1)
            case _:
                return date(start.year + period * rule.interval, 1, 1)
    except (ValueError, OverflowError):
        return date.max


def _days(rule: Rule, start: date, period: int) -> list[date] | None:
    """The days of one period that fit, ascending; None beyond the end of the calendar."""
    first = _first_day(rule, start, period)
    if first.year >= date.max.year:
        return None
    match rule.frequency:
        case Frequency.DAILY:
            return [first] if _day_fits(rule, first) else []
        case Frequency.WEEKLY:
            weekdays = {day for _, day in rule.days} or {start.weekday()}
            week = (first + offset * _DAY for offset in range(7))
            return [
                day
                for day in week
                if day.weekday() in weekdays and (not rule.months or day.month in rule.months)
            ]
        case Frequency.MONTHLY:
            if rule.months and first.month not in rule.months:
                return []
            return _month_days(rule, first, start.day)
        case _:
            return _year_days(rule, first.year, start)


def _day_fits(rule: Rule, day: date) -> bool:
    return (
        (not rule.months or day.month in rule.months)
        and (not rule.month_days or _numbered(day) & set(rule.month_days) != set())
        and (not rule.days or any(day.weekday() == weekday for _, weekday in rule.days))
    )


def _numbered(day: date) -> set[int]:
    """A day's number in its month, from the front and from the back."""
    return {day.day, day.day - monthrange(day.year, day.month)[1] - 1}


def _month_days(rule: Rule, first: date, default: int) -> list[date]:
    length = monthrange(first.year, first.month)[1]
    span = [first + offset * _DAY for offset in range(length)]
    if rule.days:
        span = _on_weekdays(rule, span)
    if rule.month_days:
        numbers = set(rule.month_days)
        return [day for day in span if _numbered(day) & numbers]
    return span if rule.days else [day for day in span if day.day == default]


def _year_days(rule: Rule, year: int, start: date) -> list[date]:
    if rule.months or rule.month_days:
        by_year = rule.days and not rule.months
        days = [
            day
            for month in rule.months or range(1, 13)
            for day in (
                _numbered_days(rule, date(year, month, 1))
                if by_year
                else _month_days(rule, date(year, month, 1), start.day)
            )
        ]
        return sorted(set(days) & set(_on_weekdays(rule, _year(year)))) if by_year else days
    if rule.days:
        return _on_weekdays(rule, _year(year))
    if start.day > monthrange(year, start.month)[1]:
        return []
    return [date(year, start.month, start.day)]


def _numbered_days(rule: Rule, first: date) -> list[date]:
    length = monthrange(first.year, first.month)[1]
    span = (first + offset * _DAY for offset in range(length))
    return [day for day in span if _numbered(day) & set(rule.month_days)]


def _year(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + offset * _DAY for offset in range((date(year + 1, 1, 1) - first).days)]


def _on_weekdays(rule: Rule, span: list[date]) -> list[date]:
    """The days of a month or year that BYDAY names: all of a weekday, or its n-th there."""
    chosen: set[date] = set()
    for ordinal, weekday in rule.days:
        fitting = [day for day in span if day.weekday() == weekday]
        if ordinal == 0:
            chosen.update(fitting)
        elif abs(ordinal) <= len(fitting):
            chosen.add(fitting[ordinal - 1 if ordinal > 0 else ordinal])
    return sorted(chosen)
