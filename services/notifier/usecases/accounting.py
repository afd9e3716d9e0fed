"""What the provider lets the account do: kept, put into effect, and asked before every send."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from random import Random

from chassis.clock import Clock
from chassis.log import get_logger
from chassis.outcome import Outcome, Postpone
from chassis.routine import Routine
from services.notifier.domain.account import (
    REPEATED,
    AccountChange,
    OptOut,
    Standing,
    effect_of,
)
from services.notifier.domain.contact import sender
from services.notifier.domain.notification import OPEN
from services.notifier.ports import Claimed
from services.notifier.ports.people import Account, AccountEvents, Names

# How soon what waits looks again, and how far apart the looks are.
LOOK = timedelta(seconds=30)
# What another replica was told is known here after this long.
REFRESH = timedelta(seconds=5)

log = get_logger()


class Accounting:
    """Records changes of the account and knows what is in force.

    `on_change` is awaited after each one, so that whoever keeps a list of templates reads it again.
    """

    def __init__(
        self,
        account: Account,
        names: Names,
        *,
        on_change: Callable[[], Awaitable[None]],
        events: AccountEvents,
        clock: Clock,
        rng: Random,
    ) -> None:
        self._on_change = on_change
        self._account = account
        self._names = names
        self._events = events
        self._clock = clock
        self._rng = rng
        self.standing = Standing()

    async def record(self, change: AccountChange) -> str:
        """Keeps a change and puts it into effect at once; what followed."""
        effect = effect_of(change.field, change.value, change.receive_time)
        # First: they may be repeated, and a change that is known is not looked into again.
        for opt_out in effect.opt_outs:
            await self._opt_out(opt_out)
        if not await self._account.record(change, effect):
            return REPEATED
        self._events.account_changed(change.field, effect)
        await self.refresh()
        await self._on_change()
        return effect.name

    async def refresh(self) -> None:
        """Reads what is in force, as other replicas and their changes have left it."""
        now = self._clock.now()
        self.standing = await self._account.standing(now)
        self._events.stopped([stop.reason for stop in self.standing.stops])

    def is_paused(self, name: str, language: str, now: datetime) -> bool:
        """Whether an approved template is left alone."""
        return self.standing.is_paused(name, language, now)

    def guarded(
        self, deliver: Callable[[Claimed], Awaitable[Outcome]]
    ) -> Callable[[Claimed], Awaitable[Outcome]]:
        """`deliver`, but what would start an attempt waits while nothing may be sent."""

        async def guard(claimed: Claimed) -> Outcome:
            now = self._clock.now()
            stop = self.standing.stop(now)
            if stop is None or claimed.state not in OPEN or claimed.expire_time <= now:
                return await deliver(claimed)
            return Postpone(due_time=self._next_look(stop.until, now), reason=stop.reason)

        return guard

    def _next_look(self, until: datetime | None, now: datetime) -> datetime:
        # Spread out, so that what waited does not come back in one instant.
        spread = LOOK * self._rng.random()
        return min(until, now + LOOK) + spread if until is not None else now + LOOK + spread

    async def _opt_out(self, opt_out: OptOut) -> None:
        if opt_out.wa_id or opt_out.user_id:
            names = sender(
                wa_id=opt_out.wa_id,
                business_user_id=opt_out.user_id,
                parent_user_id="",
                display_name="",
            )
            await self._names.opt_out(names, opt_out.stop_time)


def account_watch(accounting: Accounting, *, is_outage: Callable[[BaseException], bool]) -> Routine:
    """Reads what is in force every few seconds."""
    return Routine("notifier account", accounting.refresh, every=REFRESH, is_outage=is_outage)
