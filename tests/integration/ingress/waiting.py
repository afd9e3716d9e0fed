"""Waits until something is so, for a bounded time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

SECONDS = 20
PAUSE = 0.02


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    """Returns once `is_so`; raises TimeoutError after 20 seconds.

    Another process (Postgres) changes what is looked at; there is no signal to wait for.
    """
    async with asyncio.timeout(SECONDS):
        while not await is_so():  # noqa: ASYNC110
            await asyncio.sleep(PAUSE)
