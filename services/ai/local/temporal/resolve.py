"""Puts what was said on the calendar: searches dates, decides halves of the day, orders ranges."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from services.ai.local.temporal.almanac import cycle, floor, shift, stretch, unit, valid
from services.ai.local.temporal.context import Context
from services.ai.local.temporal.values import (
    DAY,
    HOUR,
    MINUTE,
    MONTH,
    WEEK,
    YEAR,
    Between,
    Bound,
    Clock,
    Day,
    Fixed,
    Moment,
    Part,
    Span,
    midnight,
)

_NOON = 12
_SEARCH_YEARS = 9


class Placed(NamedTuple):
    """A place on the calendar; `start` None for "until X", `end` None for moments."""

    start: datetime | None
    end: datetime | None
    grain: str
    has_date: bool
    has_time: bool
    elapsed: bool = False
    assumed: tuple[str, ...] = ()
    kind: str = "instant"


def place(context: Context, value: object) -> Placed | None:
    """Where a value of the grammar lies; None when there is no such time."""
    if isinstance(value, Day):
        span = day_span(context, value)
        if span is None:
            return None
        has_time = span.grain == HOUR
        return Placed(span.start, span.end, span.grain, True, has_time, kind=_kind(span))
    if isinstance(value, Clock):
        start, assumed = clock_today(context, value)
        return Placed(start, None, value.grain, False, True, assumed=assumed)
    if isinstance(value, Part):
        return _part(context, floor(context.now, DAY), value, has_date=value.today)
    if isinstance(value, Moment):
        return _moment(context, value)
    if isinstance(value, Fixed):
        kind = "instant" if value.end is None else "interval"
        return Placed(
            value.start, value.end, value.grain, True, value.has_time, value.elapsed, kind=kind
        )
    if isinstance(value, Between):
        return _between(context, value)
    if isinstance(value, Bound):
        return _bound(context, value)
    return None


def _kind(span: Span) -> str:
    days = (span.end - span.start).days
    return "instant" if span.grain == DAY and days <= 1 else "interval"


def _part(context: Context, day: datetime, part: Part, *, has_date: bool) -> Placed:
    first, last = context.rules.parts[part.name]
    start, end = day + timedelta(hours=first), day + timedelta(hours=last)
    start, end = start.replace(microsecond=0), end.replace(microsecond=0)
    if not has_date and context.rules.passed_time_is_tomorrow and end <= context.now:
        start, end = start + timedelta(days=1), end + timedelta(days=1)
    assumed = (part.name,)
    return Placed(start, end, HOUR, has_date, True, assumed=assumed, kind="interval")


def day_span(context: Context, day: Day) -> Span | None:
    """The span of a date; fields that are open are searched forward from now."""
    if day.span is not None:
        return day.span
    if day.within is not None:
        return _within(day, day.within)
    if day.dom is not None and day.month is not None:
        return _month_day(context, day)
    if day.dom is not None:
        return _next_dom(context, day)
    if day.dow is not None:
        return stretch(_weekday(context, day), DAY)
    from services.ai.local.temporal.days import span_of

    return span_of(context, day)


def _within(day: Day, within: Span) -> Span | None:
    at = within.start.replace(hour=0, minute=0, second=0)
    for _ in range(370):
        if at >= within.end:
            break
        if (
            (day.dow is None or at.weekday() == day.dow)
            and (day.dom is None or at.day == day.dom)
            and (day.month is None or at.month == day.month)
        ):
            return stretch(at, DAY)
        at += timedelta(days=1)
    return None


def _weekday(context: Context, day: Day) -> datetime:
    today = floor(context.now, DAY)
    rules, dow = context.rules, day.dow or 0
    ahead = (dow - today.weekday()) % 7
    monday = today - timedelta(days=today.weekday())
    if day.mod == "next":
        if rules.next_weekday == "of_next_week":
            return monday + timedelta(days=7 + dow)
        return today + timedelta(days=ahead or 7)
    if day.mod == "last":
        if rules.name.startswith("recognizers"):
            return monday + timedelta(days=dow - 7)
        return today - timedelta(days=(-ahead) % 7 or 7)
    if day.mod == "this" and rules.this_weekday == "of_this_week":
        return monday + timedelta(days=dow)
    if ahead == 0 and not (rules.weekday_may_be_today and day.mod == "this"):
        ahead = 7
    return today + timedelta(days=ahead)


def _month_day(context: Context, day: Day) -> Span | None:
    month, dom = day.month or 1, day.dom or 1
    if day.year is not None:
        if not 1000 <= day.year <= 9000 or not valid(day.year, month, dom):
            return None
        return stretch(midnight(date(day.year, month, dom)), DAY)
    today = floor(context.now, DAY)
    candidates = [
        midnight(date(year, month, dom))
        for year in range(today.year - 1, today.year + _SEARCH_YEARS)
        if valid(year, month, dom)
    ]
    if day.dow is not None:
        limit = timedelta(days=context.rules.weekday_search_days)
        for at in candidates:
            # A date a few days back with the right weekday beats one years ahead.
            if at.weekday() == day.dow and (at - today).days >= -10 and at - today <= limit:
                return stretch(at, DAY)
    for at in candidates:
        if at >= today:
            return stretch(at, DAY)
    return None


def _next_dom(context: Context, day: Day) -> Span | None:
    today = floor(context.now, DAY)
    dom = day.dom or 1
    limit = context.rules.weekday_search_days
    first: Span | None = None
    month = today.replace(day=1)
    for _ in range(30):
        if valid(month.year, month.month, dom):
            at = month.replace(day=dom)
            if at >= today:
                near = at.weekday() == day.dow and (at - today).days <= limit
                if day.dow is None or near:
                    return stretch(at, DAY)
                first = first or stretch(at, DAY)
        month = shift(month, _ONE_MONTH)
    return first


_ONE_MONTH = unit(MONTH)


def _usual(hour: int) -> int:
    """The half that people mean by a bare hour: 7-11 in the morning, 12-6 after noon."""
    hour %= 12
    return hour if 7 <= hour <= 11 else hour + 12


def clock_on(context: Context, day: datetime, clock: Clock) -> tuple[datetime, tuple[str, ...]]:
    """A clock time on a given date, and what was assumed."""
    hour = clock.hour
    assumed: tuple[str, ...] = ()
    if clock.open_half:
        rule = context.rules.bare_hour
        if rule == "usual":
            hour = _usual(hour)
            at = day.replace(hour=hour, minute=clock.minute, second=clock.second)
            if at <= context.now and hour < _NOON and day.date() == context.now.date():
                hour += 12
            assumed = ("pm" if hour >= _NOON else "am",)
        elif rule == "literal" and day.date() == context.now.date():
            at = day.replace(hour=hour % 24, minute=clock.minute, second=clock.second)
            hour += 12 if at < context.now and hour < _NOON and context.now.hour else 0
        elif rule == "next":
            hour = hour % 12 if hour == 12 and day.date() != context.now.date() else hour
            at = day.replace(hour=hour % 24, minute=clock.minute, second=clock.second)
            if day.date() == context.now.date() and at < context.now and hour < _NOON:
                hour += 12
            assumed = ("pm" if hour >= _NOON else "am",)
    return day.replace(hour=hour % 24, minute=clock.minute, second=clock.second), assumed


def clock_today(context: Context, clock: Clock) -> tuple[datetime, tuple[str, ...]]:
    """A clock time without a date: the next one, where the conventions look ahead."""
    today = floor(context.now, DAY)
    at, assumed = clock_on(context, today, clock)
    if at <= context.now and context.rules.passed_time_is_tomorrow:
        if clock.open_half and context.rules.bare_hour == "usual" and at.hour < _NOON:
            evening = at + timedelta(hours=12)
            if evening > context.now:
                return evening, ("pm",)
        at, assumed = clock_on(context, today + timedelta(days=1), clock)
        assumed = (*assumed, "tomorrow")
    return at, assumed


def _moment(context: Context, moment: Moment) -> Placed | None:
    base = _moment_start(context, moment)
    if base is None or moment.length is None or base.start is None:
        return base
    end = shift(base.start, moment.length)
    return base._replace(end=end, kind="interval")


def _moment_start(context: Context, moment: Moment) -> Placed | None:
    if moment.day is None:
        if moment.clock is None:
            return (
                _part(context, floor(context.now, DAY), moment.part, has_date=False)
                if (moment.part)
                else None
            )
        start, assumed = clock_today(context, moment.clock)
        return _until(context, moment, start, assumed, has_date=False)
    span = day_span(context, moment.day)
    if span is None:
        return None
    day = floor(span.start, DAY)
    if moment.clock is None:
        if moment.part is None:
            return Placed(span.start, span.end, span.grain, True, False, kind=_kind(span))
        return _part(context, day, moment.part, has_date=True)
    clock = moment.clock
    night = moment.part is not None and "night" in moment.part.name and moment.part.name != "noon"
    start, assumed = clock_on(context, day, clock)
    small_hours = start.hour < 5
    if clock.hour == 0 and clock.minute == 0 and context.rules.name != "recognizers":
        # "midnight tonight" and "Friday at midnight" are the end of that day.
        if night or context.rules.name == "duckling":
            start += timedelta(days=1)
    elif night and small_hours and context.rules.name == "hark":
        start += timedelta(days=1)
    return _until(context, moment, start, assumed, has_date=True)


def _until(
    context: Context, moment: Moment, start: datetime, assumed: tuple[str, ...], *, has_date: bool
) -> Placed:
    clock = moment.clock
    grain = clock.grain if clock else MINUTE
    if moment.until is None:
        return Placed(start, None, grain, has_date, True, assumed=assumed)
    end = start.replace(
        hour=moment.until.hour, minute=moment.until.minute, second=moment.until.second
    )
    if moment.until.open_half:
        # The next such time after the start, within half a day.
        while end <= start:
            end += timedelta(hours=12)
        if end - start > timedelta(hours=12):
            end -= timedelta(hours=12)
    elif end <= start:
        end += timedelta(days=1)
    if grain == HOUR and moment.until.grain == MINUTE:
        grain = MINUTE
    return Placed(start, end, grain, has_date, True, assumed=assumed, kind="interval")


def _between(context: Context, between: Between) -> Placed | None:
    first, last = place(context, between.first), place(context, between.last)
    if first is None or last is None or first.start is None or last.start is None:
        return None
    start, end = first.start, last.end if not last.has_time and last.end else last.start
    if end > start and start > context.now and _yearless(between):
        # "from 10/1 to 11/7" said in between means the range that is running.
        year = unit(YEAR)
        if shift(start, year.negative) <= context.now < shift(end, year.negative):
            start, end = shift(start, year.negative), shift(end, year.negative)
    if not last.has_date and last.has_time and first.has_date:
        end = start.replace(hour=last.start.hour, minute=last.start.minute)
        if end <= start:
            end += timedelta(days=1)
    if end <= start:
        start, end = _ordered(context, between, first, last)
        if end <= start:
            return None
    grain = first.grain if first.grain == last.grain else (MINUTE if last.has_time else first.grain)
    return Placed(start, end, grain, True, first.has_time, assumed=first.assumed, kind="interval")


def _yearless(between: Between) -> bool:
    ends = [one for one in (between.first, between.last) if isinstance(one, Day)]
    return len(ends) == 2 and all(
        one.span is None and one.year is None and one.month is not None for one in ends
    )


def _ordered(
    context: Context, between: Between, first: Placed, last: Placed
) -> tuple[datetime, datetime]:
    """Both ends again, the last after the first: the next such weekday, the next year."""
    if first.start is None or last.start is None:
        raise ValueError("both ends must be placed")
    later = context._replace(now=first.start)
    again = place(later, between.last)
    if again is not None and again.start is not None:
        end = again.end if not again.has_time and again.end else again.start
        if end > first.start:
            return first.start, end
    return first.start, last.start


def _is_end(value: object) -> bool:
    """Whether it is the last part of something: "by the end of May" is by its last day."""
    if isinstance(value, Moment) and value.part is not None:
        return value.part.name == "end_of_day"
    if isinstance(value, Part):
        return value.name == "end_of_day"
    return isinstance(value, Day) and value.mod == "end"


def _bound(context: Context, bound: Bound) -> Placed | None:
    placed = place(context, bound.of)
    if placed is None:
        return None
    if bound.side == "before":
        end = placed.end if _is_end(bound.of) and placed.end else placed.start
        if context.rules.name == "duckling" and _is_end(bound.of):
            return placed._replace(start=context.now, end=end, grain="second", kind="interval")
        return placed._replace(start=None, end=end, kind="open")
    start = placed.start
    whole = bound.side == "after" and context.rules.name != "duckling"
    if whole and placed.kind == "interval" and placed.end is not None:
        start = placed.end
    return placed._replace(start=start, end=None, kind="open")


__all__ = ["WEEK", "YEAR", "Placed", "clock_on", "clock_today", "cycle", "day_span", "place"]
