"""Preferences as JSON: what a row keeps beside its columns, and what an answer repeats."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any

from services.scheduler.domain.preferences import (
    HourCycle,
    Preferences,
    QuietHours,
    WeeklyDigest,
)


def settings(given: Preferences) -> Mapping[str, Any]:
    """What no row is found by: hours, quiet hours, overviews; those that were set."""
    quiet, weekly = given.quiet_hours, given.weekly_digest
    known = {
        "first_day": given.first_day,
        "hour_cycle": int(given.hour_cycle) or None,
        "quiet_hours": quiet and [quiet.start.isoformat(), quiet.end.isoformat()],
        "digest_time": given.digest_time and given.digest_time.isoformat(),
        "weekly_digest": weekly and [weekly.day, weekly.at.isoformat()],
    }
    return {key: value for key, value in known.items() if value is not None}


def arguments(stored: Mapping[str, Any]) -> Mapping[str, Any]:
    """What `settings` made, as arguments of `Preferences`."""
    known = dict(stored)
    if "hour_cycle" in known:
        known["hour_cycle"] = HourCycle(known["hour_cycle"])
    if "quiet_hours" in known:
        start, end = (time.fromisoformat(each) for each in known["quiet_hours"])
        known["quiet_hours"] = QuietHours(start=start, end=end)
    if "digest_time" in known:
        known["digest_time"] = time.fromisoformat(known["digest_time"])
    if "weekly_digest" in known:
        day, at = known["weekly_digest"]
        known["weekly_digest"] = WeeklyDigest(day=day, at=time.fromisoformat(at))
    return known


def everything(given: Preferences) -> Mapping[str, Any]:
    """All of the preferences."""
    return {
        "time_zone": given.time_zone,
        "is_guess": given.is_guess,
        "locale": given.locale,
        "reminder_leads": [lead.total_seconds() for lead in given.reminder_leads],
        "settings": settings(given),
    }


def preferences(stored: Mapping[str, Any]) -> Preferences:
    """What `everything` made."""
    return Preferences(
        time_zone=stored["time_zone"],
        is_guess=stored["is_guess"],
        locale=stored["locale"],
        reminder_leads=tuple(timedelta(seconds=each) for each in stored["reminder_leads"]),
        # Answers that were stored before there were any.
        **arguments(stored.get("settings", {})),
    )
