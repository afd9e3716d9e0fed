"""The eight processes: two of each service, each behind a link of its own, brought back when they
die."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from chassis.crypto import encoded_key, new_key
from tests.chaos.history import EVENT, History
from tests.chaos.link import Link
from tests.chaos.plan import REPLICAS, SERVICES, Kill
from tests.chaos.storage import Storage
from tests.e2e.system import ROOT, System, free_ports, kill

TOKENS = {name: f"chaos-token-of-{name}" for name in ("ingress", "ai", "scheduler", "operator")}
PROBE_SECONDS = 45.0
# Eight interpreters at once, on a machine that others use too.
START_SECONDS = 120.0
STOP_SECONDS = 20.0
_BACK_AFTER_SECONDS = 0.2
# Who falls this often does not work at all.
_MOST_LIVES = 40
# gRPC's own way to name two replicas; calls go to them in turn.
_PORTS = {
    "notifier": ("NOTIFIER_LISTEN", "NOTIFIER_ADMIN_LISTEN"),
    "scheduler": ("SCHEDULER_LISTEN", "SCHEDULER_ADMIN_LISTEN"),
    "ai": ("AI_LISTEN", "AI_ADMIN_LISTEN"),
    "ingress": ("INGRESS_LISTEN", "INGRESS_ADMIN_LISTEN", "INGRESS_GRPC_LISTEN"),
}


class Replica:
    """One process of one service, as often as it must be started."""

    def __init__(
        self,
        service: str,
        index: int,
        *,
        link: Link,
        environment: Mapping[str, str],
        history: History,
        kills: Sequence[Kill] = (),
        mutant: str = "",
    ) -> None:
        self.name = f"{service}-{index}"
        self.service = service
        self.link = link
        self.ports = dict(zip(_PORTS[service], free_ports(len(_PORTS[service])), strict=True))
        self.environment = dict(environment)
        self._history = history
        self._kills = deque(kills)
        self._mutant = mutant
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = False
        self._armed: Kill | None = None

    @property
    def pending(self) -> int:
        """Kills that have not happened yet."""
        return len(self._kills) + (self._armed is not None)

    def spare(self) -> None:
        """No further life of it will carry a kill; the one that is armed stays so."""
        self._kills.clear()

    async def supervise(self, folder: Path) -> None:
        """Starts it, and starts it again whenever it ends, until stopped."""
        while not self._stopping and self.link.life < _MOST_LIVES:
            process = await self._start(folder)
            code = await process.wait()
            if not self._stopping:
                self._died(code)
            await asyncio.sleep(_BACK_AFTER_SECONDS)

    async def stop(self) -> None:
        """SIGTERM, then SIGKILL."""
        self._stopping = True
        process = self._process
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            kill(process.pid)
            await process.wait()
            self._history.add(EVENT, name="stuck", number="", what=self.name, at=time.monotonic())

    def kill(self) -> None:
        """kill -9, and no new life."""
        self._stopping = True
        if self._process is not None and self._process.returncode is None:
            kill(self._process.pid)

    async def _start(self, folder: Path) -> asyncio.subprocess.Process:
        self._armed = self._kills.popleft() if self._kills else None
        self.link.life += 1
        own = {name: f"127.0.0.1:{port}" for name, port in self.ports.items()}
        if self._armed is not None:
            own["HARK_CRASH_POINTS"] = f"{self._armed.point}@{self._armed.passes}"
        module = ["tests.chaos.mutants", self._mutant] if self._mutant else ["services"]
        with (folder / f"{self.name}.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                *module,
                self.service,
                env=self.environment | own,
                cwd=ROOT,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        return self._process

    def _died(self, code: int) -> None:
        armed, self._armed = self._armed, None
        if code == -signal.SIGKILL and armed is not None:
            self._history.add(
                EVENT,
                name=f"kill {armed.point}",
                number=armed.number,
                what=self.name,
                at=time.monotonic(),
            )
            return
        if armed is not None:
            self._kills.appendleft(armed)
        self._history.add(
            EVENT, name="fell", number="", what=self.name, code=code, at=time.monotonic()
        )


class Fleet:
    """All replicas, wired to each other, to their links and to the simulator."""

    def __init__(
        self,
        system: System,
        storage: Storage,
        history: History,
        *,
        kills: Sequence[Kill],
        mutant: str = "",
    ) -> None:
        self._folder = system.folder
        self._tasks: list[asyncio.Task[None]] = []
        self.links: dict[str, Link] = {}
        self.replicas: list[Replica] = []
        shared = {
            name: value
            for name, value in system.environment.items()
            if not name.endswith("_LISTEN")
        }
        self.hash_key = encoded_key(new_key())
        shared |= {
            "HARK_TOKENS": ",".join(f"{name}:{token}" for name, token in TOKENS.items()),
            "HARK_KEYS": f"k1:{encoded_key(new_key())}",
            "HARK_HASH_KEY": self.hash_key,
            "HARK_LOG_LEVEL": "INFO",
            "WHATSAPP_AUTH_TOKEN": "test_auth_token",
            "WHATSAPP_VERIFY_TOKEN": "test_verify_token",
            "WHATSAPP_PHONE_ID": "test_phone_id",
            "WHATSAPP_APP_SECRET": "test_app_secret",
            "NOTIFIER_PROBE_SECONDS": str(PROBE_SECONDS),
            # What caps and floods do to the time of an answer has storms of its own
            # (tests/notifier_storm, tests/integration/ingress); here everything goes at once.
            "HARK_ALLOWED": "*",
            "INGRESS_MESSAGES_PER_MINUTE": "6000",
            "INGRESS_MESSAGE_BURST": "1000",
            "NOTIFIER_MESSAGES_PER_MINUTE": "0",
            "NOTIFIER_MESSAGES_PER_DAY": "0",
            "NOTIFIER_PAIR_BURST": "0",
            "NOTIFIER_USER_NOTIFICATIONS_PER_DAY": "0",
            "SCHEDULER_PERSON_DAILY_REMINDERS": "1000",
        }
        for service in SERVICES:
            for index in range(REPLICAS):
                self._add(service, index, shared, storage, history, kills, mutant)
        addresses = {f"{name.upper()}_ADDRESS": self.target(name) for name in SERVICES[:3]}
        for replica in self.replicas:
            replica.environment |= addresses

    def target(self, service: str) -> str:
        """What a gRPC client dials to reach all replicas of a service."""
        variable = "INGRESS_GRPC_LISTEN" if service == "ingress" else f"{service.upper()}_LISTEN"
        return "ipv4:" + ",".join(f"127.0.0.1:{port}" for port in self.ports(service, variable))

    def ports(self, service: str, variable: str) -> list[int]:
        """The ports under which the replicas of a service have something."""
        return [each.ports[variable] for each in self.replicas if each.service == service]

    @property
    def pending(self) -> int:
        """Kills that have not happened yet."""
        return sum(replica.pending for replica in self.replicas)

    async def start(self, system: System) -> None:
        """Starts all of them and waits until they are ready."""
        for link in self.links.values():
            await link.start()
        for replica in self.replicas:
            self._tasks.append(asyncio.create_task(replica.supervise(self._folder)))
        async with asyncio.TaskGroup() as waiting:
            for replica in self.replicas:
                port = replica.ports[f"{replica.service.upper()}_ADMIN_LISTEN"]
                url = f"http://127.0.0.1:{port}/readyz"
                waiting.create_task(system.until_ok(url, within=START_SECONDS))

    async def stop(self) -> None:
        """Stops all of them, callers first."""
        for service in reversed(SERVICES):
            members = [each for each in self.replicas if each.service == service]
            await asyncio.gather(*[replica.stop() for replica in members])
        await self.close()

    async def close(self) -> None:
        """Ends what is left, at once."""
        for replica in self.replicas:
            replica.kill()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for link in self.links.values():
            await link.stop()

    def _add(
        self,
        service: str,
        index: int,
        shared: Mapping[str, str],
        storage: Storage,
        history: History,
        kills: Sequence[Kill],
        mutant: str,
    ) -> None:
        name = f"{service}-{index}"

        def struck(fault: str) -> None:
            history.add(EVENT, name=fault, number="F19", what=name, at=time.monotonic())

        folder = self._folder / "links" / name
        link = self.links[name] = Link(name, folder, storage.folder, struck)
        self.replicas.append(
            Replica(
                service,
                index,
                link=link,
                environment={**shared, "DATABASE_URL": storage.url_through(folder)},
                history=history,
                kills=[k for k in kills if (k.service, k.replica) == (service, index)],
                mutant=mutant,
            )
        )
