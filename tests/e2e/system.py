"""Hark as people run it: real processes on free ports, with a home and a clock of their own."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import SystemRandom
from typing import Any

import httpx2

ROOT = Path(__file__).parents[2]
START_SECONDS = 60.0
STOP_SECONDS = 30.0
# Below what Linux, macOS and Windows take for outgoing connections.
_LISTENED = range(10_000, 32_000)
_RANDOM = SystemRandom()
_given: set[int] = set()
PORTS = (
    "INGRESS",
    "INGRESS_GRPC",
    "INGRESS_ADMIN",
    "AI",
    "AI_ADMIN",
    "SCHEDULER",
    "SCHEDULER_ADMIN",
    "NOTIFIER",
    "NOTIFIER_ADMIN",
    "SIMULATOR",
    "CONSOLE",
)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on right now.

    Each is given once in a process. None of those that the kernel gives to outgoing connections:
    between now and the moment that a server listens on it, one of thousands of connections would
    get it sooner or later.
    """
    held: list[socket.socket] = []
    for port in _RANDOM.sample(_LISTENED, len(_LISTENED)):
        if port in _given:
            continue
        try:
            held.append(socket.create_server(("127.0.0.1", port)))
        except OSError:
            continue
        if len(held) == count:
            break
    ports = [each.getsockname()[1] for each in held]
    _given.update(ports)
    for each in held:
        each.close()
    return ports


