"""A process: started in order, watched, stopped in reverse, in time."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from chassis.process import CannotStart, Component, Readiness, run


@pytest.fixture(autouse=True)
def _thaw() -> Iterator[None]:
    yield
    gc.unfreeze()


class Recording:
    """A component that writes down what happens to it."""

    def __init__(self, name: str, diary: list[str], *, fails: str = "") -> None:
        self.name = name
        self._diary = diary
        self._fails = fails

    async def start(self) -> None:
        self._diary.append(f"start {self.name}")
        if self._fails == "start":
            raise CannotStart("the port is taken")

    async def stop(self) -> None:
        self._diary.append(f"stop {self.name}")
        if self._fails == "stop":
            raise ValueError("odd")
        if self._fails == "stop slowly":
            await asyncio.Event().wait()


class Working(Recording):
    """A component with a task of its own."""

    def __init__(self, name: str, diary: list[str], *, ends: str = "when stopped") -> None:
        super().__init__(name, diary)
        self._ends = ends
        self._stopped = asyncio.Event()

    async def run(self) -> None:
        if self._ends == "by an error":
            raise ValueError("odd")
        if self._ends == "by itself":
            return
        if self._ends == "never":
            await asyncio.Event().wait()
        await self._stopped.wait()
        self._diary.append(f"end {self.name}")

    async def stop(self) -> None:
        await super().stop()
        self._stopped.set()


async def run_briefly(*components: Component, **arguments: Any) -> int:
    """Runs until everything has started, then asks for the end."""
    stop = asyncio.Event()

    async def end() -> None:
        stop.set()

    async with asyncio.timeout(10):
        return await run(components, stop_requested=stop, on_ready=end, **arguments)


async def test_components_start_in_order_and_stop_in_reverse() -> None:
    diary: list[str] = []

    code = await run_briefly(*[Recording(name, diary) for name in "abc"])

    assert code == 0
    assert diary == ["start a", "start b", "start c", "stop c", "stop b", "stop a"]


async def test_a_worker_finishes_before_what_it_stands_on_is_stopped() -> None:
    diary: list[str] = []

    code = await run_briefly(Recording("pool", diary), Working("worker", diary))

    assert code == 0
    assert diary == ["start pool", "start worker", "stop worker", "end worker", "stop pool"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_process_and_readiness_goes_first(number: signal.Signals) -> None:
    readiness = Readiness()
    seen: list[bool] = []

    class Asking(Recording):
        async def stop(self) -> None:
            seen.append(readiness())

    async def signal_self() -> None:
        seen.append(readiness())
        os.kill(os.getpid(), number)

    async with asyncio.timeout(10):
        code = await run([Asking("a", [])], readiness=readiness, on_ready=signal_self)

    assert code == 0
    assert seen == [True, False]


async def test_a_component_that_cannot_start_stops_those_before_it() -> None:
    diary: list[str] = []
    readiness = Readiness()

    code = await run_briefly(
        Recording("a", diary),
        Recording("b", diary, fails="start"),
        Recording("c", diary),
        readiness=readiness,
    )

    assert code == 1
    assert diary == ["start a", "start b", "stop a"]
    assert not readiness()


@pytest.mark.parametrize("ends", ["by an error", "by itself"])
async def test_a_worker_that_ends_before_its_time_ends_the_process(ends: str) -> None:
    diary: list[str] = []

    async with asyncio.timeout(10):
        code = await run([Recording("a", diary), Working("w", diary, ends=ends)])

    assert code == 1
    assert diary == ["start a", "start w", "stop w", "stop a"]


async def test_a_component_that_does_not_stop_is_left_behind_and_the_rest_still_stops() -> None:
    diary: list[str] = []

    code = await run_briefly(
        Recording("a", diary),
        Recording("b", diary, fails="stop slowly"),
        stop_timeout=0.05,
    )

    assert code == 1
    assert diary == ["start a", "start b", "stop b", "stop a"]


async def test_what_is_stopped_too_late_still_gets_a_moment() -> None:
    let_go: list[str] = []

    class Pool(Recording):
        async def stop(self) -> None:
            await asyncio.to_thread(lambda: None)
            let_go.append(self.name)

    code = await run_briefly(
        Pool("pool", []), Recording("b", [], fails="stop slowly"), stop_timeout=0.05
    )

    assert code == 1
    assert let_go == ["pool"]


async def test_a_task_that_ignores_the_end_is_cancelled() -> None:
    diary: list[str] = []

    code = await run_briefly(Working("w", diary, ends="never"), stop_timeout=0.05)

    assert code == 1
    assert diary == ["start w", "stop w"]


async def test_a_component_that_fails_to_stop_does_not_keep_the_others_from_it() -> None:
    diary: list[str] = []

    code = await run_briefly(Recording("a", diary), Recording("b", diary, fails="stop"))

    assert code == 1
    assert diary[-1] == "stop a"


async def test_a_signal_during_the_start_ends_it() -> None:
    diary: list[str] = []
    stop = asyncio.Event()

    class Slow(Recording):
        async def start(self) -> None:
            await super().start()
            stop.set()

    async with asyncio.timeout(10):
        code = await run([Slow("a", diary), Recording("b", diary)], stop_requested=stop)

    assert code == 0
    assert diary == ["start a", "stop a"]


async def test_a_start_that_hangs_ends_when_the_process_is_told_to() -> None:
    diary: list[str] = []

    class Hanging(Recording):
        async def start(self) -> None:
            await super().start()
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.Event().wait()

    async with asyncio.timeout(10):
        code = await run([Recording("a", diary), Hanging("b", diary)])

    assert code == 0
    assert diary == ["start a", "start b", "stop a"]


async def test_what_lives_after_the_start_is_frozen() -> None:
    frozen: list[int] = []
    stop = asyncio.Event()

    async def look() -> None:
        frozen.append(gc.get_freeze_count())
        stop.set()

    await run([], stop_requested=stop, on_ready=look)

    assert frozen[0] > 1_000
