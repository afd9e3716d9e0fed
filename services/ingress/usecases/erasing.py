"""Forgetting a person: everywhere, whatever is down, and also what was under way meanwhile.

The notifier is first: from then on nobody is that person any more, and whoever writes again is a
new one. Then ai and scheduler, which refuse what still comes for the old one, then the inbox. All
are asked again a minute later: nothing that was under way the first time has lasted so long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from chassis.clock import Clock
from chassis.log import get_logger
from services.ingress.domain.erasure import SECOND_ROUND, Erasure, Known, Receipt, Stage
from services.ingress.domain.names import Names

log = get_logger()


class Erasures(Protocol):
    """The people to be forgotten, and those who were."""

    async def request(self, erasure: Erasure, *, due_time: datetime, is_repeat: bool) -> Erasure:
        """Records one, once a person; begins anew where `is_repeat` and it is finished."""
        ...

    async def get(self, user_id: str) -> Erasure:
        """How it stands. Raises `ErasureNotFound`."""
        ...

    async def list(self, *, after: int, limit: int) -> Sequence[Erasure]:
        """All, oldest first, behind the position `after`."""
        ...

    async def keep(self, erasure: Erasure) -> None:
        """Records who it is, before anything is destroyed that says so."""
        ...

    async def forget_parts(self, person_keys: Sequence[bytes], until: datetime) -> int:
        """Deletes the parts about a person that came until then; how many."""
        ...


class Services(Protocol):
    """The other services, as they forget."""

    async def known(self, user_id: str) -> Known | None:
        """Who the person is; None where nobody knows them (any more)."""
        ...

    async def erase_contact(self, erasure: Erasure) -> int:
        """The notifier forgets; how many notifications it cancelled."""
        ...

    async def erase_plans(self, erasure: Erasure) -> int:
        """The scheduler forgets; how many rows went."""
        ...

    async def erase_turns(self, erasure: Erasure) -> int:
        """ai forgets; how many turns went."""
        ...


class Erasing:
    """Records erasures and carries them out; each step may be done again."""

    def __init__(
        self, erasures: Erasures, services: Services, names: Names, *, clock: Clock
    ) -> None:
        self._erasures = erasures
        self._services = services
        self._names = names
        self._clock = clock

    async def request(
        self,
        *,
        user_id: str,
        request_id: str,
        erase_time: datetime | None,
        delay: timedelta,
        is_repeat: bool,
    ) -> Erasure:
        """Makes an erasure durable; how it stands."""
        now = self._clock.now()
        until = now + delay if erase_time is None else min(erase_time, now)
        asked = Erasure(user_id=user_id, request_id=request_id, erase_time=until)
        stands = await self._erasures.request(asked, due_time=now + delay, is_repeat=is_repeat)
        log.info("erasure requested", user_id=user_id, request_id=request_id)
        return stands

    async def get(self, user_id: str) -> Erasure:
        """How an erasure stands. Raises `ErasureNotFound`."""
        return await self._erasures.get(user_id)

    async def list(self, *, after: int, limit: int) -> Sequence[Erasure]:
        """The ledger, oldest first."""
        return await self._erasures.list(after=after, limit=limit)

    async def carry_out(self, erasure: Erasure) -> Erasure:
        """Asks every service once; the erasure a stage further. Raises what a peer raises."""
        erasure = await self._identified(erasure)
        receipt = Receipt(
            contacts=int(bool(erasure.person_keys)),
            cancelled_notifications=await self._services.erase_contact(erasure),
            turns=await self._services.erase_turns(erasure),
            scheduler_rows=await self._services.erase_plans(erasure),
            parts=await self._erasures.forget_parts(erasure.person_keys or (), erasure.erase_time),
        )
        done = replace(erasure, receipt=erasure.receipt.plus(receipt))
        if erasure.stage is Stage.REQUESTED:
            return replace(done, stage=Stage.SWEPT)
        log.info("user erased", user_id=erasure.user_id)
        return replace(done, stage=Stage.FINISHED, person_keys=(), finish_time=self._clock.now())

    async def _identified(self, erasure: Erasure) -> Erasure:
        if erasure.person_keys is not None:
            return erasure
        known = await self._services.known(erasure.user_id)
        keys = [self._names.lane(each) for each in known.sender_ids] if known else []
        erasure = replace(erasure, person_keys=keys, generation=known.generation if known else 1)
        await self._erasures.keep(erasure)
        return erasure

    def next_time(self) -> datetime:
        """When everybody is asked again."""
        return self._clock.now() + SECOND_ROUND
