"""Tells how much waits in a queue, so that an operator sees it grow before people feel it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from chassis.clock import Clock
from chassis.log import get_logger
from chassis.telemetry import QueueMetrics
from db.due.queue import DueQueue

LOOK = timedelta(seconds=5)

log = get_logger()


class QueueWatch:
    """Sets the gauges of one queue every `look`; a component.

    `queue` is one of its own, because a look must not wait for the worker's statements. While
    Postgres is away the gauges keep what they said last.
    """

    def __init__(
        self, queue: DueQueue, metrics: QueueMetrics, *, clock: Clock, look: timedelta = LOOK
    ) -> None:
        self.name = f"watch {queue.channel}"
        self._queue = queue
        self._metrics = metrics
        self._clock = clock
        self._look = look.total_seconds()
        self._stopping = asyncio.Event()

    async def start(self) -> None:
        """Nothing to wait for."""

    async def run(self) -> None:
        """Looks until stopped."""
        while not self._stopping.is_set():
            await self.look()
            try:
                async with asyncio.timeout(self._look):
                    await self._stopping.wait()
            except TimeoutError:
                continue
        await self._queue.close()

    async def stop(self) -> None:
        """Ends `run`."""
        self._stopping.set()

    async def look(self) -> None:
        """Looks once."""
        try:
            depth = await self._queue.depth(self._clock.now())
        except Exception as error:
            # A gauge is not worth a process.
            log.warning("queue depth unknown", queue=self._queue.channel, exc_info=error)
            return
        name = self._queue.channel
        self._metrics.depth.labels(name, "ready").set(depth.ready)
        self._metrics.depth.labels(name, "open").set(depth.open)
        self._metrics.oldest.labels(name).set(depth.oldest_age.total_seconds())
