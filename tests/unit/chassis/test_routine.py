"""What a process does again and again until it stops."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from chassis.routine import Routine

SOON = timedelta(milliseconds=1)
FOR_EVER = timedelta(days=1)


def is_away(error: BaseException) -> bool:
    return isinstance(error, ConnectionError)


class Acts:
    """Counts, and raises what stands in the script for that time."""

    def __init__(self, *script: Exception | None) -> None:
        self.count = 0
        self._script = script
        self.done = asyncio.Event()

    async def __call__(self) -> None:
        self.count += 1
        if self.count >= len(self._script):
            self.done.set()
        if self.count <= len(self._script) and (error := self._script[self.count - 1]):
            raise error


async def test_it_acts_at_once_and_ends_while_it_waits() -> None:
    acts = Acts(None)
    routine = Routine("a", acts, every=FOR_EVER, is_outage=is_away)
    running = asyncio.create_task(routine.run())
    async with asyncio.timeout(20):
        await acts.done.wait()
        await routine.stop()
        await running

    assert acts.count == 1
    assert routine.is_stopping


async def test_it_acts_again_also_after_an_outage() -> None:
    acts = Acts(None, ConnectionError(), None)
    routine = Routine("a", acts, every=SOON, is_outage=is_away)
    running = asyncio.create_task(routine.run())
    async with asyncio.timeout(20):
        await acts.done.wait()
        await routine.stop()
        await running

    assert acts.count >= 3


async def test_what_is_no_outage_ends_it() -> None:
    routine = Routine("a", Acts(KeyError()), every=SOON, is_outage=is_away)

    with pytest.raises(KeyError):
        await routine.run()


async def test_a_stopped_one_does_not_begin() -> None:
    acts = Acts(None)
    routine = Routine("a", acts, every=SOON, is_outage=is_away)
    await routine.stop()

    await routine.run()

    assert acts.count == 0
