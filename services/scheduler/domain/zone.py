"""Wall-clock time to instants and back, by the IANA rules of a zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.scheduler.domain.errors import TimeZoneUnknown

UNKNOWN_ZONE = "UTC"


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The zone of this IANA name. Raises `TimeZoneUnknown`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise TimeZoneUnknown(violations={"time_zone": "is no IANA zone name"}) from error


def is_zone(name: str) -> bool:
    """Whether there is an IANA zone of this name."""
    try:
        zone(name)
    except TimeZoneUnknown:
        return False
    return True


def to_instant(local: datetime, time_zone: str) -> datetime:
    """The instant (UTC) of a naive wall-clock time.

    In a gap the offset before the gap counts (02:30 becomes 03:30), in an overlap the first
    passage: both are what `fold=0` means.
    """
    return local.replace(tzinfo=zone(time_zone), fold=0).astimezone(UTC)


def to_local(instant: datetime, time_zone: str) -> datetime:
    """The naive wall-clock time in the zone at an instant."""
    return instant.astimezone(zone(time_zone)).replace(tzinfo=None, fold=0)


def day_bounds(first: date, last: date, time_zone: str) -> tuple[datetime, datetime]:
    """The instants at which `first` begins and the day after `last` begins."""
    after = last + timedelta(days=1)
    midnights = (datetime.combine(day, time()) for day in (first, after))
    start, end = (to_instant(midnight, time_zone) for midnight in midnights)
    return start, end
