"""The due worker against a real Postgres: slots, failures, lost leases, outages, draining."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.errors import Code, RemoteError
from chassis.outcome import Outcome
from db.due import Claim, DueWorker, Wake
from tests.integration.db.due_jobs import (
    CLOCK,
    SOON,
    Handled,
    ShiftedClock,
    a_queue,
    add,
    rows,
    running,
    terminate_backends,
    until,
)


async def test_what_is_due_is_handled_once_by_two_replicas(jobs_engine: AsyncEngine) -> None:
    handled = Handled(300)
    await add(jobs_engine, *(str(n) for n in range(300)))
    workers = [
        DueWorker(a_queue(jobs_engine), handled.settle, clock=CLOCK, slots=7) for _ in range(2)
    ]
    async with running(*workers):
        await handled.all()
    assert sorted(handled.labels, key=int) == [str(n) for n in range(300)]
    assert all(row.settled_time for row in await rows(jobs_engine))


async def test_no_more_rows_are_claimed_than_slots_are_free(jobs_engine: AsyncEngine) -> None:
    await add(jobs_engine, *"abcdefgh")
    may_end = asyncio.Event()
    handled = Handled(3)
    everything = Handled(8)

    async def slow(claim: Claim) -> Outcome:
        handled.note(claim)
        await may_end.wait()
        return await everything.settle(claim)

    async with running(DueWorker(a_queue(jobs_engine), slow, clock=CLOCK, slots=3)):
        await handled.all()
        leased = [row for row in await rows(jobs_engine) if row.lease_until is not None]
        assert (len(handled.labels), len(leased)) == (3, 3)
        may_end.set()
        await everything.all()


async def test_a_batch_handler_gets_batches_and_answers_for_each(jobs_engine: AsyncEngine) -> None:
    await add(jobs_engine, *(str(n) for n in range(25)))
    sizes: list[int] = []
    handled = Handled(25)

    async def batch(claims: Sequence[Claim]) -> Sequence[Outcome]:
        sizes.append(len(claims))
        return [await handled.settle(claim) for claim in claims]

    worker = DueWorker(a_queue(jobs_engine), batch, clock=CLOCK, batched=True, batch=10)
    async with running(worker):
        await handled.all()
    assert sizes == [10, 10, 5]
    assert all(row.settled_time for row in await rows(jobs_engine))


async def test_a_poisoned_row_in_a_batch_fails_alone(jobs_engine: AsyncEngine) -> None:
    await add(jobs_engine, *"abcdefg", "poison", *"hijk")
    handled = Handled(11)

    async def batch(claims: Sequence[Claim]) -> Sequence[Outcome]:
        if any(claim.row["label"] == "poison" for claim in claims):
            raise ValueError("cannot be handled")
        return [await handled.settle(claim) for claim in claims]

    worker = DueWorker(a_queue(jobs_engine), batch, clock=CLOCK, batched=True)
    async with running(worker):
        await handled.all()
    by_label = {row.label: row for row in await rows(jobs_engine)}
    poison = by_label.pop("poison")
    assert (poison.attempts, poison.postponed_reason) == (1, "ValueError")
    assert all(row.settled_time for row in by_label.values())


async def test_a_handler_that_raises_uses_attempts_and_is_buried_after_three(
    jobs_engine: AsyncEngine,
) -> None:
    await add(jobs_engine, "poison")
    clock = ShiftedClock()
    seen: list[int] = []

    async def poisoned(claim: Claim) -> Outcome:
        seen.append(claim.attempts)
        raise RuntimeError("what somebody wrote must not be kept as the reason")

    async def buried() -> bool:
        clock.shift += timedelta(minutes=2)
        return (await rows(jobs_engine))[0].settled_time is not None

    worker = DueWorker(a_queue(jobs_engine), poisoned, clock=clock, poll=SOON)
    async with running(worker):
        await until(buried)
    (row,) = await rows(jobs_engine)
    assert (seen, row.attempts, row.buried_reason) == ([0, 1, 2], 3, "RuntimeError")


async def test_a_peer_that_is_down_uses_no_attempt(jobs_engine: AsyncEngine) -> None:
    await add(jobs_engine, "a")
    clock = ShiftedClock()
    handled = Handled()

    async def flaky(claim: Claim) -> Outcome:
        if claim.postponements < 5:
            raise RemoteError(
                "down", remote_code=Code.UNAVAILABLE, remote_reason="PEER_DOWN", domain="peer"
            )
        return await handled.settle(claim)

    async def settled() -> bool:
        clock.shift += timedelta(minutes=10)
        return bool(handled.labels)

    async with running(DueWorker(a_queue(jobs_engine), flaky, clock=clock, poll=SOON)):
        await until(settled)
    (row,) = await rows(jobs_engine)
    assert (row.attempts, row.postponements, row.postponed_reason) == (0, 5, "PEER_DOWN")


async def test_the_clock_decides_when_a_row_is_due(jobs_engine: AsyncEngine) -> None:
    clock = ShiftedClock()
    handled = Handled()
    await add(jobs_engine, "in an hour", due=clock.now() + timedelta(hours=1))
    async with running(DueWorker(a_queue(jobs_engine), handled.settle, clock=clock, poll=SOON)):
        await asyncio.sleep(2 * SOON.total_seconds())
        assert handled.labels == []
        clock.shift = timedelta(hours=1)
        await handled.all()


async def test_a_row_is_handled_when_it_falls_due_not_at_the_next_poll(
    jobs_engine: AsyncEngine,
) -> None:
    due = CLOCK.now() + timedelta(seconds=0.3)
    await add(jobs_engine, "a", due=due)
    handled = Handled()
    worker = DueWorker(a_queue(jobs_engine), handled.settle, clock=CLOCK, poll=timedelta(hours=1))
    async with running(worker):
        await handled.all()
    assert timedelta() <= CLOCK.now() - due < timedelta(seconds=0.5)


async def test_a_ring_wakes_the_worker_of_this_process_and_of_another(
    jobs_engine: AsyncEngine,
) -> None:
    hour = timedelta(hours=1)
    here, elsewhere = Wake(jobs_engine), Wake(jobs_engine)
    handled = Handled()
    listening = asyncio.Event()
    queue = a_queue(jobs_engine)
    worker = DueWorker(queue, handled.settle, clock=CLOCK, wake=elsewhere, poll=hour)
    # A bell of our own on that side tells when it listens and when it was rung.
    bell = elsewhere.bell(queue.channel)
    async with running(here, elsewhere, worker):
        assert await bell.wait(timedelta(seconds=10)), "rings once when it starts to listen"
        listening.set()
        await add(jobs_engine, "a")
        here.ring(queue.channel)
        await handled.all()
        assert await bell.wait(timedelta(seconds=10))


async def test_a_lost_ring_is_made_up_for_by_the_poll(jobs_engine: AsyncEngine) -> None:
    handled = Handled()
    worker = DueWorker(a_queue(jobs_engine), handled.settle, clock=CLOCK, poll=SOON)
    async with running(worker):
        await asyncio.sleep(2 * SOON.total_seconds())
        await add(jobs_engine, "nobody rang")
        await handled.all()


async def test_wake_listens_again_after_its_connection_was_cut(
    jobs_engine: AsyncEngine, postgres_admin: asyncpg.Connection
) -> None:
    here, elsewhere = Wake(jobs_engine), Wake(jobs_engine)
    bell = elsewhere.bell("a channel")
    async with running(here, elsewhere):
        assert await bell.wait(timedelta(seconds=10))
        await terminate_backends(postgres_admin, jobs_engine)
        assert await bell.wait(timedelta(seconds=10)), "what was missed is looked for"
        assert await bell.wait(timedelta(seconds=10)), "it listens again"
        here.ring("a channel")
        assert await bell.wait(timedelta(seconds=10))
