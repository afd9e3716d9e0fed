"""The edge that time drives: due notices go to the use case, batch by batch."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from chassis.outcome import Outcome
from services.scheduler.ports import Alarm
from services.scheduler.usecases.delivering import Delivering

Claim = TypeVar("Claim")


class NoticeHandler(Generic[Claim]):
    """Handles claimed notices; `read` turns claims into what is to be said."""

    def __init__(
        self,
        read: Callable[[Sequence[Claim]], Awaitable[Sequence[Alarm]]],
        delivering: Delivering,
    ) -> None:
        self._read = read
        self._delivering = delivering

    async def handle(self, claims: Sequence[Claim]) -> Sequence[Outcome]:
        """An outcome for each claim, in order."""
        return await self._delivering.deliver(await self._read(claims))
