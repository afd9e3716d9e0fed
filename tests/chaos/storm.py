"""One run from its seed: build everything, break it while people talk, let it settle, look."""

from __future__ import annotations

import asyncio
import base64
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

from tests.chaos.balancer import Balancer
from tests.chaos.callers import Callers
from tests.chaos.collect import collect
from tests.chaos.history import EVENT, SAID, History, moment
from tests.chaos.people import People
from tests.chaos.plan import Plan, Trouble
from tests.chaos.replicas import PROBE_SECONDS, Fleet
from tests.chaos.storage import Storage
from tests.chaos.world import World
from tests.e2e.system import System

# How the clock runs once nobody talks any more, in steps; and how long that may take at most.
SETTLE_STEP_SECONDS = 20.0
SETTLE_LIMIT_SECONDS = 90.0
LATEST_REMINDER_SECONDS = 13 * 60.0

_OPEN = """
SELECT (SELECT count(*) FROM ingress.inbox WHERE settled_time IS NULL) AS inbox,
  (SELECT count(*) FROM scheduler.notices WHERE settled_time IS NULL AND due_time <= $1) AS notices,
  (SELECT count(*) FROM notifier.notifications WHERE settled_time IS NULL) AS notifications
"""

# Changes the database of a mutant before anything runs.
Spoil = Callable[[Storage], Awaitable[None]]


class Storm:
    """A run of one plan; `history` has everything afterwards."""

    def __init__(
        self,
        plan: Plan,
        *,
        mutant: str = "",
        spoil: Spoil | None = None,
        logs: Path | None = None,
    ) -> None:
        self.plan = plan
        self._logs = logs
        self.history = History()
        self._mutant = mutant
        self._spoil = spoil
        self._offset = 0.0

    async def run(self) -> History:
        """Runs it. Raises what keeps it from starting; what goes wrong later is in the history."""
        with tempfile.TemporaryDirectory(prefix="hark-chaos-", ignore_cleanup_errors=True) as name:
            try:
                async with AsyncExitStack() as stack:
                    await self._run(Path(name), stack)
            finally:
                self._keep_logs(Path(name))
        return self.history

    def _keep_logs(self, folder: Path) -> None:
        if self._logs is None:
            return
        self._logs.mkdir(parents=True, exist_ok=True)
        for path in [*folder.glob("*.log"), *folder.glob("home/postgres/*.log")]:
            shutil.copy(path, self._logs / path.name)

    async def _run(self, folder: Path, stack: AsyncExitStack) -> None:
        self.system = System(folder)
        self.storage = Storage(folder / "home")
        stack.push_async_callback(self.storage.stop)
        await self.storage.start()
        if self._spoil is not None:
            await self._spoil(self.storage)
        self.fleet = Fleet(
            self.system, self.storage, self.history, kills=self.plan.kills, mutant=self._mutant
        )
        balancer = Balancer(
            self.system.ports["INGRESS"], self.fleet.ports("ingress", "INGRESS_LISTEN")
        )
        stack.push_async_callback(balancer.stop)
        await balancer.start()
        stack.push_async_callback(self.system.stop)
        await self.system.start_simulator()
        stack.push_async_callback(self.fleet.close)
        await self.fleet.start(self.system)
        self.world = World(self.system.outside)
        stack.push_async_callback(self.world.close)
        key = base64.b64decode(self.fleet.hash_key)
        self.people = People(self.plan, self.world, self.storage, self.history, key)
        self.callers = Callers(self.fleet, self.storage, self.history)
        stack.push_async_callback(self.callers.close)
        await self._play(key)

    async def _play(self, key: bytes) -> None:
        start = time.monotonic()
        await self.world.prepare()
        await self.world.misbehave(self.plan.world)
        clock = asyncio.create_task(self._let_time_run())
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._people())
                tasks.create_task(self._troubles())
                tasks.create_task(self.people.forge(Random(self.plan.seed)))
                tasks.create_task(self.callers.intrude())
                for call in self.plan.calls:
                    tasks.create_task(self.callers.make(call))
        finally:
            clock.cancel()
        talked = time.monotonic()
        for link in self.fleet.links.values():
            link.disarm()
        for replica in self.fleet.replicas:
            replica.spare()
        faults = await self.world.behave()
        left = await self._settle()
        await self.callers.read_tasks()
        await self.fleet.stop()
        meta = {
            "seed": self.plan.seed,
            "people": self.plan.size.people,
            "said": len(self.history.of(SAID)),
            "mutant": self._mutant,
            "probe_seconds": PROBE_SECONDS,
            "world": faults["injected"],
            "numbers": {name: kind["number"] for name, kind in faults["available"].items()},
            "not_injected": self.fleet.pending,
            "left": left,
            "seconds": {"storm": talked - start, "settling": time.monotonic() - talked},
        }
        await collect(self.history, self.world, self.storage, meta=meta, hash_key=key)

    async def _people(self) -> None:
        await self.people.talk()
        await self.people.chat(lambda: not self.fleet.pending)

    async def _troubles(self) -> None:
        start = time.monotonic()
        for trouble in self.plan.troubles:
            await asyncio.sleep(max(trouble.at - (time.monotonic() - start), 0.0))
            await self._trouble(trouble)

    async def _trouble(self, trouble: Trouble) -> None:
        if trouble.service:
            self.fleet.links[f"{trouble.service}-{trouble.replica}"].arm(trouble.name)
            return
        at = time.monotonic()
        await (self.storage.restart() if trouble.name == "restart" else self.storage.crash())
        self.history.add(
            EVENT, name=f"postgres {trouble.name}", number="F19", what="postgres", at=at
        )

    async def _let_time_run(self) -> None:
        while True:
            await asyncio.sleep(0.5)
            self._move(0.5 * (self.plan.size.pace - 1))

    def _move(self, seconds: float) -> None:
        self._offset += seconds
        self.system.move_clock(self._offset)

    async def _settle(self) -> dict[str, int]:
        """Lets everything come to rest; what did not, by table."""
        ends = time.monotonic() + SETTLE_LIMIT_SECONDS
        goal = self._offset + LATEST_REMINDER_SECONDS
        while time.monotonic() < ends:
            await self._until_delivered(ends)
            left = await self._open()
            if not any(left.values()) and self._offset >= goal:
                return left
            self._move(SETTLE_STEP_SECONDS)
            await asyncio.sleep(0.5)
        return await self._open()

    async def _until_delivered(self, ends: float) -> None:
        # Statuses come in the machine's time: a clock that ran ahead would ask for repeats.
        # The simulator is another process; there is no event of it to wait for.
        while time.monotonic() < ends and not await self.world.is_quiet():  # noqa: ASYNC110
            await asyncio.sleep(0.1)

    async def _open(self) -> dict[str, int]:
        state = await self.world.state()
        connection = await self.storage.connect()
        try:
            row = await connection.fetchrow(_OPEN, moment(state["now"]))
        finally:
            await connection.close()
        return dict(row)
