"""Preferences from the wire and onto it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import time
from typing import Any

from hark.scheduler.v1.preferences_pb2 import DayOfWeek
from hark.scheduler.v1.preferences_pb2 import Preferences as PreferencesMessage
from services.scheduler.domain.change import SetPreferences
from services.scheduler.domain.preferences import (
    HourCycle,
    Preferences,
    QuietHours,
    WeeklyDigest,
)
from services.scheduler.domain.wording import is_locale
from services.scheduler.servicer.checks import Checks

# Field on the wire: field of `Preferences`. Those that are not here cannot be set.
_NAMES = {
    "time_zone": "time_zone",
    "locale": "locale",
    "reminder_leads": "reminder_leads",
    "first_day_of_week": "first_day",
    "hour_cycle": "hour_cycle",
    "quiet_hours": "quiet_hours",
    "digest_time": "digest_time",
    "weekly_digest": "weekly_digest",
}


def of_time_zone(name: str) -> SetPreferences:
    """The change of the zone alone."""
    return SetPreferences(values=Preferences(time_zone=name), names=frozenset({"time_zone"}))


def change(
    given: PreferencesMessage, paths: Iterable[str], checks: Checks, field: str
) -> SetPreferences:
    """The change of what a mask names, or of all that has a value where there is none."""
    prefix = f"{field}." if field else ""
    asked: Sequence[str] = list(paths)
    if unknown := set(asked) - _NAMES.keys():
        checks.refuse(f"{prefix}update_mask", f"names {len(unknown)} unknown fields")
    names = [name for name in _NAMES if name in asked] or [
        each.name for each, _ in given.ListFields() if each.name in _NAMES
    ]
    if not names and not asked:
        checks.refuse(f"{prefix}preferences", "must set something")
    values: dict[str, Any] = {
        _NAMES[name]: _value(name, given, checks, f"{prefix}preferences.{name}") for name in names
    }
    return SetPreferences(values=Preferences(**values), names=frozenset(values))


def _value(name: str, given: PreferencesMessage, checks: Checks, field: str) -> Any:
    match name:
        case "time_zone":
            return given.time_zone
        case "locale":
            if not is_locale(given.locale):
                checks.refuse(field, "must be a BCP 47 tag such as en-US")
            return given.locale
        case "reminder_leads":
            return checks.leads(field, list(given.reminder_leads))
        case "first_day_of_week":
            return _day(given.first_day_of_week, checks, field)
        case "hour_cycle":
            return _hour_cycle(given.hour_cycle, checks, field)
        case "quiet_hours":
            return _quiet_hours(given, checks, field)
        case "digest_time":
            return checks.time_of_day(field, given.digest_time) if given.digest_time else None
        case _:
            return _weekly(given, checks, field)


def _day(given: int, checks: Checks, field: str) -> int | None:
    if given not in DayOfWeek.values():
        checks.refuse(field, "must be a day of the week")
    return given - 1 if given else None


def _hour_cycle(given: int, checks: Checks, field: str) -> HourCycle:
    try:
        return HourCycle(given)
    except ValueError:
        checks.refuse(field, "must be 12 or 24 hours")
        return HourCycle.LOCALE


def _quiet_hours(given: PreferencesMessage, checks: Checks, field: str) -> QuietHours | None:
    quiet = given.quiet_hours
    if not given.HasField("quiet_hours") or not (quiet.start_time or quiet.end_time):
        return None
    start = checks.time_of_day(f"{field}.start_time", quiet.start_time)
    end = checks.time_of_day(f"{field}.end_time", quiet.end_time)
    if start == end:
        checks.refuse(f"{field}.end_time", "must not be the start")
    return QuietHours(start=start, end=end)


def _weekly(given: PreferencesMessage, checks: Checks, field: str) -> WeeklyDigest | None:
    weekly = given.weekly_digest
    if not given.HasField("weekly_digest") or not (weekly.day or weekly.time):
        return None
    day = _day(weekly.day, checks, f"{field}.day")
    if day is None:
        checks.refuse(f"{field}.day", "must be set")
    return WeeklyDigest(day=day or 0, at=checks.time_of_day(f"{field}.time", weekly.time))


def message(user_id: str, given: Preferences) -> PreferencesMessage:
    """A person's preferences."""
    made = PreferencesMessage(
        user_id=user_id,
        time_zone=given.time_zone,
        time_zone_confirmed=not given.is_guess,
        locale=given.locale,
        hour_cycle=PreferencesMessage.HourCycle.ValueType(given.hour_cycle),
    )
    for lead in given.reminder_leads:
        made.reminder_leads.add().FromTimedelta(lead)
    if given.first_day is not None:
        made.first_day_of_week = DayOfWeek.ValueType(given.first_day + 1)
    if given.quiet_hours is not None:
        made.quiet_hours.start_time = _text(given.quiet_hours.start)
        made.quiet_hours.end_time = _text(given.quiet_hours.end)
    if given.digest_time is not None:
        made.digest_time = _text(given.digest_time)
    if given.weekly_digest is not None:
        made.weekly_digest.day = DayOfWeek.ValueType(given.weekly_digest.day + 1)
        made.weekly_digest.time = _text(given.weekly_digest.at)
    return made


def _text(at: time) -> str:
    return at.isoformat(timespec="minutes")
