"""Rules for stretches of time: "from 3 to 5pm", "July 13-15", "after lunch", "until Friday"."""

from __future__ import annotations

from services.ai.local.temporal.chart import Meaning, RuleSet
from services.ai.local.temporal.clocks import hour_of, in_half
from services.ai.local.temporal.context import Context
from services.ai.local.temporal.values import (
    Between,
    Bound,
    Clock,
    Day,
    Fixed,
    Moment,
    Num,
    Part,
)

rules = RuleSet()
_CLOCK = "tod|mil|hm|htod|dotclock|mil3"


@rules(
    "num TO num",
    "ORD TO num",
    "num TO ORD",
    "ORD TO ORD",
    "FROM num TO|ANDTO num",
    "FROM ORD TO|ANDTO ORD",
)
def _two_numbers(_: Context, *words: object) -> Meaning:
    numbers = [_number(words[-3]), _number(words[-1])]
    if numbers[0] is None or numbers[1] is None:
        return None
    if numbers[0].digits > 2 or numbers[1].digits > 2:
        return None
    return "numrange", (numbers[0], numbers[1])


def _number(word: object) -> Num | None:
    if isinstance(word, Num):
        return word
    return Num(word, 2) if isinstance(word, int) else None


def _shared(first: Clock, last: Clock) -> tuple[Clock, Clock]:
    """ "3-4pm": the half of the day said once counts for both, unless that turns time round."""
    if first.open_half and not last.open_half:
        same = in_half(first, "pm" if last.hour >= 12 else "am")
        if (same.hour, same.minute) < (last.hour, last.minute):
            return same, last
        other = in_half(first, "am" if last.hour >= 12 else "pm")
        return other, last
    if last.open_half and not first.open_half:
        same = in_half(last, "pm" if first.hour >= 12 else "am")
        if (same.hour, same.minute) > (first.hour, first.minute):
            return first, same
        return first, in_half(last, "am" if first.hour >= 12 else "pm")
    return first, last


@rules(f"{_CLOCK} TO {_CLOCK}", f"FROM {_CLOCK} TO|ANDTO {_CLOCK}")
def _clock_range(_: Context, *words: object) -> Meaning:
    clocks = [word for word in words if isinstance(word, Clock)]
    first, last = _shared(clocks[0], clocks[1])
    return "tr", Moment(clock=first, until=last)


@rules(
    f"num TO {_CLOCK}",
    f"FROM num TO|ANDTO {_CLOCK}",
    f"{_CLOCK} TO num",
    f"FROM {_CLOCK} TO|ANDTO num",
)
def _half_clock_range(_: Context, *words: object) -> Meaning:
    pair = [word for word in words if isinstance(word, Clock | Num)]
    clocks = [hour_of(word) if isinstance(word, Num) else word for word in pair]
    if clocks[0] is None or clocks[1] is None:
        return None
    first, last = _shared(clocks[0], clocks[1])
    return "tr", Moment(clock=first, until=last)


@rules("FROM|AT numrange", "FROM num TO|ANDTO num", "numrange AMPM", "FROM numrange AMPM")
def _hours_range(_: Context, *words: object) -> Meaning:
    pair = next((word for word in words if type(word) is tuple), (words[1], words[-1]))
    first, last = (hour_of(number) for number in pair)
    if first is None or last is None:
        return None
    if isinstance(words[-1], str):
        last = in_half(last, words[-1])
    first, last = _shared(first, last)
    return "tr", Moment(clock=first, until=last)


@rules("FROM|AT numrange OCLOCK", "numrange OCLOCK", cost=1)
def _hours_range_oclock(context: Context, *words: object) -> Meaning:
    pair = next(word for word in words if isinstance(word, tuple))
    return _hours_range(context, 0, pair)


@rules("tr ~ AMPM")
def _range_with_half(_: Context, ranged: Moment, half: str) -> Meaning:
    if ranged.clock is None or ranged.until is None or not ranged.until.open_half:
        return None
    first, last = _shared(ranged.clock, in_half(ranged.until, half))
    return "tr", ranged._replace(clock=first, until=last)


def _dom(value: Num | int) -> int:
    return value.n if isinstance(value, Num) else value


@rules(
    "MONTH ~ numrange",
    "numrange ~ MONTH",
    "numrange ~ day",
    "FROM MONTH ~ numrange",
    "day ~ numrange",
    "FROM numrange ~ MONTH",
    "FROM numrange ~ day",
)
def _month_days(context: Context, *words: object) -> Meaning:
    pair = next(word for word in words if type(word) is tuple)
    target = next(w for w in reversed(words) if w is not pair and isinstance(w, int | Day))
    day = Day(month=target) if isinstance(target, int) else target
    numbers = [number.n for number in pair]
    if not all(1 <= number <= 31 for number in numbers):
        return None
    if day.dom is not None or day.dow is not None:
        return None
    year, month = day.year, day.month
    if day.span is not None:
        if day.span.grain != "month":
            return None
        year, month = day.span.start.year, day.span.start.month
    if month is None:
        return None
    first = Day(year=year, month=month, dom=numbers[0])
    last = Day(year=year, month=month, dom=numbers[1])
    return "rng", Between(first, last)


