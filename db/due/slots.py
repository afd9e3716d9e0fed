"""The bounded slots in which a worker's handlers run, and what it believes to hold."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from random import Random

from chassis.clock import Clock
from chassis.log import get_logger
from chassis.outcome import Bury, Outcome, Postpone, Settle
from db.due.failure import after_error, after_timeout, before_handling
from db.due.queue import Claim

Handler = Callable[[Claim], Awaitable[Outcome]]
BatchHandler = Callable[[Sequence[Claim]], Awaitable[Sequence[Outcome]]]
Result = tuple[Claim, Outcome]

log = get_logger()


class _Ending(Enum):
    """Why a handler was cancelled by its worker."""

    LOST = "its lease ran out or another worker took the row"
    LATE = "it took too long"


@dataclass(slots=True, eq=False)
class _Work:
    """What one slot handles at a time; its leases run out at `expires` (loop time) or later."""

    claims: Sequence[Claim]
    expires: float
    started: float = 0.0
    runner: asyncio.Task[None] | None = None
    ending: _Ending | None = None


class Slots:
    """Runs handlers for claims, at most `slots` at a time, and keeps their outcomes until written.

    With `batched`, a slot takes up to `batch` claims at once. A batch whose handler raises is
    halved until the claim that is to blame fails alone. A handler that ends, however it ends,
    calls `wake`.

    A slot is a long-lived task, made when first needed: a task for each claim would cost more than
    the claim itself. So a handler that sets context variables must reset them (`context.bind`).
    """

    def __init__(
        self,
        handler: Handler | BatchHandler,
        *,
        batched: bool,
        slots: int,
        batch: int,
        timeout: timedelta,
        clock: Clock,
        rng: Random,
        wake: Callable[[], None],
    ) -> None:
        self._handler: Callable[..., Awaitable[object]] = handler
        self._batched = batched
        self._slots = slots
        self._batch = batch
        self._timeout = timeout.total_seconds()
        self._clock = clock
        self._rng = rng
        self._wake = wake
        self._waiting: deque[_Work] = deque()
        self._running: set[_Work] = set()
        self._held: dict[int, _Work] = {}
        self._finished: list[Result] = []
        self._runners: set[asyncio.Task[None]] = set()
        self._idle: list[asyncio.Future[None]] = []
        self._calling = False

    @property
    def busy(self) -> bool:
        """Whether anything is held: running, or finished and not yet written."""
        return bool(self._held)

    @property
    def room(self) -> int:
        """How many claims may be made now."""
        free = self._slots - len(self._running) - len(self._waiting)
        if self._batched:
            return self._batch if free > 0 else 0
        return min(self._batch, free)

    def start(self, claims: Sequence[Claim], expires: float, tasks: asyncio.TaskGroup) -> None:
        """Hands claims to slots, whose tasks belong to the given group."""
        self._give_up([claim.id for claim in claims])
        handled = []
        for claim in claims:
            if (doom := before_handling(claim)) is not None:
                log.error("due row kills its worker", row_id=claim.id)
                self._finished.append((claim, doom))
            else:
                handled.append(claim)
        parts = [handled] if self._batched else [[claim] for claim in handled]
        for part in filter(None, parts):
            work = _Work(part, expires)
            self._waiting.append(work)
            for claim in part:
                self._held[claim.id] = work
        self._call_runner(tasks)

    def take_finished(self) -> list[Result]:
        """The outcomes not yet taken; they stay held until `written`."""
        finished, self._finished = self._finished, []
        return finished

    def put_back(self, results: Sequence[Result]) -> None:
        """Keeps outcomes that could not be written."""
        self._finished[:0] = results

    def written(self, results: Iterable[Result]) -> None:
        """These outcomes have been written, or their rows are lost."""
        for claim, _ in results:
            self._held.pop(claim.id, None)

    def to_renew(self, expiring_before: float) -> list[Claim]:
        """What is held and whose lease may run out before then."""
        works = {work for work in self._held.values() if work.expires < expiring_before}
        return [claim for work in works for claim in work.claims if self._holds(claim, work)]

    def renewed(self, asked: Sequence[Claim], kept: Collection[int], expires: float) -> int:
        """Notes the answer to a renewal; handlers of lost claims are cancelled. How many."""
        for claim in asked:
            if claim.id in kept and (work := self._held.get(claim.id)) is not None:
                work.expires = expires
        return self._give_up([claim.id for claim in asked if claim.id not in kept])

    def expire(self, now: float) -> int:
        """Cancels handlers whose lease may have run out (how many claims) or that are too slow."""
        for work in list(self._running):
            if now - work.started > self._timeout and work.ending is None:
                self._cancel(work, _Ending.LATE)
        return self._give_up([id_ for id_, work in self._held.items() if work.expires <= now])

    def abandon(self) -> list[Claim]:
        """Cancels whatever is unfinished; the claims that were held without an outcome."""
        unfinished = [*self._waiting, *self._running]
        claims = [claim for work in unfinished for claim in work.claims if self._holds(claim, work)]
        self._give_up([claim.id for claim in claims])
        return claims

    def close(self) -> None:
        """Ends the tasks of the slots."""
        for runner in self._runners:
            runner.cancel()

    def _call_runner(self, tasks: asyncio.TaskGroup) -> None:
        # One at a time: it calls the next before it begins, so that handlers that do not wait are
        # all done by the first slot, and of those that do each gets its own.
        if not self._waiting or self._calling:
            return
        if self._idle:
            self._calling = True
            self._idle.pop().set_result(None)
        elif len(self._runners) < self._slots:
            self._calling = True
            self._runners.add(tasks.create_task(self._run(tasks)))

    async def _run(self, tasks: asyncio.TaskGroup) -> None:
        loop, runner = asyncio.get_running_loop(), asyncio.current_task()
        while True:
            self._calling = False
            while self._waiting:
                work = self._waiting.popleft()
                if work.ending is not None:
                    continue
                work.started, work.runner = loop.time(), runner
                self._running.add(work)
                self._call_runner(tasks)
                try:
                    outcomes = await self._handled(work)
                finally:
                    self._running.discard(work)
                self._ended(work, outcomes)
            called: asyncio.Future[None] = loop.create_future()
            self._idle.append(called)
            await called

    async def _handled(self, work: _Work) -> list[Outcome]:
        try:
            if self._batched:
                return await self._handle_batch(work.claims)
            return [_checked(await self._handler(work.claims[0]))]
        except Exception as error:
            return self._after_error(work.claims, error)
        except asyncio.CancelledError:
            if work.ending is None:
                raise
            return []
        finally:
            if work.ending is not None and work.runner is not None and work.runner.uncancel():
                # The slot itself is being ended, too.
                raise asyncio.CancelledError

    async def _handle_batch(self, claims: Sequence[Claim]) -> list[Outcome]:
        try:
            return _checked_batch(await self._handler(claims), len(claims))
        except Exception as error:
            outcomes = self._after_error(claims, error)
            poison = any(isinstance(o, Postpone) and o.uses_attempt for o in outcomes)
            if len(claims) == 1 or not poison:
                return outcomes
        half = len(claims) // 2
        return [
            *await self._handle_batch(claims[:half]),
            *await self._handle_batch(claims[half:]),
        ]

    def _after_error(self, claims: Sequence[Claim], error: Exception) -> list[Outcome]:
        log.warning("due handler failed", count=len(claims), row_id=claims[0].id, exc_info=error)
        now = self._clock.now()
        return [after_error(claim, error, now, self._rng) for claim in claims]

    def _ended(self, work: _Work, outcomes: Sequence[Outcome]) -> None:
        if work.ending is _Ending.LATE:
            log.warning("due handler timed out", count=len(work.claims), row_id=work.claims[0].id)
            now = self._clock.now()
            outcomes = [after_timeout(claim, now, self._rng) for claim in work.claims]
        if work.ending is _Ending.LOST:
            # What a batch still holds is left for whoever claims it next.
            for claim in work.claims:
                if self._holds(claim, work):
                    del self._held[claim.id]
        else:
            for claim, outcome in zip(work.claims, outcomes, strict=True):
                if self._holds(claim, work):
                    self._finished.append((claim, outcome))
        self._wake()

    def _holds(self, claim: Claim, work: _Work) -> bool:
        return self._held.get(claim.id) is work

    def _give_up(self, ids: Iterable[int]) -> int:
        lost = 0
        for id_ in ids:
            if (work := self._held.pop(id_, None)) is not None:
                lost += 1
                self._cancel(work, _Ending.LOST)
        return lost

    def _cancel(self, work: _Work, ending: _Ending) -> None:
        running = work in self._running and work.ending is None
        work.ending = ending
        if running and work.runner is not None:
            work.runner.cancel()


def _checked(outcome: object) -> Outcome:
    if not isinstance(outcome, Settle | Postpone | Bury):
        raise TypeError(f"a handler returned {type(outcome).__name__} instead of an outcome")
    return outcome


def _checked_batch(outcomes: object, count: int) -> list[Outcome]:
    if not isinstance(outcomes, Sequence) or len(outcomes) != count:
        raise TypeError("a batch handler must return one outcome for each claim")
    return [_checked(outcome) for outcome in outcomes]
