"""A person's own time: when their day begins, and when not to disturb them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_DAY = timedelta(days=1)
_QUARTER = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """An IANA zone ("" or unknown: UTC) and local quiet hours; both times are there, or neither.

    Quiet hours whose end is not after their start end on the next day.
    """

    time_zone: str = ""
    quiet_start: time | None = None
    quiet_end: time | None = None

    def day(self, now: datetime) -> date:
        """The local date."""
        return _local_day(self.time_zone, int(now.timestamp()) // _QUARTER)

    def day_end(self, now: datetime) -> datetime:
        """When the local day ends (UTC)."""
        return _start(self.time_zone, self.day(now) + _DAY)

    def quiet_until(self, now: datetime) -> datetime | None:
        """When the quiet hours end that `now` lies in (UTC); None outside of them."""
        if self.quiet_start is None or self.quiet_end is None:
            return None
        today = self.day(now)
        # Those that began yesterday may still last.
        for day in (today - _DAY, today):
            start = self._at(day, self.quiet_start)
            over_midnight = self.quiet_end <= self.quiet_start
            end = self._at(day + _DAY if over_midnight else day, self.quiet_end)
            if start <= now < end:
                return end
        return None

    def next_day(self, now: datetime) -> datetime:
        """When something may go out that was too much for today: never in the quiet hours."""
        end = self.day_end(now)
        return self.quiet_until(end) or end

    def _at(self, day: date, at: time) -> datetime:
        # A time in a gap takes the offset before it, one in an overlap the first: fold 0.
        return datetime.combine(day, at, tzinfo=zone(self.time_zone)).astimezone(UTC)


@lru_cache(maxsize=4096)
def _local_day(name: str, quarter: int) -> date:
    """The local date in a quarter of an hour since 1970: no zone's day begins inside one."""
    return datetime.fromtimestamp(quarter * _QUARTER, UTC).astimezone(zone(name)).date()


@lru_cache(maxsize=4096)
def _start(name: str, day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone(name)).astimezone(UTC)


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The zone of this name; UTC where there is none."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
