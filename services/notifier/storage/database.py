"""Statements on the driver's own connection: what the hot path can afford."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.engine import autocommit, raw

# Every statement here has one good plan: nested loops over keys. Planned once, while a table was
# small, it must not be a scan that stays when the table is large.
_PLANNER = """
SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
SET plan_cache_mode = force_generic_plan
"""


class Database:
    """One service's pool; every statement alone commits by itself."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._autocommit = autocommit(engine)
        sa.event.listen(engine.sync_engine, "connect", _plan_once)

    async def fetch(self, statement: str, *arguments: Any) -> Sequence[asyncpg.Record]:
        """The rows of one statement, which is its own transaction."""
        async with self._autocommit.connect() as connection:
            driver = await raw(connection)
            rows: Sequence[asyncpg.Record] = await driver.fetch(statement, *arguments)
            return rows

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[tuple[AsyncConnection, asyncpg.Connection]]:
        """One transaction, committed at the end of the block, undone by an exception."""
        async with self._engine.begin() as connection:
            yield connection, await raw(connection)


def _plan_once(connection: Any, _record: Any) -> None:
    connection.run_async(lambda driver: driver.execute(_PLANNER))
