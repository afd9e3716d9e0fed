"""How fast what falls due is worked off, and how late, beside pgqueuer in the same run.

    python -m benchmarks.due                   # a full run; writes benchmarks/results/due.json
    python -m benchmarks.due --quick           # smaller and fewer rounds, for CI; writes nothing

Everything runs on one embedded Postgres (fsync on), on uvloop, in turns, several rounds, each in
another order. Rates are medians over the rounds; ratios are medians of the ratios of each round.

- *drain*: rows that are all due, with a handler that does nothing. `hark` is a `DueWorker` with a
  handler a row, `batch=500`; `batches` has a handler a batch; `lanes` has 3,000 lanes; `million`
  has 1,000,000 future rows in the table besides. `pgqueuer` runs at `batch_size=500` in drain mode
  with its documented autovacuum settings, on one connection and on a pool, whichever is faster;
  its clock starts at its first job and stops at its last, without its start and its last flush.
- *lateness*: rows that fall due at random moments; from the due time to the handler's first line;
  the median of the percentiles of several runs, and the worst of all.
- *takeover*: a process that holds claims is killed; from the kill to the first line of the handler
  that gets its rows next.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import sqlalchemy as sa
import uvloop
from pgqueuer.core.qm import QueueManager
from pgqueuer.db import AsyncpgDriver, AsyncpgPoolDriver
from pgqueuer.models import Job
from pgqueuer.queries import Queries
from pgqueuer.types import QueueExecutionMode
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.due_report import report, show
from chassis.clock import SystemClock
from chassis.outcome import Outcome, Settle
from db.due import DUE_TABLE_OPTIONS, Claim, DueQueue, DueWorker, due_columns, due_indexes
from db.embedded import EmbeddedPostgres
from db.engine import autocommit, open_engine

RESULTS = Path(__file__).parent / "results" / "due.json"
BATCH = 500
SLOTS = 1_000
LANES = 3_000
CLOCK = SystemClock()
SETTLE = Settle()

metadata = sa.MetaData()


def table(name: str, *, lane: bool = False) -> sa.Table:
    return sa.Table(
        name,
        metadata,
        *due_columns(lane=lane),
        sa.Column("body", sa.LargeBinary, nullable=False),
        *due_indexes(name, lane=lane),
        **DUE_TABLE_OPTIONS,
    )


plain, lanes, million = table("plain"), table("lanes", lane=True), table("million")


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much of everything one run does."""

    rounds: int
    rows: int
    pgqueuer_rows: int
    future: int
    late_rounds: int
    late_rows: int
    late_seconds: float
    takeovers: int


FULL = Size(
    rounds=7,
    rows=30_000,
    pgqueuer_rows=15_000,
    future=1_000_000,
    late_rounds=5,
    late_rows=1_000,
    late_seconds=10,
    takeovers=5,
)
QUICK = Size(
    rounds=3,
    rows=10_000,
    pgqueuer_rows=5_000,
    future=100_000,
    late_rounds=1,
    late_rows=300,
    late_seconds=5,
    takeovers=1,
)


