"""Recurrence rules as people need them: a bounded part of RFC 5545, parsed and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from typing import Any

from chassis.errors import InvalidArgument
from services.scheduler.domain.errors import invalid
from services.scheduler.domain.zone import to_local

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LONGEST = 500
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?")
# Key, field, lowest, highest; 0 is never in a range that has negative numbers.
_NUMBERS = {
    "BYMONTH": ("months", 1, 12),
    "BYMONTHDAY": ("month_days", -31, 31),
    "BYHOUR": ("hours", 0, 23),
    "BYMINUTE": ("minutes", 0, 59),
    "BYSETPOS": ("positions", -366, 366),
}
_SINGLE = {"INTERVAL": ("interval", 1, 1000), "COUNT": ("count", 1, 10_000)}
_KEYS = {"FREQ", "UNTIL", "BYDAY", "WKST", *_NUMBERS, *_SINGLE}


class Frequency(Enum):
    """How often; finer than a minute is not offered."""

    MINUTELY = "MINUTELY"
    HOURLY = "HOURLY"
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"

    @property
    def is_sub_daily(self) -> bool:
        """Whether it runs in elapsed time rather than by the wall clock."""
        return self in (Frequency.MINUTELY, Frequency.HOURLY)


_FREQUENCIES = tuple(frequency.value for frequency in Frequency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A recurrence rule; empty tuples are parts that were not given.

    `days` pairs an ordinal (0: every one; 2: the second; -1: the last) with a weekday (0 is
    Monday). `until` is an inclusive wall-clock time in the zone of the schedule.
    """

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    days: tuple[tuple[int, int], ...] = ()
    hours: tuple[int, ...] = ()
    minutes: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0


@lru_cache(maxsize=4096)
def parsed(text: str, *, time_zone: str) -> Rule:
    """The rule that `text` ("FREQ=WEEKLY;BYDAY=MO") says.

    Raises InvalidArgument for what RFC 5545 does not know or Hark does not offer: seconds, week
    numbers, days of the year.
    """
    parts = _parts(text)
    fields: dict[str, Any] = {"frequency": Frequency(_one_of(parts, "FREQ", _FREQUENCIES))}
    for key, (field, low, high) in _SINGLE.items():
        if key in parts:
            (fields[field],) = _numbers(key, parts[key], low, high, at_most=1)
    for key, (field, low, high) in _NUMBERS.items():
        if key in parts:
            fields[field] = tuple(sorted(set(_numbers(key, parts[key], low, high, at_most=62))))
    if "BYDAY" in parts:
        fields["days"] = tuple(_weekday(day) for day in parts["BYDAY"].split(","))
    if "WKST" in parts:
        fields["week_start"] = WEEKDAYS.index(_one_of(parts, "WKST", WEEKDAYS))
    if "UNTIL" in parts:
        fields["until"] = _until(parts["UNTIL"], time_zone)
    rule = Rule(**fields)
    _check(rule)
    return rule


def _parts(text: str) -> Mapping[str, str]:
    if len(text) > _LONGEST:
        raise _refused(f"has more than {_LONGEST} characters")
    parts: dict[str, str] = {}
    for part in text.upper().removeprefix("RRULE:").split(";"):
        key, equals, value = part.strip().partition("=")
        if not equals or not value or key in parts:
            raise _refused("is not KEY=VALUE;KEY=VALUE with each key once")
        parts[key] = value
    if "FREQ" not in parts:
        raise _refused("has no FREQ")
    if not parts.keys() <= _KEYS:
        raise _refused(f"may only have {', '.join(sorted(_KEYS))}")
    return parts


def _one_of(parts: Mapping[str, str], key: str, allowed: tuple[str, ...]) -> str:
    if parts[key] not in allowed:
        raise _refused(f"needs {key} to be one of {', '.join(allowed)}")
    return parts[key]


def _numbers(key: str, text: str, low: int, high: int, *, at_most: int) -> list[int]:
    try:
        numbers = [int(number) for number in text.split(",")]
    except ValueError:
        numbers = []
    fits = all(low <= number <= high and (number or low == 0) for number in numbers)
    if not fits or not 1 <= len(numbers) <= at_most:
        raise _refused(f"needs numbers from {low} to {high} in {key}")
    return numbers


def _weekday(text: str) -> tuple[int, int]:
    match = _DAY.fullmatch(text)
    if match is None:
        raise _refused("has a BYDAY that is no weekday")
    ordinal = int(match[1] or 0)
    if (match[1] and not ordinal) or abs(ordinal) > 53:
        raise _refused("numbers a weekday beyond the year's")
    return ordinal, WEEKDAYS.index(match[2])


def _until(text: str, time_zone: str) -> datetime:
    match = _UNTIL.fullmatch(text)
    try:
        if match is None:
            raise ValueError(text)
        moment = datetime.strptime(match[1] + (match[2] or "235959"), "%Y%m%d%H%M%S")  # noqa: DTZ007 - wall clock
        # A bare date means the whole last day; a "Z" means UTC.
        return to_local(moment.replace(tzinfo=UTC), time_zone) if match[3] else moment
    except (ValueError, OverflowError) as error:
        raise _refused("has an UNTIL that is no date or time") from error


def _check(rule: Rule) -> None:
    by_month_or_year = rule.frequency in (Frequency.MONTHLY, Frequency.YEARLY)
    if rule.count is not None and rule.until is not None:
        raise _refused("has both COUNT and UNTIL")
    if any(ordinal for ordinal, _ in rule.days) and not by_month_or_year:
        raise _refused("numbers weekdays, which only MONTHLY and YEARLY do")
    if rule.month_days and rule.frequency is Frequency.WEEKLY:
        raise _refused("has BYMONTHDAY with WEEKLY")
    if rule.positions and not by_month_or_year:
        raise _refused("has BYSETPOS, which only MONTHLY and YEARLY take")
    if rule.positions and not (rule.days or rule.month_days or rule.months):
        raise _refused("has BYSETPOS without a set to choose from")
    if rule.frequency.is_sub_daily and (rule.minutes or rule.month_days):
        raise _refused("has BYMINUTE or BYMONTHDAY below a day")
    if rule.frequency is Frequency.MINUTELY and rule.interval < 5 and rule.count is None:
        raise _refused("repeats more often than every 5 minutes without COUNT")


def _refused(problem: str) -> InvalidArgument:
    return invalid("recurrence", problem)
