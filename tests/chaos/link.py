"""The wire between one process and Postgres, which can be cut or held up at a chosen moment.

It reads just enough of the protocol to know which statement passes by, and it says in the session's
`application_name` which process, and which life of it, is speaking: the audit needs to know.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

SOCKET = ".s.PGSQL.5432"
# Longer than a lease (3.5 s), a poll (1 s) and a statement's deadline (5 s) in a queue.
STALL_SECONDS = 6.0
_PROTOCOL_3 = 196608
_READY = b"Z\x00\x00\x00\x05"
_CHUNK = 65536

Report = Callable[[str], None]


class Link:
    """Listens in `folder` as if it were Postgres, and passes everything on to `upstream`.

    `arm` makes the next fitting statement suffer; `struck` is told when one did.
    """

    def __init__(self, name: str, folder: Path, upstream: Path, struck: Report) -> None:
        self.name = name
        self.folder = folder
        self.upstream = upstream
        self.life = 0
        self._struck = struck
        self._armed: list[str] = []
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Opens the socket."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, self.folder / SOCKET)

    async def stop(self) -> None:
        """Closes the socket and every connection."""
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def arm(self, fault: str) -> None:
        """The next statement that `fault` is about will meet it."""
        self._armed.append(fault)

    def disarm(self) -> None:
        """Nothing more will happen on purpose."""
        self._armed.clear()

    def take(self, statements: list[str]) -> str:
        """The armed fault that these statements meet, now spent; empty for none."""
        for fault in self._armed:
            if any(_fits(fault, text) for text in statements):
                self._armed.remove(fault)
                self._struck(fault)
                return fault
        return ""

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            await _Session(self, reader, writer).run()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            return
        finally:
            writer.transport.abort()


class _Session:
    """One connection."""

    def __init__(
        self, link: Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._link = link
        self._client, self._to_client = reader, writer
        self._prepared: dict[bytes, str] = {}
        self._swallowing = False

    async def run(self) -> None:
        first = await _first_message(self._client)
        server, to_server = await asyncio.open_unix_connection(self._link.upstream / SOCKET)
        try:
            to_server.write(self._named(first))
            back = asyncio.create_task(self._pass_back(server))
            try:
                await self._pass_on(to_server)
            finally:
                try:
                    # The answer is read to its end, so that the server has surely committed.
                    await asyncio.wait([back], timeout=10.0 if self._swallowing else 0.0)
                finally:
                    back.cancel()
        finally:
            to_server.transport.abort()

    def _named(self, first: bytes) -> bytes:
        if int.from_bytes(first[4:8], "big") != _PROTOCOL_3:
            return first
        fields = first[8:].split(b"\0")
        for index in range(0, len(fields) - 1, 2):
            if fields[index] == b"application_name":
                fields[index + 1] = f"{self._link.name}/{self._link.life}".encode()
        body = first[4:8] + b"\0".join(fields)
        return (len(body) + 4).to_bytes(4, "big") + body

    async def _pass_on(self, to_server: asyncio.StreamWriter) -> None:
        buffer = b""
        while chunk := await self._client.read(_CHUNK):
            buffer += chunk
            whole, statements = self._read(buffer)
            passing, buffer = buffer[:whole], buffer[whole:]
            fault = self._link.take(statements) if statements else ""
            if fault == "cut_before_commit":
                return
            if fault == "stall":
                # Like packets on a slow road: they arrive even if nobody waits for the answer.
                await asyncio.sleep(STALL_SECONDS)
            self._swallowing = fault.startswith("cut_after")
            to_server.write(passing)
            await to_server.drain()
            if self._swallowing:
                return

    async def _pass_back(self, server: asyncio.StreamReader) -> None:
        while chunk := await server.read(_CHUNK):
            if self._swallowing:
                if _READY in chunk:
                    return
                continue
            try:
                self._to_client.write(chunk)
                await self._to_client.drain()
            except ConnectionError:
                continue
        self._to_client.transport.abort()

    def _read(self, buffer: bytes) -> tuple[int, list[str]]:
        """How many bytes are whole messages, and which statements they run."""
        at, statements = 0, []
        while at + 5 <= len(buffer):
            end = at + 1 + int.from_bytes(buffer[at + 1 : at + 5], "big")
            if end > len(buffer):
                break
            sort, body = buffer[at : at + 1], buffer[at + 5 : end]
            if sort == b"P":
                name, text = body.split(b"\0")[:2]
                self._prepared[name] = text.decode("utf-8", "replace")
            elif sort == b"B":
                statements.append(self._prepared.get(body.split(b"\0")[1], ""))
            elif sort == b"Q":
                statements.append(body.rstrip(b"\0").decode("utf-8", "replace"))
            at = end
        return at, statements


async def _first_message(reader: asyncio.StreamReader) -> bytes:
    size = await reader.readexactly(4)
    return size + await reader.readexactly(int.from_bytes(size, "big") - 4)


def _fits(fault: str, statement: str) -> bool:
    text = statement.lstrip().upper()
    if fault == "stall":
        # A queue's outcome: settling, alone or together with the next claim.
        return "SETTLED_TIME = $3" in text
    if fault == "cut_after_write":
        return "INSERT INTO" in text or "UPDATE " in text
    # Either an explicit COMMIT or a statement that commits itself.
    return text.startswith("COMMIT") or "INSERT INTO" in text
