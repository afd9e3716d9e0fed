"""Group commit: shared, ordered, and a bad item fails alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from services.notifier.storage.group import GroupCommit


class Ledger:
    """Doubles numbers; refuses a batch that holds -1, and everything while it is out."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.is_out = False
        self.open = asyncio.Event()
        self.open.set()

    async def commit(self, items: Sequence[int]) -> Sequence[int]:
        await self.open.wait()
        self.batches.append(list(items))
        if self.is_out:
            raise ConnectionError
        if -1 in items:
            raise ValueError("not a positive number")
        return [item * 2 for item in items]


@asynccontextmanager
async def running(ledger: Ledger) -> AsyncIterator[GroupCommit[int, int]]:
    group = GroupCommit("test", ledger.commit)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(group.run())
        yield group
        await group.stop()


async def test_what_comes_while_one_commit_runs_shares_the_next() -> None:
    ledger = Ledger()
    ledger.open.clear()
    async with running(ledger) as group, asyncio.TaskGroup() as tasks:
        answers = [tasks.create_task(group.submit(item)) for item in range(700)]
        await asyncio.sleep(0)
        ledger.open.set()
    assert [answer.result() for answer in answers] == [item * 2 for item in range(700)]
    assert [len(batch) for batch in ledger.batches] == [500, 200]


async def test_a_bad_item_fails_alone() -> None:
    ledger = Ledger()
    async with running(ledger) as group:
        answers = await asyncio.gather(
            *(group.submit(item) for item in (1, -1, 2)), return_exceptions=True
        )
    assert answers[0] == 2
    assert isinstance(answers[1], ValueError)
    assert answers[2] == 4


async def test_an_outage_is_told_to_everyone_and_not_tried_one_by_one() -> None:
    ledger = Ledger()
    ledger.is_out = True
    async with running(ledger) as group:
        answers = await asyncio.gather(
            *(group.submit(item) for item in (1, 2, 3)), return_exceptions=True
        )
    assert all(isinstance(answer, ConnectionError) for answer in answers)
    assert ledger.batches == [[1, 2, 3]]


async def test_who_gave_up_waiting_is_left_out() -> None:
    ledger = Ledger()
    ledger.open.clear()
    async with running(ledger) as group:
        first = asyncio.ensure_future(group.submit(1))
        await asyncio.sleep(0)
        second = asyncio.ensure_future(group.submit(2))
        await asyncio.sleep(0)
        second.cancel()
        ledger.open.set()
        assert await first == 2
        assert await group.submit(3) == 6
    assert ledger.batches == [[1], [3]]


async def test_after_the_end_nothing_is_taken_on() -> None:
    async with running(Ledger()) as group:
        pass
    with pytest.raises(ConnectionError):
        await group.submit(1)