@rules("ONTHE numrange", "THE numrange", "FROM THE numrange", cost=1)
def _days_range(_: Context, *words: object) -> Meaning:
    pair = next(word for word in words if type(word) is tuple)
    if not all(1 <= number.n <= 31 for number in pair):
        return None
    return "rng", Between(Day(dom=pair[0].n), Day(dom=pair[1].n))


@rules(
    "day TO ~ day",
    "FROM ~ day TO|ANDTO ~ day",
    "t TO ~ t",
    "FROM ~ t TO|ANDTO ~ t",
    "t TO ~ tod",
    "FROM ~ t TO|ANDTO ~ tod",
    "tod TO ~ t",
    "FROM ~ tod TO|ANDTO ~ t",
    "t TO ~ day",
    "FROM ~ t TO|ANDTO ~ day",
    "day TO ~ t",
    "FROM ~ day TO|ANDTO ~ t",
    "NOW TO ~ tod|t|day|fixed",
    "FROM NOW TO|ANDTO ~ tod|t|day|fixed",
    "FROM ~ tod|t|day TO|ANDTO NOW",
    "bareord TO ~ day",
    "FROM ~ bareord TO|ANDTO ~ day",
    "day|t|tod TO ~ fixed",
    "FROM day|t|tod TO|ANDTO ~ fixed",
    "part TO ~ part",
    "FROM ~ part TO|ANDTO ~ part",
)
def _from_to(context: Context, *words: object) -> Meaning:
    ends = [w for w in words if isinstance(w, Day | Moment | Clock | Fixed | Part)]
    if len(ends) == 1:
        here = Fixed(context.now, None, "second", has_time=True)
        now_first = isinstance(words[0], int) and isinstance(
            words[-1], Day | Moment | Clock | Fixed
        )
        ends = [here, ends[0]] if now_first else [ends[0], here]
    first, last = ends
    if isinstance(first, Moment) and first.until is not None:
        return None
    if isinstance(last, Moment) and last.until is not None and not isinstance(first, Moment):
        return None
    if isinstance(first, Clock) and isinstance(last, Moment) and last.clock is None:
        return None
    if isinstance(first, Clock) and isinstance(last, Moment) and last.clock and last.day:
        # "from 3 to 4pm tomorrow" is tomorrow from 3 to 4.
        start, end = _shared(first, last.clock)
        return "t", last._replace(clock=start, until=end)
    if isinstance(first, Moment) and isinstance(last, Clock) and first.clock is not None:
        if first.day is not None:
            start, end = _shared(first.clock, last)
            return "t", first._replace(clock=start, until=end)
        return None
    if isinstance(first, Day) and isinstance(last, Day):
        first, last = share_month(first, last)
    return "rng", Between(first, last)


@rules("t TO num", "FROM ~ t TO|ANDTO num", cost=1)
def _moment_to_hour(context: Context, *words: object) -> Meaning:
    moment = next(word for word in words if isinstance(word, Moment))
    clock = hour_of(words[-1]) if isinstance(words[-1], Num) else None
    if clock is None or moment.clock is None or moment.until is not None:
        return None
    first, last = _shared(moment.clock, clock)
    return "t", moment._replace(clock=first, until=last)


@rules("num TO ~ t", "FROM num TO|ANDTO ~ t", cost=1)
def _hour_to_moment(context: Context, *words: object) -> Meaning:
    number = next(word for word in words if isinstance(word, Num))
    clock, moment = hour_of(number), words[-1]
    if clock is None or not isinstance(moment, Moment) or moment.clock is None:
        return None
    if moment.until is not None:
        return None
    first, last = _shared(clock, moment.clock)
    return "t", moment._replace(clock=first, until=last)


def share_month(first: Day, last: Day) -> tuple[Day, Day]:
    """ "13th to 15th of July" and "July 13 to the 15th": the month said once counts for both."""
    if (
        first.month is None
        and first.dom is not None
        and last.dom is not None
        and first.span is None
    ):
        if last.month is not None:
            first = first._replace(month=last.month, year=last.year)
        elif last.span is not None:
            start = last.span.start
            first = first._replace(month=start.month, year=start.year)
    if last.month is None and last.dom is not None and first.dom is not None and last.span is None:
        last = last._replace(month=first.month, year=first.year)
    if first.year is None and last.year is not None and first.month is not None:
        first = first._replace(year=last.year)
    if first.year is None and first.span is None and last.span is not None and first.month:
        start = last.span.start
        month = first.month
        if last.span.grain == "day" and first.dom is not None:
            earlier = (month, first.dom) <= (start.month, start.day)
            first = first._replace(year=start.year if earlier else start.year - 1)
        elif last.span.grain == "month" and first.dom is None:
            first = first._replace(year=start.year - (month > start.month))
    return first, last


