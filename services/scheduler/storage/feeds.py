"""Port `Feeds` over Postgres."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.errors import RequestIdReused
from db.engine import autocommit, raw
from services.scheduler.domain.errors import CalendarFeedNotFound
from services.scheduler.ports import Feed, Reader

# A person's feeds are made one after the other: two at a time would both work.
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('scheduler.feeds:' || $1, 0))"
_REQUESTED = "SELECT * FROM scheduler.feeds WHERE request_id = $1::uuid"
_REVOKE = """
UPDATE scheduler.feeds SET revoke_time = $2 WHERE user_id = $1 AND revoke_time IS NULL
"""
_CREATE = """
INSERT INTO scheduler.feeds (request_id, user_id, token_hash, create_time)
VALUES ($1::uuid, $2, $3, $4) RETURNING *
"""
_NEWEST = """
SELECT * FROM scheduler.feeds WHERE user_id = $1 ORDER BY create_time DESC LIMIT 1
"""
_READ = """
WITH seen AS (
    UPDATE scheduler.feeds SET read_time = $2
    WHERE token_hash = $1 AND revoke_time IS NULL
      AND (read_time IS NULL OR read_time < $2::timestamptz - interval '1 hour')
)
SELECT f.user_id, coalesce(p.version, 0) AS version
FROM scheduler.feeds AS f LEFT JOIN scheduler.people AS p ON p.user_id = f.user_id
WHERE f.token_hash = $1 AND f.revoke_time IS NULL
"""


class StoredFeeds:
    """Calendar feeds."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = autocommit(engine)

    async def create(
        self, user_id: str, token_hash: bytes, *, request_id: str, now: datetime
    ) -> Feed:
        """Makes one and revokes those before; a repeat finds what it made."""
        async with self._engine.connect() as connection:
            driver = await raw(connection)
            async with driver.transaction():
                await driver.execute(_LOCK, user_id)
                row = await driver.fetchrow(_REQUESTED, request_id)
                if row is None:
                    await driver.execute(_REVOKE, user_id, now)
                    row = await driver.fetchrow(_CREATE, request_id, user_id, token_hash, now)
        if row["user_id"] != user_id:
            raise RequestIdReused(metadata={"request_id": request_id})
        return _feed(row)

    async def get(self, user_id: str) -> Feed:
        """The newest. Raises CalendarFeedNotFound."""
        async with self._engine.connect() as connection:
            driver = await raw(connection)
            row = await driver.fetchrow(_NEWEST, user_id)
        if row is None:
            raise CalendarFeedNotFound
        return _feed(row)

    async def revoke(self, user_id: str, *, now: datetime) -> Feed:
        """Revokes what there is; the newest. Raises CalendarFeedNotFound."""
        async with self._engine.connect() as connection:
            driver = await raw(connection)
            await driver.execute(_REVOKE, user_id, now)
        return await self.get(user_id)

    async def read(self, token_hash: bytes, *, now: datetime) -> Reader:
        """Whose it is. Raises CalendarFeedNotFound for one that is unknown or revoked."""
        async with self._engine.connect() as connection:
            driver = await raw(connection)
            row = await driver.fetchrow(_READ, token_hash, now)
        if row is None:
            raise CalendarFeedNotFound
        return Reader(user_id=row["user_id"], version=row["version"])


def _feed(row: Any) -> Feed:
    return Feed(
        user_id=row["user_id"],
        create_time=row["create_time"],
        read_time=row["read_time"],
        revoke_time=row["revoke_time"],
    )
