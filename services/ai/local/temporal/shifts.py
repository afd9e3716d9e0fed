"""Rules for durations and for what they lead to: "in an hour and a half", "2 weeks from Friday"."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.ai.local.temporal.almanac import cycle, floor, shift, stretch, unit
from services.ai.local.temporal.chart import Meaning, RuleSet
from services.ai.local.temporal.context import Context
from services.ai.local.temporal.resolve import place
from services.ai.local.temporal.values import (
    DAY,
    HOUR,
    MINUTE,
    MONTH,
    SECOND,
    WEEK,
    YEAR,
    Clock,
    Day,
    Fixed,
    Length,
    Moment,
    Num,
    Span,
)

rules = RuleSet()
_FINER = {
    YEAR: MONTH,
    "quarter": DAY,
    MONTH: DAY,
    WEEK: DAY,
    DAY: HOUR,
    HOUR: MINUTE,
    MINUTE: SECOND,
    SECOND: SECOND,
}
_SECONDS = {SECOND: 1, MINUTE: 60, HOUR: 3600}
_LIMIT = 10_000

Grain = tuple[str, int]


def _today(context: Context) -> Span:
    return cycle(context.now, DAY, 0)


def _length(count: float, grain: Grain) -> Length | None:
    name, times = grain
    total = count * times
    if not 0 < total <= _LIMIT * (100 if name in _SECONDS else 1):
        return None
    if name in _SECONDS:
        return Length(seconds=round(total * _SECONDS[name]), grain=name)
    if total == int(total):
        whole = unit(name, int(total))
        return whole._replace(grain=name)
    if name in (YEAR, MONTH, "quarter"):
        months = total * {YEAR: 12, MONTH: 1, "quarter": 3}[name]
        return Length(months=int(months), days=round((months % 1) * 30), grain=_FINER[name])
    days = total * {WEEK: 7, DAY: 1}[name]
    return Length(days=int(days), seconds=round((days % 1) * 86400), grain=_FINER[name])


def _dur(length: Length | None) -> Meaning:
    return ("dur", length) if length else None


@rules("num|DEC|SOME UNIT", "num SEP UNIT", cost=1)
def _counted(_: Context, *words: object) -> Meaning:
    number, grain = words[0], words[-1]
    count = number.n if isinstance(number, Num) else number
    if not isinstance(count, int | float) or not isinstance(grain, tuple):
        return None
    if grain[0] == SECOND and isinstance(number, Num) and 1900 <= number.n <= 2099:
        return None  # "in 1990 s"
    return _dur(_length(count, grain))


@rules("MORE dur")
def _more(_: Context, __: int, length: Length) -> Meaning:
    return "dur", length


@rules("HALFA UNIT")
def _half_a(_: Context, __: int, grain: Grain) -> Meaning:
    return _dur(_length(0.5, grain))


@rules("QUARTERS UNIT")
def _quarters(_: Context, minutes: int, grain: Grain) -> Meaning:
    return _dur(_length(minutes / 60, grain)) if grain[0] in (HOUR, YEAR) else None


@rules("QUARTERHOUR")
def _quarter_hour(_: Context, minutes: int) -> Meaning:
    return "dur", Length(seconds=60 * minutes, grain=MINUTE)


@rules("ANDAHALF UNIT")
def _one_and_half(_: Context, sixtieths: int, grain: Grain) -> Meaning:
    return _dur(_length(sixtieths / 60, grain))


@rules("DAYAFTER ~ day|bareord|num")
def _day_after(context: Context, offset: int, day: Day | Num) -> Meaning:
    """ "le lendemain du 13"."""
    if isinstance(day, Num):
        if not 1 <= day.n <= 31:
            return None
        day = Day(dom=day.n)
    placed = place(context, day)
    if placed is None or placed.start is None:
        return None
    return "day", Day(span=cycle(placed.start, DAY, offset))


@rules("LATERON", cost=1)
def _later_on(context: Context, _: int) -> Meaning:
    moment = shift(context.now, Length(seconds=600))
    return "fixed", Fixed(moment, None, MINUTE, elapsed=True, has_time=True)


@rules("num|SOME ANDHALF UNIT")
def _number_and_half(_: Context, number: Num | int, sixtieths: int, grain: Grain) -> Meaning:
    count = number.n if isinstance(number, Num) else number
    return _dur(_length(count + sixtieths / 60, grain))


@rules("dur ANDHALF")
def _length_and_half(_: Context, length: Length, sixtieths: int) -> Meaning:
    share = sixtieths / 60
    if length.grain == HOUR:
        return "dur", length._replace(seconds=length.seconds + round(3600 * share), grain=MINUTE)
    if length.grain == MINUTE:
        return "dur", length._replace(seconds=length.seconds + round(60 * share), grain=SECOND)
    if length.grain == DAY:
        return "dur", length._replace(seconds=round(86400 * share), grain=HOUR)
    if length.grain == YEAR:
        return "dur", length._replace(months=length.months + round(12 * share), grain=MONTH)
    if length.grain == WEEK:
        return "dur", length._replace(days=length.days + round(7 * share), grain=DAY)
    return None


_ORDER = (YEAR, "quarter", MONTH, WEEK, DAY, HOUR, MINUTE, SECOND)


@rules("dur PLUS? dur")
def _sum_of_lengths(_: Context, a: Length, __: int | None, b: Length) -> Meaning:
    if _ORDER.index(b.grain) <= _ORDER.index(a.grain):
        return None
    return "dur", Length(a.months + b.months, a.days + b.days, a.seconds + b.seconds, b.grain)


@rules("dur num")
def _hours_and_minutes(_: Context, length: Length, number: Num) -> Meaning:
    if length.grain != HOUR or number.digits != 2 or number.n > 59:
        return None
    return "dur", length._replace(seconds=length.seconds + 60 * number.n, grain=MINUTE)


def _from_now(context: Context, length: Length) -> Meaning:
    moment = shift(context.now, length)
    if length.grain in (HOUR, MINUTE, SECOND):
        finer = {HOUR: MINUTE, MINUTE: SECOND, SECOND: SECOND}[length.grain]
        return "fixed", Fixed(moment, None, finer, elapsed=True, has_time=True)
    if context.rules.name == "duckling":
        finer = {YEAR: MONTH, "quarter": MONTH, MONTH: DAY, WEEK: DAY, DAY: HOUR}[length.grain]
        if finer == HOUR:
            return "fixed", Fixed(floor(moment, HOUR), None, HOUR)
        return "day", Day(span=cycle(moment, finer, 0))
    return "day", Day(span=cycle(moment, DAY, 0))


@rules("IN dur", "IN dur TIME", "dur HENCE", "IN dur HENCE")
def _ahead(context: Context, *words: object) -> Meaning:
    length = next(word for word in words if isinstance(word, Length))
    return _from_now(context, length)


@rules("DOW AGOBEFORE dur")
def _weekday_back(context: Context, dow: int, _: int, length: Length) -> Meaning:
    """ "Mittwoch vor 2 Wochen"."""
    if length.grain != WEEK:
        return None
    then = shift(floor(context.now, WEEK), length.negative)
    return "day", Day(span=stretch(then + timedelta(days=dow), DAY))


@rules("WITHIN dur")
def _within(context: Context, _: int, length: Length) -> Meaning:
    end = shift(context.now, length)
    return "fixed", Fixed(context.now, end, SECOND, has_time=length.seconds > 0)


@rules("dur AGO", "AGOBEFORE dur")
def _back(context: Context, a: object, b: object) -> Meaning:
    length = a if isinstance(a, Length) else b
    return _from_now(context, length.negative) if isinstance(length, Length) else None


@rules("num DOW HENCE", "num DOW AGO", "IN num DOW")
def _weekdays_ahead(context: Context, *words: object) -> Meaning:
    number = next(word.n for word in words if isinstance(word, Num))
    dow, direction = (words[1], words[2]) if isinstance(words[0], Num) else (words[2], 1)
    if not isinstance(dow, int) or not isinstance(direction, int) or not 1 <= number <= 60:
        return None
    today = floor(context.now, DAY)
    if direction > 0:
        first = today + timedelta(days=(dow - today.weekday() - 1) % 7 + 1)
        # "3 Fridays from now": this week's Friday, if still ahead, is the first.
        return "day", Day(span=stretch(first + timedelta(days=7 * (number - 1)), DAY))
    first = today - timedelta(days=(today.weekday() - dow - 1) % 7 + 1)
    return "day", Day(span=stretch(first - timedelta(days=7 * (number - 1)), DAY))


_ANCHOR = "day|t|tod|fixed|NOW"


@rules(f"dur FROMPOINT {_ANCHOR}")
def _after_point(context: Context, length: Length, _: int, anchor: object) -> Meaning:
    return _moved(context, anchor, length)


@rules(f"dur BEFOREPOINT {_ANCHOR}")
def _before_point(context: Context, length: Length, _: int, anchor: object) -> Meaning:
    return _moved(context, anchor, length.negative)


def _moved(context: Context, anchor: object, length: Length) -> Meaning:
    if isinstance(anchor, int):
        return _from_now(context, length)
    found = place(context, anchor)
    if found is None or found.start is None:
        return None
    moment = shift(found.start, length)
    if length.seconds or found.has_time:
        return "fixed", Fixed(moment, None, MINUTE, has_time=True)
    if found.grain in (WEEK, MONTH, YEAR) and length.grain == found.grain:
        return "day", Day(span=cycle(moment, found.grain, 0))
    return "day", Day(span=cycle(moment, DAY, 0))


@rules("WEEKOF ~ day|bareord")
def _week_of(context: Context, _: int, day: Day) -> Meaning:
    """ "the week of the 18th"."""
    placed = place(context, day)
    if placed is None or placed.start is None:
        return None
    return "day", Day(span=cycle(placed.start, WEEK, 0))


@rules("NOW", cost=1)
def _now(context: Context, _: int) -> Meaning:
    return "fixed", Fixed(context.now, None, SECOND, elapsed=True, has_time=True)


@rules("day ~ dur HENCE", "day ~ IN dur", "IN dur ~ day", "dur HENCE ~ day", cost=-2)
def _weekday_after_length(context: Context, *words: object) -> Meaning:
    """ "Monday two weeks from now", "in 3 days on Friday": the first such day from then on."""
    length = next(word for word in words if isinstance(word, Length))
    day = next(word for word in words if isinstance(word, Day))
    if length.seconds:
        return None
    then = shift(floor(context.now, DAY), length)
    if day.dow is not None and day.dom is None and day.span is None:
        if length.grain == WEEK:
            return "day", Day(span=stretch(floor(then, WEEK) + timedelta(days=day.dow), DAY))
        return "day", Day(span=stretch(then + timedelta(days=(day.dow - then.weekday()) % 7), DAY))
    if day.span is None and day.month is not None and day.dow is None and day.year is None:
        return _named_after(context, day, then)
    return None


def _named_after(context: Context, day: Day, then: datetime) -> Meaning:
    """ "March in a year": the occurrence nearest to then."""
    candidates = []
    for year in (then.year - 1, then.year, then.year + 1):
        found = place(context, day._replace(year=year))
        if found is not None and found.start is not None:
            candidates.append((abs(found.start - then), year))
    return ("day", day._replace(year=min(candidates)[1])) if candidates else None


@rules("WEEKDAYSHIFT dur", "DOW dur", cost=2)
def _weekday_plus(context: Context, dow: int, length: Length) -> Meaning:
    """ "Tuesday week"."""
    return None


@rules("day IN dur")
def _today_in(context: Context, day: Day, _: int, length: Length) -> Meaning:
    """ "today in one hour"."""
    if day.span is None or not length.seconds or day.span.start != floor(context.now, DAY):
        return None
    return _from_now(context, length)


@rules(
    "t|day|tod|tr FOR dur",
    "t|day|tod FOR dur",
    "FOR dur SINCE t|day|tod",
    "FOR dur ~ t|day|tod",
    cost=1,
)
def _lasting(context: Context, *words: object) -> Meaning:
    length = next(word for word in words if isinstance(word, Length))
    last = words[-1]
    if context.rules.name == "hark" and isinstance(last, Day) and last.span == _today(context):
        # "the calendar for 2 days from today" is the day after tomorrow.
        return _from_now(context, length) if not length.seconds else None
    start = next((w for w in words if not isinstance(w, int | Length)), None)
    if isinstance(start, Day):
        return "t", Moment(day=start, length=length)
    if isinstance(start, Moment):
        return "t", start._replace(length=length) if start.length is None else start
    return ("t", Moment(clock=start, length=length)) if isinstance(start, Clock) else None
