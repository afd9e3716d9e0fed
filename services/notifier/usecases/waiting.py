"""What may not go out yet: until when it waits, in which state, and whom else that concerns."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from chassis.clock import Clock
from chassis.outcome import Outcome, Postpone
from services.notifier.domain import cap
from services.notifier.domain.cap import Caps, Scope
from services.notifier.domain.kind import KINDS
from services.notifier.domain.notification import State
from services.notifier.ports import Claimed, NotStarted, Quotas
from services.notifier.usecases.gate import Gate

_SCOPES = {
    cap.MINUTE_LIMIT: Scope.MINUTE,
    cap.DAY_LIMIT: Scope.DAY,
    cap.OUTSIDE_LIMIT: Scope.OUTSIDE,
}
# How long nothing is tried while it is not known when it would be of use.
_SOON = timedelta(seconds=1)
# A share of the window; what is known of grants that come back is that old at most.
_FRESHNESS = 50


class Waiting:
    """Puts off what may not start. `gates` are those of urgent notifications and of the rest."""

    def __init__(self, quotas: Quotas, caps: Caps, *, clock: Clock) -> None:
        self._quotas = quotas
        self._clock = clock
        fresh_for = max(caps.minute / _FRESHNESS, timedelta(milliseconds=100))
        self.gates: Mapping[bool, Gate] = {
            is_urgent: Gate(fresh_for=fresh_for) for is_urgent in (True, False)
        }
        self._looking = {is_urgent: asyncio.Lock() for is_urgent in (True, False)}
        self._looked: dict[bool, datetime] = {}
        self._day_full_until: datetime | None = None

    async def put_off(self, claimed: Claimed, refused: NotStarted, now: datetime) -> Outcome:
        """The outcome for the queue of one that `refused` keeps from starting at `now`."""
        reason, until = refused.refusal, refused.until
        if reason in cap.SHARED:
            await self._shut(claimed, reason, until, now)
            # It stays where it is in the queue: the gate keeps it from being claimed in vain.
            return Postpone(due_time=claimed.due_time, reason=reason)
        if until is None:
            if await self._quotas.grow():
                return Postpone(due_time=claimed.due_time, reason=reason)
            times = await self._quotas.next_times(_SCOPES[reason], now, is_urgent=True)
            until = times[0] if times else now + _SOON
            if reason == cap.DAY_LIMIT:
                self._day_full_until = until
        return Postpone(
            due_time=until if reason in cap.HOLDS else min(until, claimed.expire_time),
            reason=reason,
            values=_held(claimed, reason, until) if reason in cap.HOLDS else {},
        )

    def full_until(self) -> datetime | None:
        """Until when the day of all is full, as far as this process knows; None: it is not."""
        until = self._day_full_until
        return until if until is not None and until > self._clock.now() else None

    async def _shut(
        self, claimed: Claimed, reason: str, until: datetime | None, now: datetime
    ) -> None:
        if reason != cap.MINUTE_LIMIT:
            for gate in self.gates.values():
                gate.shut(until or now + _SOON)
            return
        is_urgent = KINDS[claimed.kind].is_urgent
        async with self._looking[is_urgent]:
            # Those that were refused at the same time share one look.
            if self._looked.get(is_urgent, now) > now:
                return
            self._looked[is_urgent] = self._clock.now()
            if not await self._quotas.grow():
                times = await self._quotas.next_times(Scope.MINUTE, now, is_urgent=is_urgent)
                self.gates[is_urgent].expect(times, self._clock.now())


def _held(claimed: Claimed, reason: str, until: datetime) -> Mapping[str, Any]:
    values: dict[str, Any] = {}
    if claimed.state in (State.QUEUED, State.HELD):
        values = {"state": int(State.HELD), "state_reason": reason}
    expiry = KINDS[claimed.kind].expiry
    if claimed.send_time + expiry == claimed.expire_time <= until:
        # What is held is not lost; unless its caller said until when it makes sense.
        values["expire_time"] = until + expiry
    return values
