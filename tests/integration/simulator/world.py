"""One simulator and a business that it talks to, in this process and without a network."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from simulator.settings import Settings
from simulator.wiring import Simulator

ADA = "+15550100001"
BOB = "+15550100002"
DEADLINE = 10.0
ACCOUNT = "102290129340398"
TEMPLATE = {
    "name": "reminder",
    "language": "en",
    "category": "UTILITY",
    "components": [
        {
            "type": "BODY",
            "text": "It is time for {{1}}. Reply here to change it.",
            "example": {"body_text": [["tea"]]},
        },
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Done"}]},
    ],
}


def template(*values: str, name: str = "reminder") -> dict:
    parameters = [{"type": "text", "text": value} for value in values]
    return {
        "name": name,
        "language": {"code": "en"},
        "components": [{"type": "body", "parameters": parameters}],
    }


class FakeClock:
    """Time that moves only when it is told to."""

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def move(self, **how: float) -> None:
        self._now += timedelta(**how)


@dataclass
class Hook:
    """One webhook as the business received it."""

    body: bytes
    signature: str | None
    answered: int

    @property
    def parts(self) -> list[dict[str, Any]]:
        """All messages and statuses in it, in order."""
        return [
            part
            for value in self.values
            for part in [*value.get("messages", []), *value.get("statuses", [])]
        ]

    @property
    def values(self) -> list[dict[str, Any]]:
        return [
            change["value"]
            for entry in orjson.loads(self.body)["entry"]
            for change in entry["changes"]
        ]


@dataclass
class Business:
    """The webhook's address: records what comes and answers as it was told to."""

    answers: list[int] = field(default_factory=list)
    hooks: list[Hook] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self, request: Request) -> Response:
        status = self.answers.pop(0) if self.answers else 200
        signature = request.headers.get("x-hub-signature-256")
        self.hooks.append(Hook(await request.body(), signature, status))
        self._news.set()
        return PlainTextResponse("", status)

    async def challenge(self, request: Request) -> Response:
        if request.query_params["hub.verify_token"] != "test_verify_token":
            return PlainTextResponse("no", 403)
        return PlainTextResponse(request.query_params["hub.challenge"])

    async def until(self, count: int) -> list[Hook]:
        """The webhooks, as soon as there are this many."""
        async with asyncio.timeout(DEADLINE):
            while len(self.hooks) < count:
                self._news.clear()
                await self._news.wait()
        return self.hooks

    async def statuses(self, count: int) -> list[dict[str, Any]]:
        """The statuses, as soon as there are this many."""
        async with asyncio.timeout(DEADLINE):
            while True:
                found = [p for hook in self.hooks for p in hook.parts if "status" in p]
                if len(found) >= count:
                    return found
                self._news.clear()
                await self._news.wait()


@dataclass
class World:
    """Everything a test needs."""

    simulator: Simulator
    business: Business
    clock: FakeClock
    http: httpx2.AsyncClient

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        """Calls the control API, which must agree."""
        response = await self.http.request(method, "/control" + path, json=body)
        assert response.status_code == 200, response.text
        return response.json()

    async def do(self, number: str, /, **what: Any) -> dict[str, Any]:
        """Somebody does something with their phone."""
        return await self.control("POST", f"/people/{number}/messages", what)

    async def say(self, number: str, text: str) -> str:
        """Somebody writes; the id of the message."""
        return (await self.do(number, text=text))["wamid"]

    async def graph(self, method: str, path: str, **how: Any) -> httpx2.Response:
        """Calls the Graph API with the token."""
        headers = {"Authorization": "Bearer test_auth_token"}
        return await self.http.request(method, f"/v26.0/{path}", headers=headers, **how)

    async def send(self, **fields: Any) -> httpx2.Response:
        """The business sends a text to Ada, but for what the fields say otherwise."""
        message = {
            "messaging_product": "whatsapp",
            "to": ADA,
            "type": "text",
            "text": {"body": "hello"},
        } | fields
        message = {name: value for name, value in message.items() if value is not None}
        return await self.graph("POST", "test_phone_id/messages", json=message)

    async def code(self, **fields: Any) -> int:
        """The code with which a send is refused."""
        return (await self.send(**fields)).json()["error"]["code"]

    async def phone(self, number: str) -> list[dict[str, Any]]:
        """What somebody's phone shows."""
        shown = await self.control("GET", f"/people/{number}/transcript")
        return shown["messages"]

    async def log(self, **query: str) -> list[dict[str, Any]]:
        """What the simulator wrote down."""
        response = await self.http.get("/control/log", params=query)
        return response.json()["entries"]


@asynccontextmanager
async def world(**settings: Any) -> AsyncIterator[World]:
    """A simulator that works, statuses at once and retries after a moment."""
    business, clock = Business(), FakeClock()
    receiver = Starlette(
        routes=[
            Route("/webhook", business.receive, methods=["POST"]),
            Route("/webhook", business.challenge, methods=["GET"]),
        ]
    )
    simulator = Simulator(
        Settings(listen="127.0.0.1:8090", webhook_url="http://hark/webhook", **settings),
        clock,
        webhook_transport=httpx2.ASGITransport(app=receiver),
    )
    transport = httpx2.ASGITransport(app=simulator.app)
    async with (
        simulator.running(),
        httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8090") as http,
    ):
        made = World(simulator, business, clock, http)
        await made.control("PATCH", "/settings", {"status": "instant", "retry_first_ms": 1})
        yield made
