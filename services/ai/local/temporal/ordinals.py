"""Rules for what is counted in a span: "first Monday of May", "last week of 2018", "week 36"."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from services.ai.local.temporal.almanac import OutOfCalendar, nth_weekday, shift, stretch, unit
from services.ai.local.temporal.chart import Meaning, RuleSet
from services.ai.local.temporal.context import Context
from services.ai.local.temporal.days import RANK, span_of
from services.ai.local.temporal.values import (
    DAY,
    MONTH,
    QUARTER,
    WEEK,
    YEAR,
    Day,
    Num,
    Span,
    midnight,
)

rules = RuleSet()


@rules("ORD DOW ~ day", "ORD DOW OF day", "ORD ~ day DOW")
def _nth_weekday_of(context: Context, nth: int, dow: object, *rest: object) -> Meaning:
    target = rest[-1]
    if not isinstance(target, Day) or not isinstance(dow, int):
        return None
    span = span_of(context, target)
    if span is None or span.grain not in (MONTH, YEAR, QUARTER) or abs(nth) > 53:
        return None
    start = nth_weekday(span, dow, nth)
    return ("day", Day(span=stretch(start, DAY))) if start else None


@rules("ORD LASTOF DOW ~ day")
def _nth_last_weekday_of(context: Context, nth: int, _: int, dow: int, target: Day) -> Meaning:
    return _nth_weekday_of(context, -nth, dow, target)


@rules("ORD UNIT ~ day", "ORD UNIT OF day", "UNIT ~ ORD day", "LASTOF UNIT ~ day")
def _nth_unit_of(context: Context, nth: int, grain: tuple[str, int], *rest: object) -> Meaning:
    target = rest[-1]
    if not isinstance(target, Day) or not isinstance(grain, tuple):
        return None
    span = span_of(context, target)
    if span is None or abs(nth) > 366 or RANK.get(grain[0], 9) >= RANK.get(span.grain, -1):
        return None
    return _nth(context, span, grain[0], nth)


@rules("ORD LASTOF UNIT ~ day")
def _nth_last_unit_of(
    context: Context, nth: int, _: int, grain: tuple[str, int], target: Day
) -> Meaning:
    return _nth_unit_of(context, -nth, grain, target)


def _nth(context: Context, span: Span, grain: str, nth: int) -> Meaning:
    try:
        if nth > 0:
            first = span.start
            if grain == WEEK:
                first = _first_week(span)
            start = shift(first, unit(grain, nth - 1))
        else:
            last = span.end
            if grain == WEEK:
                last = last - timedelta(days=last.weekday())
            start = shift(last, unit(grain, nth))
    except OutOfCalendar:
        return None
    if start >= span.end:
        return None
    return "day", Day(span=stretch(start, grain))


def _first_week(span: Span) -> datetime:
    """The Monday of a span's first week: the ISO one (with the span's first Thursday)."""
    monday = span.start - timedelta(days=span.start.weekday())
    if span.start.weekday() > 3:
        monday += timedelta(days=7)
    return monday


@rules("WEEKNO num", "WEEKNO num ~ year")
def _numbered_week(context: Context, _: int, number: Num, year: int | None = None) -> Meaning:
    if number.digits > 2 or not 1 <= number.n <= 53:
        return None
    of = year or context.now.year
    if not 1000 <= of <= 9000:
        return None
    january = midnight(date(of, 1, 4))
    monday = january - timedelta(days=january.weekday())
    return "day", Day(span=stretch(monday + timedelta(days=7 * (number.n - 1)), WEEK))
