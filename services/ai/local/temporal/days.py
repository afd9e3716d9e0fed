"""Rules for dates: weekdays, months, days of months, years, and how they narrow each other."""

from __future__ import annotations

from datetime import date, timedelta

from services.ai.local.temporal.almanac import (
    cycle,
    stretch,
    valid,
)
from services.ai.local.temporal.chart import Meaning, RuleSet
from services.ai.local.temporal.context import Context
from services.ai.local.temporal.values import (
    DAY,
    MONTH,
    QUARTER,
    WEEK,
    YEAR,
    Day,
    Moment,
    Num,
    Span,
    midnight,
)

rules = RuleSet()
RANK = {DAY: 0, WEEK: 1, MONTH: 2, QUARTER: 3, YEAR: 4}


@rules("RELDAY")
def _relative_day(context: Context, offset: int) -> Meaning:
    return "day", Day(span=cycle(context.now, DAY, offset))


@rules("THISTIME")
def _this_time(context: Context, _: int) -> Meaning:
    return "day", Day(span=cycle(context.now, DAY, 0))


@rules("DOW")
def _weekday(_: Context, dow: int) -> Meaning:
    return "day", Day(dow=dow)


@rules("THIS DOW", "COMING DOW", "DOW COMING")
def _this_weekday(context: Context, a: int, b: int) -> Meaning:
    return "day", Day(dow=b, mod="this")


@rules("THIS WEEKS DOW")
def _this_weeks_day(context: Context, _: int, __: int, dow: int) -> Meaning:
    return "day", Day(dow=dow, within=cycle(context.now, WEEK, 0))


@rules("NEXT DOW")
def _next_weekday(_: Context, __: int, dow: int) -> Meaning:
    return "day", Day(dow=dow, mod="next")


@rules("DOW NEXT")
def _weekday_next(_: Context, dow: int, __: int) -> Meaning:
    return "day", Day(dow=dow, mod="next")


@rules("DOW LASTAFTER")
def _weekday_last(_: Context, dow: int, __: int) -> Meaning:
    return "day", Day(dow=dow, mod="last")


@rules("LAST DOW")
def _last_weekday(_: Context, __: int, dow: int) -> Meaning:
    return "day", Day(dow=dow, mod="last")


@rules("DOW AFTERNEXT")
def _weekday_after_next(context: Context, dow: int, _: int) -> Meaning:
    ahead = (dow - context.now.weekday() - 1) % 7 + 1
    return "day", Day(span=cycle(context.now, DAY, ahead + 7))


@rules("MONTH", cost=1)
def _month(_: Context, number: int) -> Meaning:
    return "day", Day(month=number)


@rules("THIS|NEXT|LAST|COMING MONTH")
def _modified_month(_: Context, which: int, number: int) -> Meaning:
    return "day", Day(month=number, mod={0: "this", 1: "next", -1: "last"}[which])


@rules("MONTH NEXT|LASTAFTER")
def _month_modified(_: Context, number: int, which: int) -> Meaning:
    return "day", Day(month=number, mod="next" if which > 0 else "last")


@rules("NEXT day")
def _next_date(_: Context, __: int, day: Day) -> Meaning:
    """ "next 6th of April", "next Friday-Jun-15": the modifier adds nothing."""
    return ("day", day) if day.dom is not None and day.month is not None else None


@rules("THIS day")
def _this_date(_: Context, __: int, day: Day) -> Meaning:
    return ("day", day) if day.dom is not None else None


@rules("MONTH THE? ORD|num", "MONTH SEP num|ORD", "MONTH DAYWORD num")
def _month_day(_: Context, number: int, *rest: object) -> Meaning:
    return _dom(number, rest[-1])


@rules("ORD ~ MONTH", "num ~ MONTH", "ORD|num SEP MONTH", "ORD DAYWORD ~ MONTH")
def _day_month(_: Context, dom: object, *rest: object) -> Meaning:
    number = rest[-1]
    return _dom(number, dom) if isinstance(number, int) else None


def _dom(month_number: int, dom: object) -> Meaning:
    if isinstance(dom, Num):
        if dom.digits > 2:
            return None
        dom = dom.n
    if not isinstance(dom, int) or not valid(2024, month_number, dom):
        return None
    return "day", Day(month=month_number, dom=dom)


@rules("IDES MONTH")
def _ides(_: Context, __: int, number: int) -> Meaning:
    return "day", Day(month=number, dom=15 if number in (3, 5, 7, 10) else 13)


