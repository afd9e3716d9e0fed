"""A row that falls due between two looks at the clock is not left for the next poll."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.outcome import Outcome, Settle
from db.due import Claim, DueQueue, DueWorker
from tests.integration.db.due_tables import jobs

DUE = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
POLL = timedelta(seconds=60)


class PassingClock:
    """A microsecond before the due time at the first look, a microsecond after it from then on."""

    def __init__(self) -> None:
        self._looks = 0

    def now(self) -> datetime:
        self._looks += 1
        return DUE + timedelta(microseconds=-1 if self._looks == 1 else 1)


async def test_a_row_that_falls_due_while_the_worker_looks_is_claimed_at_once(
    jobs_engine: AsyncEngine,
) -> None:
    async with jobs_engine.begin() as connection:
        await connection.execute(sa.insert(jobs), [{"due_time": DUE, "label": "now"}])
    handled = asyncio.Event()

    async def handle(_claim: Claim) -> Outcome:
        handled.set()
        return Settle()

    queue = DueQueue(jobs_engine, jobs, columns=["label"])
    worker = DueWorker(queue, handle, clock=PassingClock(), poll=POLL)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(worker.run())
        async with asyncio.timeout(10):
            await handled.wait()
        await worker.stop()
