"""A scripted Graph API on a real socket: it answers, stalls, cuts and refuses as it is told."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One answer; `drops` closes the connection instead, `waits` holds it until `release`."""

    status: int = 200
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    drops: bool = False
    waits: bool = False


def error(code: int, status: int = 400, **headers: str) -> Reply:
    body = json.dumps({"error": {"code": code, "message": "no", "type": "OAuthException"}})
    return Reply(status=status, body=body.encode(), headers=headers)


class ScriptedGraph:
    """Answers sends from the script, then with success; keeps every body in `sends`."""

    def __init__(self) -> None:
        self.script: deque[Reply] = deque()
        self.sends: list[dict[str, Any]] = []
        self.reads: list[dict[str, Any]] = []
        self.uploads: list[bytes] = []
        self.upload_script: deque[Reply] = deque()
        self.authorizations: set[str] = set()
        self.on_send: Callable[[dict[str, Any], str], Awaitable[None]] | None = None
        self.release = asyncio.Event()
        self._changed = asyncio.Condition()
        self._tasks: set[asyncio.Task[Any]] = set()
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v26.0"

    async def sent(self, count: int, timeout: float = 10.0) -> None:
        """Waits until `count` sends have arrived."""
        async with asyncio.timeout(timeout), self._changed:
            await self._changed.wait_for(lambda: len(self.sends) >= count)

    async def read(self, count: int, timeout: float = 10.0) -> None:
        async with asyncio.timeout(timeout), self._changed:
            await self._changed.wait_for(lambda: len(self.reads) >= count)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while (head := await self._head(reader)) is not None:
                content = await reader.readexactly(int(head["content-length"]))
                self.authorizations.add(head["authorization"])
                if head["content-type"].startswith("multipart/form-data"):
                    self.uploads.append(content)
                    reply = self.upload_script.popleft() if self.upload_script else Reply()
                    answer = reply.body or b'{"id": "media-%d"}' % len(self.uploads)
                    writer.write(_rendered(replace(reply, body=answer), "", {}))
                    await writer.drain()
                    continue
                body = json.loads(content)
                reply, wamid = await self._arrived(body)
                if reply.waits:
                    await self.release.wait()
                if reply.drops:
                    return
                writer.write(_rendered(reply, wamid, body))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _head(self, reader: asyncio.StreamReader) -> dict[str, str] | None:
        raw = await reader.readuntil(b"\r\n\r\n")
        lines = raw.decode().split("\r\n")[1:-2]
        return {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}

    async def _arrived(self, body: dict[str, Any]) -> tuple[Reply, str]:
        async with self._changed:
            if body.get("status") == "read":
                self.reads.append(body)
                self._changed.notify_all()
                return Reply(body=b'{"success": true}'), ""
            self.sends.append(body)
            wamid = f"wamid.{len(self.sends)}"
            reply = self.script.popleft() if self.script else Reply()
            self._changed.notify_all()
        if self.on_send is not None:
            await self.on_send(body, wamid)
        return reply, wamid

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _rendered(reply: Reply, wamid: str, request: dict[str, Any]) -> bytes:
    body = reply.body
    if body is None:
        answer = {
            "messaging_product": "whatsapp",
            "contacts": [{"input": request.get("to", ""), "wa_id": request.get("to", "")[1:]}],
            "messages": [{"id": wamid}],
        }
        body = json.dumps(answer).encode()
    headers = {"content-type": "application/json", "content-length": str(len(body))}
    lines = [f"{name}: {value}" for name, value in (headers | reply.headers).items()]
    head = f"HTTP/1.1 {reply.status} X\r\n" + "\r\n".join(lines) + "\r\n\r\n"
    return head.encode() + body


@asynccontextmanager
async def scripted_graph() -> AsyncIterator[ScriptedGraph]:
    graph = ScriptedGraph()
    server = await asyncio.start_server(graph.handle, "127.0.0.1", 0)
    graph.port = server.sockets[0].getsockname()[1]
    try:
        yield graph
    finally:
        graph.release.set()
        server.close()
        await graph.stop()
        await server.wait_closed()
