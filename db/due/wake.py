"""Rings when there is new work: in this process at once, in others by one coalesced NOTIFY.

A ring is a hint, never the only way: workers also poll every second, so that a lost notification,
or a pooler on which LISTEN does not work, costs at most that second.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import timedelta
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.log import get_logger
from db.engine import autocommit, is_outage, raw

# Rings closer together than this share one NOTIFY: each takes a lock that all commits share.
COALESCE = timedelta(milliseconds=5)
RECONNECT = timedelta(seconds=1)
# How often a silent connection is asked whether it still lives, and how long it may take.
PROBE = timedelta(seconds=10)
DEADLINE = timedelta(seconds=5)

log = get_logger()


class Bell:
    """What one sleeper waits on. Rings while nobody waits are kept (as one)."""

    __slots__ = ("_event",)

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wakes the sleeper, or keeps it from falling asleep."""
        self._event.set()

    async def wait(self, timeout: timedelta) -> bool:
        """Sleeps until a ring (True) or the end of `timeout` (False)."""
        if not self._event.is_set():
            try:
                async with asyncio.timeout(max(timeout.total_seconds(), 0)):
                    await self._event.wait()
            except TimeoutError:
                return False
        self._event.clear()
        return True


class Wake:
    """The bells of one process and its one connection to those of the others.

    `ring` after a commit, never before. While `run` is not running, bells ring in this process
    only. Holds one pooled connection.
    """

    name = "wake"

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = autocommit(engine)
        self._bells: dict[str, list[Bell]] = defaultdict(list)
        self._unsent: set[str] = set()
        self._pending = asyncio.Event()
        self._stopping = False

    def bell(self, channel: str) -> Bell:
        """A new bell for `channel` (1 to 63 bytes).

        There are as many bells as workers: a bell has one sleeper.
        """
        if not 0 < len(channel.encode()) <= 63:
            raise ValueError("a channel has 1 to 63 bytes")
        bell = Bell()
        self._bells[channel].append(bell)
        self._pending.set()
        return bell

    def ring(self, channel: str) -> None:
        """Says that `channel` has new work: here now, elsewhere within milliseconds."""
        self._ring_here(channel)
        self._unsent.add(channel)
        self._pending.set()

    async def start(self) -> None:
        """Nothing to do before `run`; here so that `chassis.process` can own it."""

    async def run(self) -> None:
        """Listens and notifies until `stop`; reconnects after whatever cuts the connection."""
        while not self._stopping:
            try:
                await self._serve()
            except Exception as error:
                if not is_outage(error):
                    raise
                log.warning("wake disconnected", error=type(error).__name__)
            # Rings may have been missed; sleepers look for themselves.
            for channel in self._bells:
                self._ring_here(channel)
            if not self._stopping:
                await asyncio.sleep(RECONNECT.total_seconds())

    async def stop(self) -> None:
        """Ends `run` after what was rung has been sent."""
        self._stopping = True
        self._pending.set()

    async def _serve(self) -> None:
        async with self._engine.connect() as connection:
            driver = await raw(connection)
            listening: set[str] = set()
            try:
                driver.add_termination_listener(self._on_termination)
                while not driver.is_closed():
                    await self._listen(driver, listening)
                    await self._notify(driver)
                    if self._stopping:
                        return
                    await self._pause(driver)
            finally:
                await connection.invalidate()

    async def _listen(self, driver: asyncpg.Connection, listening: set[str]) -> None:
        for channel in self._bells.keys() - listening:
            async with asyncio.timeout(DEADLINE.total_seconds()):
                await driver.add_listener(channel, self._on_notification)
            listening.add(channel)
            self._ring_here(channel)

    async def _notify(self, driver: asyncpg.Connection) -> None:
        if not self._unsent:
            return
        channels, self._unsent = sorted(self._unsent), set()
        notify = "SELECT pg_notify(c, '') FROM unnest($1::text[]) AS c"
        await driver.execute(notify, channels, timeout=DEADLINE.total_seconds())
        await asyncio.sleep(COALESCE.total_seconds())

    async def _pause(self, driver: asyncpg.Connection) -> None:
        try:
            async with asyncio.timeout(PROBE.total_seconds()):
                await self._pending.wait()
        except TimeoutError:
            await driver.execute("SELECT 1", timeout=DEADLINE.total_seconds())
        self._pending.clear()

    def _on_notification(self, driver: Any, pid: int, channel: str, _payload: str) -> None:
        # Our own rings have rung here already.
        if pid != driver.get_server_pid():
            self._ring_here(channel)

    def _on_termination(self, _driver: Any) -> None:
        self._pending.set()

    def _ring_here(self, channel: str) -> None:
        for bell in self._bells.get(channel, ()):
            bell.ring()
