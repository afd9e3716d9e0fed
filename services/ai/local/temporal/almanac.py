"""Calendar arithmetic on naive wall-clock times: floors, shifts, searches, nth days."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime, timedelta

from services.ai.local.temporal.values import (
    DAY,
    HOUR,
    MINUTE,
    MONTH,
    QUARTER,
    SECOND,
    WEEK,
    YEAR,
    Length,
    Span,
)

_FIRST_YEAR, _LAST_YEAR = 1000, 9990
_ONE: dict[str, Length] = {
    SECOND: Length(seconds=1),
    MINUTE: Length(seconds=60),
    HOUR: Length(seconds=3600),
    DAY: Length(days=1),
    WEEK: Length(days=7),
    MONTH: Length(months=1),
    QUARTER: Length(months=3),
    YEAR: Length(months=12),
}


class OutOfCalendar(ValueError):
    """The result lies outside the years that a `datetime` can hold."""


def unit(grain: str, count: int = 1) -> Length:
    """`count` of one calendar unit."""
    one = _ONE[grain]
    return Length(one.months * count, one.days * count, one.seconds * count, grain)


def shift(moment: datetime, by: Length) -> datetime:
    """`moment` moved; a month's missing day becomes its last."""
    if by.months:
        month = moment.month - 1 + by.months
        year = moment.year + month // 12
        if not _FIRST_YEAR <= year <= _LAST_YEAR:
            raise OutOfCalendar
        month = month % 12 + 1
        moment = moment.replace(
            year=year, month=month, day=min(moment.day, monthrange(year, month)[1])
        )
    if by.days or by.seconds:
        try:
            moment += timedelta(days=by.days, seconds=by.seconds)
        except OverflowError as error:
            raise OutOfCalendar from error
        if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
            raise OutOfCalendar
    return moment


def floor(moment: datetime, grain: str) -> datetime:
    """The start of the unit that `moment` lies in."""
    if grain == SECOND:
        return moment.replace(microsecond=0)
    if grain == MINUTE:
        return moment.replace(second=0, microsecond=0)
    if grain == HOUR:
        return moment.replace(minute=0, second=0, microsecond=0)
    moment = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if grain == DAY:
        return moment
    if grain == WEEK:
        return moment - timedelta(days=moment.weekday())
    if grain == MONTH:
        return moment.replace(day=1)
    if grain == QUARTER:
        return moment.replace(day=1, month=(moment.month - 1) // 3 * 3 + 1)
    return moment.replace(day=1, month=1)


def cycle(moment: datetime, grain: str, offset: int) -> Span:
    """The unit `offset` units after the one that `moment` lies in."""
    start = shift(floor(moment, grain), unit(grain, offset))
    return Span(start, shift(start, unit(grain)), grain)


def stretch(start: datetime, grain: str, count: int = 1) -> Span:
    """`count` units from `start` on."""
    return Span(start, shift(start, unit(grain, count)), grain)


def nth_weekday(within: Span, dow: int, nth: int) -> datetime | None:
    """The nth (1…, or -1… from the end) given weekday inside a span."""
    if nth > 0:
        first = within.start + timedelta(days=(dow - within.start.weekday()) % 7)
        day = first + timedelta(days=7 * (nth - 1))
        return day if day < within.end else None
    last = within.end - timedelta(days=1)
    last -= timedelta(days=(last.weekday() - dow) % 7)
    day = last + timedelta(days=7 * (nth + 1))
    return day if day >= within.start else None


def valid(year: int, month: int, dom: int) -> bool:
    """Whether that date exists."""
    return 1 <= month <= 12 and 1 <= dom <= monthrange(year, month)[1]