@rules("ORD", cost=2)
def _day_of_month(_: Context, dom: int) -> Meaning:
    return ("bareord", Day(dom=dom)) if 1 <= dom <= 31 else None


@rules("THE ORD", "ON ORD", "ON THE ORD", "ON? DAYWORD num")
def _the_day_of_month(context: Context, *words: object) -> Meaning:
    dom = words[-1]
    if isinstance(dom, Num):
        dom = dom.n
    if not isinstance(dom, int) or not 1 <= dom <= 31:
        return None
    return "day", Day(dom=dom)


@rules("ONTHE num")
def _on_the_number(_: Context, __: int, number: Num) -> Meaning:
    if number.digits > 2 or not 1 <= number.n <= 31 or (number.n == 1 and not number.digits):
        return None
    return "day", Day(dom=number.n)


@rules("DOW ~ bareord|day", "bareord ~ DOW", "THIS DOW ~ bareord|day")
def _weekday_and_day(_: Context, *parts: object) -> Meaning:
    day = next((part for part in parts if isinstance(part, Day)), None)
    dow = next((part for part in reversed(parts) if isinstance(part, int)), None)
    if day is None or dow is None or day.dom is None or day.dow is not None:
        return None
    return "day", day._replace(dow=dow)


@rules("DOW num", cost=1)
def _weekday_number(_: Context, dow: int, number: Num) -> Meaning:
    if number.digits not in (1, 2) or not 13 <= number.n <= 31:
        return None
    return "day", Day(dow=dow, dom=number.n)


@rules("num", cost=1)
def _bare_year(context: Context, number: Num) -> Meaning:
    if number.digits == 4 and 1900 <= number.n <= 2199:
        return "year", number.n
    return None


@rules("num num", "num HUNDRED num", "num THOUSAND num", "num THOUSAND AND num")
def _spoken_year(_: Context, *parts: object) -> Meaning:
    numbers = [part.n for part in parts if isinstance(part, Num)]
    if any(isinstance(part, Num) and part.digits for part in parts):
        return None
    if len(parts) == 2 and numbers[0] in (17, 18, 19, 20) and 10 <= numbers[1] <= 99:
        return "year", numbers[0] * 100 + numbers[1]
    if 100 in parts and numbers[0] in (17, 18, 19) and numbers[-1] < 100:
        return "year", numbers[0] * 100 + numbers[-1]
    if 1000 in parts and numbers[0] == 2 and numbers[-1] < 100:
        return "year", 2000 + numbers[-1]
    return None


@rules("day ~ year", "year ~ day", "day SEP year")
def _with_year(_: Context, *parts: object) -> Meaning:
    day = next((part for part in parts if isinstance(part, Day)), None)
    year = next((p for p in parts if isinstance(p, int) and p > 1000), None)
    if day is None or year is None or day.month is None or day.year is not None or day.span:
        return None
    return "day", day._replace(year=year)


@rules("day ~ num", "day SEP num", "day APOSTROPHE num", cost=1)
def _with_short_year(_: Context, *parts: object) -> Meaning:
    day, number = parts[0], parts[-1]
    if not isinstance(day, Day) or not isinstance(number, Num) or number.digits != 2:
        return None
    if day.month is None or day.dom is None or day.year is not None:
        return None
    return "day", day._replace(year=2000 + number.n if number.n < 50 else 1900 + number.n)


@rules("IN year", "YEARWORD year", "year ADBC", "IN YEARWORD year", "OF year")
def _a_year(context: Context, *parts: object) -> Meaning:
    year = next((p for p in parts if isinstance(p, int) and p > 1000), None)
    return _year(context, year) if year else None


@rules("year", cost=2)
def _lone_year(context: Context, year: int) -> Meaning:
    return _year(context, year)


def _year(context: Context, year: int) -> Meaning:
    if not context.rules.calendar_spans or not 1000 <= year <= 9000:
        return None
    return "day", Day(span=cycle(midnight(date(year, 1, 1)), YEAR, 0))


@rules("decade")
def _decade(context: Context, day: Day) -> Meaning:
    return ("day", day) if context.rules.calendar_spans else None


@rules("THE? ORD CENTURY")
def _century(context: Context, _: int | None, number: int, __: int) -> Meaning:
    if not context.rules.calendar_spans or not 11 <= number <= 30:
        return None
    return "day", Day(span=stretch(midnight(date((number - 1) * 100, 1, 1)), YEAR, 100))


