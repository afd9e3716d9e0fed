""" "typing…" for whom an answer takes longer than a moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from chassis.errors import ServiceError
from chassis.log import get_logger
from services.ingress.ports import Notifier

# Seconds until it is shown; WhatsApp shows it for 25.
FIRST_SECONDS = 0.4
AGAIN_SECONDS = 20.0

log = get_logger()


class Typing:
    """Shows that an answer is on its way, only where it is not there after `first` seconds."""

    def __init__(
        self, notifier: Notifier, *, first: float = FIRST_SECONDS, again: float = AGAIN_SECONDS
    ) -> None:
        self._notifier = notifier
        self._first = first
        self._again = again

    @asynccontextmanager
    async def while_answering(self, message_id: str) -> AsyncIterator[None]:
        """Shows it in the course of the block, and not after."""
        # Most answers are out before the timer ends: a task for each would cost more than it does.
        showing: list[asyncio.Task[None]] = []
        timer = asyncio.get_running_loop().call_later(
            self._first, lambda: showing.append(asyncio.create_task(self._show(message_id)))
        )
        try:
            yield
        finally:
            timer.cancel()
            for task in showing:
                task.cancel()
                await asyncio.wait((task,))

    async def _show(self, message_id: str) -> None:
        while True:
            try:
                await self._notifier.show_typing(message_id)
            except ServiceError as error:
                # A sign of life is no reason to fail at what it is a sign of.
                log.warning("typing not shown", reason=error.reason)
            await asyncio.sleep(self._again)
