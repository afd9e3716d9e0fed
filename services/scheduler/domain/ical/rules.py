"""Rules as RFC 5545 writes them."""

from __future__ import annotations

from datetime import UTC, datetime

from services.scheduler.domain.rule import WEEKDAYS, Rule
from services.scheduler.domain.schedule import Schedule
from services.scheduler.domain.zone import to_instant


def written(rule: Rule, schedule: Schedule) -> str:
    """The RRULE of a rule; UNTIL has the form that the start has, as the standard demands."""
    parts = [f"FREQ={rule.frequency.value}"]
    if rule.until is not None:
        parts.append(f"UNTIL={_until(rule.until, schedule)}")
    if rule.count is not None:
        parts.append(f"COUNT={rule.count}")
    if rule.interval != 1:
        parts.append(f"INTERVAL={rule.interval}")
    if rule.days:
        days = (f"{ordinal or ''}{WEEKDAYS[day]}" for ordinal, day in rule.days)
        parts.append(f"BYDAY={','.join(days)}")
    lists = (
        ("BYMINUTE", rule.minutes),
        ("BYHOUR", rule.hours),
        ("BYMONTHDAY", rule.month_days),
        ("BYMONTH", rule.months),
        ("BYSETPOS", rule.positions),
    )
    parts += [f"{key}={','.join(map(str, values))}" for key, values in lists if values]
    if rule.week_start:
        parts.append(f"WKST={WEEKDAYS[rule.week_start]}")
    return ";".join(parts)


def _until(until: datetime, schedule: Schedule) -> str:
    if schedule.all_day:
        return f"{until:%Y%m%d}"
    return f"{to_instant(until, schedule.time_zone).astimezone(UTC):%Y%m%dT%H%M%SZ}"
