"""Statements on the driver's own connection: what the hot path can afford."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import asyncpg
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.due.connection import HeldConnection
from db.engine import autocommit, raw

# Every statement here has one good plan: nested loops over keys. Planned once, while a table was
# small, it must not be a scan that stays when the table is large.
_PLANNER = {
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "plan_cache_mode": "force_generic_plan",
}
_SET_PLANNER = "; ".join(f"SET {name} = {value}" for name, value in _PLANNER.items())
# How long one statement on a held connection may take.
_DEADLINE = timedelta(seconds=5)


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

    def held(self) -> HeldConnection:
        """A connection of its own, for what runs one statement after the other."""
        return HeldConnection(self._engine, _PLANNER, deadline=_DEADLINE)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[tuple[AsyncConnection, asyncpg.Connection]]:
        """One transaction, committed at the end of the block, undone by an exception."""
        async with self._engine.begin() as connection:
            yield connection, await raw(connection)


def _plan_once(connection: Any, _record: Any) -> None:
    connection.run_async(lambda driver: driver.execute(_SET_PLANNER))
