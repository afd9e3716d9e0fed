"""A scheduler in this process: real Postgres, real gRPC, a clock that moves when told."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest_asyncio

from chassis.auth import Tokens
from chassis.channel import Peer
from chassis.crypto import Keyring
from chassis.ids import derived_id
from chassis.process import Component, Readiness, Running
from chassis.server import GrpcServer
from chassis.settings import ListenAddress
from db.due import DueWorker, Wake
from hark.scheduler.v1 import change_pb2
from hark.scheduler.v1.scheduler_service_pb2 import ApplyRequest, ApplyResponse
from hark.scheduler.v1.scheduler_service_pb2_grpc import SchedulerServiceStub
from services.scheduler.settings import SchedulerSettings
from services.scheduler.wiring import assemble
from tests.integration.scheduler.recording import RecordingNotifier

TOKENS = ",".join(f"{name}:{name[0] * 32}" for name in ("ai", "scheduler", "ingress", "operator"))
KEYRING = Keyring([("k1", b"k" * 32)])
HASH_KEY = b"h" * 32


class MovedClock:
    """The real clock, shifted to start at a given moment."""

    def __init__(self, start: datetime) -> None:
        self._shift = start - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._shift

    def move(self, by: timedelta) -> None:
        self._shift += by


class Scheduler:
    """One scheduler process."""

    def __init__(self, database_url: str, notifier_port: int, clock: MovedClock) -> None:
        self.clock = clock
        self._components: list[Component] = assemble(
            SchedulerSettings(
                scheduler_listen=ListenAddress("127.0.0.1", 0),
                scheduler_admin_listen=ListenAddress("127.0.0.1", 0),
                notifier_address=f"127.0.0.1:{notifier_port}",
            ),
            database_url=database_url,
            tokens=Tokens.parse(TOKENS),
            own_token="s" * 32,
            keyring=KEYRING,
            hash_key=HASH_KEY,
            clock=clock,
            readiness=Readiness(),
        )
        self._tasks: list[tuple[Component, asyncio.Task[None] | None]] = []
        self.port = 0

    async def start(self) -> None:
        for component in self._components:
            started = await component.start()
            if isinstance(component, GrpcServer) and isinstance(started, int):
                self.port = started
            task = None
            if isinstance(component, Running):
                task = asyncio.create_task(component.run())
            self._tasks.append((component, task))

    async def stop(self) -> None:
        for component, task in reversed(self._tasks):
            await component.stop()
            if task is not None:
                await task

    async def kill(self) -> None:
        """Ends the worker at once, as if the process were gone: what was under way is cut off."""
        works = [
            (component, task)
            for component, task in self._tasks
            if isinstance(component, DueWorker | Wake) and task is not None
        ]
        for _, task in works:
            task.cancel()
        await asyncio.gather(*(task for _, task in works), return_exceptions=True)
        self._tasks = [pair for pair in self._tasks if pair not in works]

    def wake(self) -> None:
        """Has the worker look at the clock again."""
        for component in self._components:
            if isinstance(component, Wake):
                component.ring("scheduler.notices")


class Person:
    """Someone who speaks, through ai."""

    def __init__(self, scheduler: Scheduler, notifier: RecordingNotifier, peer: Peer) -> None:
        self.user_id = str(uuid.uuid4())
        self.scheduler, self.notifier, self.peer = scheduler, notifier, peer
        self.stub = SchedulerServiceStub(peer.channel)
        self._said = 0

    async def call(self, method: Any, request: Any) -> Any:
        return await self.peer.call(method, request, timeout=10)

    def request(
        self,
        *changes: change_pb2.Change,
        answer: str = "",
        said: datetime | None = None,
    ) -> ApplyRequest:
        self._said += 1
        message_id = f"m_{self.user_id[:8]}_{self._said}"
        request = ApplyRequest(
            user_id=self.user_id,
            message_id=message_id,
            changes=changes,
            answer=answer,
            request_id=derived_id("apply", message_id),
        )
        request.message_time.FromDatetime(said or self.scheduler.clock.now())
        return request

    async def says(self, *changes: change_pb2.Change, **given: Any) -> ApplyResponse:
        answer: ApplyResponse = await self.call(self.stub.Apply, self.request(*changes, **given))
        return answer


class World:
    """What a test may do: start schedulers, move time, have people speak."""

    def __init__(self, database_url: str, stack: AsyncExitStack) -> None:
        self.database_url = database_url
        self.notifier = RecordingNotifier()
        self.notifier_port = 0
        self._stack = stack
        self.running: list[Scheduler] = []

    async def scheduler(self, now: str = "2026-11-22T12:00:00Z") -> Scheduler:
        clock = self.running[0].clock if self.running else MovedClock(datetime.fromisoformat(now))
        running = Scheduler(self.database_url, self.notifier_port, clock)
        self.notifier.clock = clock
        await running.start()
        self.running.append(running)
        return running

    async def settled(self, count: int) -> None:
        """Waits until so many notices are settled."""
        query = "SELECT 1 FROM scheduler.notices WHERE settled_time IS NOT NULL OFFSET $1"
        await self.found(query, count - 1)

    async def found(self, query: str, *arguments: Any, seconds: float = 20) -> None:
        """Waits until a query finds something."""
        connection = await asyncpg.connect(self.database_url)
        try:
            async with asyncio.timeout(seconds):
                while not await connection.fetch(query, *arguments):  # noqa: ASYNC110 - a database
                    await asyncio.sleep(0.01)
        finally:
            await connection.close()

    async def query(self, statement: str, *arguments: Any) -> list[Any]:
        connection = await asyncpg.connect(self.database_url)
        try:
            return list(await connection.fetch(statement, *arguments))
        finally:
            await connection.close()

    def person(self, scheduler: Scheduler, token: str = "a" * 32) -> Person:
        peer = Peer(f"127.0.0.1:{scheduler.port}", token=token)
        self._stack.push_async_callback(peer.close)
        return Person(scheduler, self.notifier, peer)

    def move(self, **by: float) -> None:
        self.running[0].clock.move(timedelta(**by))
        for running in self.running:
            running.wake()


@asynccontextmanager
async def _world(database_url: str) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        world = World(database_url, stack)
        world.notifier_port = await world.notifier.start()
        stack.push_async_callback(world.notifier.stop)
        try:
            yield world
        finally:
            for running in world.running:
                await running.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def world(database_url: str) -> AsyncIterator[World]:
    async with _world(database_url) as made:
        yield made


def titles(items: Sequence[Any]) -> list[str]:
    return [item.title for item in items]
