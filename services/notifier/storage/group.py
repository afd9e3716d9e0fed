"""Group commit: what is asked for while a statement runs shares the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from db.engine import is_outage

Item = TypeVar("Item")
Result = TypeVar("Result")

MAX_BATCH = 500
MAX_WAITING = 5000


class GroupCommit(Generic[Item, Result]):
    """Hands items to `commit` in batches of up to 500, one batch at a time, in order of arrival.

    `commit` answers with one result for each item. Where it fails for a reason that is not an
    outage, its items are tried one by one, so that a bad one fails alone. At most 5,000 wait; who
    comes then waits for room. Fits `chassis.process`.
    """

    def __init__(
        self, name: str, commit: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]]
    ) -> None:
        self.name = name
        self._commit = commit
        # None is the end.
        self._waiting: asyncio.Queue[tuple[Item, asyncio.Future[Result]] | None]
        self._waiting = asyncio.Queue(MAX_WAITING)
        self._ended = False

    async def submit(self, item: Item) -> Result:
        """The result for `item`, once it is committed; raises what its commit raised.

        A caller that is cancelled no longer waits; the commit may happen all the same.
        """
        if self._ended:
            raise ConnectionError(f"{self.name} has stopped")
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        await self._waiting.put((item, future))
        return await future

    async def start(self) -> None:
        """Nothing to do before `run`."""

    async def run(self) -> None:
        """Commits until stopped, and then what still waits."""
        while not self._ended or not self._waiting.empty():
            batch = [await self._waiting.get()]
            while len(batch) < MAX_BATCH and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            # Who was cancelled while waiting is left out.
            wanted = [entry for entry in batch if entry is not None and not entry[1].done()]
            if wanted:
                await self._settle(wanted)

    async def stop(self) -> None:
        """Ends `run` after what waits."""
        self._ended = True
        await self._waiting.put(None)

    async def _settle(self, batch: Sequence[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            results = await self._commit([item for item, _ in batch])
        except Exception as error:
            if len(batch) > 1 and not is_outage(error):
                for entry in batch:
                    await self._settle([entry])
                return
            for _item, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for (_item, future), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)
