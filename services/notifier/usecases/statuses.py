"""Statuses from the provider, joined to what is known."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.clock import Clock
from chassis.errors import InvalidArgument
from services.notifier.ports import Events, Receipts, StatusReport, StatusSummary

MAX_STATUSES = 500


class StatusRecording:
    """Records delivery statuses."""

    def __init__(self, receipts: Receipts, *, events: Events, clock: Clock) -> None:
        self._receipts = receipts
        self._events = events
        self._clock = clock

    async def record(self, reports: Sequence[StatusReport]) -> StatusSummary:
        """Joins 1 to 500 statuses; in any order, and as often as one likes."""
        if not 1 <= len(reports) <= MAX_STATUSES:
            problem = f"has 1 to {MAX_STATUSES} entries"
            raise InvalidArgument(f"statuses {problem}", violations={"statuses": problem})
        summary = await self._receipts.record(reports, self._clock.now())
        self._events.statuses(summary)
        return summary
