"""Holidays that people plan by: fixed days, nth weekdays, and the ones that move with Easter."""

from __future__ import annotations

from datetime import date, timedelta

from services.ai.local.temporal import observances
from services.ai.local.temporal.almanac import cycle, nth_weekday, stretch
from services.ai.local.temporal.chart import Meaning, RuleSet
from services.ai.local.temporal.context import Context
from services.ai.local.temporal.values import DAY, MONTH, YEAR, Day, midnight

rules = RuleSet()
_FIXED = {
    "christmas": (12, 25),
    "christmas_eve": (12, 24),
    "boxing": (12, 26),
    "new_year": (1, 1),
    "new_years_eve": (12, 31),
    "epiphany": (1, 6),
    "groundhog": (2, 2),
    "valentine": (2, 14),
    "valentine_br": (6, 12),
    "patrick": (3, 17),
    "fools": (4, 1),
    "earth": (4, 22),
    "tiradentes": (4, 21),
    "labor_may": (5, 1),
    "cinco": (5, 5),
    "juneteenth": (6, 19),
    "independence": (7, 4),
    "bastille": (7, 14),
    "swiss": (8, 1),
    "assumption": (8, 15),
    "independence_br": (9, 7),
    "unity_de": (10, 3),
    "aparecida": (10, 12),
    "austria": (10, 26),
    "reformation": (10, 31),
    "halloween": (10, 31),
    "all_saints": (11, 1),
    "all_souls": (11, 2),
    "veterans": (11, 11),
    "armistice": (11, 11),
    "republic_br": (11, 15),
    "nikolaus": (12, 6),
    "guy_fawkes": (11, 5),
    "kings_nl": (4, 27),
    "arabic_language": (12, 18),
    "prematurity": (11, 17),
    "womens": (3, 8),
    "victory": (5, 8),
    "liberty_pt": (4, 25),
    "hispanic": (10, 12),
    "childrens_de": (9, 20),
    "barbara": (12, 4),
}
_NTH = {
    "mlk": (1, 0, 3),
    "presidents": (2, 0, 3),
    "mothers": (5, 6, 2),
    "mothers_fr": (5, 6, -1),
    "mothers_es": (5, 6, 1),
    "fathers_br": (8, 6, 2),
    "memorial": (5, 0, -1),
    "fathers": (6, 6, 3),
    "labor": (9, 0, 1),
    "columbus": (10, 0, 2),
    "thanksgiving": (11, 3, 4),
    "grandparents": (9, 6, 1),
}
_AFTER_EASTER = {
    "mardi_gras": -47,
    "rosenmontag": -48,
    "ash_wednesday": -46,
    "palm_sunday": -7,
    "maundy_thursday": -3,
    "trinity": 56,
    "good_friday": -2,
    "holy_saturday": -1,
    "easter": 0,
    "easter_monday": 1,
    "ascension": 39,
    "fathers_de": 39,
    "pentecost": 49,
    "whit_monday": 50,
    "corpus_christi": 60,
}
_AFTER_OTHERS = {"black_friday": ("thanksgiving", 1), "cyber_monday": ("thanksgiving", 4)}


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the Meeus/Jones/Butcher algorithm)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    j, k = c // 4, c % 4
    m = (a + 11 * h) // 319
    r = (2 * e + 2 * j - k - h + m + 32) % 7
    month = (h - m + r + 90) // 25
    return date(year, month, (h - m + r + month + 19) % 32)


def on(name: str, year: int) -> date | None:
    """The day of a holiday in a year."""
    if name in _FIXED:
        return date(year, *_FIXED[name])
    if name in _NTH:
        month, dow, nth = _NTH[name]
        day = nth_weekday(cycle(midnight(date(year, month, 1)), MONTH, 0), dow, nth)
        return day.date() if day else None
    if name in _AFTER_EASTER:
        return easter(year) + timedelta(days=_AFTER_EASTER[name])
    if name in _AFTER_OTHERS:
        base, days = _AFTER_OTHERS[name]
        first = on(base, year)
        return first + timedelta(days=days) if first else None
    return observances.begins(name, year) if name in observances.NAMES else None


def _day(name: str, year: int) -> Meaning:
    if not 1000 <= year <= 9000:
        return None
    day = on(name, year)
    if day is None:
        return None
    days = (observances.ends(name, day) - day).days
    return "day", Day(span=stretch(midnight(day), DAY, days))


@rules("HOLIDAY", "THIS|NEXT|LAST|COMING HOLIDAY", "HOLIDAY NEXT|LASTAFTER")
def _holiday(context: Context, a: str | int, b: str | int = 0) -> Meaning:
    name, which = (a, b) if isinstance(a, str) else (b, a)
    if not isinstance(name, str) or not isinstance(which, int):
        return None
    today = context.now.date()
    day = on(name, today.year)
    if day is None:
        return None
    year = today.year + (day < today)
    if which < 0:
        year = today.year - (day >= today)
    return _day(name, year)


@rules("HOLIDAY ~ year", "year HOLIDAY")
def _holiday_of_year(_: Context, a: str | int, b: str | int) -> Meaning:
    name, year = (a, b) if isinstance(a, str) else (b, a)
    return _day(name, year) if isinstance(name, str) and isinstance(year, int) else None


@rules("HOLIDAY ~ day")
def _holiday_in(_: Context, name: str, day: Day) -> Meaning:
    if day.span is None or day.span.grain != YEAR:
        return None
    return _day(name, day.span.start.year)
