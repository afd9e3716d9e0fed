"""What operators may ask of the inbox."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from services.ingress.ports import InboxDepth, Parts, PartSummary, State


class Inspection:
    """Lets operators look into the inbox."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def depth(self, now: datetime) -> InboxDepth:
        """How full it is."""
        return await self._parts.depth(now)

    async def list(
        self, *, message_key: bytes | None, states: Collection[State], limit: int, before: int
    ) -> Sequence[PartSummary]:
        """Parts, newest first."""
        return await self._parts.list(
            message_key=message_key, states=states, limit=limit, before=before
        )

    async def redrive(self, part_ids: Sequence[int], now: datetime) -> int:
        """Opens buried parts again; how many."""
        return await self._parts.redrive(part_ids, now)
