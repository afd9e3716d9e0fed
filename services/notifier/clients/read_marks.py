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
        self._waiting: asyncio.Queue[str] = asyncio.Queue(CAPACITY)
        self._stopping = asyncio.Event()

    def offer(self, wamid: str) -> None:
        """See `ports.ReadMarks`."""
        try:
            self._waiting.put_nowait(wamid)
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
            wamid = await self._waiting.get()
            self._count("sent" if await self._provider.mark_read(wamid) else "failed")
