"""The simulator as a process of its own, over real sockets."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest

from tests.e2e.system import free_ports

AUTH = {"Authorization": "Bearer test_auth_token"}
SEND = "/v26.0/test_phone_id/messages"
TEXT = {
    "messaging_product": "whatsapp",
    "to": "+15550100001",
    "type": "text",
    "text": {"body": "hello"},
}


def free_port() -> int:
    return free_ports(1)[0]


async def started(**environment: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "simulator",
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def answering(deaf: str) -> tuple[str, asyncio.subprocess.Process]:
    """The address and the process of a simulator; another port where somebody was quicker."""
    async with asyncio.timeout(50):
        while True:
            address = f"127.0.0.1:{free_port()}"
            process = await started(SIMULATOR_LISTEN=address, SIMULATOR_WEBHOOK_URL=deaf)
            async with httpx2.AsyncClient(trust_env=False) as http:
                while process.returncode is None:
                    try:
                        if (await http.get(f"http://{address}/healthz")).text == "ok\n":
                            return f"http://{address}", process
                    except httpx2.TransportError:
                        pass


@asynccontextmanager
async def simulator() -> AsyncIterator[tuple[httpx2.AsyncClient, asyncio.subprocess.Process]]:
    """A running simulator whose business does not listen."""
    with socket.socket() as deaf:
        # Bound and not listening: it refuses, and nobody else can get the port.
        deaf.bind(("127.0.0.1", 0))
        hook = f"http://127.0.0.1:{deaf.getsockname()[1]}/webhook"
        base, process = await answering(hook)
        try:
            async with httpx2.AsyncClient(base_url=base, timeout=10, trust_env=False) as http:
                yield http, process
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()


async def test_it_serves_its_page_and_stops_cleanly_although_somebody_watches() -> None:
    async with simulator() as (http, process):
        page = await http.get("/")
        script = await http.get("/static/main.js")
        async with http.stream("GET", "/control/stream") as stream:
            first = await anext(stream.aiter_lines())
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(15):
                code = await process.wait()

    assert "<title>Hark" in page.text
    assert script.status_code == 200
    assert first.startswith("retry:")
    assert code == 0 or code == -signal.SIGTERM


async def test_the_live_events_tell_what_happens() -> None:
    async with (
        simulator() as (http, _),
        http.stream("GET", "/control/stream") as stream,
    ):
        lines = stream.aiter_lines()
        assert (await anext(lines)).startswith("retry:")
        speaking = asyncio.create_task(
            http.post("/control/people/+15550100001/messages", json={"text": "hi"})
        )
        names = set()
        async with asyncio.timeout(10):
            while not {"person", "message", "journal"} <= names:
                line = await anext(lines)
                if line.startswith("event: "):
                    names.add(line.removeprefix("event: "))
        answer = (await speaking).json()

    assert answer["webhook_status"] is None
    assert answer["webhook_error"] == "ConnectError"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"name": "timeout_after_accept", "reset": True}, httpx2.RemoteProtocolError),
        ({"name": "timeout_after_accept"}, httpx2.ReadTimeout),
        ({"name": "timeout_before_accept"}, httpx2.ReadTimeout),
    ],
)
async def test_the_caller_of_a_hanging_call_sees_what_it_would_see_from_meta(fault, error) -> None:
    async with simulator() as (http, _):
        await http.patch("/control/settings", json={"window_enforced": False})
        await http.post("/control/faults", json=fault)

        with pytest.raises(error):
            await http.post(SEND, json=TEXT, headers=AUTH, timeout=0.5)

        shown = (await http.get("/control/people/+15550100001/transcript")).json()["messages"]
    assert len(shown) == (1 if fault["name"] == "timeout_after_accept" else 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"SIMULATOR_LISTEN": "8090"},
        {"SIMULATOR_WEBHOOK_URL": "localhost"},
        {"WHATSAPP_APP_SECRET": ","},
    ],
)
async def test_a_wrong_setting_stops_the_start(wrong) -> None:
    process = await started(**wrong)

    output, _ = await process.communicate()

    assert process.returncode == 2
    assert b"setting refused" in output
