"""Live news for the chat page: server-sent events to whoever watches."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import orjson

from simulator.domain.problem import Problem

_PENDING = 2_000
_WATCHERS = 64
_KEEP_ALIVE_SECONDS = 15.0


class Feed:
    """Hands each event to every watcher; one who falls behind is told to start over."""

    def __init__(self) -> None:
        self._watchers: set[asyncio.Queue[bytes | None]] = set()
        self._closed = False

    @property
    def watched(self) -> bool:
        """Whether anybody watches; without, nothing is even formatted."""
        return bool(self._watchers)

    def publish(self, event: str, data: dict[str, Any]) -> None:
        """Sends one event to all who watch."""
        if not self._watchers:
            return
        frame = b"event: " + event.encode() + b"\ndata: " + orjson.dumps(data) + b"\n\n"
        for queue in self._watchers:
            try:
                queue.put_nowait(frame)
            except asyncio.QueueFull:
                _start_over(queue)

    async def watch(self) -> AsyncIterator[bytes]:
        """The events from now on, with a comment now and then so that proxies keep the line."""
        if len(self._watchers) >= _WATCHERS:
            raise Problem(f"{_WATCHERS} pages watch already", status=503)
        queue: asyncio.Queue[bytes | None] = asyncio.Queue(_PENDING)
        self._watchers.add(queue)
        try:
            yield b"retry: 1000\n\n"
            while not self._closed:
                frame = await _next(queue)
                if frame is None:
                    return
                yield frame
        finally:
            self._watchers.discard(queue)

    def close(self) -> None:
        """Ends every watch."""
        self._closed = True
        for queue in self._watchers:
            while not queue.empty():
                queue.get_nowait()
            queue.put_nowait(None)


async def _next(queue: asyncio.Queue[bytes | None]) -> bytes | None:
    try:
        async with asyncio.timeout(_KEEP_ALIVE_SECONDS):
            return await queue.get()
    except TimeoutError:
        return b": still here\n\n"


def _start_over(queue: asyncio.Queue[bytes | None]) -> None:
    while not queue.empty():
        queue.get_nowait()
    queue.put_nowait(b"event: reset\ndata: {}\n\n")
