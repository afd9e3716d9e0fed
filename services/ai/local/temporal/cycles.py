"""Rules for units of the calendar: "next week", "the last 3 days", "end of the month", weekends."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from services.ai.local.temporal.almanac import cycle, floor, shift, stretch, unit
from services.ai.local.temporal.chart import Meaning, RuleSet
from services.ai.local.temporal.context import Context
from services.ai.local.temporal.days import span_of
from services.ai.local.temporal.values import (
    DAY,
    HOUR,
    MINUTE,
    MONTH,
    QUARTER,
    SECOND,
    WEEK,
    YEAR,
    Day,
    Fixed,
    Moment,
    Num,
    Part,
    Span,
    midnight,
)

rules = RuleSet()
_CLOCK_UNITS = frozenset({SECOND, MINUTE, HOUR})

Grain = tuple[str, int]


def _cycle(context: Context, grain: Grain, offset: int) -> Meaning:
    name, count = grain
    if name in _CLOCK_UNITS:
        if not offset or name != HOUR:
            return None
        return "fixed", Fixed(*cycle(context.now, name, offset), has_time=True)
    if (name == QUARTER or count > 4) and not context.rules.calendar_spans:
        return None
    if count == 1:
        return "day", Day(span=cycle(context.now, name, offset))
    start = shift(floor(context.now, name), unit(name, offset * count))
    return "day", Day(span=stretch(start, name, count))


@rules("THIS|NEXT|LAST|COMING UNIT", "UNIT NEXT|LASTAFTER|COMING", "THIS UNIT NEXT|LASTAFTER")
def _this_unit(context: Context, *words: object) -> Meaning:
    grain = next(word for word in words if isinstance(word, tuple))
    offset = next(word for word in reversed(words) if isinstance(word, int))
    if grain[0] == DAY and grain[1] == 1 and offset == 0:
        return None
    return _cycle(context, grain, offset)


@rules("UNIT AFTERNEXT")
def _unit_after_next(context: Context, grain: Grain, _: int) -> Meaning:
    return _cycle(context, grain, 2)


@rules("THE UNIT", cost=3)
def _the_unit(context: Context, _: int, grain: Grain) -> Meaning:
    return _cycle(context, grain, 0) if grain[0] not in (DAY, QUARTER) else None


@rules("ALL UNIT", "ALL THIS|NEXT|LAST UNIT")
def _all_unit(context: Context, *words: object) -> Meaning:
    grain = words[-1]
    offset = words[1] if len(words) == 3 and isinstance(words[1], int) else 0
    if not isinstance(grain, tuple):
        return None
    if grain[0] == DAY:
        return "day", Day(span=cycle(context.now, DAY, offset))
    return _cycle(context, grain, offset)


@rules(
    "NEXT|LAST num|SOME UNIT",
    "num NEXT|LAST UNIT",
    "UNIT num NEXT|LASTAFTER",
    "num UNIT NEXT|LASTAFTER",
    "THIS NEXT|LAST num UNIT",
)
def _several_units(context: Context, *words: object) -> Meaning:
    return _several_of(context, words, upcoming=False)


@rules("COMING num|SOME UNIT", "num COMING UNIT", "num UNIT COMING")
def _upcoming_units(context: Context, *words: object) -> Meaning:
    return _several_of(context, words, upcoming=True)


def _several_of(context: Context, words: tuple[object, ...], *, upcoming: bool) -> Meaning:
    grain = next(word for word in words if type(word) is tuple)
    number = next((word.n for word in words if isinstance(word, Num)), None)
    whole = [word for word in words if isinstance(word, int)]
    if number is None:
        # A direction and a vague count: "next few days", "past couple of weeks".
        direction, number = whole[0], whole[-1]
    else:
        direction = whole[-1]
    if not 1 <= number <= 1000:
        return None
    return _several(context, grain, number, direction, upcoming=upcoming)


def _several(
    context: Context, grain: Grain, number: int, direction: int, *, upcoming: bool = False
) -> Meaning:
    name, count = grain[0], grain[1] * number
    if direction > 0 and upcoming and context.rules.rolling == "unit":
        return _cycle(context, (name, 1), count)
    if context.rules.rolling == "day":
        return _rolling(context, name, count, direction)
    here = floor(context.now, name)
    if direction > 0:
        span = stretch(shift(here, unit(name)), name, count)
    else:
        start = shift(here, unit(name, -count))
        span = Span(start, here, name)
    if name in _CLOCK_UNITS:
        return "fixed", Fixed(*span, has_time=True)
    return "day", Day(span=span)


def _rolling(context: Context, name: str, count: int, direction: int) -> Meaning:
    if name in _CLOCK_UNITS:
        ends = sorted((context.now, shift(context.now, unit(name, count * direction))))
        return "fixed", Fixed(ends[0], ends[1], name, has_time=True)
    today = floor(context.now, DAY)
    if name == QUARTER or (name in (MONTH, YEAR) and direction < 0 and name != MONTH):
        here = floor(context.now, name)
        ends = sorted((here, shift(here, unit(name, count * direction))))
        if direction > 0:
            ends = [shift(end, unit(name)) for end in ends]
        return "day", Day(span=Span(ends[0], ends[1], name))
    if direction > 0:
        start = today + timedelta(days=1)
        return "day", Day(span=Span(start, shift(start, unit(name, count)), DAY))
    return "day", Day(span=Span(shift(today, unit(name, -count)), today, DAY))


@rules("NEXT|LAST|COMING num|SOME BUSINESSDAY", "num NEXT|COMING BUSINESSDAY")
def _business_days(context: Context, *words: object) -> Meaning:
    number = next((word.n for word in words if isinstance(word, Num)), 3)
    direction = next(w for w in words if isinstance(w, int))
    if not 1 <= number <= 100:
        return None
    step = timedelta(days=1 if direction > 0 else -1)
    day = floor(context.now, DAY)
    reached: list[datetime] = []
    while len(reached) < number:
        day += step
        if day.weekday() < 5:
            reached.append(day)
    ends = (reached[0], reached[-1]) if direction > 0 else (reached[-1], reached[0])
    return "day", Day(span=Span(ends[0], ends[1] + timedelta(days=1), DAY))


@rules("NEXT BUSINESSDAY")
def _next_business_day(context: Context, _: int, __: int) -> Meaning:
    day = floor(context.now, DAY) + timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return "day", Day(span=stretch(day, DAY))


def _weekend(context: Context, monday: datetime) -> Span:
    if context.rules.name == "duckling":
        return Span(monday + timedelta(days=4, hours=18), monday + timedelta(days=7), HOUR)
    return Span(monday + timedelta(days=5), monday + timedelta(days=7), DAY)


@rules(
    "THIS|NEXT|LAST|COMING WEEKEND",
    "WEEKEND NEXT|LASTAFTER",
    "THE WEEKEND",
    "ALL WEEKEND",
    "ALL THIS WEEKEND",
)
def _this_weekend(context: Context, *words: int) -> Meaning:
    offset = next((word for word in words if word), 0)
    if context.rules.next_weekday == "coming" and offset == 1 and context.now.weekday() > 4:
        offset = 1
    monday = floor(context.now, WEEK) + timedelta(days=7 * offset)
    return "day", Day(span=_weekend(context, monday))


@rules("WEEKEND", cost=1)
def _bare_weekend(context: Context, _: int) -> Meaning:
    return "day", Day(span=_weekend(context, floor(context.now, WEEK)))


@rules("WEEKEND AFTERNEXT")
def _weekend_after_next(context: Context, _: int, __: int) -> Meaning:
    return "day", Day(span=_weekend(context, floor(context.now, WEEK) + timedelta(days=14)))


@rules("WEEKEND ~ day")
def _weekend_of(context: Context, _: int, day: Day) -> Meaning:
    if day.span is None or day.span.grain not in (DAY, WEEK):
        return None
    return "day", Day(span=_weekend(context, floor(day.span.start, WEEK)))


@rules("ORD WEEKEND ~ day")
def _nth_weekend_of(context: Context, nth: int, _: int, day: Day) -> Meaning:
    span = span_of(context, day)
    if span is None or span.grain not in (MONTH, YEAR) or not (nth == -1 or 1 <= nth <= 53):
        return None
    saturdays: list[datetime] = []
    at = span.start + timedelta(days=(5 - span.start.weekday()) % 7)
    while at < span.end:
        saturdays.append(at)
        at += timedelta(days=7)
    index = nth if nth < 0 else nth - 1
    if index >= len(saturdays):
        return None
    return "day", Day(span=_weekend(context, saturdays[index] - timedelta(days=5)))


_SEASON_STARTS = ((3, 20), (6, 21), (9, 23), (12, 21))


def _season(year: int, index: int) -> Span:
    start = midnight(date(year, *_SEASON_STARTS[index]))
    end = midnight(date(year + index // 3, *_SEASON_STARTS[(index + 1) % 4]))
    return Span(start, end, DAY)


def _season_now(now: datetime) -> tuple[int, int]:
    for year in (now.year, now.year - 1):
        for index in (3, 2, 1, 0):
            if _season(year, index).start <= now:
                return year, index
    return now.year, 0


@rules("THIS|NEXT|LAST|COMING SEASONS")
def _some_season(context: Context, offset: int, _: int) -> Meaning:
    year, index = _season_now(context.now)
    total = year * 4 + index + offset
    return "day", Day(span=_season(total // 4, total % 4))


@rules("SEASON", cost=2)
def _bare_season(context: Context, index: int) -> Meaning:
    return _this_season(context, 0, index) if context.rules.calendar_spans else None


@rules("THIS|NEXT|LAST|COMING|THE SEASON")
def _this_season(context: Context, offset: int, index: int) -> Meaning:
    year = context.now.year
    if offset < 0:
        year -= _season(year, index).end > context.now
    elif offset > 0:
        year += _season(year, index).start <= context.now
    else:
        year += _season(year, index).end <= context.now
    return "day", Day(span=_season(year, index))


@rules("ORD UNIT", "QNUM", cost=1)
def _quarter_of_year(context: Context, nth: int, grain: Grain | None = None) -> Meaning:
    if (grain is not None and grain[0] != QUARTER) or not 1 <= nth <= 4:
        return None
    if not context.rules.calendar_spans:
        return None
    start = midnight(date(context.now.year, nth * 3 - 2, 1))
    return "day", Day(span=cycle(start, QUARTER, 0))


@rules("BEGIN|MIDDLE|ENDOF day", "day BEGIN|ENDOF", "BEGIN|MIDDLE|ENDOF UNIT")
def _part_of_span(context: Context, a: object, b: object) -> Meaning:
    which, target = (a, b) if isinstance(a, str) else (b, a)
    if isinstance(target, Day):
        span = span_of(context, target)
    elif isinstance(target, tuple) and target[0] in (WEEK, MONTH, YEAR):
        span = cycle(context.now, target[0], 0)
    else:
        return None
    if span is None or not isinstance(which, str):
        return None
    return _marked(context, span, which)


def _marked(context: Context, span: Span, which: str) -> Meaning:
    meaning = _section(context, span, which)
    if which == "end" and meaning is not None and isinstance(meaning[1], Day):
        return meaning[0], meaning[1]._replace(mod="end")
    return meaning


def _section(context: Context, span: Span, which: str) -> Meaning:
    name, start, end = context.rules.name, span.start, span.end
    if span.grain == DAY and (end - start).days == 1:
        parts = {"begin": "early_morning", "middle": "noon", "end": "end_of_day"}
        return "t", Moment(day=Day(span=span), part=Part(parts[which]))
    if name == "duckling":
        return _duckling_section(span, which)
    if span.grain == WEEK:
        first, last = {"begin": (0, 3), "middle": (2, 5), "end": (4, 7)}[which]
        return "day", Day(span=Span(start + timedelta(first), start + timedelta(last), DAY))
    if span.grain == MONTH:
        if which == "begin":
            return "day", Day(
                span=Span(start, start + timedelta(15 if name != "hark" else 10), DAY)
            )
        if which == "middle":
            return "day", Day(span=Span(start + timedelta(9), start + timedelta(20), DAY))
        first = 15 if name != "hark" else 20
        return "day", Day(span=Span(start + timedelta(first), end, DAY))
    if span.grain == YEAR and (end.year - start.year) == 1:
        months = {"begin": (0, 6), "middle": (4, 8), "end": (6, 12)}[which]
        if name.startswith("recognizers") and which == "end" and start.year < context.now.year:
            months = (8, 12)
        return "day", Day(
            span=Span(
                shift(start, unit(MONTH, months[0])), shift(start, unit(MONTH, months[1])), MONTH
            )
        )
    return None


def _duckling_section(span: Span, which: str) -> Meaning:
    start, end = span.start, span.end
    if span.grain == WEEK:
        first, last = {"begin": (0, 3), "middle": (2, 5), "end": (4, 7)}[which]
        return "day", Day(span=Span(start + timedelta(first), start + timedelta(last), DAY))
    if span.grain == MONTH:
        if which == "end":
            month_end = start + timedelta(20)
            return "day", Day(span=Span(month_end, end, DAY))
        first, last = {"begin": (0, 10), "middle": (10, 20)}[which]
        return "day", Day(span=Span(start + timedelta(first), start + timedelta(last), DAY))
    if span.grain == YEAR:
        first, last = {"begin": (0, 3), "middle": (4, 8), "end": (8, 12)}[which]
        return "day", Day(
            span=Span(shift(start, unit(MONTH, first)), shift(start, unit(MONTH, last)), MONTH)
        )
    return None


@rules("HALFMONTH ~ day")
def _half_month(context: Context, which: int, day: Day) -> Meaning:
    span = span_of(context, day)
    if span is None or span.grain != MONTH:
        return None
    middle = span.start + timedelta(days=14)
    return "day", Day(
        span=Span(span.start, middle, DAY) if which == 1 else Span(middle, span.end, DAY)
    )


@rules("BEFORENEXT UNIT")
def _after_next_unit(context: Context, offset: int, grain: Grain) -> Meaning:
    return _cycle(context, grain, offset)


@rules("BEFORENEXT DOW")
def _after_next_weekday(context: Context, _: int, dow: int) -> Meaning:
    ahead = (dow - context.now.weekday() - 1) % 7 + 1
    return "day", Day(span=cycle(context.now, DAY, ahead + 7))


@rules("EOX")
def _end_of_unit(context: Context, which: tuple[str, str]) -> Meaning:
    return _marked(context, cycle(context.now, which[1], 0), which[0])


@rules("SINCESTART UNIT")
def _to_date(context: Context, _: int, grain: Grain) -> Meaning:
    """ "year to date"."""
    start = floor(context.now, grain[0])
    return "day", Day(span=Span(start, floor(context.now, DAY), DAY))
