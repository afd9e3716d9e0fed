"""Rules that join a date and a time of day, however far apart the prepositions put them."""

from __future__ import annotations

from services.ai.local.temporal.almanac import cycle
from services.ai.local.temporal.chart import Meaning, RuleSet
from services.ai.local.temporal.clocks import hour_of, in_part
from services.ai.local.temporal.context import Context
from services.ai.local.temporal.days import merge
from services.ai.local.temporal.values import (
    DAY,
    Clock,
    Day,
    Fixed,
    Moment,
    Num,
    Part,
)

rules = RuleSet()


def _takes_time(day: Day) -> bool:
    """Whether a clock time on it makes sense: "next week at 6" does not name a moment."""
    return True


@rules(
    "day ~ tod",
    "tod ~ day",
    "day ~ mil",
    "mil ~ day",
    "day ~ hm",
    "hm ~ day",
    "day ~ mil3",
    "day ~ htod",
    "htod ~ day",
)
@rules("dotclock ~ day", "day ~ dotclock", cost=1)
def _day_and_clock(_: Context, a: object, b: object) -> Meaning:
    day, clock = (a, b) if isinstance(a, Day) else (b, a)
    if not isinstance(day, Day) or not isinstance(clock, Clock):
        return None
    return "t", Moment(day=day, clock=clock)


@rules("ONTHE num AT tod|htod", cost=-3)
def _numbered_day_and_clock(_: Context, __: int, number: Num, ___: int, clock: Clock) -> Meaning:
    """ "le 16 à 18h": not from 16 to 18."""
    return _numbered(number, clock, None)


@rules("DOW num AT tod|htod", cost=-3)
def _numbered_weekday_and_clock(
    _: Context, dow: int, number: Num, __: int, clock: Clock
) -> Meaning:
    """ "vendredi 15 à 16h"."""
    return _numbered(number, clock, dow)


def _numbered(number: Num, clock: Clock, dow: int | None) -> Meaning:
    if number.digits not in (1, 2) or not 1 <= number.n <= 31 or clock.open_half:
        return None
    return "t", Moment(day=Day(dom=number.n, dow=dow), clock=clock)


@rules("day num", "num day", cost=2)
def _day_and_hour(_: Context, a: object, b: object) -> Meaning:
    """ "tomorrow 9", "9 tomorrow": only when nothing stands between."""
    day, number = (a, b) if isinstance(a, Day) else (b, a)
    if not isinstance(day, Day) or not isinstance(number, Num):
        return None
    clock = hour_of(number)
    if clock is None or not number.n or (day.month is not None and day.dom is None):
        return None
    if day.span is not None and day.span.grain != DAY:
        return None
    return "t", Moment(day=day, clock=clock)


@rules("day ~ part", "part ~ day", "part OF day", "day 's part")
def _day_and_part(_: Context, *words: object) -> Meaning:
    day = next((word for word in words if isinstance(word, Day)), None)
    part = next((word for word in words if isinstance(word, Part)), None)
    if day is None or part is None:
        return None
    return "t", Moment(day=day, part=part)


@rules("day MEAL", "MEAL ~ day", cost=2)
def _day_and_meal(context: Context, a: object, b: object) -> Meaning:
    """ "tomorrow lunch" is a time only where dates are all there is to understand."""
    if not context.rules.meals_are_times:
        return None
    day, meal = (a, b) if isinstance(a, Day) else (b, a)
    if not isinstance(day, Day) or not isinstance(meal, str):
        return None
    return "t", Moment(day=day, part=Part(meal))


@rules("DOWPART")
def _weekday_part(_: Context, both: tuple[int, str]) -> Meaning:
    """ "Montagabend"."""
    return "t", Moment(day=Day(dow=both[0]), part=Part(both[1]))


@rules("t ~ tod", "tod ~ t", "t ~ mil", "t ~ hm", "t ~ dotclock", "mil ~ t", "hm ~ t", "t ~ htod")
def _moment_and_clock(context: Context, a: object, b: object) -> Meaning:
    moment, clock = (a, b) if isinstance(a, Moment) else (b, a)
    if not isinstance(moment, Moment) or not isinstance(clock, Clock):
        return None
    if moment.clock is not None or moment.until is not None:
        return None
    if moment.part is not None:
        clock = in_part(clock, moment.part, context)
    return "t", moment._replace(clock=clock)


