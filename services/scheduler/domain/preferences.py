"""How a person likes to be served."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import IntEnum

from services.scheduler.domain.zone import UNKNOWN_ZONE, to_instant, to_local

DEFAULT_LEADS = (timedelta(minutes=10),)
DEFAULT_LOCALE = "en"
MOST_LEADS = 5
LONGEST_LEAD = timedelta(days=28)


class HourCycle(IntEnum):
    """How the time of day is written; values are stored."""

    LOCALE = 0
    H12 = 1
    H24 = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """Wall-clock times; an end before the start is on the next day."""

    start: time
    end: time


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyDigest:
    """A wall-clock time on a day of the week, 0 for Monday."""

    day: int
    at: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What is known of a person; `is_guess` while they have not said their zone themselves.

    `first_day` is 0 for Monday, None as in the locale. No digest goes out without a time for it.
    """

    time_zone: str = UNKNOWN_ZONE
    is_guess: bool = True
    locale: str = DEFAULT_LOCALE
    reminder_leads: tuple[timedelta, ...] = DEFAULT_LEADS
    first_day: int | None = None
    hour_cycle: HourCycle = HourCycle.LOCALE
    quiet_hours: QuietHours | None = None
    digest_time: time | None = None
    weekly_digest: WeeklyDigest | None = None

    def next_digest(self, after: datetime) -> datetime | None:
        """The first instant later than `after` at which the day's overview is due."""
        if self.digest_time is None:
            return None
        return _next(self.digest_time, None, self.time_zone, after)

    def next_weekly_digest(self, after: datetime) -> datetime | None:
        """The first instant later than `after` at which the week's overview is due."""
        weekly = self.weekly_digest
        if weekly is None:
            return None
        return _next(weekly.at, weekly.day, self.time_zone, after)


def _next(at: time, weekday: int | None, time_zone: str, after: datetime) -> datetime:
    today = to_local(after, time_zone).date()
    # A day earlier, too: in an overlap the wall clock runs behind.
    for offset in range(-1, 9):
        day = today + timedelta(days=offset)
        if weekday is not None and day.weekday() != weekday:
            continue
        moment = to_instant(datetime.combine(day, at), time_zone)
        if moment > after:
            return moment
    raise AssertionError("every week has every day")
