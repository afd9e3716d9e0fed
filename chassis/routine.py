"""Something that a process does again and again until it stops."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from chassis.log import get_logger

log = get_logger()


class Routine:
    """Calls `act` at once and then `every` so often after it has ended. Fits `chassis.process`.

    What `is_outage` knows is waited out, with a line in the log; any other error ends the process.
    """

    def __init__(
        self,
        name: str,
        act: Callable[[], Awaitable[object]],
        *,
        every: timedelta,
        is_outage: Callable[[BaseException], bool],
    ) -> None:
        self.name = name
        self._act = act
        self._every = every.total_seconds()
        self._is_outage = is_outage
        self._stopping = asyncio.Event()

    @property
    def is_stopping(self) -> bool:
        """Whether what takes long should come to its end."""
        return self._stopping.is_set()

    async def start(self) -> None:
        """Nothing to do before `run`."""

    async def run(self) -> None:
        """Acts until stopped."""
        while not self.is_stopping:
            try:
                await self._act()
            except Exception as error:
                if not self._is_outage(error):
                    raise
                log.warning("routine put off", component=self.name, exc_info=error)
            try:
                async with asyncio.timeout(self._every):
                    await self._stopping.wait()
            except TimeoutError:
                continue

    async def stop(self) -> None:
        """Ends `run` after what is under way."""
        self._stopping.set()