@rules("t num", "num t", cost=2)
def _moment_and_hour(context: Context, a: object, b: object) -> Meaning:
    moment, number = (a, b) if isinstance(a, Moment) else (b, a)
    if not isinstance(moment, Moment) or not isinstance(number, Num) or moment.part is None:
        return None
    clock = hour_of(number)
    return _moment_and_clock(context, moment, clock) if clock and number.n else None


@rules("t ~ part", "part ~ t")
def _moment_and_part(context: Context, a: object, b: object) -> Meaning:
    moment, part = (a, b) if isinstance(a, Moment) else (b, a)
    if not isinstance(moment, Moment) or not isinstance(part, Part) or moment.part is not None:
        return None
    if moment.clock is None:
        return "t", moment._replace(part=part)
    clock = in_part(moment.clock, part, context)
    until = in_part(moment.until, part, context) if moment.until else None
    return "t", moment._replace(clock=clock, until=until, part=part)


@rules("t ~ t")
def _moments(context: Context, a: Moment, b: Moment) -> Meaning:
    """ "Friday morning", "June 3rd at 9": two halves of one moment."""
    if a.day is None or b.day is None:
        return None
    if a.clock is not None and b.clock is not None:
        return None
    day = merge(context, a.day, b.day)
    if day is None or (a.part is not None and b.part is not None and a.part != b.part):
        return None
    clock, part = a.clock or b.clock, a.part or b.part
    until = a.until or b.until
    if clock is not None and part is not None:
        clock = in_part(clock, part, context)
        until = in_part(until, part, context) if until else None
    return "t", Moment(day=day, clock=clock, part=part, until=until, length=a.length or b.length)


@rules("day ~ tr", "tr ~ day")
def _day_and_range(_: Context, a: object, b: object) -> Meaning:
    day, moment = (a, b) if isinstance(a, Day) else (b, a)
    if not isinstance(day, Day) or not isinstance(moment, Moment):
        return None
    return "t", moment._replace(day=day)


@rules("t ~ tr", "tr ~ t", "part ~ tr", "tr ~ part")
def _part_and_range(context: Context, a: object, b: object) -> Meaning:
    both = [word for word in (a, b) if isinstance(word, Moment)]
    part = next((word for word in (a, b) if isinstance(word, Part)), None)
    ranged = next((m for m in both if m.until is not None and m.day is None), None)
    other = next((m for m in both if m is not ranged), None)
    if ranged is None or ranged.clock is None or ranged.until is None:
        return None
    if other is not None:
        if other.clock is not None:
            return None
        part = other.part
    if part is not None:
        ranged = ranged._replace(
            clock=in_part(ranged.clock, part, context), until=in_part(ranged.until, part, context)
        )
    day = other.day if other is not None else None
    return "t" if day else "tr", ranged._replace(day=day, part=part)


@rules("day ~ numrange", "numrange ~ day", "t ~ numrange")
def _day_and_hours(context: Context, a: object, b: object) -> Meaning:
    pair = b if isinstance(a, Day | Moment) else a
    day = a if isinstance(a, Day | Moment) else b
    if not isinstance(pair, tuple) or len(pair) != 2:
        return None
    first, last = hour_of(pair[0]), hour_of(pair[1])
    if first is None or last is None:
        return None
    ranged = Moment(clock=first, until=last)
    if isinstance(day, Moment):
        return _part_and_range(context, day, ranged)
    if not isinstance(day, Day) or (day.month is not None and day.dom is None):
        return None
    return "t", ranged._replace(day=day)


@rules("fixed ~ tod", "tod ~ fixed")
def _in_years_at(context: Context, a: object, b: object) -> Meaning:
    fixed, clock = (a, b) if isinstance(a, Fixed) else (b, a)
    if not isinstance(fixed, Fixed) or fixed.has_time or fixed.start is None:
        return None
    if not isinstance(clock, Clock):
        return None
    return "t", Moment(day=Day(span=cycle(fixed.start, DAY, 0)), clock=clock)