@dataclass
class System:
    """One Hark and the world outside it. `folder` holds its home, its logs and its clock."""

    folder: Path
    ports: dict[str, int] = field(default_factory=dict)
    hark: asyncio.subprocess.Process | None = None
    simulator: asyncio.subprocess.Process | None = None
    # More of the environment, for a system that is set up in a special way.
    extra: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
        self.clock_file = self.folder / "clock-offset"
        self.move_clock(0)

    @property
    def environment(self) -> dict[str, str]:
        """What every process of this system is started with."""
        own = {f"{name}_LISTEN": f"127.0.0.1:{port}" for name, port in self.ports.items()}
        own |= {
            f"{name}_ADDRESS": f"127.0.0.1:{self.ports[name]}"
            for name in ("AI", "SCHEDULER", "NOTIFIER")
        }
        own["INGRESS_ADDRESS"] = f"127.0.0.1:{self.ports['INGRESS_GRPC']}"
        own |= {
            "HARK_HOME": str(self.folder / "home"),
            "HARK_CLOCK_OFFSET_FILE": str(self.clock_file),
            "SIMULATOR_WEBHOOK_URL": f"http://127.0.0.1:{self.ports['INGRESS']}/webhook",
            "WHATSAPP_API_URL": f"{self.outside}/v26.0",
            "PYTHONUNBUFFERED": "1",
        }
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("HARK_", "WHATSAPP_"))}
        kept.pop("DATABASE_URL", None)
        return kept | own | self.extra

    @property
    def outside(self) -> str:
        """Where the simulator is."""
        return f"http://127.0.0.1:{self.ports['SIMULATOR']}"

    @property
    def secrets(self) -> dict[str, str]:
        """What `hark up` made for itself."""
        lines = (self.folder / "home" / "secrets.env").read_text().splitlines()
        pairs = (line.partition("=") for line in lines if not line.startswith("#"))
        return {name: value for name, _, value in pairs}

    def token_of(self, client: str) -> str:
        """The token of one of its clients."""
        tokens = self.secrets["HARK_TOKENS"].split(",")
        return dict(pair.split(":", 1) for pair in tokens)[client]

    def move_clock(self, seconds: float) -> None:
        """Sets how far the application's time is ahead of the machine's, for all processes."""
        beside = self.clock_file.with_suffix(".new")
        beside.write_text(str(seconds))
        beside.rename(self.clock_file)

    async def start_simulator(self) -> None:
        """Starts the outside world by itself, so that it outlives Hark."""
        self.simulator = await self._spawn("simulator", "-m", "simulator")
        await self.until_ok(f"{self.outside}/healthz")

    async def up(self) -> None:
        """`hark up`; returns when it takes webhooks."""
        extra = {}
        if self.simulator is not None:
            extra = {
                "WHATSAPP_AUTH_TOKEN": "test_auth_token",
                "WHATSAPP_VERIFY_TOKEN": "test_verify_token",
                "WHATSAPP_PHONE_ID": "test_phone_id",
                "WHATSAPP_APP_SECRET": "test_app_secret",
            }
        self.hark = await self._spawn("hark", "-m", "cli", "up", **extra)
        await self.until_ok(f"http://127.0.0.1:{self.ports['INGRESS']}/readyz")

    async def run(self, *arguments: str, timeout: float = 30.0) -> tuple[int, str]:
        """Runs a command of `hark`; returns its exit code and what it printed."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "cli",
            *arguments,
            env=self.environment,
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with asyncio.timeout(timeout):
            out, _ = await process.communicate()
        return process.returncode or 0, out.decode()

    def kill_everything(self) -> None:
        """kill -9 of Hark and of every process it started, Postgres included."""
        if self.hark is None:
            return
        for pid in [*descendants(self.hark.pid), *self._postgres_pids()]:
            kill(pid)
        kill(self.hark.pid)

    async def stop(self) -> int:
        """Asks Hark, then the simulator, to end; returns Hark's exit code."""
        code = await self._end(self.hark)
        await self._end(self.simulator)
        self.hark = self.simulator = None
        return code

    async def log_of(self, name: str) -> str:
        """What a process wrote so far."""
        return await asyncio.to_thread((self.folder / f"{name}.log").read_text)

    async def until_ok(self, url: str, *, within: float = START_SECONDS) -> None:
        """Waits until `url` answers 200, at most `within` seconds."""
        deadline = time.monotonic() + within
        async with httpx2.AsyncClient(timeout=2.0) as client:
            while time.monotonic() < deadline:
                if await _status(client, url) == 200:
                    return
                await asyncio.sleep(0.05)
        logs = {path.name: path.read_text()[-2000:] for path in self.folder.glob("*.log")}
        raise TimeoutError(f"{url} does not answer: {logs}")

    async def _spawn(self, name: str, *arguments: str, **extra: str) -> asyncio.subprocess.Process:
        with (self.folder / f"{name}.log").open("ab") as log:
            return await asyncio.create_subprocess_exec(
                sys.executable,
                *arguments,
                env=self.environment | extra,
                cwd=ROOT,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def _end(self, process: asyncio.subprocess.Process | None) -> int:
        if process is None:
            return 0
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                return await process.wait()
        except TimeoutError:
            self.kill_everything()
            kill(process.pid)
            return await process.wait()

    def _postgres_pids(self) -> list[int]:
        # The server may have left Hark's process group; its pid file says where it is.
        found = []
        for path in (self.folder / "home").rglob("postmaster.pid"):
            pid = int(path.read_text().split("\n", 1)[0])
            found += [*descendants(pid), pid]
        return found


def descendants(pid: int) -> list[int]:
    """The processes below `pid`, deepest first (Linux)."""
    found: list[int] = []
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return found
    for child in children:
        found += [*descendants(int(child)), int(child)]
    return found


def kill(pid: int) -> None:
    """kill -9 of a process of ours, if it still lives."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


async def _status(client: httpx2.AsyncClient, url: str) -> int:
    try:
        return (await client.get(url)).status_code
    except httpx2.TransportError:
        return 0


@dataclass
class Person:
    """A simulated phone and what it shows."""

    system: System
    number: str
    client: httpx2.AsyncClient
    after: int = 0

    @property
    def _url(self) -> str:
        return f"{self.system.outside}/control/people/{self.number}"

    async def says(self, text: str) -> dict[str, Any]:
        """Writes a message; its webhook is tried once before this returns."""
        answer = await self.client.post(
            f"{self._url}/messages", json={"type": "text", "text": text}
        )
        answer.raise_for_status()
        return answer.json()

    async def hears(self, *, timeout: float = 20.0) -> str:
        """The next message that Hark sends to this phone, its welcome left out."""
        while is_welcome(text := text_of(await self.receives(timeout=timeout))):
            continue
        return text

    async def receives(self, *, timeout: float = 20.0) -> dict[str, Any]:
        """The next message that Hark sends to this phone, as the phone shows it."""
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0:
            for message in sorted(await self._news(min(left, 10.0)), key=lambda m: m["created"]):
                if message["created"] <= self.after:
                    continue
                self.after = message["created"]
                if message["author"] == "business":
                    return message
        raise TimeoutError(f"{self.number} heard nothing within {timeout:g} s")

    async def taps(self, message: dict[str, Any], title: str) -> None:
        """Taps a reply button of a message."""
        answer = await self.client.post(
            f"{self._url}/messages",
            json={"type": "tap", "message": message["wamid"], "choice": title},
        )
        answer.raise_for_status()

    async def _news(self, wait: float) -> list[dict[str, Any]]:
        answer = await self.client.get(
            f"{self._url}/transcript", params={"after": self.after, "wait": wait}
        )
        answer.raise_for_status()
        return list(answer.json()["messages"])


def text_of(message: dict[str, Any]) -> str:
    """What a message says: plain, with buttons, or from an approved template."""
    shown = message.get("rendered") or message.get("interactive") or message["text"]
    body = shown["body"]
    return str(body["text"] if isinstance(body, dict) else body)


def is_welcome(text: str) -> bool:
    """Whether this is what a person hears after their first message."""
    return text.startswith("Hi, I am Hark.")


def new_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder for a system; short, because a socket's path is bounded."""
    return tempfile.TemporaryDirectory(prefix="hark-e2e-", ignore_cleanup_errors=True)
