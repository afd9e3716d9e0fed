"""A message that is one too many waits its turn, and those behind it theirs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from chassis.clock import Clock
from chassis.log import get_logger
from chassis.outcome import Postpone
from services.ingress.domain.flood import FloodControl
from services.ingress.ports import Lanes, StoredPart

FLOOD = "FLOOD"

log = get_logger()


class Floods:
    """Puts messages off. What marks one that waited already is `FLOOD`, the reason it was given."""

    def __init__(self, control: FloodControl, lanes: Lanes, clock: Clock) -> None:
        self._control = control
        self._lanes = lanes
        self._clock = clock

    async def put_off(
        self, part: StoredPart, tell: Callable[[], Awaitable[None]]
    ) -> Postpone | None:
        """When a message is handled that is one too many; None where it is handled now.

        `tell` is awaited where the person must hear of it, once a flood.
        """
        now = self._clock.now()
        if part.put_off == FLOOD:
            # Its time was set when it was one too many; what came since gets its own.
            self._control.count(part.lane, now)
            await self._space_out(part, now)
            return None
        over = self._control.check(part.lane, now)
        if over is None:
            return None
        await self._space_out(part, over.due_time)
        if over.is_news:
            log.warning("flood", message_id=part.message_id)
            await tell()
            self._control.told(part.lane, now)
        return Postpone(due_time=over.due_time, reason=FLOOD)

    async def _space_out(self, part: StoredPart, start: datetime) -> None:
        await self._lanes.space_out(
            part.lane, after=part.part_id, start=start, gap=self._control.gap
        )
