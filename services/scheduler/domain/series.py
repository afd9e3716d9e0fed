"""How a series is said: "every weekday at 9 AM"; only the common ones."""

from __future__ import annotations

from babel.dates import format_skeleton

from services.scheduler.domain.rule import Frequency, Rule
from services.scheduler.domain.schedule import Schedule
from services.scheduler.domain.texts.form import Steps
from services.scheduler.domain.wording import Voice

_LAST = -1
_FIFTH = 5
_WORKDAYS = {0, 1, 2, 3, 4}


def series(schedule: Schedule, by: Voice) -> str:
    """How often it recurs, with its time; empty where that cannot be said shortly."""
    rule = schedule.rule
    if rule is None or rule.positions or rule.hours or rule.minutes:
        return ""
    often = _often(rule, schedule, by)
    if not often or rule.frequency.is_sub_daily or schedule.all_day:
        return often
    return f"{often} {by.at(schedule.local_start)}"


def every_week_on(day: int, by: Voice) -> str:
    """ "every Monday"; 0 is Monday."""
    texts = by.texts.series
    return texts.weekly[0].format(days=texts.weekly_days[day])


def _often(rule: Rule, schedule: Schedule, by: Voice) -> str:
    texts = by.texts.series
    if rule.months and rule.frequency is not Frequency.YEARLY:
        return ""
    match rule.frequency:
        case Frequency.MINUTELY:
            return "" if rule.days else _step(texts.minutes, rule)
        case Frequency.HOURLY:
            return "" if rule.days else _step(texts.hours, rule)
        case Frequency.DAILY:
            return "" if rule.days or rule.month_days else _step(texts.days, rule)
        case Frequency.WEEKLY:
            return _weekly(rule, schedule, by)
        case Frequency.MONTHLY:
            return _monthly(rule, schedule, by)
        case _:
            return _yearly(rule, schedule, by)


def _step(texts: Steps, rule: Rule, **places: str) -> str:
    return texts[min(rule.interval, 3) - 1].format(n=rule.interval, **places)


def _weekly(rule: Rule, schedule: Schedule, by: Voice) -> str:
    texts = by.texts.series
    days = {day for _, day in rule.days} or {schedule.local_start.weekday()}
    if days == _WORKDAYS and rule.interval == 1:
        return texts.workdays
    names = texts.weekly_days if rule.interval == 1 else texts.spaced_days
    return _step(texts.weekly, rule, days=by.joined([names[day] for day in sorted(days)]))


def _monthly(rule: Rule, schedule: Schedule, by: Voice) -> str:
    months = _step(by.texts.series.months, rule)
    if rule.days and not rule.month_days:
        day = _nth_day(rule, by)
        return f"{day} {months}" if day else ""
    if rule.days or len(rule.month_days) > 1:
        return ""
    number = rule.month_days[0] if rule.month_days else schedule.local_start.day
    return f"{_day_of_month(number, by)} {months}" if number >= _LAST else ""


def _nth_day(rule: Rule, by: Voice) -> str:
    """ "on the first and third Thursday"."""
    texts = by.texts.series
    numbers = [number for number, _ in rule.days]
    days = {day for _, day in rule.days}
    if len(days) > 1 or not all(1 <= n <= _FIFTH or n == _LAST for n in numbers):
        return ""
    (day,) = days
    gender = 1 if day in texts.feminine_days else 0
    ordinals = [texts.ordinals[gender][n if n == _LAST else n - 1] for n in numbers]
    return texts.nth[gender].format(ordinals=by.joined(ordinals), day=texts.nth_days[day])


def _day_of_month(number: int, by: Voice) -> str:
    texts = by.texts.series
    if number == _LAST:
        return texts.last_of_month
    if number == 1:
        return texts.first_of_month
    if by.locale.language == "en":
        return f"on the {_numbered(number)}"
    return texts.day_of_month.format(n=number)


def _yearly(rule: Rule, schedule: Schedule, by: Voice) -> str:
    start = schedule.local_start
    if rule.days or rule.months not in ((), (start.month,)):
        return ""
    if rule.month_days not in ((), (start.day,)) or (rule.month_days and not rule.months):
        return ""
    day = format_skeleton("MMMMd", start, locale=by.locale)
    return _step(by.texts.series.years, rule, day=day)


def _numbered(number: int) -> str:
    """English numbers their days."""
    ending = (
        "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    )
    return f"{number}{ending}"
