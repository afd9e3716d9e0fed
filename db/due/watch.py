"""Tells how much waits in a queue, so that an operator sees it grow before people feel it."""

from __future__ import annotations

from datetime import timedelta

from chassis.clock import Clock
from chassis.log import get_logger
from chassis.routine import Routine
from chassis.telemetry import QueueMetrics
from db.due.queue import DueQueue
from db.engine import is_outage

LOOK = timedelta(seconds=5)

log = get_logger()


class QueueWatch(Routine):
    """Sets the gauges of one queue every `look`; a component.

    `queue` is one of its own, because a look must not wait for the worker's statements. While
    Postgres is away the gauges keep what they said last.
    """

    def __init__(
        self, queue: DueQueue, metrics: QueueMetrics, *, clock: Clock, look: timedelta = LOOK
    ) -> None:
        super().__init__(f"watch {queue.channel}", self.look, every=look, is_outage=is_outage)
        self._queue = queue
        self._metrics = metrics
        self._clock = clock

    async def run(self) -> None:
        """Looks until stopped."""
        await super().run()
        await self._queue.close()

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
