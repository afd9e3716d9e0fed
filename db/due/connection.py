"""One connection that a queue keeps for itself, opened when needed and replaced when it fails."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import asyncpg
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.engine import autocommit, raw


class HeldConnection:
    """Runs one statement at a time, each its own transaction, with a deadline.

    `settings` are session settings; the connection never returns to the pool with them. Whatever
    goes wrong but a plain statement error drops the connection: the next call opens another. It is
    closed by `close`, or with the engine.
    """

    def __init__(
        self, engine: AsyncEngine, settings: Mapping[str, str], *, deadline: timedelta
    ) -> None:
        self._engine = autocommit(engine)
        self._settings = settings
        self._deadline = deadline.total_seconds()
        self._lock = asyncio.Lock()
        self._held: AsyncConnection | None = None
        self._driver: asyncpg.Connection | None = None
        # Whoever disposes of the engine need not know of its queues.
        sa.event.listen(engine.sync_engine, "engine_disposed", self._on_disposed)

    async def fetch(self, statement: str, *arguments: Any) -> Sequence[asyncpg.Record]:
        """The records that one statement returns. Raises what the driver raises."""
        async with self._lock:
            try:
                async with asyncio.timeout(self._deadline):
                    driver = self._driver or await self._open()
                    records: Sequence[asyncpg.Record] = await driver.fetch(statement, *arguments)
                    return records
            except BaseException as error:
                if not _leaves_usable(error):
                    await self._drop()
                raise

    async def close(self) -> None:
        """Closes the connection, if one is open."""
        async with self._lock:
            await self._drop()

    async def _open(self) -> asyncpg.Connection:
        self._held = await self._engine.connect()
        driver = await raw(self._held)
        names, values = list(self._settings), list(self._settings.values())
        await driver.execute(
            "SELECT set_config(s.name, s.value, false)"
            " FROM unnest($1::text[], $2::text[]) AS s(name, value)",
            names,
            values,
        )
        self._driver = driver
        return driver

    def _on_disposed(self, _engine: sa.Engine) -> None:
        held, self._held, self._driver = self._held, None, None
        if held is not None and held.sync_connection is not None:
            held.sync_connection.invalidate()
            held.sync_connection.close()

    async def _drop(self) -> None:
        held, self._held, self._driver = self._held, None, None
        if held is not None:
            await held.invalidate()
            await held.close()


def _leaves_usable(error: BaseException) -> bool:
    return isinstance(error, asyncpg.PostgresError) and not isinstance(
        error, asyncpg.PostgresConnectionError | asyncpg.OperatorInterventionError
    )
