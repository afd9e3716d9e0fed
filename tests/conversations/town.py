"""All four services and the outside world in this process, on real ports, with one clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from chassis.address import ListenAddress
from chassis.auth import Tokens
from chassis.crypto import Keyring
from chassis.process import Component, Readiness, Running
from chassis.web import WebServer
from services.run import CALLERS, KINDS
from simulator.settings import Settings as SimulatorSettings
from simulator.wiring import Simulator
from tests.e2e.system import free_ports

TOKENS = {name: f"{name}-token-0123456789" for name in (*CALLERS, "operator")}
# A Sunday; every conversation begins a moment after noon of it in Lisbon.
START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class MovableClock:
    """Runs from `START` on, and can be moved forward."""

    def __init__(self) -> None:
        self.offset = START - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def move(self, span: timedelta) -> None:
        self.offset += span


@dataclass
class Town:
    """What runs, and how to reach it."""

    clock: MovableClock
    outside: httpx2.AsyncClient

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        """Calls the simulator's control API, which must agree."""
        answer = await self.outside.request(method, f"/control{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()


def _settings(name: str, ports: Mapping[str, int], given: Mapping[str, Any]) -> Any:
    cls = KINDS[name].settings
    free = ListenAddress("127.0.0.1", 0)
    values = {
        f"{name}_listen": free,
        f"{name}_admin_listen": free,
        "ingress_listen": free,
        "ingress_grpc_listen": ListenAddress("127.0.0.1", ports["ingress"]),
        "hark_allowed": "*",
        **{f"{peer}_address": f"127.0.0.1:{port}" for peer, port in ports.items()},
        **given,
    }
    return cls(**{key: value for key, value in values.items() if key in cls.model_fields})


def _free_port() -> int:
    return free_ports(1)[0]


@asynccontextmanager
async def town(database_url: str, **given: Any) -> AsyncIterator[Town]:
    """Everything, started; `given` are settings of the services."""
    clock = MovableClock()
    web_port, outside_port = _free_port(), _free_port()
    address = f"127.0.0.1:{outside_port}"
    simulator = Simulator(
        SimulatorSettings(
            listen=address,
            webhook_url=f"http://127.0.0.1:{web_port}/webhook",
            public_url=f"http://{address}",
        ),
        clock,
    )
    outside = WebServer("outside", ListenAddress("127.0.0.1", outside_port), simulator.app)
    credentials = {
        "whatsapp_app_secret": "test_app_secret",
        "whatsapp_verify_token": "test_verify_token",
        "whatsapp_phone_id": "test_phone_id",
        "whatsapp_auth_token": "test_auth_token",
        "whatsapp_api_url": f"http://{address}/v26.0",
        "gemini_api_url": f"http://{address}",
        "ingress_listen": ListenAddress("127.0.0.1", web_port),
    }
    async with asyncio.TaskGroup() as group:
        started: list[tuple[Component, asyncio.Task[None] | None]] = []

        async def begin(component: Component) -> Any:
            answer = await component.start()
            running = isinstance(component, Running)
            started.append((component, group.create_task(component.run()) if running else None))
            return answer

        async with simulator.running():
            await begin(outside)
            try:
                await _services(begin, database_url, clock, credentials | given)
                async with httpx2.AsyncClient(base_url=f"http://{address}", timeout=30.0) as client:
                    made = Town(clock=clock, outside=client)
                    await made.control("PATCH", "/settings", {"status": "instant"})
                    yield made
            finally:
                for component, task in reversed(started):
                    await component.stop()
                    if task is not None:
                        await task


async def _services(
    begin: Any, database_url: str, clock: MovableClock, given: Mapping[str, Any]
) -> Mapping[str, int]:
    """Starts the services; who is called stands before who calls."""
    ports = {"ingress": _free_port()}
    for name, kind in KINDS.items():
        components = kind.assemble(
            _settings(name, ports, given),
            database_url=database_url,
            tokens=Tokens(TOKENS.items()),
            own_token=TOKENS.get(name, ""),
            keyring=Keyring([("k1", b"k" * 32)]),
            hash_key=b"h" * 32,
            clock=clock,
            readiness=Readiness(),
            tls=None,
        )
        for component in components:
            answer = await begin(component)
            if component.name == name and name != "ingress":
                ports[name] = int(str(answer))
    return ports
