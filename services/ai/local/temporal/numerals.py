"""Numbers, clocks and dates in digits: 3, 3rd, 15:30, 15h30, 2/15, 15.02.2013, 2017-q1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from services.ai.local.conventions import Conventions
from services.ai.local.temporal.almanac import cycle, stretch, valid
from services.ai.local.temporal.values import DAY, MONTH, QUARTER, YEAR, Clock, Day, Num, midnight

Lexeme = tuple[int, str, Any]
"""(character offset of its end, category, value)"""

_END = r"(?![\d])(?!\s?[./-]\s?\d)"
_ISO = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?!\d)(?:[t ](\d\d):(\d\d)(?::(\d\d))?(?!\d))?")
_YMD = re.compile(r"(\d{4})([/.])(\d\d?)\2(\d\d?)" + _END)
_COMPACT = re.compile(r"(19|20)(\d\d)(\d\d)(\d\d)(?!\d)")
_NUMERIC_DATE = re.compile(r"(\d\d?)(\s?)([/.-])\2(\d\d?)\2\3\2(\d{4}|\d\d)(?!\d|\s?[:/.-]\d)")
_SHORT_DATE = re.compile(r"(\d\d?)\s?([/.-])\s?(\d\d?)\.?(?!\d|[/:.]\d|\s?%|-\d{3})")
_MONTH_YEAR = re.compile(r"(\d\d?)\s?[/-]\s?(\d{4})(?!\d|\s?[./-]\d)")
_YEAR_MONTH = re.compile(r"(\d{4})\s?[/-]\s?(\d\d?)(?!\d|\s?[./-]\d)")
_CLOCK = re.compile(r"(\d\d?):(\d\d)(?::(\d\d))?(?![\d:])")
_CLOCK_H = re.compile(
    r"(\d\d?)h(?![a-z])(\d\d)?(?!\d)|(\d\d?) h ?(\d\d)(?!\d)|(1[3-9]|2[0-4]) h(?![a-z])()"
)
_CLOCK_DOT = re.compile(r"(\d\d?)[.h](\d\d)(?!\d|\.\d)")
_MILITARY = re.compile(r"([01]?\d|2[0-3])([0-5]\d)(?![\d:])")
_ORDINAL = re.compile(r"(\d\d?)\s?(?:st|nd|rd|th)(?![a-z])")
_DOTTED = re.compile(r"(\d\d?)\.(?=\s|-|/|$)")
_SPACED_DATE = re.compile(r"(\d\d?) (\d\d?)(?: (\d{4}|\d\d))?(?!\d| ?[/.:]\d)")
_DECADE = re.compile(r"(\d{4}|\d\d)\s?'?\s?s(?![a-z])")
_YEAR_PART = re.compile(r"(\d{4}|\d\d)\s?-?\s?([qh])([1-4])(?!\d)")
_PART_YEAR = re.compile(r"([qh])([1-4])\s?[-/]?\s?(?:of )?(\d{4})(?!\d)")
_DECIMAL = re.compile(r"(\d+)[.](\d+)(?![\d.])")
_CLOCK_COMMA = re.compile(r"(\d\d?),(\d\d)(?=\s?[ap]\.?\s?m)")
_NUMBER = re.compile(r"\d{1,4}(?!\d)")
_FOREIGN_BEFORE = re.compile(r"(?:\d[\s]?[.,/:-]|[#$€£.,_-]|\+)$")


def _hundred(year: int) -> int:
    """A two-digit year in its century: 74 is 1974, 35 is 2035."""
    if year >= 100:
        return year
    return 2000 + year if year < 50 else 1900 + year


def _date(year: int, month: int, dom: int) -> Day | None:
    if not 1000 <= year <= 9000 or not valid(year, month, dom):
        return None
    return Day(span=stretch(midnight(date(year, month, dom)), DAY))


def _ordered(a: int, b: int, order: str) -> tuple[int, int] | None:
    """(month, day) of two numbers in the given order, or in the other if only that is possible."""
    first = (a, b) if order == "mdy" else (b, a)
    for month, dom in (first, first[::-1]):
        if 1 <= month <= 12 and 1 <= dom <= 31:
            return month, dom
    return None


def _clock(
    hour: int, minute: int, second: int, written: str, grain: str = "minute"
) -> Clock | None:
    if hour > 24 or minute > 59 or second > 59 or (hour == 24 and (minute or second)):
        return None
    bare = 1 <= hour <= 12 and not written.startswith("0")
    return Clock(hour % 24, minute, second, grain, bare)


def _dates(text: str, at: int, rules: Conventions) -> Iterator[Lexeme]:
    if match := _ISO.match(text, at):
        year, month, dom, hour = match.groups()[:4]
        if day := _date(int(year), int(month), int(dom)):
            yield match.end(3), "day", day
            if hour is not None:
                yield match.start(4) - 1, "day", day
    if (match := _YMD.match(text, at)) and (
        day := _date(int(match[1]), int(match[3]), int(match[4]))
    ):
        yield match.end(), "day", day
    if (match := _COMPACT.match(text, at)) and (
        day := _date(int(match[1] + match[2]), int(match[3]), int(match[4]))
    ):
        yield match.end(), "day", day
    if match := _NUMERIC_DATE.match(text, at):
        order = rules.dotted_order if match[3] == "." else rules.date_order
        pair = _ordered(int(match[1]), int(match[4]), order)
        if pair and (day := _date(_hundred(int(match[5])), *pair)):
            yield match.end(), "day", day
    if match := _SHORT_DATE.match(text, at):
        order = rules.dotted_order if match[2] == "." else rules.date_order
        if pair := _ordered(int(match[1]), int(match[3]), order):
            ended = match[0].endswith(".")
            category = "day" if ended else {"/": "day", ".": "dotday", "-": "dashday"}[match[2]]
            yield match.end(), category, Day(month=pair[0], dom=pair[1])
    yield from _months(text, at, rules)


def _months(text: str, at: int, rules: Conventions) -> Iterator[Lexeme]:
    for pattern, year_at in ((_MONTH_YEAR, 2), (_YEAR_MONTH, 1)):
        if match := pattern.match(text, at):
            year, month = int(match[year_at]), int(match[3 - year_at])
            if 1900 <= year <= 2200 and 1 <= month <= 12:
                yield match.end(), "day", Day(span=cycle(midnight(date(year, month, 1)), MONTH, 0))
    if match := _DECADE.match(text, at):
        year = int(match[1]) // 10 * 10
        if year >= 1000 or (year >= 20 and match.end() - at >= 3):
            year = year if year >= 1000 else (1900 + year if year >= 30 else 2000 + year)
            yield match.end(), "decade", Day(span=stretch(midnight(date(year, 1, 1)), YEAR, 10))


def part_of_year(text: str, at: int) -> tuple[int, Day] | None:
    """A quarter or half of a year ("2017-q1", "h2 2019") and where it ends."""
    if match := _YEAR_PART.match(text, at):
        year, kind, nth = _hundred(int(match[1])), match[2], int(match[3])
    elif match := _PART_YEAR.match(text, at):
        kind, nth, year = match[1], int(match[2]), int(match[3])
    else:
        return None
    if kind == "h" and nth > 2:
        return None
    months = 3 if kind == "q" else 6
    first = midnight(date(year, (nth - 1) * months + 1, 1))
    if kind == "q":
        return match.end(), Day(span=cycle(first, QUARTER, 0))
    return match.end(), Day(span=stretch(first, MONTH, 6))


def _clocks(text: str, at: int) -> Iterator[Lexeme]:
    if (match := _CLOCK.match(text, at)) and (
        clock := _clock(int(match[1]), int(match[2]), int(match[3] or 0), match[1])
    ):
        yield match.end(), "tod", clock
    if match := _CLOCK_H.match(text, at):
        hour, minute = match[1] or match[3] or match[5], match[2] or match[4]
        if clock := _clock(int(hour), int(minute or 0), 0, "0"):
            yield match.end(), "tod" if minute else "htod", clock
    if (match := _CLOCK_DOT.match(text, at)) and (
        clock := _clock(int(match[1]), int(match[2]), 0, match[1])
    ):
        yield match.end(), "dotclock", clock
    if (match := _CLOCK_COMMA.match(text, at)) and (
        clock := _clock(int(match[1]), int(match[2]), 0, match[1])
    ):
        yield match.end(), "dotclock", clock
    if (match := _MILITARY.match(text, at)) and (
        clock := _clock(int(match[1]), int(match[2]), 0, match[1])
    ):
        yield match.end(), "mil" if len(match[0]) == 4 else "mil3", clock


def lexemes(
    text: str, at: int, rules: Conventions, *, dotted: bool = False, spaced: bool = False
) -> Iterator[Lexeme]:
    """Everything that the digits at `at` may be; `text` is lower-case.

    `dotted`: "15." is an ordinal; `spaced`: "20 02 14" is a date.
    """
    if dotted and (match := _DOTTED.match(text, at)) and 1 <= int(match[1]) <= 31:
        yield match.end(), "ORD", int(match[1])
    if spaced and (match := _SPACED_DATE.match(text, at)):
        pair = _ordered(int(match[1]), int(match[2]), "dmy")
        if pair and match[3] and (day := _date(_hundred(int(match[3])), *pair)):
            yield match.end(), "day", day
        elif pair and not match[3] and len(match[1]) == len(match[2]) == 2:
            yield match.end(2), "day", Day(month=pair[0], dom=pair[1])
    foreign = bool(_FOREIGN_BEFORE.search(text, max(0, at - 3), at))
    if not foreign or text[at - 1] in "-/":
        yield from _dates(text, at, rules)
        yield from _clocks(text, at)
    if (match := _ORDINAL.match(text, at)) and 1 <= int(match[1]) <= 99:
        yield match.end(), "ORD", int(match[1])
        return
    if match := _DECIMAL.match(text, at):
        yield match.end(), "DEC", float(match[0])
    if match := _NUMBER.match(text, at):
        yield match.end(), "num", Num(int(match[0]), len(match[0]))
