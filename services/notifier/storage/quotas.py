"""The caps as rows: made as they are needed, counted, and when they come back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from chassis.log import get_logger
from db.engine import is_outage
from services.notifier.domain.cap import RESERVED_EVERY, Caps, Scope
from services.notifier.domain.contact import UserNotFound
from services.notifier.domain.habit import Habits
from services.notifier.ports import PersonalUsage, Usage
from services.notifier.storage.database import Database

log = get_logger()

# How many rows are made at a time: a cap that nobody reaches costs nothing.
GROWTH = 500
# As far as the next grants are looked up, and as many.
_MOST_TIMES = 200
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

# $1 scope, $2 limit, $3 how many, $4 free since. Two replicas may try the same: one makes each row.
_GROW = """
WITH top AS (
  SELECT coalesce((SELECT slot FROM notifier.grants WHERE scope = $1 ORDER BY slot DESC LIMIT 1),
    -1) AS slot
)
INSERT INTO notifier.grants (scope, slot, free_time)
SELECT $1, s, $4 FROM top, generate_series(top.slot + 1, least(top.slot + $3, $2 - 1)) AS s
ON CONFLICT (scope, slot) DO NOTHING
RETURNING slot
"""

# $1 scope.
_TOP = "SELECT coalesce(max(slot), -1) AS slot FROM notifier.grants WHERE scope = $1"

# $1 scope, $2 limit, $3 from, $4 to (later is a call that has not ended), $5 rows of the minute
# that are for others: every fifth, or none.
_NEXT = f"""
SELECT free_time FROM notifier.grants
WHERE scope = $1 AND slot < $2 AND free_time >= $3 AND free_time <= $4
  AND (NOT $5 OR slot % {RESERVED_EVERY} <> {RESERVED_EVERY - 1})
ORDER BY free_time LIMIT {_MOST_TIMES}
"""  # noqa: S608 - numbers of this module

# $1 scope, $2 limit, $3 now.
_USAGE = """
SELECT count(*) AS used, min(free_time) AS free_time
FROM notifier.grants WHERE scope = $1 AND slot < $2 AND free_time >= $3
"""

# $1 user.
_PERSONAL = """
SELECT coalesce(nullif(c.time_zone, ''), c.time_zone_guess) AS time_zone, a.day,
  coalesce(a.counted, 0) AS counted, a.paid_time, a.outside_until
FROM notifier.contacts c LEFT JOIN notifier.allowances a ON a.user_id = c.user_id
WHERE c.user_id = $1
"""

_HELD = """
SELECT state_reason, count(*) AS count FROM (
  SELECT state_reason FROM notifier.notifications
  WHERE settled_time IS NULL AND state = 7 LIMIT 10000) AS held
GROUP BY state_reason
"""


class SqlQuotas:
    """See `ports.Quotas`. Fits `chassis.process`."""

    def __init__(self, database: Database, caps: Caps) -> None:
        self._database = database
        self._caps = caps
        self._complete: set[Scope] = set()

    name = "notifier quotas"

    async def start(self) -> None:
        """Makes the first grants, so that no send has to wait for them."""
        try:
            await self.grow()
        except Exception as error:
            # They are made when they are missed, too.
            if not is_outage(error):
                raise
            log.warning("grants not made", error=type(error).__name__)

    async def stop(self) -> None:
        """Nothing to let go of."""

    async def grow(self) -> bool:
        """See `ports.Quotas`."""
        has_grown = False
        for scope in Scope:
            limit = self._caps.limit(scope)
            if scope in self._complete or limit == 0:
                continue
            await self._database.fetch(_GROW, int(scope), limit, GROWTH, _LONG_AGO)
            # Who made them does not matter: nothing made is no proof that there are all, because
            # somebody else may have made the same ones at the same time.
            (row,) = await self._database.fetch(_TOP, int(scope))
            if row["slot"] >= limit - 1:
                self._complete.add(scope)
            has_grown = True
        return has_grown

    async def next_times(
        self, scope: Scope, now: datetime, *, is_urgent: bool
    ) -> Sequence[datetime]:
        """See `ports.Quotas`."""
        rows = await self._database.fetch(
            _NEXT,
            int(scope),
            self._caps.limit(scope),
            now,
            now + self._caps.window(scope),
            scope is Scope.MINUTE and not is_urgent,
        )
        return [row["free_time"] for row in rows]

    async def usage(self, now: datetime) -> Sequence[Usage]:
        """See `ports.Quotas`."""
        usages = []
        for scope in Scope:
            limit = self._caps.limit(scope)
            (row,) = await self._database.fetch(_USAGE, int(scope), limit, now)
            is_full = limit > 0 and row["used"] >= limit
            free_time = row["free_time"] if is_full else None
            usages.append(Usage(scope=scope, used=row["used"], free_time=free_time))
        return usages

    async def personal(self, user_id: str, now: datetime) -> PersonalUsage:
        """See `ports.Quotas`."""
        rows = await self._database.fetch(_PERSONAL, user_id)
        if not rows:
            raise UserNotFound
        (row,) = rows
        habits = Habits(time_zone=row["time_zone"])
        ahead = (row["paid_time"] - now) / self._caps.pair_gap if row["paid_time"] else 0.0
        return PersonalUsage(
            counted=row["counted"] if row["day"] == habits.day(now) else 0,
            day_end=habits.day_end(now),
            owed=max(ahead, 0.0),
            is_outside=row["outside_until"] is not None and row["outside_until"] > now,
        )

    async def held(self) -> Mapping[str, int]:
        """See `ports.Quotas`."""
        rows = await self._database.fetch(_HELD)
        return {row["state_reason"]: row["count"] for row in rows}
