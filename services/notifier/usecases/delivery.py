"""Sending one claimed notification: what may start, the call, and what follows from its answer."""

from __future__ import annotations

from datetime import datetime
from random import Random

from chassis.clock import Clock
from chassis.crash import crash_point
from chassis.outcome import Outcome, Postpone, Settle
from services.notifier.domain.breaker import CLOSED, Breaker, BreakerPolicy
from services.notifier.domain.delivery import Ending, RetryPolicy, after_unknown, ending
from services.notifier.domain.kind import KINDS
from services.notifier.domain.notification import CLOSED as CLOSED_STATES
from services.notifier.domain.notification import State
from services.notifier.ports import (
    Claimed,
    Deliveries,
    Events,
    NotStarted,
    Outgoing,
    Provider,
    Started,
)

DIED = "ATTEMPT_INTERRUPTED"
BREAKER_OPEN = "BREAKER_OPEN"


class Delivery:
    """Sends notifications, one at a time; called at most once for a claim."""

    def __init__(
        self,
        deliveries: Deliveries,
        provider: Provider,
        *,
        events: Events,
        clock: Clock,
        rng: Random,
        policy: RetryPolicy,
        breaker_policy: BreakerPolicy,
    ) -> None:
        self._deliveries = deliveries
        self._provider = provider
        self._events = events
        self._clock = clock
        self._rng = rng
        self._policy = policy
        self._breaker_policy = breaker_policy
        self.breaker: Breaker = CLOSED

    async def deliver(self, claimed: Claimed) -> Outcome:
        """Does what the notification's state asks for; the outcome is for its queue."""
        now = self._clock.now()
        if claimed.state in CLOSED_STATES:
            return Settle()
        if claimed.state is State.SENDING:
            # Its worker died between the record of the attempt and that of the answer.
            await self._deliveries.suspect(claimed, reason=DIED, now=now)
            self._events.attempted("AMBIGUOUS", DIED)
            return Postpone(due_time=now + self._policy.probe_window, reason=DIED)
        if claimed.expire_time <= now:
            return await self._close(claimed, State.EXPIRED, "EXPIRED")
        is_repeat = claimed.state is State.UNKNOWN
        if is_repeat and not self._may_repeat(claimed):
            return await self._close(claimed, State.DEAD, "OUTCOME_UNKNOWN")
        if not self.breaker.admits(now):
            return Postpone(due_time=self._reopening(now), reason=BREAKER_OPEN)
        return await self._attempt(claimed, is_repeat=is_repeat, now=now)

    async def _attempt(self, claimed: Claimed, *, is_repeat: bool, now: datetime) -> Outcome:
        self.breaker = self.breaker.started()
        started = await self._deliveries.begin(claimed, is_repeat=is_repeat, now=now)
        if isinstance(started, NotStarted):
            self.breaker = self.breaker.abandoned()
            if started.refusal:
                return await self._close(claimed, State.FAILED, started.refusal)
            # Somebody changed it since it was claimed; the next claim sees how.
            return Postpone(due_time=now, reason="CHANGED")
        if is_repeat:
            self._events.repeated(claimed.kind)
        crash_point("notifier.before_post")
        result = await self._provider.send(_outgoing(started))
        crash_point("notifier.after_post")
        now = self._clock.now()
        end = ending(result, tries=started.number, now=now, policy=self._policy, rng=self._rng)
        self._move_breaker(end, now)
        await self._deliveries.finish(claimed, started, result, end, now)
        self._events.attempted(end.outcome.name, end.reason)
        if end.state is State.FAILED:
            self._events.closed(State.FAILED, claimed.kind)
        if end.retry_time is None:
            return Settle()
        return Postpone(due_time=min(end.retry_time, claimed.expire_time), reason=end.reason)

    async def _close(self, claimed: Claimed, state: State, reason: str) -> Outcome:
        await self._deliveries.close(claimed, state, reason=reason)
        self._events.closed(state, claimed.kind)
        return Settle()

    def _may_repeat(self, claimed: Claimed) -> bool:
        return after_unknown(KINDS[claimed.kind].policy, claimed.ambiguous, self._policy)

    def _move_breaker(self, end: Ending, now: datetime) -> None:
        if end.is_outage:
            self.breaker = self.breaker.failed(
                now, self._breaker_policy, at_once=end.is_account_error
            )
        else:
            self.breaker = self.breaker.succeeded()

    def _reopening(self, now: datetime) -> datetime:
        # Spread out, so that what waited does not come back in one instant.
        opens = max(self.breaker.open_until or now, now)
        return opens + self._breaker_policy.base * self._rng.random()


def _outgoing(started: Started) -> Outgoing:
    return Outgoing(
        address=started.address,
        text=started.text,
        token=started.token,
        reply_to_wamid=started.reply_to_wamid,
    )
