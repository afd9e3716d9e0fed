"""One address for two ingress replicas, as a load balancer in front of them would give."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import count

_CHUNK = 65536


class Balancer:
    """Passes each connection to the next backend that takes it."""

    def __init__(self, port: int, backends: Sequence[int]) -> None:
        self._port = port
        self._backends = backends
        self._turn = count()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listens."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)

    async def stop(self) -> None:
        """Closes everything."""
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            await self._pass(reader, writer)
        except (OSError, asyncio.CancelledError):
            return
        finally:
            writer.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = next(self._turn)
        for offset in range(len(self._backends)):
            port = self._backends[(first + offset) % len(self._backends)]
            try:
                there, to_there = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                continue
            one = asyncio.create_task(_copy(reader, to_there))
            other = asyncio.create_task(_copy(there, writer))
            try:
                # When either side is gone, so is the other.
                await asyncio.wait([one, other], return_when=asyncio.FIRST_COMPLETED)
            finally:
                one.cancel()
                other.cancel()
                await asyncio.gather(one, other, return_exceptions=True)
                to_there.transport.abort()
            return


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while chunk := await reader.read(_CHUNK):
            writer.write(chunk)
            await writer.drain()
    except ConnectionError:
        return
