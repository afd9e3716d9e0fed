"""The breaker before the provider as a row: all replicas see the same one."""

from __future__ import annotations

from datetime import datetime

import asyncpg

from services.notifier.domain.breaker import CLOSED, Breaker, BreakerPolicy
from services.notifier.storage.database import Database

_NEW = "INSERT INTO notifier.breakers (phone_id) VALUES ($1) ON CONFLICT (phone_id) DO NOTHING"
_READ = """
SELECT failures, openings, open_until, probe_until, reason, change_time
FROM notifier.breakers WHERE phone_id = $1
"""
_LOCK = f"{_READ} FOR UPDATE"
# $2 to $6 its columns, $7 now. A probe that failed is over.
_WRITE = """
UPDATE notifier.breakers
SET failures = $2, openings = $3, open_until = $4, probe_until = $5, reason = $6, change_time = $7
WHERE phone_id = $1
"""


class SqlBreakers:
    """The breaker of one phone number; see `ports.Breakers`.

    Its row is read and the right to probe is taken where attempts start, and it is closed where
    they end well (`storage.beginning`, `storage.finishing`); only failures come here.
    """

    def __init__(self, database: Database, *, phone_id: str, policy: BreakerPolicy) -> None:
        self._database = database
        self._phone_id = phone_id
        self._policy = policy

    async def failed(self, now: datetime, *, reason: str, at_once: bool) -> Breaker:
        """See `ports.Breakers`."""
        async with self._database.transaction() as (_, driver):
            await driver.execute(_NEW, self._phone_id)
            row = await driver.fetchrow(_LOCK, self._phone_id)
            before = _breaker(row)
            after = before.failed(now, self._policy, at_once=at_once, reason=reason)
            await driver.execute(
                _WRITE,
                self._phone_id,
                after.failures,
                after.openings,
                after.open_until,
                after.probe_until,
                after.reason,
                now,
            )
        return after

    async def state(self) -> Breaker:
        """See `ports.Breakers`."""
        rows = await self._database.fetch(_READ, self._phone_id)
        return _breaker(rows[0]) if rows else CLOSED

    async def stop(self, now: datetime, *, until: datetime, reason: str) -> None:
        """Opens it at once and until then, because the provider has said that it must."""
        async with self._database.transaction() as (_, driver):
            await driver.execute(_NEW, self._phone_id)
            before = _breaker(await driver.fetchrow(_LOCK, self._phone_id))
            opens = max(until, before.open_until or until)
            await driver.execute(
                _WRITE,
                self._phone_id,
                before.failures + 1,
                before.openings + 1,
                opens,
                None,
                reason,
                now,
            )


def _breaker(row: asyncpg.Record) -> Breaker:
    return Breaker(
        failures=row["failures"],
        openings=row["openings"],
        open_until=row["open_until"],
        probe_until=row["probe_until"],
        reason=row["reason"],
    )
