"""A queue of some rows only, and a worker that may not claim all that it has slots for."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.outcome import Outcome
from db.due import Claim, DueWorker
from tests.integration.db.due_jobs import CLOCK, Handled, a_queue, add, rows, running


class Ration:
    """Lets through as many as it was given, and says when to ask again."""

    def __init__(self, left: int) -> None:
        self.left = left
        self.asked = asyncio.Event()

    def most(self, wanted: int, now: datetime) -> int:
        if self.left == 0:
            self.asked.set()
        allowed = min(wanted, self.left)
        self.left -= allowed
        return allowed

    def opens(self) -> datetime | None:
        return None if self.left else CLOCK.now() + timedelta(seconds=0.05)


async def test_a_queue_of_some_rows_leaves_the_others_alone(jobs_engine: AsyncEngine) -> None:
    await add(jobs_engine, "a1", "b1", "a2", "b2")
    await add(jobs_engine, "b3", due=CLOCK.now() + timedelta(hours=1))
    some = a_queue(jobs_engine, only="label LIKE 'a%'")
    others = a_queue(jobs_engine, only="label NOT LIKE 'a%'")
    now = CLOCK.now()
    claims = await some.claim(10, now)
    assert [claim.row["label"] for claim in claims] == ["a1", "a2"]
    assert await some.next_due_time(now) is None
    _done, _claims, next_due = await some.exchange([], 10, now)
    assert next_due is None
    assert [claim.row["label"] for claim in await others.claim(10, now)] == ["b1", "b2"]
    assert await others.next_due_time(now) is not None
    await some.close()
    await others.close()


async def test_no_more_is_claimed_than_is_allowed_and_the_rest_when_it_is(
    jobs_engine: AsyncEngine,
) -> None:
    await add(jobs_engine, *"abcdefgh")
    ration, some, everything = Ration(3), Handled(3), Handled(8)

    async def handle(claim: Claim) -> Outcome:
        some.note(claim)
        return await everything.settle(claim)

    worker = DueWorker(a_queue(jobs_engine), handle, clock=CLOCK, slots=8, allowance=ration)
    async with running(worker):
        await some.all()
        await ration.asked.wait()
        assert len(everything.labels) == 3
        waiting = [row for row in await rows(jobs_engine) if row.settled_time is None]
        assert all(row.attempts == 0 and row.postponements == 0 for row in waiting)
        ration.left = 100
        await everything.all()
    assert sorted(everything.labels) == list("abcdefgh")
