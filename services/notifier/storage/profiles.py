"""How people are written to, over SQL, with a bounded cache in front."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta

import asyncpg

from services.notifier.domain.contact import (
    Changed,
    Preferences,
    PreferencesChange,
    UserNotFound,
)
from services.notifier.storage.database import Database

# What another replica changed is seen after this long at the latest.
FRESH_FOR = timedelta(seconds=30)

_COLUMNS = """user_id, stop_time, time_zone, time_zone_guess, locale, locale_guess, quiet_start,
  quiet_end, is_spoken, window_until"""

_READ = f"SELECT {_COLUMNS} FROM notifier.contacts WHERE user_id = ANY($1::text[])"  # noqa: S608

# $1 user, $2 stopped, $3 zone, $4 locale, $5 whether quiet hours change, $6 and $7 them, $8 spoken,
# $9 request, $10 now; null leaves what is. The request that stopped or started us is remembered: a
# repeat of it after a crash is answered as it was.
_CHANGE = """
WITH before AS (
  SELECT user_id, stop_time, stop_request_id FROM notifier.contacts WHERE user_id = $1 FOR UPDATE
), moved AS (
  SELECT user_id, $2::boolean IS NOT NULL AND ($2 <> (stop_time IS NOT NULL)
    OR stop_request_id IS NOT DISTINCT FROM $9::uuid) AS has_moved
  FROM before
)
UPDATE notifier.contacts c
SET stop_time = CASE WHEN $2 IS NULL THEN c.stop_time WHEN $2 THEN coalesce(c.stop_time, $10) END,
  stop_request_id = CASE WHEN m.has_moved THEN $9 ELSE c.stop_request_id END,
  time_zone = coalesce($3, c.time_zone), locale = coalesce($4, c.locale),
  quiet_start = CASE WHEN $5 THEN $6::time ELSE c.quiet_start END,
  quiet_end = CASE WHEN $5 THEN $7::time ELSE c.quiet_end END,
  is_spoken = coalesce($8, c.is_spoken)
FROM moved m WHERE c.user_id = m.user_id
RETURNING m.has_moved, c.user_id, c.stop_time, c.time_zone, c.time_zone_guess, c.locale,
  c.locale_guess, c.quiet_start, c.quiet_end, c.is_spoken, c.window_until
"""


class SqlProfiles:
    """See `ports.Profiles`. `count` is told of look-ups: "hit" or "miss", and how many."""

    def __init__(
        self, database: Database, count: Callable[[str, int], None], *, cache_size: int = 50_000
    ) -> None:
        self._database = database
        self._count = count
        self._cache_size = cache_size
        self._cache: OrderedDict[str, tuple[Preferences, datetime]] = OrderedDict()

    async def of(self, user_ids: Collection[str], now: datetime) -> Mapping[str, Preferences]:
        """See `ports.Profiles`."""
        found = {}
        missing = []
        for user_id in user_ids:
            entry = self._cache.get(user_id)
            if entry is not None and entry[1] > now >= entry[1] - FRESH_FOR:
                found[user_id] = entry[0]
            else:
                missing.append(user_id)
        if found:
            self._count("hit", len(found))
        if missing:
            self._count("miss", len(missing))
            for row in await self._database.fetch(_READ, missing):
                found[row["user_id"]] = self._remember(row, now)
        return found

    async def change(
        self, user_id: str, change: PreferencesChange, *, request_id: str, now: datetime
    ) -> Changed:
        """See `ports.Profiles`."""
        quiet = change.quiet_hours
        rows = await self._database.fetch(
            _CHANGE,
            user_id,
            change.is_stopped,
            change.time_zone,
            change.locale,
            quiet is not None,
            quiet[0] if quiet else None,
            quiet[1] if quiet else None,
            change.is_spoken,
            request_id,
            now,
        )
        if not rows:
            raise UserNotFound
        (row,) = rows
        return Changed(preferences=self._remember(row, now), has_moved=row["has_moved"])

    def forget(self, user_id: str) -> None:
        """Drops one from the cache."""
        self._cache.pop(user_id, None)

    def _remember(self, row: asyncpg.Record, now: datetime) -> Preferences:
        start, end = row["quiet_start"], row["quiet_end"]
        preferences = Preferences(
            is_stopped=row["stop_time"] is not None,
            time_zone=row["time_zone"] or row["time_zone_guess"],
            locale=row["locale"] or row["locale_guess"],
            quiet_hours=None if start is None or end is None else (start, end),
            is_spoken=row["is_spoken"],
            window_until=row["window_until"],
        )
        self._cache[row["user_id"]] = (preferences, now + FRESH_FOR)
        self._cache.move_to_end(row["user_id"])
        while len(self._cache) > self._cache_size:
            self._cache.popitem(last=False)
        return preferences
