"""A process: components started in order, watched while they run, stopped in reverse in time."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Protocol, runtime_checkable

from chassis import log
from chassis.errors import ServiceError

FAILED = 1
_LAST_CHANCE_SECONDS = 0.5


class CannotStart(Exception):
    """A component cannot start; the text is for the operator and holds no secret."""


class Component(Protocol):
    """Something with a life: a server, a worker, a pool."""

    @property
    def name(self) -> str:
        """What the log calls it."""
        ...

    async def start(self) -> object:
        """Returns once it works; raises where it cannot."""
        ...

    async def stop(self) -> object:
        """Finishes what is in flight and lets go; called once, also after a failed run."""
        ...


@runtime_checkable
class Running(Protocol):
    """A component with a task of its own; when that ends by itself, so does the process."""

    async def run(self) -> None:
        """Works until `stop` is called."""
        ...


class Readiness:
    """Whether the process takes work; asked by /readyz, cleared as soon as it is told to stop."""

    def __init__(self) -> None:
        self._ready = False

    def __call__(self) -> bool:
        """The answer."""
        return self._ready

    def set(self, ready: bool) -> None:
        """Sets the answer."""
        self._ready = ready


async def run(
    components: Sequence[Component],
    *,
    stop_timeout: float = 20.0,
    readiness: Readiness | None = None,
    on_ready: Callable[[], Awaitable[None]] | None = None,
    stop_requested: asyncio.Event | None = None,
) -> int:
    """Runs the components until SIGTERM or SIGINT; returns the exit code (0, or 1 on failure).

    They start in order and stop in reverse within `stop_timeout` seconds altogether (each has half
    a second even when that is over). A component whose task dies stops them all. `stop_requested`
    is another way to ask for the end.
    """
    stopping = stop_requested or asyncio.Event()
    life = _Life(components, stopping, readiness or Readiness(), stop_timeout)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, life.told_to_stop, number)
    try:
        return await life.live(on_ready)
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


def main(entry: Callable[[], Coroutine[Any, Any, int]]) -> int:
    """Runs `entry` on the fastest event loop at hand; returns its exit code."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(entry())


Started = tuple[Component, asyncio.Task[None] | None]


class _Life:
    def __init__(
        self,
        components: Sequence[Component],
        stopping: asyncio.Event,
        readiness: Readiness,
        stop_timeout: float,
    ) -> None:
        self._components = components
        self._stopping = stopping
        self._readiness = readiness
        self._stop_timeout = stop_timeout
        self._log = log.get_logger()
        self._failed = False
        self._limit: asyncio.Timeout | None = None

    def told_to_stop(self, number: int) -> None:
        self._log.info("stopping", signal=signal.Signals(number).name)
        self._stopping.set()

    async def live(self, on_ready: Callable[[], Awaitable[None]] | None) -> int:
        async with asyncio.TaskGroup() as group:
            interrupt = group.create_task(self._interrupt(), name="interrupt")
            started: list[Started] = []
            try:
                if await self._start_all(started, group):
                    # What lives now lives long: looking at it at every collection is waste.
                    gc.collect()
                    gc.freeze()
                    self._readiness.set(True)
                    if on_ready is not None:
                        await on_ready()
                    await self._stopping.wait()
            except (CannotStart, OSError, ServiceError) as error:
                self._failed = True
                self._log.error("start failed", problem=str(error), **log.describe(error))
            except Exception as error:
                self._failed = True
                self._log.error("start failed", **log.describe(error))
            finally:
                self._readiness.set(False)
                interrupt.cancel()
                await self._stop_all(started)
        return FAILED if self._failed else 0

    async def _start_all(self, started: list[Started], group: asyncio.TaskGroup) -> bool:
        for component in self._components:
            if not await self._start(component):
                return False
            task = None
            if isinstance(component, Running):
                task = group.create_task(self._watched(component), name=component.name)
            started.append((component, task))
        return True

    async def _start(self, component: Component) -> bool:
        """Starts it, unless the process is told to stop first; returns whether it started."""
        if self._stopping.is_set():
            return False
        # Not in a task of its own: what a start opens, a stop must be able to close.
        self._limit = limit = asyncio.timeout(None)
        try:
            async with limit:
                await component.start()
        except TimeoutError:
            if limit.expired():
                return False
            raise
        finally:
            self._limit = None
        return True

    async def _interrupt(self) -> None:
        """Ends a start that is under way when the process is told to stop."""
        await self._stopping.wait()
        if self._limit is not None:
            self._limit.reschedule(asyncio.get_running_loop().time())

    async def _watched(self, component: Running) -> None:
        try:
            await component.run()
        except Exception as error:
            self._failed = True
            self._log.error(
                "component failed", component=getattr(component, "name", ""), **log.describe(error)
            )
        else:
            if not self._stopping.is_set():
                self._failed = True
                self._log.error("component ended", component=getattr(component, "name", ""))
        self._stopping.set()

    async def _stop_all(self, started: list[Started]) -> None:
        deadline = asyncio.get_running_loop().time() + self._stop_timeout
        for component, task in reversed(started):
            # One that took all the time leaves the others enough to let go.
            until = max(deadline, asyncio.get_running_loop().time() + _LAST_CHANCE_SECONDS)
            try:
                async with asyncio.timeout_at(until):
                    await component.stop()
                    if task is not None:
                        await asyncio.wait((task,))
            except TimeoutError:
                self._failed = True
                self._log.error("stop took too long", component=component.name)
            except Exception as error:
                self._failed = True
                self._log.error("stop failed", component=component.name, **log.describe(error))
            if task is not None:
                task.cancel()


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if sys.platform == "win32":
        return None
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