@rules("dashday", cost=3)
def _dashed(_: Context, day: Day) -> Meaning:
    return "day", day


@rules("dotday", cost=1)
def _dotted(_: Context, day: Day) -> Meaning:
    return "day", day


def span_of(context: Context, day: Day) -> Span | None:
    """The span of a date that needs no search: a known one, or a month with or without a year."""
    if day.span is not None:
        return day.span
    if day.dom is not None or day.dow is not None or day.month is None:
        return None
    if day.year is not None:
        if not 1000 <= day.year <= 9000:
            return None
        return cycle(midnight(date(day.year, day.month, 1)), MONTH, 0)
    first = context.now.replace(day=1, month=day.month, hour=0, minute=0, second=0, microsecond=0)
    this = context.now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    years = 0
    if day.mod == "last":
        years = -1 if first >= this else 0
    elif (first < this and day.mod != "this") or (first == this and day.mod == "next"):
        years = 1
    return cycle(first, MONTH, 12 * years)


def _grain(day: Day) -> str | None:
    """The grain of a date as said."""
    if day.span is not None:
        return day.span.grain
    if day.dom is not None or day.dow is not None:
        return DAY
    return MONTH if day.month is not None else None


@rules("day ~ day", "day OF day", "t ~ day", "day ~ t")
def _narrowed(context: Context, *parts: object) -> Meaning:
    """One date inside or beside another: "Friday", "July 18"; "Wednesday", "next week"."""
    a, b = parts[0], parts[-1]
    if isinstance(a, Day) and isinstance(b, Day):
        merged = merge(context, a, b)
        return ("day", merged) if merged else None
    moment, day = (a, b) if isinstance(a, Moment) else (b, a)
    if not isinstance(moment, Moment) or not isinstance(day, Day) or moment.day is None:
        return None
    merged = merge(context, moment.day, day)
    return ("t", moment._replace(day=merged)) if merged else None


def merge(context: Context, a: Day, b: Day) -> Day | None:
    """Both dates at once, or None when they do not speak about the same day."""
    if a == b:
        return a
    for fine, coarse in ((a, b), (b, a)):
        fine_grain, coarse_grain = _grain(fine), _grain(coarse)
        if fine_grain is None or coarse_grain is None:
            continue
        if RANK.get(fine_grain, -1) >= RANK.get(coarse_grain, -1):
            continue
        return _inside(context, fine, coarse)
    return _same_grain(a, b)


def _inside(context: Context, fine: Day, coarse: Day) -> Day | None:
    if fine.span is not None:
        return None
    span = span_of(context, coarse)
    if span is None or fine.within is not None:
        return None
    if fine.month is not None and span.grain != YEAR:
        return None
    if span.grain == YEAR and (fine.month is not None):
        return fine._replace(year=span.start.year)
    if fine.dow is not None and fine.dom is None and span.grain == WEEK:
        return Day(span=stretch(span.start + timedelta(days=fine.dow), DAY))
    if fine.dom is not None and span.grain == MONTH and fine.dow is None:
        if not valid(span.start.year, span.start.month, fine.dom):
            return None
        return Day(span=stretch(span.start + timedelta(days=fine.dom - 1), DAY))
    if fine.dow is not None and fine.dom is None and span.grain not in (WEEK, MONTH):
        return None
    if fine.dow is not None and fine.dom is None and span.grain == MONTH and fine.mod != "":
        return None
    return fine._replace(within=span, mod="")


def _same_grain(a: Day, b: Day) -> Day | None:
    if a.span is not None and b.span is not None:
        if a.span.grain != DAY or b.span.grain != DAY:
            return None
        # "tomorrow, 13/04/21": what was written out wins over what was said by habit.
        return b
    if a.span is None and b.span is None:
        if a.dow is not None and b.dow is not None and a.dow != b.dow:
            return None
        if (a.dow is None) == (b.dow is None):
            return None
        dated, named = (a, b) if a.dow is None else (b, a)
        if dated.dom is None:
            return None
        return dated._replace(dow=named.dow, mod="", within=dated.within or named.within)
    known, other = (a, b) if a.span is not None else (b, a)
    if known.span is None or known.span.grain != DAY:
        return None
    if other.dow is not None and other.dow == known.span.start.weekday() and other.dom is None:
        return known
    if other.dom is not None:
        start = known.span.start
        if other.month in (None, start.month) and other.dom == start.day:
            return known
        return other
    return None
