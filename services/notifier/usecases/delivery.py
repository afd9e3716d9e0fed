"""Sending one claimed notification: what may start, the call, and what follows from its answer."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from chassis.clock import Clock
from chassis.crash import crash_point
from chassis.outcome import Outcome, Postpone, Settle
from services.notifier.domain.cap import ATTEMPT_SLACK, WAITS
from services.notifier.domain.delivery import (
    Accepted,
    Ending,
    NotSent,
    RetryPolicy,
    SendResult,
    after_unknown,
    ending,
)
from services.notifier.domain.kind import KINDS
from services.notifier.domain.notification import CLOSED as CLOSED_STATES
from services.notifier.domain.notification import State
from services.notifier.ports import (
    NO_FORM,
    USER_STOPPED,
    Breakers,
    Claimed,
    Deliveries,
    Events,
    NotStarted,
    Outgoing,
    Provider,
    Started,
    TemplatePauses,
)
from services.notifier.usecases.waiting import Waiting

DIED = "ATTEMPT_INTERRUPTED"
# Plain, the kind's own template, the generic one; and one more, should the window open meanwhile.
_MOST_FORMS = 4
_BETWEEN_FORMS = timedelta(seconds=1)
# The right to make the call may have run out while the process stood still.
STALLED = "STALLED"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Refused:
    """An attempt that only its form kept from going out."""

    ending: Ending
    template: str


class Delivery:
    """Sends notifications, one at a time; called at most once for a claim."""

    def __init__(
        self,
        deliveries: Deliveries,
        provider: Provider,
        *,
        breakers: Breakers,
        pauses: TemplatePauses,
        waiting: Waiting,
        events: Events,
        clock: Clock,
        rng: Random,
        policy: RetryPolicy,
    ) -> None:
        self._deliveries = deliveries
        self._provider = provider
        self._breakers = breakers
        self._pauses = pauses
        self._waiting = waiting
        self._events = events
        self._clock = clock
        self._rng = rng
        self._policy = policy

    async def deliver(self, claimed: Claimed) -> Outcome:
        """Does what the notification's state asks for; the outcome is for its queue."""
        now = self._clock.now()
        if claimed.state in CLOSED_STATES:
            return Settle()
        if claimed.state is State.SENDING:
            # Its worker died between the record of the attempt and that of the answer.
            probe = now + self._policy.probe_window
            await self._deliveries.suspect(claimed, reason=DIED, now=now, retry_time=probe)
            self._events.attempted("AMBIGUOUS", DIED)
            return Postpone(due_time=probe, reason=DIED)
        if claimed.expire_time <= now:
            return await self._close(claimed, State.EXPIRED, "EXPIRED")
        if claimed.state is State.UNKNOWN and not self._may_repeat(claimed):
            return await self._close(claimed, State.DEAD, "OUTCOME_UNKNOWN")
        return await self._send(claimed, now=now)

    async def _send(self, claimed: Claimed, *, now: datetime) -> Outcome:
        """One attempt; another at once where only its form stood in the way."""
        without = self._pauses.names(now)
        reason = ""
        for _form in range(_MOST_FORMS):
            done = await self._attempt(claimed, without=without, reason=reason, now=now)
            if not isinstance(done, _Refused):
                return done
            claimed = replace(claimed, state=State.QUEUED)
            now, reason = self._clock.now(), done.ending.reason
            if done.template:
                pause = done.ending.template_pause
                await self._pauses.add(done.template, now, pause, reason=reason)
                without = without | {done.template}
        return Postpone(due_time=now + _BETWEEN_FORMS, reason=reason)

    async def _attempt(
        self, claimed: Claimed, *, without: Collection[str], reason: str, now: datetime
    ) -> Outcome | _Refused:
        # Once nobody knows of a copy, all later ones say that they may be one.
        is_repeat = claimed.ambiguous > 0
        begun = time.monotonic()
        started = await self._deliveries.begin(
            claimed, is_repeat=is_repeat, without=without, now=now
        )
        if isinstance(started, NotStarted):
            return await self._not_started(claimed, started, reason, now)
        if claimed.state is State.UNKNOWN:
            self._events.repeated(claimed.kind)
        crash_point("notifier.before_post")
        result: SendResult = NotSent(reason=STALLED)
        if time.monotonic() - begun < ATTEMPT_SLACK.total_seconds():
            result = await self._provider.send(_outgoing(started))
        crash_point("notifier.after_post")
        return await self._finish(claimed, started, result)

    async def _finish(
        self, claimed: Claimed, started: Started, result: SendResult
    ) -> Outcome | _Refused:
        now = self._clock.now()
        template = started.template.key if started.template else ""
        end = ending(
            result,
            tries=started.number,
            now=now,
            policy=self._policy,
            rng=self._rng,
            template=template,
        )
        await self._deliveries.finish(claimed, started, result, end, now)
        if end.is_outage:
            await self._breakers.failed(now, reason=end.reason, at_once=end.is_account_error)
        self._events.attempted(end.outcome.name, end.reason)
        if isinstance(result, Accepted) and started.heard_time is not None:
            self._events.replied(claimed.kind, (now - started.heard_time).total_seconds())
        if end.in_another_form:
            return _Refused(ending=end, template=template)
        if end.state is State.FAILED:
            self._events.closed(State.FAILED, claimed.kind)
        if end.retry_time is None:
            return Settle()
        return Postpone(due_time=min(end.retry_time, claimed.expire_time), reason=end.reason)

    async def _not_started(
        self, claimed: Claimed, refused: NotStarted, reason: str, now: datetime
    ) -> Outcome:
        if not refused.refusal:
            # Somebody changed it since it was claimed; the next claim sees how.
            return Postpone(due_time=claimed.due_time, reason="CHANGED")
        if refused.refusal in WAITS:
            self._events.put_off(refused.refusal)
            return await self._waiting.put_off(claimed, refused, now)
        # What the provider said of the last form that there was says more than that none is left.
        why = reason if reason and refused.refusal == NO_FORM else refused.refusal
        state = State.CANCELLED if refused.refusal == USER_STOPPED else State.FAILED
        return await self._close(claimed, state, why)

    async def _close(self, claimed: Claimed, state: State, reason: str) -> Outcome:
        await self._deliveries.close(claimed, state, reason=reason, now=self._clock.now())
        self._events.closed(state, claimed.kind)
        return Settle()

    def _may_repeat(self, claimed: Claimed) -> bool:
        return after_unknown(KINDS[claimed.kind].policy, claimed.ambiguous, self._policy)


def _outgoing(started: Started) -> Outgoing:
    return Outgoing(
        address=started.address,
        text=started.text,
        token=started.token,
        template=started.template,
        reply_to_wamid=started.reply_to_wamid,
        buttons=started.buttons,
        attachment=started.attachment,
    )
