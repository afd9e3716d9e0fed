"""Grants are made as they are needed, by several at once, and until there are all."""

from __future__ import annotations

import asyncio

import asyncpg

from db.engine import open_engine
from services.notifier.domain.cap import Caps, Scope
from services.notifier.storage.database import Database
from services.notifier.storage.quotas import SqlQuotas


async def test_who_finds_them_made_by_another_does_not_take_them_for_all(
    database_url: str,
) -> None:
    engine = open_engine(database_url, application_name="test", pool_size=8)
    caps = Caps(minute_limit=2200, day_limit=2200, outside_limit=0)
    quotas = SqlQuotas(Database(engine), caps)
    try:
        assert all(await asyncio.gather(*(quotas.grow() for _ in range(6))))
        for _more in range(10):
            if not await quotas.grow():
                break
    finally:
        await engine.dispose()
    connection = await asyncpg.connect(database_url)
    try:
        counts = await connection.fetch(
            "SELECT scope, count(*) AS count FROM notifier.grants GROUP BY scope"
        )
    finally:
        await connection.close()
    assert {row["scope"]: row["count"] for row in counts} == {
        int(Scope.MINUTE): 2200,
        int(Scope.DAY): 2200,
    }
