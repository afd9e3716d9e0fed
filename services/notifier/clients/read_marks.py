"""Marks messages as read in the background: a bounded queue with an owner, best effort."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from services.notifier.ports import Provider

CAPACITY = 1000
WORKERS = 4


class ReadMarker:
    """See `ports.ReadMarks`. Fits `chassis.process`; what waits when it stops is left out.

    `count` is told of every mark: "sent", "failed" or "dropped".
    """

    name = "read marks"

    def __init__(self, provider: Provider, count: Callable[[str], None]) -> None:
        self._provider = provider
        self._count = count
        self._waiting: asyncio.Queue[tuple[str, bool]] = asyncio.Queue(CAPACITY)
        self._stopping = asyncio.Event()

    def offer(self, wamid: str, *, is_typing: bool = False) -> None:
        """See `ports.ReadMarks`."""
        try:
            self._waiting.put_nowait((wamid, is_typing))
        except asyncio.QueueFull:
            self._count("dropped")

    async def start(self) -> None:
        """Nothing to do before `run`."""

    async def run(self) -> None:
        """Works until stopped."""
        async with asyncio.TaskGroup() as group:
            workers = [group.create_task(self._work()) for _ in range(WORKERS)]
            await self._stopping.wait()
            for worker in workers:
                worker.cancel()

    async def stop(self) -> None:
        """Ends `run`."""
        self._stopping.set()

    async def _work(self) -> None:
        while True:
            wamid, is_typing = await self._waiting.get()
            is_done = await self._provider.mark_read(wamid, is_typing=is_typing)
            self._count("sent" if is_done else "failed")
