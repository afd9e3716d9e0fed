"""How much of each cap is used, for who asks."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.clock import Clock
from chassis.errors import InvalidArgument
from services.notifier.domain import cap
from services.notifier.domain.breaker import Breaker
from services.notifier.domain.cap import Caps, Scope
from services.notifier.ports import Breakers, PersonalUsage, Quotas

_NAMES = {
    Scope.MINUTE: cap.MINUTE_LIMIT,
    Scope.DAY: cap.DAY_LIMIT,
    Scope.OUTSIDE: cap.OUTSIDE_LIMIT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CapUsage:
    """One cap as it is shown; `free_time` while none is left, `window` unless it is a day's."""

    name: str
    limit: int
    used: int
    window: timedelta | None = None
    free_time: datetime | None = None

    @property
    def free(self) -> int:
        """How much is left; 0 where there is no limit."""
        return max(self.limit - self.used, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """Everything that may keep something from going out, as of `now`."""

    now: datetime
    caps: Sequence[CapUsage]
    breaker: Breaker
    held: Mapping[str, int]


class QuotaReading:
    """Reads the caps."""

    def __init__(self, quotas: Quotas, breakers: Breakers, caps: Caps, *, clock: Clock) -> None:
        self._quotas = quotas
        self._breakers = breakers
        self._caps = caps
        self._clock = clock

    async def read(self, user_id: str) -> Quota:
        """All of them, with a person's own where `user_id` is not empty.

        Raises InvalidArgument, UserNotFound.
        """
        now = self._clock.now()
        usages = [
            CapUsage(
                name=_NAMES[usage.scope],
                limit=self._caps.limit(usage.scope),
                used=usage.used,
                window=self._caps.window(usage.scope),
                free_time=usage.free_time,
            )
            for usage in await self._quotas.usage(now)
        ]
        if user_id:
            usages += self._personal(await self._quotas.personal(_canonical(user_id), now), now)
        return Quota(
            now=now,
            caps=usages,
            breaker=await self._breakers.state(),
            held=await self._quotas.held(),
        )

    def _personal(self, usage: PersonalUsage, now: datetime) -> Sequence[CapUsage]:
        caps = self._caps
        is_full = 0 < caps.person_limit <= usage.counted
        pair_limit = caps.pair_room if caps.pair_burst else 0
        owed = min(-int(-usage.owed // 1), pair_limit)
        frees = now + (usage.owed - (pair_limit - 1)) * caps.pair_gap
        return [
            CapUsage(
                name=cap.DAILY_LIMIT,
                limit=caps.person_limit,
                used=usage.counted,
                free_time=usage.day_end if is_full else None,
            ),
            CapUsage(
                name=cap.PAIR_PACE,
                limit=pair_limit,
                used=owed,
                window=caps.pair_gap * pair_limit,
                free_time=frees if 0 < pair_limit <= owed else None,
            ),
        ]


def _canonical(user_id: str) -> str:
    try:
        return str(uuid.UUID(user_id))
    except ValueError:
        problem = "is not a UUID"
        raise InvalidArgument(f"user_id {problem}", violations={"user_id": problem}) from None
