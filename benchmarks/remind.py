"""How late reminders are with a million others waiting, and how fast overdue ones drain.

    python -m benchmarks.remind                # a full run; writes benchmarks/results/remind.json

The scheduler as it is wired (its own Postgres from the wheel, fsync on) hands reminders over to a
notifier in another process that only notes when each one arrived. Lateness is arrival minus due
time, by the same clock. Every reminder that falls due is a real task of a real person, sealed.

- `empty`:   2,000 reminders due at random moments within 20 s, nothing else in the table;
- `million`: the same with 1,000,000 future reminders in the table;
- `overdue`: 20,000 reminders that are all overdue: how many a second notifier gets;
- `procrastinate`: how many jobs a second it works off that do nothing, in the same server.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import grpc
import sqlalchemy as sa
import uvloop

import db.tables
from benchmarks.remind_beside import rates
from chassis import log
from chassis.auth import Tokens
from chassis.clock import SystemClock
from chassis.crypto import Keyring
from chassis.process import Component, Readiness, Running
from chassis.settings import ListenAddress
from db.embedded import EmbeddedPostgres
from db.engine import open_engine
from db.sealed import PersonKeys
from db.tables.scheduler import person_keys
from hark.notifier.v1.notifier_service_pb2 import (
    BatchSendNotificationsRequest,
    BatchSendNotificationsResponse,
    BatchSendResult,
)
from hark.notifier.v1.notifier_service_pb2_grpc import (
    NotifierServiceServicer,
    add_NotifierServiceServicer_to_server,
)
from services.scheduler.domain.item import Task
from services.scheduler.domain.notice import reminders
from services.scheduler.domain.schedule import Schedule
from services.scheduler.settings import SchedulerSettings
from services.scheduler.storage import rows
from services.scheduler.wiring import assemble

RESULTS = Path(__file__).parent / "results" / "remind.json"
KEYRING, HASH_KEY = Keyring([("bench", b"b" * 32)]), b"h" * 32
TOKENS = "ai:" + "a" * 32 + ",scheduler:" + "s" * 32
PERSON = ("user_id", "version", "time_zone", "time_zone_confirmed", "locale")
STAMPS = ("create_time", "update_time")
PERSON_COLUMNS = (*PERSON, "reminder_lead_seconds", "last_task_number", *STAMPS)
TASK = ("task_id", "user_id", "number", "state", "version", "content", "list_key", "due_time")
SCHEDULE = ("start_time", "local_start", "all_day", "time_zone", "recurrence")
TASK_COLUMNS = (*TASK, *SCHEDULE, *STAMPS)
NOTICE = ("due_time", "notice_id", "user_id", "kind", "item_id", "item_version", "occurrence")
NOTICE_COLUMNS = (*NOTICE, "lead_seconds", "reply_to_message_id")


class Noting(NotifierServiceServicer):
    """Notes when each reminder came; its title is its due time in microseconds."""

    def __init__(self) -> None:
        self.late: dict[str, float] = {}
        self.arrivals: list[float] = []

    async def BatchSendNotifications(
        self, request: BatchSendNotificationsRequest, context: Any
    ) -> BatchSendNotificationsResponse:
        now = time.time()
        for each in request.requests:
            if each.request_id in self.late:
                raise AssertionError("handed over twice")
            self.late[each.request_id] = now - int(each.contents[0].parameters["title"]) / 1e6
            self.arrivals.append(now)
        return BatchSendNotificationsResponse(
            results=[
                BatchSendResult(request_id=each.request_id, notification_id=each.request_id)
                for each in request.requests
            ]
        )


async def notifier() -> None:
    """The other process: prints its port, then, for each line it reads, what it has noted."""
    # The other RPCs are answered with UNIMPLEMENTED.
    noting, server = Noting(), grpc.aio.server()  # type: ignore[abstract]
    add_NotifierServiceServicer_to_server(noting, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(port, flush=True)
    while line := (await asyncio.to_thread(sys.stdin.readline)).strip():
        if line == "count":
            print(len(noting.late), flush=True)
        else:
            found = {"late": list(noting.late.values()), "arrivals": noting.arrivals}
            noting.late, noting.arrivals = {}, []
            print(json.dumps(found), flush=True)
    await server.stop(None)


class Bench:
    """A database, a notifier process, and schedulers that come and go."""

    def __init__(self, url: str, process: subprocess.Popen[str]) -> None:
        self.url, self.process = url, process
        assert process.stdout is not None
        self.port = int(process.stdout.readline())
        self.people = [str(uuid.uuid4()) for _ in range(1000)]
        self.engine = open_engine(url, application_name="bench", pool_size=4)
        self.keys = PersonKeys(self.engine, person_keys, KEYRING)

    def ask(self, word: str) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    async def prepare(self) -> None:
        async with self.engine.begin() as connection:
            for schema in db.tables.SCHEMAS:
                await connection.execute(sa.schema.CreateSchema(schema))
            await connection.run_sync(db.tables.metadata.create_all)
        await self.keys.seals_for(self.people)
        now = datetime.now(UTC)
        await self.copy(
            "people",
            PERSON_COLUMNS,
            [(user, 1, "UTC", True, "en-US", [600], 0, now, now) for user in self.people],
        )

    async def copy(self, table: str, columns: Sequence[str], records: list[Any]) -> None:
        connection = await asyncpg.connect(self.url)
        try:
            await connection.copy_records_to_table(
                table, schema_name="scheduler", columns=columns, records=records
            )
        finally:
            await connection.close()

    async def execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.url)
        try:
            await connection.execute(statement, timeout=600)
        finally:
            await connection.close()

    async def add_due(self, moments: list[datetime]) -> None:
        """A task and its reminder for each moment."""
        seals = await self.keys.seals_for(self.people)
        tasks, notices = [], []
        for number, moment in enumerate(moments):
            user = self.people[number % len(self.people)]
            task = due_task(user, number, moment)
            seal = rows.task_content(task, seals[user])
            tasks.append(task_row(task, seal))
            notices += [notice_row(notice) for notice in reminders(task, since=moment)]
        await self.copy("tasks", TASK_COLUMNS, tasks)
        await self.copy("notices", NOTICE_COLUMNS, notices)

    async def add_future(self, count: int) -> None:
        """So many reminders from tomorrow to a year ahead."""
        now, rng = datetime.now(UTC), random.Random(1)
        for start in range(0, count, 50_000):
            records = []
            for _ in range(min(50_000, count - start)):
                due = now + timedelta(days=1, seconds=rng.uniform(0, 364 * 86_400))
                user = rng.choice(self.people)
                item, notice = uuid.uuid4(), uuid.uuid4()
                records.append((due, notice, user, "task_due", item, 1, due, 0, ""))
            await self.copy("notices", NOTICE_COLUMNS, records)
        await self.execute("VACUUM ANALYZE scheduler.notices")

    async def run(self, count: int, seconds: float) -> dict[str, Any]:
        """One scheduler until `count` reminders have come; what the notifier noted."""
        async with AsyncExitStack() as stack:
            for component in self.components():
                await component.start()
                stack.push_async_callback(component.stop)
                if isinstance(component, Running):
                    task = asyncio.create_task(component.run())
                    stack.push_async_callback(asyncio.wait, [task])
                    # Told to stop before it is waited for.
                    stack.push_async_callback(component.stop)
            async with asyncio.timeout(seconds):
                while self.ask("count") < count:  # noqa: ASYNC110 - another process
                    await asyncio.sleep(0.5)
        found: dict[str, Any] = self.ask("dump")
        return found

    def components(self) -> list[Component]:
        return assemble(
            SchedulerSettings(
                scheduler_listen=ListenAddress("127.0.0.1", 0),
                scheduler_admin_listen=ListenAddress("127.0.0.1", 0),
                notifier_address=f"127.0.0.1:{self.port}",
            ),
            database_url=self.url,
            tokens=Tokens.parse(TOKENS),
            own_token="s" * 32,
            keyring=KEYRING,
            hash_key=HASH_KEY,
            clock=SystemClock(),
            readiness=Readiness(),
        )


def due_task(user: str, number: int, moment: datetime) -> Task:
    schedule = Schedule(instant=moment, local_start=moment.replace(tzinfo=None), time_zone="UTC")
    return Task(
        task_id=str(uuid.uuid4()),
        user_id=user,
        number=int(time.time_ns() // 1000 % 2_000_000_000) + number,
        title=str(int(moment.timestamp() * 1e6)),
        schedule=schedule,
        due_time=moment,
        create_time=moment,
        update_time=moment,
    )


def task_row(task: Task, content: bytes) -> tuple[Any, ...]:
    assert task.schedule is not None
    return (
        *(task.task_id, task.user_id, task.number, 1, 1, content, b"", task.due_time),
        *(task.due_time, task.schedule.local_start, False, "UTC", ""),
        *(task.create_time, task.update_time),
    )


def notice_row(notice: Any) -> tuple[Any, ...]:
    return (
        *(notice.due_time, notice.notice_id, notice.user_id, notice.kind.value),
        *(notice.item_id, notice.item_version, notice.occurrence, 0, ""),
    )


def moments(count: int, within: float) -> list[datetime]:
    start, rng = datetime.now(UTC) + timedelta(seconds=5), random.Random(2)
    return [start + timedelta(seconds=rng.uniform(0, within)) for _ in range(count)]


def lateness(found: dict[str, Any]) -> dict[str, float]:
    late = sorted(each * 1000 for each in found["late"])
    cuts = statistics.quantiles(late, n=100)
    figures = {"p50_ms": cuts[49], "p99_ms": cuts[98], "max_ms": late[-1], "earliest_ms": late[0]}
    return {name: round(value, 2) for name, value in figures.items()}


async def bench(arguments: argparse.Namespace, folder: Path) -> dict[str, Any]:
    log.configure("bench", "ERROR")
    postgres = EmbeddedPostgres(folder)
    url = await postgres.start()
    process = subprocess.Popen(  # noqa: ASYNC220 - before anything is measured
        [sys.executable, "-m", "benchmarks.remind", "--notifier"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    results: dict[str, Any] = {}
    try:
        made = Bench(url, process)
        await made.prepare()
        count, window = arguments.due, arguments.seconds
        await made.add_due(moments(count, window))
        results["empty"] = lateness(await made.run(count, window + 60))
        await made.add_future(arguments.future)
        await made.add_due(moments(count, window))
        results["million"] = lateness(await made.run(count, window + 60))
        past = datetime.now(UTC) - timedelta(seconds=30)
        await made.add_due([past + timedelta(microseconds=n) for n in range(arguments.overdue)])
        arrivals = (await made.run(arguments.overdue, 120))["arrivals"]
        seconds = max(arrivals) - min(arrivals)
        results["overdue"] = {"per_second": round(len(arrivals) / seconds), "seconds": seconds}
        found = await rates(url, arguments.jobs)
        results["procrastinate"] = {"jobs": arguments.jobs, "per_second": found}
        results["ratios"] = {
            "overdue_to_procrastinate": round(
                results["overdue"]["per_second"] / max(found.values()), 1
            ),
            "million_to_empty_p99": round(
                results["million"]["p99_ms"] / results["empty"]["p99_ms"], 2
            ),
        }
        await made.engine.dispose()
    finally:
        process.terminate()
        process.wait(10)
        await postgres.stop()
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--notifier", action="store_true", help="the other process")
    parser.add_argument("--due", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--future", type=int, default=1_000_000)
    parser.add_argument("--overdue", type=int, default=20_000)
    parser.add_argument("--jobs", type=int, default=3_000, help="of procrastinate")
    parser.add_argument("--output", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    if arguments.notifier:
        uvloop.run(notifier())
        return
    with tempfile.TemporaryDirectory(prefix="hark-bench-") as folder:
        results = uvloop.run(bench(arguments, Path(folder) / "home"))
    sizes = {name: getattr(arguments, name) for name in ("due", "seconds", "future", "overdue")}
    report = {"machine": platform.machine(), "python": platform.python_version(), **sizes}
    report["load_average"] = os.getloadavg()
    report |= results
    arguments.output.parent.mkdir(exist_ok=True)
    arguments.output.write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
