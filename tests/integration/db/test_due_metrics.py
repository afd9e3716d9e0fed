"""What a queue and a pool tell an operator."""

from __future__ import annotations

from datetime import timedelta

from prometheus_client import CollectorRegistry
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.outcome import Bury, Outcome, Settle
from chassis.telemetry import QueueMetrics
from db.due import Claim, DueWorker, QueueWatch
from db.pool import PoolCollector
from tests.integration.db.due_jobs import CLOCK, Handled, a_queue, add, running

LATE = timedelta(seconds=40)


def value(registry: CollectorRegistry, name: str, queue: str, **labels: str) -> float:
    return registry.get_sample_value(name, {"queue": queue, **labels}) or 0.0


async def test_claims_outcomes_and_lateness_are_counted(jobs_engine: AsyncEngine) -> None:
    registry = CollectorRegistry()
    queue = a_queue(jobs_engine)
    await add(jobs_engine, "good", "good too", "bad", due=CLOCK.now() - LATE)
    handled = Handled(3)

    async def handle(claim: Claim) -> Outcome:
        handled.note(claim)
        return Bury(reason="BAD") if claim.row["label"] == "bad" else Settle()

    async with running(DueWorker(queue, handle, clock=CLOCK, metrics=QueueMetrics(registry))):
        await handled.all()

    name = queue.channel
    assert value(registry, "hark_queue_claimed_total", name) == 3
    assert value(registry, "hark_queue_outcomes_total", name, outcome="settled") == 2
    assert value(registry, "hark_queue_outcomes_total", name, outcome="buried") == 1
    assert value(registry, "hark_queue_lateness_seconds_count", name) == 3
    assert value(registry, "hark_queue_lateness_seconds_sum", name) >= 3 * LATE.total_seconds()


async def test_a_watch_tells_how_much_waits_and_for_how_long(jobs_engine: AsyncEngine) -> None:
    registry = CollectorRegistry()
    queue = a_queue(jobs_engine)
    await add(jobs_engine, "a", "b", due=CLOCK.now() - LATE)
    await add(jobs_engine, "later", due=CLOCK.now() + LATE)

    await QueueWatch(queue, QueueMetrics(registry), clock=CLOCK).look()

    name = queue.channel
    assert value(registry, "hark_queue_depth", name, state="ready") == 2
    assert value(registry, "hark_queue_depth", name, state="open") == 3
    assert value(registry, "hark_queue_oldest_seconds", name) >= LATE.total_seconds()


async def test_a_watch_ends_when_it_is_told_to(jobs_engine: AsyncEngine) -> None:
    watch = QueueWatch(a_queue(jobs_engine), QueueMetrics(CollectorRegistry()), clock=CLOCK)

    async with running(watch):
        pass


async def test_a_watch_outlives_a_database_that_is_away(jobs_engine: AsyncEngine) -> None:
    registry = CollectorRegistry()
    queue = a_queue(jobs_engine)
    watch = QueueWatch(queue, QueueMetrics(registry), clock=CLOCK)
    await add(jobs_engine, "a", due=CLOCK.now() - LATE)
    async with jobs_engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE jobs RENAME TO gone")

    await watch.look()

    async with jobs_engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE gone RENAME TO jobs")
    await watch.look()
    assert value(registry, "hark_queue_depth", queue.channel, state="ready") == 1


async def test_a_pool_tells_what_is_in_use(jobs_engine: AsyncEngine) -> None:
    registry = CollectorRegistry()
    registry.register(PoolCollector(jobs_engine))

    def connections(state: str) -> float | None:
        return registry.get_sample_value("hark_db_connections", {"state": state})

    before = connections("in_use")
    assert before is not None
    async with jobs_engine.connect():
        assert connections("in_use") == before + 1
    assert connections("in_use") == before
