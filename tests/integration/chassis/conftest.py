"""A small service of our own, generated when the tests start, behind a real server."""

from __future__ import annotations

import importlib
import io
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog
from grpc_tools import protoc
from prometheus_client import CollectorRegistry

from chassis import log
from chassis.auth import ANY_CLIENT, Authorization, Tokens
from chassis.channel import Peer
from chassis.server import GrpcServer
from chassis.settings import ListenAddress
from chassis.telemetry import ServerMetrics, new_registry

SERVICE = "hark.chassistest.v1.EchoService"
AI, AI_NEXT, SCHEDULER, OPERATOR = "a" * 32, "b" * 32, "s" * 32, "o" * 32

PROTO = """
syntax = "proto3";
package hark.chassistest.v1;
service EchoService {
  rpc Echo(EchoRequest) returns (EchoResponse);
  rpc Count(EchoRequest) returns (stream EchoResponse);
  rpc Gather(stream EchoRequest) returns (EchoResponse);
  rpc Chat(stream EchoRequest) returns (stream EchoResponse);
  rpc Erase(EchoRequest) returns (EchoResponse);
  rpc Unwritten(EchoRequest) returns (EchoResponse);
  rpc UnwrittenStream(EchoRequest) returns (stream EchoResponse);
}
message EchoRequest { string text = 1; }
message EchoResponse { string text = 1; }
"""

# Everyone may echo; one method is the operator's alone.
TABLE: Mapping[str, Sequence[str]] = {
    f"/{SERVICE}/*": ("ai", "scheduler", "operator"),
    f"/{SERVICE}/Erase": ("operator",),
    f"/{SERVICE}/Count": (ANY_CLIENT,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo:
    """The generated code."""

    messages: Any
    stubs: Any

    def request(self, text: str = "") -> Any:
        return self.messages.EchoRequest(text=text)

    def response(self, text: str = "") -> Any:
        return self.messages.EchoResponse(text=text)


@dataclass(slots=True, kw_only=True)
class Running:
    """A server that runs, and what a test wants to know about it."""

    server: GrpcServer
    registry: CollectorRegistry
    port: int

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def handled(self, method: str, code: str, service: str = SERVICE) -> float:
        labels = {"service": service, "method": method, "code": code}
        return self.registry.get_sample_value("hark_grpc_server_handled_total", labels) or 0.0


@pytest.fixture(scope="session")
def echo(tmp_path_factory: pytest.TempPathFactory) -> Echo:
    """The messages and stubs of the test's own proto."""
    root = tmp_path_factory.mktemp("generated")
    source = root / "chassistest" / "echo.proto"
    source.parent.mkdir()
    source.write_text(PROTO)
    arguments = ["protoc", f"-I{root}", f"--python_out={root}", f"--grpc_python_out={root}"]
    assert protoc.main([*arguments, str(source)]) == 0
    return _imported(root)


def _imported(root: Path) -> Echo:
    sys.path.insert(0, str(root))
    try:
        return Echo(
            messages=importlib.import_module("chassistest.echo_pb2"),
            stubs=importlib.import_module("chassistest.echo_pb2_grpc"),
        )
    finally:
        sys.path.remove(str(root))


Behaviour = Callable[..., Awaitable[Any]]
Serve = Callable[..., Awaitable[Running]]
Connect = Callable[..., tuple[Peer, Any]]


@pytest.fixture
async def serve(echo: Echo) -> AsyncIterator[Serve]:
    """Starts servers whose RPCs behave as the test says: `await serve(Echo=behaviour)`."""
    async with AsyncExitStack() as stack:

        async def start(
            *,
            listen: str = "127.0.0.1:0",
            table: Mapping[str, Sequence[str]] = TABLE,
            options: Mapping[str, Any] | None = None,
            **behaviours: Any,
        ) -> Running:
            methods = {name: staticmethod(each) for name, each in behaviours.items()}
            servicer = type("Servicer", (echo.stubs.EchoServiceServicer,), methods)()
            registry = new_registry()
            server = GrpcServer(
                ListenAddress.parse(listen),
                [(echo.stubs.add_EchoServiceServicer_to_server, servicer, SERVICE)],
                tokens=Tokens.parse(
                    f"ai:{AI},ai:{AI_NEXT},scheduler:{SCHEDULER},operator:{OPERATOR}"
                ),
                authorization=Authorization(table),
                metrics=ServerMetrics(registry),
                **(options or {}),
            )
            port = await server.start()
            stack.push_async_callback(server.stop, 0)
            return Running(server=server, registry=registry, port=port)

        yield start


@pytest.fixture
async def connect(echo: Echo) -> AsyncIterator[Connect]:
    """Makes peers and their stubs: `peer, stub = connect(running)`."""
    async with AsyncExitStack() as stack:

        def make(running: Running, *, token: str = AI, **arguments: Any) -> tuple[Peer, Any]:
            peer = Peer(running.address, token=token, **arguments)
            stack.push_async_callback(peer.close)
            return peer, echo.stubs.EchoServiceStub(peer.channel)

        yield make


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What is logged from here on."""
    stream = io.StringIO()
    log.configure("test", "DEBUG", strict=True, stream=stream, console=False)
    yield stream
    structlog.reset_defaults()
