"""What the tests of the due queue and its worker share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.clock import SystemClock
from chassis.outcome import Outcome, Settle
from db.due import Claim, DueQueue, DueWorker, QueueWatch, Wake
from tests.integration.db.due_tables import jobs

CLOCK = SystemClock()
SOON = timedelta(seconds=0.2)


async def add(engine: AsyncEngine, *labels: str, due: datetime | None = None) -> None:
    async with engine.begin() as connection:
        values = [{"due_time": due or CLOCK.now(), "label": label} for label in labels]
        await connection.execute(sa.insert(jobs), values)


@asynccontextmanager
async def running(*workers: DueWorker | Wake | QueueWatch) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as tasks:
        for worker in workers:
            tasks.create_task(worker.run())
        try:
            yield
        finally:
            for worker in workers:
                await worker.stop()


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Looks again until it holds; for what other processes would see in the database."""
    async with asyncio.timeout(15):
        while not await condition():  # noqa: ASYNC110 - a database sets no event
            await asyncio.sleep(0.01)


class Handled:
    """Handlers that record what they got and can be waited for."""

    def __init__(self, expected: int = 1) -> None:
        self.labels: list[str] = []
        self._expected = expected
        self._all = asyncio.Event()

    def note(self, claim: Claim) -> None:
        self.labels.append(claim.row["label"])
        if len(self.labels) >= self._expected:
            self._all.set()

    async def settle(self, claim: Claim) -> Outcome:
        self.note(claim)
        return Settle()

    async def all(self) -> None:
        async with asyncio.timeout(15):
            await self._all.wait()


def a_queue(engine: AsyncEngine, **options: Any) -> DueQueue:
    return DueQueue(engine, jobs, columns=["label"], **options)


class ShiftedClock:
    """The machine's clock and a shift that the test moves."""

    def __init__(self) -> None:
        self.shift = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.shift


async def rows(engine: AsyncEngine, table: sa.Table = jobs) -> Sequence[Any]:
    async with engine.connect() as connection:
        return (await connection.execute(sa.select(table).order_by(table.c.id))).all()


async def terminate_backends(admin: asyncpg.Connection, engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        name = (await connection.execute(sa.text("SELECT current_database()"))).scalar_one()
        own = (await connection.execute(sa.text("SELECT pg_backend_pid()"))).scalar_one()
        await admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = $1 AND pid <> $2",
            name,
            own,
        )