class Bench:
    """The servers, tables and contestants of one run."""

    def __init__(self, url: str, size: Size) -> None:
        self.url = url
        self.size = size
        self.engine: AsyncEngine = open_engine(
            url, application_name="bench", pool_size=5, statement_timeout=timedelta(minutes=5)
        )

    async def prepare(self) -> None:
        async with self.engine.begin() as connection:
            await connection.run_sync(metadata.drop_all)
            await connection.run_sync(metadata.create_all)
        await self.run(
            "INSERT INTO million (due_time, body) SELECT statement_timestamp()"
            f" + interval '1 day' * (1 + random()), 'x' FROM generate_series(1, {self.size.future})"
        )

    async def run(self, *statements: str) -> None:
        async with autocommit(self.engine).connect() as connection:
            for statement in statements:
                await connection.exec_driver_sql(statement)

    async def fill(self, name: str) -> None:
        """Rows due now; what earlier rounds left is cleaned away."""
        lane = name == "lanes"
        await self.run(
            f"DELETE FROM {name} WHERE settled_time IS NOT NULL",
            f"INSERT INTO {name} (due_time, body{', lane' if lane else ''})"
            f" SELECT statement_timestamp(), 'x'"
            f"{f', int8send(n % {LANES}) || int8send(0)' if lane else ''}"
            f" FROM generate_series(1, {self.size.rows}) AS n",
            f"VACUUM ANALYZE {name}",
            "CHECKPOINT",
        )

    async def drain(self, source: sa.Table, *, batched: bool = False) -> float:
        """Rows a second from the start of the worker until the last outcome is written."""
        await self.fill(source.name)
        left = self.size.rows
        finished = asyncio.Event()

        def written(results: Sequence[tuple[Claim, Outcome]]) -> None:
            nonlocal left
            left -= len(results)
            if not left:
                finished.set()

        async def one(_claim: Claim) -> Outcome:
            return SETTLE

        async def many(claims: Sequence[Claim]) -> Sequence[Outcome]:
            return [SETTLE] * len(claims)

        queue = DueQueue(self.engine, source, columns=["body"])
        if batched:
            worker = DueWorker(
                queue, many, clock=CLOCK, batched=True, batch=BATCH, on_written=written
            )
        else:
            worker = DueWorker(
                queue, one, clock=CLOCK, slots=SLOTS, batch=BATCH, on_written=written
            )
        tidy()
        start = time.perf_counter()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(worker.run())
            await finished.wait()
            seconds = time.perf_counter() - start
            await worker.stop()
        return self.size.rows / seconds

    async def pgqueuer(self, *, pool: bool) -> float:
        """Jobs a second from the first job to the last."""
        count = self.size.pgqueuer_rows
        await self._fill_pgqueuer(count)
        connections: list[Any] = []
        if pool:
            connections.append(await asyncpg.create_pool(self.url, min_size=1, max_size=5))
            driver: Any = AsyncpgPoolDriver(connections[0])
        else:
            connections.append(await asyncpg.connect(self.url))
            driver = AsyncpgDriver(connections[0])
        manager = QueueManager(Queries(driver))
        done, first, last = 0, 0.0, 0.0

        @manager.entrypoint("nothing")
        async def nothing(_job: Job) -> None:
            nonlocal done, first, last
            last = time.perf_counter()
            first = first or last
            done += 1

        tidy()
        await manager.run(batch_size=BATCH, mode=QueueExecutionMode.drain)
        for connection in connections:
            await connection.close()
        if done != count:
            raise RuntimeError(f"pgqueuer did {done} of {count} jobs")
        return count / (last - first)

    async def _fill_pgqueuer(self, count: int) -> None:
        connection = await asyncpg.connect(self.url)
        queries = Queries(AsyncpgDriver(connection))
        if await queries.has_table(queries.qbe.settings.queue_table):
            await queries.uninstall()
        await queries.install()
        await connection.execute(queries.qbe.build_optimize_autovacuum_query())
        for start in range(0, count, 5_000):
            n = min(5_000, count - start)
            await queries.enqueue(["nothing"] * n, [b"x"] * n, [0] * n)
        await connection.execute("VACUUM ANALYZE")
        await connection.execute("CHECKPOINT")
        await connection.close()

    async def lateness(self, source: sa.Table) -> list[float]:
        """Milliseconds from due time to handler, sorted."""
        size = self.size
        # What the drains left behind is written now, not in between.
        await self.run(f"VACUUM ANALYZE {source.name}", "CHECKPOINT")
        begin = CLOCK.now() + timedelta(seconds=1.5)
        moments = [random.uniform(0, size.late_seconds) for _ in range(size.late_rows)]
        async with self.engine.begin() as connection:
            await connection.execute(
                sa.insert(source),
                [{"due_time": begin + timedelta(seconds=s), "body": b"x"} for s in moments],
            )
        late: list[float] = []
        finished = asyncio.Event()

        async def handle(claim: Claim) -> Outcome:
            late.append((CLOCK.now() - claim.due_time).total_seconds() * 1000)
            if len(late) == size.late_rows:
                finished.set()
            return SETTLE

        queue = DueQueue(self.engine, source, columns=["body"])
        worker = DueWorker(queue, handle, clock=CLOCK, slots=SLOTS, batch=BATCH)
        tidy()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(worker.run())
            await finished.wait()
            await worker.stop()
        if min(late) < 0:
            raise RuntimeError("a row was handled before it was due")
        return sorted(late)

    async def takeover(self) -> float:
        """Seconds from the kill of a process that holds rows until the last is handled."""
        await self.run(
            "TRUNCATE plain",
            "INSERT INTO plain (due_time, body)"
            " SELECT statement_timestamp(), 'x' FROM generate_series(1, 20)",
        )
        holder = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.due", "--hold", self.url),
            stdout=asyncio.subprocess.PIPE,
        )
        assert holder.stdout is not None
        await holder.stdout.readline()
        # Anywhere between two renewals.
        await asyncio.sleep(2 + random.random())
        taken = 0
        finished = asyncio.Event()

        async def handle(_claim: Claim) -> Outcome:
            nonlocal taken
            taken += 1
            if taken == 20:
                finished.set()
            return SETTLE

        queue = DueQueue(self.engine, plain, columns=["body"])
        worker = DueWorker(queue, handle, clock=CLOCK)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(worker.run())
            holder.kill()
            killed = time.perf_counter()
            await finished.wait()
            seconds = time.perf_counter() - killed
            await worker.stop()
        await holder.wait()
        return seconds


