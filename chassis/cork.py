"""Answers in one write: what is written to a connection within one turn of the loop goes together.

uvicorn writes the head and the body of an answer apart. Each write is a system call, a packet, and
something more to read at the other end; together they are a tenth of what a small answer costs.
"""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# What is larger than this is not worth copying.
_LARGE = 16 * 1024


class CorkedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol on a transport that gathers writes."""

    def connection_made(  # type: ignore[override]
        self, transport: asyncio.Transport
    ) -> None:
        """Takes a connection."""
        super().connection_made(cast("asyncio.Transport", Corked(transport, self.loop)))


class Corked:
    """A transport that holds small writes back until the loop has finished this turn."""

    __slots__ = ("_call_soon", "_pending", "_transport")

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._call_soon = loop.call_soon
        self._pending: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Sends `data` with whatever else is written in this turn, in order."""
        if len(data) > _LARGE:
            self.flush()
            self._transport.write(data)
            return
        if not self._pending:
            self._call_soon(self.flush)
        self._pending.append(data)

    def flush(self) -> None:
        """Sends what is held back."""
        if self._pending:
            data = b"".join(self._pending)
            self._pending.clear()
            self._transport.write(data)

    def close(self) -> None:
        """Closes the connection once everything has been sent."""
        self.flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
