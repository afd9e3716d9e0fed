"""The due worker in trouble: lost leases, hung handlers, outages, refusals, and draining."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.outcome import Outcome, Postpone, Settle
from db.due import Claim, DueWorker
from tests.integration.db.due_jobs import (
    CLOCK,
    SOON,
    Handled,
    a_queue,
    add,
    rows,
    running,
    terminate_backends,
    until,
)
from tests.integration.db.due_tables import jobs


async def test_a_long_handler_keeps_its_row_by_renewing(jobs_engine: AsyncEngine) -> None:
    lease = timedelta(seconds=1)
    await add(jobs_engine, "long")
    handled = Handled()

    async def long(claim: Claim) -> Outcome:
        await asyncio.sleep(3 * lease.total_seconds())
        return await handled.settle(claim)

    first = DueWorker(a_queue(jobs_engine, lease=lease), long, clock=CLOCK, poll=SOON)
    second = DueWorker(a_queue(jobs_engine, lease=lease), long, clock=CLOCK, poll=SOON)
    async with running(first, second):
        await handled.all()
    (row,) = await rows(jobs_engine)
    assert (handled.labels, row.takeovers) == (["long"], 0)


async def test_a_handler_whose_row_was_taken_is_cancelled_and_changes_nothing(
    jobs_engine: AsyncEngine,
) -> None:
    await add(jobs_engine, "contested")
    begun, cancelled = asyncio.Event(), asyncio.Event()

    async def stuck(claim: Claim) -> Outcome:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()
        return Settle(values={"answer": "old"})

    worker = DueWorker(a_queue(jobs_engine), stuck, clock=CLOCK, poll=timedelta(hours=1))
    async with running(worker):
        async with asyncio.timeout(15):
            await begun.wait()
        async with jobs_engine.begin() as connection:
            fence = jobs.c.fence + 1
            await connection.execute(sa.update(jobs).values(fence=fence, answer="theirs"))
        async with asyncio.timeout(5):
            await cancelled.wait()
    (row,) = await rows(jobs_engine)
    assert (row.answer, row.settled_time) == ("theirs", None)


async def test_an_orphaned_claim_is_taken_over_within_five_seconds(
    jobs_engine: AsyncEngine,
) -> None:
    await add(jobs_engine, "orphan")
    dead = a_queue(jobs_engine)
    await dead.claim(1, CLOCK.now())
    claimed = asyncio.get_running_loop().time()
    handled = Handled()
    async with running(DueWorker(a_queue(jobs_engine), handled.settle, clock=CLOCK)):
        await handled.all()
    assert 3 < asyncio.get_running_loop().time() - claimed < 5


async def test_a_handler_that_takes_too_long_is_stopped_and_uses_an_attempt(
    jobs_engine: AsyncEngine,
) -> None:
    await add(jobs_engine, "endless")

    async def endless(claim: Claim) -> Outcome:
        await asyncio.Event().wait()
        return Settle()

    async def stopped() -> bool:
        return bool((await rows(jobs_engine))[0].attempts == 1)

    worker = DueWorker(a_queue(jobs_engine), endless, clock=CLOCK, handler_timeout=SOON)
    async with running(worker):
        await until(stopped)
    assert (await rows(jobs_engine))[0].postponed_reason == "HANDLER_TIMEOUT"


async def test_the_slot_of_a_stopped_handler_works_on(jobs_engine: AsyncEngine) -> None:
    await add(jobs_engine, "endless", "next")
    handled = Handled()

    async def sometimes_endless(claim: Claim) -> Outcome:
        if claim.row["label"] == "endless":
            await asyncio.Event().wait()
        async with asyncio.timeout(10):  # breaks, if the slot's task still counts as cancelled
            await asyncio.sleep(0)
        return await handled.settle(claim)

    worker = DueWorker(
        a_queue(jobs_engine), sometimes_endless, clock=CLOCK, slots=1, handler_timeout=SOON
    )
    async with running(worker):
        await handled.all()
    assert handled.labels == ["next"]


async def test_a_restarted_postgres_connection_is_waited_out(
    jobs_engine: AsyncEngine, postgres_admin: asyncpg.Connection
) -> None:
    await add(jobs_engine, "before")
    begun, may_end = asyncio.Event(), asyncio.Event()
    handled = Handled(2)

    async def slow(claim: Claim) -> Outcome:
        begun.set()
        await may_end.wait()
        return await handled.settle(claim)

    async def all_settled() -> bool:
        return all(row.settled_time for row in await rows(jobs_engine))

    async with running(DueWorker(a_queue(jobs_engine), slow, clock=CLOCK, poll=SOON)):
        async with asyncio.timeout(15):
            await begun.wait()
        await terminate_backends(postgres_admin, jobs_engine)
        await add(jobs_engine, "after")
        may_end.set()
        await handled.all()
        await until(all_settled)
    assert handled.labels == ["before", "after"]


async def test_an_outcome_that_postgres_refuses_does_not_hold_up_the_others(
    jobs_engine: AsyncEngine,
) -> None:
    await add(jobs_engine, "taken", "clash", "fine")

    async def answer(claim: Claim) -> Outcome:
        label = claim.row["label"]
        # `answer` is unique: the second of these two cannot be written.
        return Settle(values={"answer": "fine" if label == "fine" else "same"})

    async def two_settled() -> bool:
        done = [row for row in await rows(jobs_engine) if row.settled_time]
        refused = [row for row in await rows(jobs_engine) if row.attempts == 1]
        return len(done) == 2 and len(refused) == 1

    async with running(DueWorker(a_queue(jobs_engine), answer, clock=CLOCK)):
        await until(two_settled)
    reasons = {row.postponed_reason for row in await rows(jobs_engine)}
    assert reasons == {None, "OUTCOME_UNWRITABLE"}


async def test_stopping_waits_for_what_runs_and_claims_no_more(jobs_engine: AsyncEngine) -> None:
    await add(jobs_engine, "running", "waiting")
    begun, may_end = asyncio.Event(), asyncio.Event()
    handled = Handled()

    async def slow(claim: Claim) -> Outcome:
        begun.set()
        await may_end.wait()
        return await handled.settle(claim)

    worker = DueWorker(a_queue(jobs_engine), slow, clock=CLOCK, slots=1)
    async with running(worker):
        async with asyncio.timeout(15):
            await begun.wait()
        await worker.stop()
        may_end.set()
    by_label = {row.label: row for row in await rows(jobs_engine)}
    assert by_label["running"].settled_time is not None
    assert (by_label["waiting"].settled_time, by_label["waiting"].fence) == (None, 0)


async def test_what_cannot_finish_while_draining_is_given_back_at_once(
    jobs_engine: AsyncEngine,
) -> None:
    await add(jobs_engine, "endless")
    begun = asyncio.Event()

    async def endless(claim: Claim) -> Outcome:
        begun.set()
        await asyncio.Event().wait()
        return Settle()

    worker = DueWorker(a_queue(jobs_engine), endless, clock=CLOCK, drain=SOON)
    async with running(worker):
        async with asyncio.timeout(15):
            await begun.wait()
    (row,) = await rows(jobs_engine)
    assert (row.lease_until, row.settled_time, row.attempts) == (None, None, 0)
    assert len(await a_queue(jobs_engine).claim(1, CLOCK.now())) == 1


async def test_a_row_that_keeps_killing_its_worker_is_buried_at_last(
    jobs_engine: AsyncEngine,
) -> None:
    await add(jobs_engine, "killer", "fine")
    async with jobs_engine.begin() as connection:
        killer = jobs.c.label == "killer"
        await connection.execute(sa.update(jobs).where(killer).values(takeovers=20))
    handled = Handled()

    async def done() -> bool:
        return all(row.settled_time for row in await rows(jobs_engine))

    async with running(DueWorker(a_queue(jobs_engine), handled.settle, clock=CLOCK)):
        await handled.all()
        await until(done)
    assert handled.labels == ["fine"]
    assert {row.buried_reason for row in await rows(jobs_engine)} == {None, "KILLS_ITS_WORKER"}


async def test_postponing_with_values_writes_them(jobs_engine: AsyncEngine) -> None:
    await add(jobs_engine, "a")
    handled = Handled(2)

    async def twice(claim: Claim) -> Outcome:
        handled.note(claim)
        if len(handled.labels) == 1:
            return Postpone(due_time=CLOCK.now(), reason="AGAIN", values={"answer": "half"})
        return Settle()

    async with running(DueWorker(a_queue(jobs_engine), twice, clock=CLOCK, poll=SOON)):
        await handled.all()
    assert (await rows(jobs_engine))[0].answer == "half"


@pytest.mark.parametrize(("slots", "batch"), [(0, 1), (10_001, 1), (1, 0)])
async def test_bounds_are_checked(jobs_engine: AsyncEngine, slots: int, batch: int) -> None:
    queue = a_queue(jobs_engine)
    with pytest.raises(ValueError, match="1 to 10,000"):
        DueWorker(queue, Handled().settle, clock=CLOCK, slots=slots, batch=batch)