async def hold(url: str) -> None:
    """Claims what is there, says so, and works on it for ever."""
    engine = open_engine(url, application_name="holder", pool_size=2)
    claimed = 0

    async def handle(_claim: Claim) -> Outcome:
        nonlocal claimed
        claimed += 1
        if claimed == 20:
            print("held", flush=True)
        await asyncio.Event().wait()
        return SETTLE

    await DueWorker(DueQueue(engine, plain), handle, clock=CLOCK).run()


def tidy() -> None:
    """As after the start of a service: what lives long is not looked at by every collection."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


async def measure(url: str, size: Size) -> dict[str, Any]:
    bench = Bench(url, size)
    await bench.prepare()
    contestants: dict[str, Callable[[], Awaitable[float]]] = {
        "hark": lambda: bench.drain(plain),
        "pgqueuer": lambda: bench.pgqueuer(pool=False),
        "million": lambda: bench.drain(million),
        "lanes": lambda: bench.drain(lanes),
        "pgqueuer_pool": lambda: bench.pgqueuer(pool=True),
        "batches": lambda: bench.drain(plain, batched=True),
    }
    rates: dict[str, list[float]] = {name: [] for name in contestants}
    for number in range(size.rounds):
        # Another order each round: nobody always runs in the same one's wake.
        for name in random.sample(list(contestants), len(contestants)):
            rates[name].append(await contestants[name]())
        line = "  ".join(f"{name} {values[-1]:,.0f}" for name, values in rates.items())
        print(f"round {number + 1}: {line}", flush=True)
    late: dict[str, list[list[float]]] = {"plain": [], "million": []}
    for _ in range(size.late_rounds):
        late["plain"].append(await bench.lateness(plain))
        late["million"].append(await bench.lateness(million))
    takeovers = [await bench.takeover() for _ in range(size.takeovers)]
    await bench.engine.dispose()
    return report(rates, late, takeovers, size)


async def main(arguments: argparse.Namespace) -> int:
    if arguments.hold:
        await hold(arguments.hold)
        return 0
    size = QUICK if arguments.quick else FULL
    with tempfile.TemporaryDirectory(prefix="hark-bench-") as folder:
        postgres = EmbeddedPostgres(Path(folder) / "home")
        try:
            result = await measure(arguments.url or await postgres.start(), size)
        finally:
            await postgres.stop()
    show(result)
    if not arguments.quick:
        RESULTS.write_text(json.dumps(result, indent=2) + "\n")
    return 0 if all(line["holds"] for line in result["bars"]) else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--quick", action="store_true", help="smaller; writes nothing")
    parser.add_argument("--url", help="a Postgres of your own; its tables plain, lanes, million go")
    parser.add_argument("--hold", help=argparse.SUPPRESS)
    sys.exit(uvloop.run(main(parser.parse_args())))
