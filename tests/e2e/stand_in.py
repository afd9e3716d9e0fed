"""A business that answers by script, and servers for the browser tests of the chat page."""

from __future__ import annotations

import asyncio
import socket
import struct
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

DEADLINE = 40_000


@dataclass
class ScriptedBusiness:
    """Reads, types, and answers each message according to its words."""

    graph: str
    heard: list[dict[str, Any]] = field(default_factory=list)
    client: httpx2.AsyncClient = field(
        default_factory=lambda: httpx2.AsyncClient(
            trust_env=False, headers={"Authorization": "Bearer test_auth_token"}
        )
    )
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/webhook", self.receive, methods=["POST"])])

    async def receive(self, request: Request) -> Response:
        for entry in orjson.loads(await request.body())["entry"]:
            for change in entry["changes"]:
                for message in change["value"].get("messages", []):
                    await self.answer(message)
        return PlainTextResponse("")

    async def answer(self, message: dict[str, Any]) -> None:
        async with self._news:
            self.heard.append(message)
            self._news.notify_all()
        mark = {"status": "read", "message_id": message["id"]}
        await self.send(mark | {"typing_indicator": {"type": "text"}})
        reply = scripted(message)
        if reply is not None:
            await self.send({"to": "+" + message["from"]} | reply)

    async def send(self, body: dict[str, Any]) -> None:
        response = await self.client.post(self.graph, json={"messaging_product": "whatsapp"} | body)
        assert response.status_code == 200, response.text

    async def until(self, kind: str) -> dict[str, Any]:
        """The newest message of this type, as soon as there is one."""
        async with asyncio.timeout(DEADLINE / 1000), self._news:
            await self._news.wait_for(lambda: any(m["type"] == kind for m in self.heard))
            return next(m for m in reversed(self.heard) if m["type"] == kind)


def scripted(message: dict[str, Any]) -> dict[str, Any] | None:
    """What to answer: buttons to a wish, a list to a question, else an echo."""
    if message["type"] == "interactive":
        reply = message["interactive"]
        title = (reply.get("button_reply") or reply.get("list_reply"))["title"]
        return text(f"You tapped {title}", message["id"])
    if message["type"] != "text":
        return None
    body = message["text"]["body"]
    if "remind" in body:
        buttons = [{"type": "reply", "reply": {"id": "undo", "title": "Undo"}}]
        return interactive("button", "Call Ada at 19:05", {"buttons": buttons})
    if "today" in body:
        rows = [{"id": "1", "title": "Call Ada", "description": "19:05"}]
        return interactive("list", "One thing", {"button": "Show it", "sections": [{"rows": rows}]})
    return text(f"You said {body}", message["id"])


def text(body: str, wamid: str) -> dict[str, Any]:
    return {"type": "text", "text": {"body": body}, "context": {"message_id": wamid}}


def interactive(kind: str, body: str, action: dict[str, Any]) -> dict[str, Any]:
    content = {"type": kind, "body": {"text": body}, "action": action}
    return {"type": "interactive", "interactive": content}


class ReadyServer(uvicorn.Server):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@asynccontextmanager
async def served(app: Any, listener: socket.socket) -> AsyncIterator[None]:
    """Serves an application on an open socket for as long as the block lasts."""
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
    server = ReadyServer(config)
    # Not `serve`, which would take over the signals of the test run.
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server._serve(sockets=[listener]))
        await server.ready.wait()
        try:
            yield
        finally:
            server.should_exit = True


def listener() -> tuple[socket.socket, str]:
    """An open socket on a free port, and its address."""
    opened = socket.create_server(("127.0.0.1", 0))
    return opened, f"127.0.0.1:{opened.getsockname()[1]}"


def png() -> bytes:
    """A small picture."""

    def chunk(name: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + check

    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\x80\x40\xc0" * 8) * 8)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )
