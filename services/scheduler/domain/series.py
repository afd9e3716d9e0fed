"""How a series is said: "every weekday at 9 AM"; English, and only the common ones."""

from __future__ import annotations

from babel.dates import get_day_names, get_month_names
from babel.lists import format_list

from services.scheduler.domain.rule import Frequency, Rule
from services.scheduler.domain.schedule import Schedule
from services.scheduler.domain.wording import Voice

_UNITS = {
    Frequency.MINUTELY: "minute",
    Frequency.HOURLY: "hour",
    Frequency.DAILY: "day",
    Frequency.WEEKLY: "week",
    Frequency.MONTHLY: "month",
    Frequency.YEARLY: "year",
}
_ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}
_WORKDAYS = {0, 1, 2, 3, 4}


def series(schedule: Schedule, by: Voice) -> str:
    """How often it recurs, with its time; empty where that cannot be said shortly."""
    rule = schedule.rule
    if rule is None or not by.is_english or rule.positions or rule.hours or rule.minutes:
        return ""
    often = _often(rule, schedule, by)
    if not often or rule.frequency.is_sub_daily or schedule.all_day:
        return often
    return f"{often} {by.words.at.format(by.clock(schedule.local_start))}"


def _often(rule: Rule, schedule: Schedule, by: Voice) -> str:
    if rule.months and rule.frequency is not Frequency.YEARLY:
        return ""
    match rule.frequency:
        case Frequency.MINUTELY | Frequency.HOURLY:
            return "" if rule.days else _every(rule)
        case Frequency.DAILY:
            return "" if rule.days or rule.month_days else _every(rule)
        case Frequency.WEEKLY:
            return _weekly(rule, schedule, by)
        case Frequency.MONTHLY:
            return _monthly(rule, schedule, by)
        case _:
            return _yearly(rule, schedule, by)


def _every(rule: Rule) -> str:
    unit = _UNITS[rule.frequency]
    if rule.interval == 1:
        return f"every {unit}"
    return f"every other {unit}" if rule.interval == 2 else f"every {rule.interval} {unit}s"


def _weekly(rule: Rule, schedule: Schedule, by: Voice) -> str:
    days = {day for _, day in rule.days} or {schedule.local_start.weekday()}
    if days == _WORKDAYS and rule.interval == 1:
        return "every weekday"
    names = get_day_names("wide", locale=by.locale)
    said = str(format_list([names[day] for day in sorted(days)], locale=by.locale))
    if rule.interval == 1:
        return f"every {said}"
    if rule.interval == 2:
        return f"every other {said}"
    return f"every {rule.interval} weeks on {said}"


def _monthly(rule: Rule, schedule: Schedule, by: Voice) -> str:
    if rule.days and not rule.month_days and all(n in _ORDINALS for n, _ in rule.days):
        names = get_day_names("wide", locale=by.locale)
        if len({day for _, day in rule.days}) > 1:
            return ""
        which = format_list([_ORDINALS[n] for n, _ in rule.days], locale=by.locale)
        return f"on the {which} {names[rule.days[0][1]]} of {_every(rule)}"
    if rule.days or len(rule.month_days) > 1:
        return ""
    number = rule.month_days[0] if rule.month_days else schedule.local_start.day
    if number < -1:
        return ""
    return f"on the {'last day' if number == -1 else _numbered(number)} of {_every(rule)}"


def _yearly(rule: Rule, schedule: Schedule, by: Voice) -> str:
    start = schedule.local_start
    if rule.days or rule.months not in ((), (start.month,)):
        return ""
    if rule.month_days not in ((), (start.day,)) or (rule.month_days and not rule.months):
        return ""
    month = get_month_names("wide", locale=by.locale)[start.month]
    return f"{_every(rule)} on {month} {start.day}"


def _numbered(number: int) -> str:
    ending = (
        "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    )
    return f"{number}{ending}"
