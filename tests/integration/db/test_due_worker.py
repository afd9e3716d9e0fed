"""The due worker against a real Postgres: slots, failures, lost leases, outages, draining."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.clock import SystemClock
from chassis.errors import Code, RemoteError
from chassis.outcome import Outcome, Postpone, Settle
from db.due import Claim, DueQueue, DueWorker, Wake
from tests.integration.db.due_tables import jobs
from tests.integration.db.test_due_queue import rows, terminate_backends

CLOCK = SystemClock()
SOON = timedelta(seconds=0.2)


async def add(engine: AsyncEngine, *labels: str, due: datetime | None = None) -> None:
    async with engine.begin() as connection:
        values = [{"due_time": due or CLOCK.now(), "label": label} for label in labels]
        await connection.execute(sa.insert(jobs), values)


@asynccontextmanager
async def running(*workers: DueWorker | Wake) -> AsyncIterator[None]:
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


class ShiftedClock:
    """The machine's clock and a shift that the test moves."""

    def __init__(self) -> None:
        self.shift = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.shift


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
