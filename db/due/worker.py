"""The worker of a due queue: claims what is due, has it handled, writes what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Literal, Protocol, overload

from chassis.backoff import ceiling
from chassis.clock import Clock
from chassis.crash import crash_point
from chassis.log import get_logger
from chassis.outcome import Postpone
from chassis.telemetry import QueueMetrics
from db.due.counts import QueueCounts
from db.due.queue import Claim, DueQueue
from db.due.slots import BatchHandler, Handler, Result, Slots
from db.due.wake import Bell, Wake
from db.engine import is_outage

POLL = timedelta(seconds=1)
RENEW = timedelta(seconds=1)
DRAIN = timedelta(seconds=10)
HANDLER_TIMEOUT = timedelta(seconds=60)
_RETRY_BASE, _RETRY_CAP = timedelta(seconds=0.1), timedelta(seconds=2)
_UNWRITABLE = "OUTCOME_UNWRITABLE"

log = get_logger()


class Allowance(Protocol):
    """What may keep a worker from claiming all that it has slots for."""

    def most(self, wanted: int, now: datetime) -> int:
        """How many of `wanted` (0 or more) it may claim now; those it claims are used up."""
        ...

    def opens(self) -> datetime | None:
        """When to ask again, at the latest; None while nothing is in the way."""
        ...


class DueWorker:
    """Works on one queue until stopped. One loop, one connection; outcomes share statements.

    `handler` takes one claim and returns its outcome; up to `slots` (1 to 10,000) run at a time.
    With `batched=True` it takes up to `batch` claims and returns an outcome for each; up to
    `slots` batches run at a time. No more is claimed than there are free slots, and at most `batch`
    at once.
    An exception is an outcome too (`db.due.failure`). A handler is cancelled after
    `handler_timeout`, or as soon as its row is lost.

    `wake` rings for new rows; without it, or when a ring is lost, they are found within `poll`.
    `on_written` is told of outcomes that took effect; `metrics` counts them, and how late rows were
    claimed. `allowance` may let it claim less, or nothing for a time. Fits `chassis.process`.
    """

    @overload
    def __init__(
        self,
        queue: DueQueue,
        handler: Handler,
        *,
        clock: Clock,
        batched: Literal[False] = False,
        slots: int = 32,
        batch: int = 500,
        wake: Wake | None = None,
        poll: timedelta = POLL,
        drain: timedelta = DRAIN,
        handler_timeout: timedelta = HANDLER_TIMEOUT,
        rng: Random | None = None,
        on_written: Callable[[Sequence[Result]], None] | None = None,
        metrics: QueueMetrics | None = None,
        allowance: Allowance | None = None,
    ) -> None: ...

    @overload
    def __init__(
        self,
        queue: DueQueue,
        handler: BatchHandler,
        *,
        clock: Clock,
        batched: Literal[True],
        slots: int = 1,
        batch: int = 500,
        wake: Wake | None = None,
        poll: timedelta = POLL,
        drain: timedelta = DRAIN,
        handler_timeout: timedelta = HANDLER_TIMEOUT,
        rng: Random | None = None,
        on_written: Callable[[Sequence[Result]], None] | None = None,
        metrics: QueueMetrics | None = None,
        allowance: Allowance | None = None,
    ) -> None: ...

    def __init__(
        self,
        queue: DueQueue,
        handler: Handler | BatchHandler,
        *,
        clock: Clock,
        batched: bool = False,
        slots: int | None = None,
        batch: int = 500,
        wake: Wake | None = None,
        poll: timedelta = POLL,
        drain: timedelta = DRAIN,
        handler_timeout: timedelta = HANDLER_TIMEOUT,
        rng: Random | None = None,
        on_written: Callable[[Sequence[Result]], None] | None = None,
        metrics: QueueMetrics | None = None,
        allowance: Allowance | None = None,
    ) -> None:
        if slots is None:
            slots = 1 if batched else 32
        if not 1 <= slots <= 10_000 or not 1 <= batch <= 10_000:
            raise ValueError("slots and batch must be 1 to 10,000")
        self.name = f"due {queue.channel}"
        self._queue = queue
        self._clock = clock
        self._poll = poll
        self._drain = drain.total_seconds()
        self._on_written = on_written
        self._allowance = allowance
        self._counts = QueueCounts(metrics, queue.channel) if metrics else None
        self._lease = queue.lease.total_seconds()
        self._bell = wake.bell(queue.channel) if wake else Bell()
        self._slots = Slots(
            handler,
            batched=batched,
            slots=slots,
            batch=batch,
            timeout=handler_timeout,
            clock=clock,
            rng=rng or Random(),  # noqa: S311 - jitter
            wake=self._bell.ring,
        )
        self._stop_at: float | None = None
        # As of the last look: what fell due since that look is due, and ends the pause at once.
        self._next_due: datetime | None = None
        self._outages = 0

    async def start(self) -> None:
        """Nothing to do before `run`; here so that `chassis.process` can own it."""

    async def stop(self) -> None:
        """Makes `run` end: no new claims, and what runs has `drain` to finish; returns at once.

        What has not finished by then is cancelled and given back, ready for others.
        """
        if self._stop_at is None:
            self._stop_at = asyncio.get_running_loop().time() + self._drain
            self._bell.ring()

    async def run(self) -> None:
        """Works until `stop`, and then until drained. Outages of Postgres are waited out."""
        try:
            async with asyncio.TaskGroup() as tasks:
                renewing = tasks.create_task(self._keep_leases())
                try:
                    while not self._drained():
                        more = await self._exchange(tasks)
                        if not more and not self._drained():
                            await self._bell.wait(self._pause())
                    await self._hand_back()
                finally:
                    renewing.cancel()
                    self._slots.close()
        finally:
            await self._queue.close()

    def _drained(self) -> bool:
        if self._stop_at is None:
            return False
        return not self._slots.busy or asyncio.get_running_loop().time() >= self._stop_at

    async def _exchange(self, tasks: asyncio.TaskGroup) -> bool:
        """Writes outcomes and claims more, in one go; whether there may be more to claim now."""
        results = self._slots.take_finished()
        limit = self._room() if self._stop_at is None else 0
        if not results and not limit:
            return False
        expires = asyncio.get_running_loop().time() + self._lease
        try:
            if results:
                crash_point("due.handled")
            now = self._clock.now()
            done, claims, self._next_due = await self._queue.exchange(results, limit, now)
        except Exception as error:
            self._next_due = None
            await self._not_written(results, error)
            return False
        self._outages = 0
        self._written(results, done)
        if claims:
            crash_point("due.claimed")
            if self._counts is not None:
                self._counts.claimed(claims, now)
            self._slots.start(claims, expires, tasks)
        return len(claims) == limit > 0

    def _written(self, results: Sequence[Result], done: set[int]) -> None:
        if not results:
            return
        crash_point("due.written")
        self._slots.written(results)
        if len(done) < len(results):
            log.warning("due outcomes too late", queue=self.name, count=len(results) - len(done))
        took_effect = [result for result in results if result[0].id in done]
        if self._counts is not None:
            self._counts.written(took_effect)
        if self._on_written is not None:
            self._on_written(took_effect)

    async def _not_written(self, results: list[Result], error: Exception) -> None:
        """Keeps outcomes over an outage; finds the one that Postgres refuses otherwise."""
        if not is_outage(error) and results:
            log.error("due outcomes refused", queue=self.name, count=len(results), exc_info=error)
            for result in results:
                await self._write_alone(result)
            return
        self._slots.put_back(results)
        self._outages += 1
        log.warning("due queue unreachable", queue=self.name, exc_info=error)
        await asyncio.sleep(
            ceiling(self._outages, base=_RETRY_BASE, cap=_RETRY_CAP).total_seconds()
        )

    async def _write_alone(self, result: Result) -> None:
        claim, _ = result
        now = self._clock.now()
        try:
            done = await self._queue.finish([result], now)
        except Exception as error:
            if is_outage(error):
                self._slots.put_back([result])
                return
            # The values are to blame: without them, as a failure of this row.
            due_time = now + _RETRY_CAP
            plain = Postpone(due_time=due_time, reason=_UNWRITABLE, uses_attempt=True)
            self._slots.put_back([(claim, plain)])
            return
        self._written([result], done)

    def _room(self) -> int:
        room = self._slots.room
        return self._allowance.most(room, self._clock.now()) if self._allowance else room

    def _pause(self) -> timedelta:
        """How long there is nothing to do, as far as is known."""
        if self._stop_at is not None:
            left = self._stop_at - asyncio.get_running_loop().time()
            return min(self._poll, timedelta(seconds=max(left, 0)))
        opens = self._allowance.opens() if self._allowance and self._slots.room else None
        if opens is not None:
            return min(self._poll, opens - self._clock.now())
        if self._next_due is None or not self._slots.room:
            return self._poll
        return min(self._poll, self._next_due - self._clock.now())

    async def _keep_leases(self) -> None:
        """Renews what is held every second, and stops handlers that no longer hold their row."""
        loop = asyncio.get_running_loop()
        tick = min(RENEW.total_seconds(), self._lease / 4)
        while True:
            await asyncio.sleep(tick)
            now = loop.time()
            lost = 0
            if held := self._slots.to_renew(now + self._lease - tick / 2):
                lost = await self._renew(held, now + self._lease)
            lost += self._slots.expire(loop.time())
            if lost:
                log.warning("due leases lost", queue=self.name, count=lost)

    async def _renew(self, held: Sequence[Claim], expires: float) -> int:
        try:
            async with asyncio.timeout(self._lease / 2):
                kept = await self._queue.renew(held)
        except Exception as error:
            log.warning("due leases not renewed", queue=self.name, exc_info=error)
            return 0
        return self._slots.renewed(held, kept, expires)

    async def _hand_back(self) -> None:
        abandoned = self._slots.abandon()
        results = self._slots.take_finished()
        if not abandoned and not results:
            return
        log.warning("due rows handed back", queue=self.name, count=len(abandoned))
        try:
            await self._queue.finish(results, self._clock.now())
            await self._queue.release(abandoned)
        except Exception as error:
            # Their leases run out; another worker finds them.
            log.warning("due queue unreachable", queue=self.name, exc_info=error)
