"""However large the table and however old its statistics: never a scan of all of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.outcome import Bury, Outcome, Postpone, Settle
from db.due import DueQueue
from tests.integration.db.due_tables import jobs, lane_jobs

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.mark.parametrize("table", [jobs, lane_jobs], ids=["without lanes", "with lanes"])
async def test_no_statement_of_the_queue_reads_the_whole_table(
    jobs_engine: AsyncEngine, table: sa.Table
) -> None:
    before = await scans(jobs_engine, table)
    queue = DueQueue(jobs_engine, table, columns=["label"])
    # The trap: what was planned for an empty table stays in use when it has grown.
    for _ in range(10):
        await use_everything(queue)
    await fill(jobs_engine, table)
    for _ in range(10):
        assert await use_everything(queue) == 6
    assert await scans(jobs_engine, table) == before


async def use_everything(queue: DueQueue) -> int:
    first = await queue.claim(6, NOW)
    await queue.renew(first)
    outcomes: list[Outcome] = [
        Settle(),
        Settle(values={"label": "done"}),
        Postpone(due_time=LATER, reason="R"),
        Bury(reason="R"),
    ]
    buried = first[3].id if first else 1
    _, second = await queue.finish_and_claim(list(zip(first, outcomes, strict=False)), 1, NOW)
    await queue.release([*first[4:], *second])
    await queue.redrive([buried], LATER)
    await queue.next_due_time(NOW)
    await queue.depth(NOW)
    return len(first)


async def fill(engine: AsyncEngine, table: sa.Table) -> None:
    lane = table is lane_jobs
    names = "due_time, lane" if lane else "due_time"
    place = ", int4send(n)" if lane else ""
    async with engine.begin() as connection:
        await connection.execute(sa.text(f"ALTER TABLE {table.name} SET (autovacuum_enabled=off)"))
        for due, count in (("'2026-11-22 12:00Z'", 100), ("'2027-01-01Z'", 20_000)):
            await connection.execute(
                sa.text(
                    f"INSERT INTO {table.name} ({names}) SELECT {due}::timestamptz{place}"
                    f" FROM generate_series(1, {count}) AS n"
                )
            )


async def scans(engine: AsyncEngine, table: sa.Table) -> int:
    # Only the statistics of closed connections are complete.
    await engine.dispose()
    async with engine.connect() as connection:
        found = await connection.execute(
            sa.text("SELECT seq_scan FROM pg_stat_user_tables WHERE relname = :name"),
            {"name": table.name},
        )
        return int(found.scalar_one())
