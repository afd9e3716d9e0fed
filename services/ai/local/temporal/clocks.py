"""Rules for times of day: "at six", "half past seven", "ten thirty am", "7 in the evening"."""

from __future__ import annotations

from datetime import datetime

from services.ai.local.temporal.almanac import cycle
from services.ai.local.temporal.chart import Meaning, RuleSet
from services.ai.local.temporal.context import Context
from services.ai.local.temporal.values import HOUR, MINUTE, Clock, Day, Length, Moment, Num, Part

rules = RuleSet()


def hour_of(number: Num) -> Clock | None:
    """The full hour that a number names."""
    if number.n > 24 or number.digits > 2:
        return None
    return Clock(number.n % 24, grain=HOUR, open_half=1 <= number.n <= 12)


def in_half(clock: Clock, half: str) -> Clock:
    """The clock time in the morning ("am") or after noon ("pm"); 15:00 stays as it is."""
    if not clock.open_half and clock.hour > 12:
        return clock
    hour = clock.hour % 12 + (12 if half == "pm" else 0)
    return clock._replace(hour=hour, open_half=False)


def in_part(clock: Clock, part: Part, context: Context) -> Clock:
    """The clock time in the half of the day that the part of the day lies in."""
    if not clock.open_half:
        return clock
    name = part.name
    if name == "noon" and clock.hour == 12:
        return clock._replace(open_half=False)
    first, last = context.rules.parts[name]
    if "night" in name and (clock.hour == 12 or clock.hour <= 4):
        # "tonight at 2" is after midnight for most people; Duckling reads the afternoon.
        return in_half(clock, "pm" if context.rules.name == "duckling" else "am")
    if "morning" in name or name == "breakfast":
        return in_half(clock, "am")
    middle = (first + last) / 2
    early, late = clock.hour % 12, clock.hour % 12 + 12
    if first <= early < last and not first <= late < last:
        return in_half(clock, "am")
    return in_half(clock, "pm" if middle >= 12 or first <= late < last else "am")


@rules("AT num")
def _at_hour(_: Context, at: int, number: Num) -> Meaning:
    clock = hour_of(number)
    return ("tod", clock) if clock else None


@rules("num AMPM")
def _hour_with_half(_: Context, number: Num, half: str) -> Meaning:
    clock = hour_of(number)
    if clock is None or (number.n == 0 and half == "pm"):
        return None
    return "tod", in_half(clock, half)


@rules("tod|mil|mil3|dotclock|htod|hm ~ AMPM")
def _clock_with_half(_: Context, clock: Clock, half: str) -> Meaning:
    return "tod", in_half(clock, half)


@rules("AT mil|mil3|dotclock|htod|hm|tod", "mil|mil3|dotclock|tod OCLOCK", "mil HOURSWORD")
def _plain_clock(_: Context, a: object, b: object) -> Meaning:
    return "tod", a if isinstance(a, Clock) else b


@rules("htod", cost=-1)
def _hour_h(_: Context, clock: Clock) -> Meaning:
    return "tod", clock._replace(open_half=False)


@rules("num OCLOCK")
def _oclock(_: Context, number: Num, __: int) -> Meaning:
    clock = hour_of(number)
    return ("tod", clock) if clock and number.n else None


@rules("tod|NOON|MIDNIGHT ISH")
def _about(_: Context, clock: Clock | int, __: int) -> Meaning:
    if isinstance(clock, Clock):
        return "tod", clock
    return "tod", Clock(clock, grain=HOUR)


@rules("num ISH")
def _about_hour(_: Context, number: Num, __: int) -> Meaning:
    clock = hour_of(number)
    return ("tod", clock) if clock and number.n else None


@rules("NOON|MIDNIGHT")
def _named_hour(_: Context, hour: int) -> Meaning:
    return "tod", Clock(hour, grain=HOUR)


@rules("num num", "num OH num", "num SEP num", cost=1)
def _hour_minute(_: Context, *parts: object) -> Meaning:
    hour, minute = parts[0], parts[-1]
    if not isinstance(hour, Num) or not isinstance(minute, Num):
        return None
    if hour.digits or minute.digits or not 1 <= hour.n <= 12:
        return None
    if len(parts) == 3 and parts[1] == 0 and not isinstance(parts[1], Num):
        fits = minute.n < 60
    else:
        fits = 10 <= minute.n < 60
    return ("hm", Clock(hour.n % 24, minute.n, open_half=True)) if fits else None


