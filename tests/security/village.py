"""All four services in this process, wired as ever, on real ports and one database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from chassis.address import ListenAddress
from chassis.auth import Tokens
from chassis.channel import Peer
from chassis.crypto import Keyring
from chassis.process import Component, Readiness, Running
from chassis.tls import Tls
from hark.ai.v1.ai_service_pb2_grpc import AiServiceStub
from hark.ingress.v1.ingress_service_pb2_grpc import IngressServiceStub
from hark.notifier.v1.notifier_service_pb2_grpc import NotifierServiceStub
from hark.scheduler.v1.scheduler_service_pb2_grpc import SchedulerServiceStub
from services.run import CALLERS, KINDS
from tests.e2e.system import free_ports

SECRET = "village_app_secret"
PHONE_ID = "106540352242922"
HASH_KEY = b"h" * 32
# The services themselves, a person with a terminal, and some other team's service.
CLIENTS = ("ingress", "ai", "scheduler", "operator", "billing")
TOKENS = {client: f"{client}-token-0123456789" for client in CLIENTS}
STUBS: Mapping[str, Any] = {
    "ingress": IngressServiceStub,
    "ai": AiServiceStub,
    "scheduler": SchedulerServiceStub,
    "notifier": NotifierServiceStub,
}


class Exposed(ListenAddress):
    """A loopback address that counts as one the network can reach."""

    is_loopback = False  # type: ignore[assignment]


class MovableClock:
    """The machine's time and an offset."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset


@dataclass
class Village:
    """What runs, and how to reach it."""

    clock: MovableClock
    tls: Tls | None = None
    ports: dict[str, int] = field(default_factory=dict)
    web_port: int = 0
    admin_ports: dict[str, int] = field(default_factory=dict)
    components: list[Component] = field(default_factory=list)
    _peers: dict[tuple[str, str], Peer] = field(default_factory=dict)

    def address(self, service: str) -> str:
        return f"127.0.0.1:{self.ports[service]}"

    def peer(self, service: str, client: str = "operator") -> Peer:
        key = (service, client)
        if key not in self._peers:
            self._peers[key] = Peer(self.address(service), token=TOKENS[client], tls=self.tls)
        return self._peers[key]

    async def call(
        self, service: str, method: str, request: Any, *, client: str = "operator"
    ) -> Any:
        peer = self.peer(service, client)
        stub = STUBS[service](peer.channel)
        return await peer.call(getattr(stub, method), request, timeout=20.0)

    async def post(self, body: bytes, signature: str) -> httpx2.Response:
        async with httpx2.AsyncClient(timeout=20.0) as client:
            return await client.post(
                f"http://127.0.0.1:{self.web_port}/webhook",
                content=body,
                headers={"x-hub-signature-256": signature, "content-type": "application/json"},
            )

    async def close_peers(self) -> None:
        for peer in self._peers.values():
            await peer.close()

    def component(self, name: str) -> Any:
        return next(each for each in self.components if each.name == name)


def settings_of(
    name: str, ports: Mapping[str, int], api_url: str, listen: type[ListenAddress]
) -> Any:
    """What a service of this village reads from its environment."""
    cls = KINDS[name].settings
    free = listen("127.0.0.1", 0)
    grpc_listen = "ingress_grpc_listen" if name == "ingress" else f"{name}_listen"
    given = {
        grpc_listen: free,
        "ingress_listen" if name == "ingress" else grpc_listen: free,
        f"{name}_admin_listen": ListenAddress("127.0.0.1", 0),
        "whatsapp_app_secret": SECRET,
        "whatsapp_verify_token": "village_verify_token",
        "whatsapp_phone_id": PHONE_ID,
        "whatsapp_auth_token": "village_auth_token",
        "whatsapp_api_url": api_url,
        "hark_allowed": "*",
        **{f"{peer}_address": f"127.0.0.1:{port}" for peer, port in ports.items()},
    }
    return cls(**{key: value for key, value in given.items() if key in cls.model_fields})


@asynccontextmanager
async def village(
    database_url: str,
    api_url: str = "http://127.0.0.1:9",
    *,
    names: Sequence[str] = tuple(KINDS),
    keyring: Keyring | None = None,
    tls: Tls | None = None,
    listen: type[ListenAddress] = ListenAddress,
    ingress_port: int = 0,
) -> AsyncIterator[Village]:
    """The named services, started; those who are called before those who call."""
    made = Village(clock=MovableClock(), tls=tls)
    # ai calls ingress, which starts after it.
    reserved = ingress_port or _free_port()
    async with asyncio.TaskGroup() as group:
        started: list[tuple[Component, asyncio.Task[None] | None]] = []
        try:
            for name in (each for each in KINDS if each in names):
                settings = settings_of(name, {"ingress": reserved, **made.ports}, api_url, listen)
                if name == "ingress":
                    update = {"ingress_grpc_listen": listen("127.0.0.1", reserved)}
                    settings = settings.model_copy(update=update)
                components = KINDS[name].assemble(
                    settings,
                    database_url=database_url,
                    tokens=Tokens(TOKENS.items()),
                    own_token=TOKENS[name] if name in CALLERS else "",
                    keyring=keyring or Keyring([("k1", b"k" * 32)]),
                    hash_key=HASH_KEY,
                    clock=made.clock,
                    readiness=Readiness(),
                    tls=tls,
                )
                for component in components:
                    answer = await component.start()
                    running = isinstance(component, Running)
                    task = group.create_task(component.run()) if running else None
                    started.append((component, task))
                    made.components.append(component)
                    if component.name == name:
                        made.ports[name] = int(str(answer))
                    elif component.name == "ingress web":
                        made.web_port = int(str(answer))
                    elif component.name == "admin":
                        made.admin_ports[name] = int(str(answer))
            yield made
        finally:
            await made.close_peers()
            for component, task in reversed(started):
                await component.stop()
                if task is not None:
                    await task


def _free_port() -> int:
    return free_ports(1)[0]
