"""The pages an operator's tools ask for, and the HTTP server under them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from chassis import log
from chassis.process import Readiness, run
from chassis.settings import ListenAddress
from chassis.telemetry import (
    AdminServer,
    QueueMetrics,
    ServerMetrics,
    new_registry,
)
from chassis.web import WebServer

LOOPBACK = ListenAddress("127.0.0.1", 0)


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(timeout=5, trust_env=False) as client:
        yield client


async def test_the_pages_answer(client: httpx2.AsyncClient) -> None:
    readiness = Readiness()
    registry = new_registry()
    ServerMetrics(registry).handled.labels("a.A", "Get", "OK").inc()
    QueueMetrics(registry).claimed.labels("inbox").inc(3)
    log.configure("test", stream=None)
    admin = AdminServer(LOOPBACK, registry, readiness)
    base = f"http://127.0.0.1:{await admin.start()}"
    try:
        assert (await client.get(f"{base}/healthz")).status_code == 200
        assert (await client.get(f"{base}/readyz")).status_code == 503
        readiness.set(True)
        assert (await client.get(f"{base}/readyz")).status_code == 200
        page = (await client.get(f"{base}/metrics")).text
    finally:
        await admin.stop()

    assert 'hark_grpc_server_handled_total{code="OK",method="Get",service="a.A"} 1.0' in page
    assert 'hark_queue_claimed_total{queue="inbox"} 3.0' in page
    assert "# TYPE hark_log_fields_dropped_total counter" in page
    assert "process_resident_memory_bytes" in page


async def test_a_taken_port_is_refused_with_its_address() -> None:
    first = WebServer("first", LOOPBACK, Starlette())
    port = await first.start()
    try:
        with pytest.raises(OSError, match=f"cannot listen on 127.0.0.1:{port}"):
            await WebServer("second", LOOPBACK.with_port(port), Starlette()).start()
    finally:
        await first.stop()


async def test_an_answer_in_flight_is_finished_when_the_process_stops(
    client: httpx2.AsyncClient,
) -> None:
    arrived, stop = asyncio.Event(), asyncio.Event()

    async def slow(_request: Request) -> Response:
        arrived.set()
        await stop.wait()
        return PlainTextResponse("done")

    web = WebServer("web", LOOPBACK, Starlette(routes=[Route("/", slow)]))
    ports: list[int] = []

    class Remembering(WebServer):
        async def start(self) -> int:
            ports.append(await super().start())
            return ports[0]

    web = Remembering("web", LOOPBACK, Starlette(routes=[Route("/", slow)]))
    started = asyncio.Event()

    async def ready() -> None:
        started.set()

    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        process = group.create_task(run([web], stop_requested=stop, on_ready=ready))
        await started.wait()
        answer = group.create_task(client.get(f"http://127.0.0.1:{ports[0]}/"))
        await arrived.wait()
        stop.set()

    assert answer.result().text == "done"
    assert process.result() == 0
