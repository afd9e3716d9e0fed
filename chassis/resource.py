"""Something that needs no start, only to be let go of in its turn: a pool, a channel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable


class Resource:
    """A component whose whole life is its end; `close` is awaited once, when the process stops."""

    def __init__(self, name: str, close: Callable[[], Awaitable[object]]) -> None:
        self.name = name
        self._close = close

    async def start(self) -> None:
        """Nothing to wait for: it connects when it is used."""

    async def stop(self) -> None:
        """Lets go of it."""
        await self._close()