@rules("num OH num")
def _hour_oh_minute(_: Context, hour: Num, oh: int, minute: Num) -> Meaning:
    if hour.digits or minute.digits or not 1 <= hour.n <= 12 or not 1 <= minute.n <= 9:
        return None
    return "tod", Clock(hour.n, minute.n, open_half=True)


def _hour(value: Clock | Num | int) -> Clock | None:
    """An hour that minutes may be counted from."""
    if isinstance(value, Num):
        return hour_of(value) if value.n <= 24 else None
    if isinstance(value, Clock):
        return value if value.minute == 0 else None
    return Clock(value)


def _after(clock: Clock, minutes: int) -> Clock:
    total = (clock.hour * 60 + minutes) % (24 * 60)
    if clock.open_half and minutes < 0 and clock.hour == 1:
        total = 12 * 60 + 60 + minutes
    return clock._replace(hour=total // 60, minute=total % 60, grain=MINUTE)


_MINUTES = "num|SOME|QUARTERS|HALFA"
_HOURS = "num|tod|htod|NOON|MIDNIGHT"


def _minutes(value: Num | int) -> int | None:
    if isinstance(value, Num):
        return value.n if 1 <= value.n <= 59 else None
    return 30 if value == 1 else value


@rules(f"num|QUARTERS UNIT? PAST {_HOURS}")
def _past(
    _: Context, minutes: Num | int, grain: tuple[str, int] | None, __: int, hour: Clock | Num | int
) -> Meaning:
    count, clock = _minutes(minutes), _hour(hour)
    if count is None or clock is None or (grain and grain != (MINUTE, 1)):
        return None
    if grain is None and isinstance(minutes, Num) and count > 59:
        return None
    return "tod", _after(clock, count)


@rules(f"num|QUARTERS UNIT? TOM {_HOURS}", cost=1)
def _to(
    _: Context, minutes: Num | int, grain: tuple[str, int] | None, __: int, hour: Clock | Num | int
) -> Meaning:
    count, clock = _minutes(minutes), _hour(hour)
    if count is None or clock is None or (grain and grain != (MINUTE, 1)):
        return None
    if grain is None and isinstance(minutes, Num) and count % 5:
        return None
    return "tod", _after(clock, -count)


@rules(f"HALFPAST {_HOURS}")
def _half_past(_: Context, __: int, hour: Clock | Num | int) -> Meaning:
    clock = _hour(hour)
    return ("tod", _after(clock, 30)) if clock else None


@rules("tod|NOON|htod ANDHALF")
def _hour_and_half(_: Context, hour: Clock | int, minutes: int) -> Meaning:
    clock = _hour(hour)
    return ("tod", _after(clock, minutes)) if clock else None


@rules("HALFTO num|htod|tod")
def _half_to(_: Context, __: int, hour: Clock | Num) -> Meaning:
    clock = _hour(hour)
    return ("tod", _after(clock, -30)) if clock else None


@rules("num|tod|htod|NOON|MIDNIGHT|hm CLOCKPLUS")
def _clock_plus(_: Context, hour: Clock | Num | int, minutes: int) -> Meaning:
    clock = _hour(hour)
    return ("tod", _after(clock, minutes)) if clock else None


@rules("num|tod|htod|NOON CLOCKAND num", "num|tod|htod|NOON CLOCKAND num UNIT")
def _clock_and_minutes(_: Context, hour: Clock | Num | int, joint: int, *rest: object) -> Meaning:
    clock, minutes = _hour(hour), rest[0]
    if clock is None or not isinstance(minutes, Num) or not 5 <= minutes.n <= 59:
        return None
    if len(rest) == 2 and rest[1] != (MINUTE, 1):
        return None
    return "tod", _after(clock, minutes.n)


@rules("num|tod|htod CLOCKMINUS num")
def _clock_minus_minutes(_: Context, hour: Clock | Num | int, __: int, minutes: Num) -> Meaning:
    clock = _hour(hour)
    if clock is None or not 1 <= minutes.n <= 30:
        return None
    return "tod", _after(clock, -minutes.n)


@rules("num OCLOCK num", "NOON num", cost=1)
def _hour_word_minutes(_: Context, hour: Num | int, *rest: object) -> Meaning:
    clock, minutes = _hour(hour), rest[-1]
    if clock is None or not isinstance(minutes, Num) or not 1 <= minutes.n <= 59:
        return None
    if minutes.n == 1 and not minutes.digits:
        return None  # "um 8 Uhr einen Tropfen"
    return "tod", _after(clock, minutes.n)


@rules("AT num OH num", "AT num num num", cost=1)
def _spoken_digits(_: Context, __: int, hour: Num, zero: object, minute: Num) -> Meaning:
    first = zero.n if isinstance(zero, Num) else 0
    clock = hour_of(hour)
    if clock is None or first or minute.n > 9 or not isinstance(minute, Num):
        return None
    return "tod", clock._replace(minute=minute.n, grain=MINUTE)


@rules("tod ~ part", "part ~ tod", "tod ~ part")
def _clock_in_part(context: Context, a: object, b: object) -> Meaning:
    clock, part = (a, b) if isinstance(a, Clock) else (b, a)
    if not isinstance(clock, Clock) or not isinstance(part, Part):
        return None
    clock = in_part(clock, part, context)
    if part.today:
        return "t", Moment(day=today(context), clock=clock, part=part)
    return "tod", clock


@rules("part num|mil|mil3|hm", "num|mil|mil3|hm part", cost=1)
def _bare_hour_in_part(context: Context, a: object, b: object) -> Meaning:
    part, hour = (a, b) if isinstance(a, Part) else (b, a)
    clock = hour_of(hour) if isinstance(hour, Num) else hour
    if not isinstance(clock, Clock) or not isinstance(part, Part):
        return None
    return _clock_in_part(context, part, clock)


@rules("tod ZONE")
def _zoned(_: Context, clock: Clock, zone: str) -> Meaning:
    return "tod", clock._replace(zone=zone)


@rules("PART")
def _part_of_day(_: Context, name: str) -> Meaning:
    return "part", Part(name)


@rules("AT MEAL", "DURING MEAL")
def _at_a_meal(_: Context, __: int, name: str) -> Meaning:
    return "part", Part(name)


@rules("TONIGHT")
def _tonight(_: Context, name: str) -> Meaning:
    return "part", Part(name, today=True)


_MODIFIED = frozenset(
    f"{how}_{part}" for how in ("early", "late") for part in ("morning", "afternoon", "evening")
) | {"late_night", "late_tonight"}


@rules("EARLY ~ part")
def _early_or_late(_: Context, how: str, part: Part) -> Meaning:
    name = f"{how}_{part.name}"
    return ("part", part._replace(name=name)) if name in _MODIFIED else None


@rules("EARLY ~ t")
def _early_or_late_of_day(_: Context, how: str, moment: Moment) -> Meaning:
    part = moment.part
    if part is None or moment.clock is not None:
        return None
    name = f"{how}_{part.name}"
    if name not in _MODIFIED:
        return None
    return "t", moment._replace(part=part._replace(name=name))


def today(context: Context) -> Day:
    """The day on which it was said."""
    return Day(span=cycle(context.now, "day", 0))


@rules("THIS part")
def _this_part(context: Context, _: int, part: Part) -> Meaning:
    return "t", Moment(day=today(context), part=part)


@rules("NEXT part")
def _next_part(context: Context, _: int, part: Part) -> Meaning:
    return "t", Moment(day=Day(span=cycle(context.now, "day", 1)), part=part)


@rules("LAST part")
def _last_part(context: Context, _: int, part: Part) -> Meaning:
    if part.today:
        return None
    return "t", Moment(day=Day(span=cycle(context.now, "day", -1)), part=part)


def on_day(day: datetime, clock: Clock) -> datetime:
    """A clock time on a date."""
    return day.replace(hour=clock.hour, minute=clock.minute, second=clock.second, microsecond=0)


__all__ = ["Length", "hour_of", "in_half", "in_part", "on_day", "rules", "today"]