@rules("day TO ~ ORD|num", "FROM ~ day TO|ANDTO ~ ORD|num", "day TO ~ bareord")
def _day_to_number(_: Context, *words: object) -> Meaning:
    day = next(word for word in words if isinstance(word, Day))
    target = words[-1]
    if isinstance(target, Day):
        dom = target.dom
    elif isinstance(target, Num):
        dom = target.n if target.digits <= 2 else None
    else:
        dom = target if isinstance(target, int) else None
    if dom is None or not 1 <= dom <= 31 or day.dom is None:
        return None
    return "rng", Between(day, day._replace(dom=dom, dow=None))


@rules("ORD|num TO ~ day", "FROM ~ ORD|num TO|ANDTO ~ day", "FROM THE ORD|num TO|ANDTO ~ day")
def _number_to_day(_: Context, *words: object) -> Meaning:
    number = next(w for w in words if isinstance(w, Num) or (isinstance(w, int) and w > 0))
    dom = _dom(number)
    last = words[-1]
    if not isinstance(last, Day) or not 1 <= dom <= 31:
        return None
    if isinstance(number, Num) and number.digits > 2:
        return None
    if last.span is not None:
        start = last.span.start
        if last.span.grain != "day":
            return None
        return "rng", Between(Day(year=start.year, month=start.month, dom=dom), last)
    if last.dom is None:
        return None
    return "rng", Between(Day(year=last.year, month=last.month, dom=dom), last)


@rules("rng ~ year")
def _range_in_year(_: Context, ranged: Between, year: int) -> Meaning:
    first, last = ranged
    if not isinstance(first, Day) or not isinstance(last, Day) or last.month is None:
        return None
    if first.month is None:
        return None
    first_year = year - (first.month > last.month) if first.year is None else first.year
    return "rng", Between(first._replace(year=first_year), last._replace(year=year))


@rules("rng ~ tr|tod", "tr ~ rng", "rng ~ numrange")
def _range_with_hours(_: Context, *words: object) -> Meaning:
    ranged = next((word for word in words if isinstance(word, Between)), None)
    hours = next((word for word in words if isinstance(word, Moment | Clock)), None)
    if ranged is None or not isinstance(ranged.first, Day):
        return None
    if isinstance(hours, Clock):
        return "rng", Between(Moment(day=ranged.first, clock=hours), ranged.last)
    if hours is None or not isinstance(ranged.last, Day):
        return None
    return "rng", Between(
        Moment(day=ranged.first, clock=hours.clock), Moment(day=ranged.last, clock=hours.until)
    )


@rules("rng ~ day")
def _range_within(context: Context, ranged: Between, day: Day) -> Meaning:
    """ "Tuesday 19th to Saturday 23 this month"."""
    from services.ai.local.temporal.days import merge

    if not isinstance(ranged.first, Day) or not isinstance(ranged.last, Day):
        return None
    first, last = merge(context, ranged.first, day), merge(context, ranged.last, day)
    return ("rng", Between(first, last)) if first and last else None


_POINT = "tod|day|t|part|fixed"


@rules(f"AFTER ~ {_POINT}")
def _after(context: Context, word: int, point: object) -> Meaning:
    return _bound(context, point, "after")


@rules("AFTER ~ MEAL")
def _after_a_meal(context: Context, _: int, name: str) -> Meaning:
    return _bound(context, Part(name), "after")


@rules("BEFORE ~ MEAL")
def _before_a_meal(context: Context, _: int, name: str) -> Meaning:
    return _bound(context, Part(name), "before")


@rules("SINCE ~ tod|day|t")
def _since(context: Context, word: int, point: object) -> Meaning:
    return _bound(context, point, "since")


@rules(f"BEFORE ~ {_POINT}")
def _before(context: Context, word: int, point: object) -> Meaning:
    return _bound(context, point, "before")


@rules(f"{_POINT} ORLATER")
def _or_later(context: Context, point: object, _: int) -> Meaning:
    return _bound(context, point, "since")


@rules(f"{_POINT} ORBEFORE")
def _or_before(context: Context, point: object, _: int) -> Meaning:
    return _bound(context, point, "before")


def _bound(context: Context, point: object, side: str) -> Meaning:
    if isinstance(point, Moment) and point.until is not None:
        return None
    if isinstance(point, Day | Moment | Clock | Part | Fixed | Between):
        return "open", Bound(point, side)
    return None


@rules("day ~ open", "open ~ day", "t ~ open", "open ~ t", "part ~ open", "open ~ part")
def _bound_on_day(context: Context, a: object, b: object) -> Meaning:
    """ "tomorrow before 4pm", "after 3pm on Monday"."""
    from services.ai.local.temporal.clocks import in_part

    bound, other = (a, b) if isinstance(a, Bound) else (b, a)
    if not isinstance(bound, Bound):
        return None
    of = bound.of
    if isinstance(other, Part) or (isinstance(other, Moment) and other.part is not None):
        part = other if isinstance(other, Part) else other.part
        if isinstance(of, Clock) and part is not None:
            of = in_part(of, part, context)
    day = other.day if isinstance(other, Moment) else other
    if not isinstance(day, Day):
        return ("open", bound._replace(of=of)) if isinstance(of, Clock) else None
    if isinstance(of, Clock):
        return "open", bound._replace(of=Moment(day=day, clock=of))
    if isinstance(of, Part):
        return "open", bound._replace(of=Moment(day=day, part=of))
    return None
