"""Following notifications: one look for everybody who watches, whenever something has changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from chassis.log import get_logger
from chassis.outcome import Outcome
from services.notifier.domain.notification import Notification, State, TooManyWatchers
from services.notifier.ports import Claimed, Ledger
from services.notifier.usecases.reading import which

# Changes closer together than this share one look, and one word to the other replicas.
COALESCE = timedelta(milliseconds=50)
# What a lost word costs at most.
LOOK = timedelta(seconds=1)
MAX_WATCHERS = 500
# From these nothing moves on by itself. What was read may still be played.
_FINAL = frozenset({State.PLAYED, State.FAILED, State.CANCELLED, State.EXPIRED, State.DEAD})


log = get_logger()


class Bell(Protocol):
    """What rings when something changed, here or in another replica."""

    async def wait(self, timeout: timedelta) -> bool:
        """Sleeps until it rings, or until the end of `timeout`."""
        ...


@dataclass(slots=True, kw_only=True, eq=False)
class _Watcher:
    notification_id: str
    # At most the newest is kept for who is slow.
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    latest: Notification | None = None


class Watching:
    """Follows notifications for up to 500 watchers; a component with one task.

    `bell` is this process's own sleeper; `ring` rings it and those of the other replicas.
    """

    name = "notifier watching"

    def __init__(self, ledger: Ledger, bell: Bell, *, ring: Callable[[], None]) -> None:
        self._ledger = ledger
        self._bell = bell
        self._ring = ring
        self._watchers: set[_Watcher] = set()
        self._touched = False
        self._stopping = False
        self._stopped = asyncio.Event()

    def touch(self) -> None:
        """Says that some notification has changed; cheap, at most one word in 50 ms follows."""
        if not self._touched:
            self._touched = True
            self._ring()

    def touching(
        self, deliver: Callable[[Claimed], Awaitable[Outcome]]
    ) -> Callable[[Claimed], Awaitable[Outcome]]:
        """`deliver`, and word that something has changed when it is done."""

        async def touched(claimed: Claimed) -> Outcome:
            try:
                return await deliver(claimed)
            finally:
                self.touch()

        return touched

    async def watch(
        self, *, notification_id: str, request_id: str, limit: timedelta
    ) -> AsyncGenerator[Notification, None]:
        """What it is now, and every later standing until nothing can follow or `limit` is over.

        A standing that lasts only a moment may be left out. Raises InvalidArgument,
        NotificationNotFound, TooManyWatchers.
        """
        end = asyncio.get_running_loop().time() + limit.total_seconds()
        notification_id, request_id = which(notification_id, request_id)
        if len(self._watchers) >= MAX_WATCHERS:
            raise TooManyWatchers(retry_delay=LOOK)
        watcher = _Watcher(notification_id="")
        self._watchers.add(watcher)
        try:
            shown = await self._ledger.get(notification_id=notification_id, request_id=request_id)
            # From here on looks include it; what came between the two is found by the first.
            watcher.notification_id = shown.notification_id
            watcher.latest = shown
            yield shown
            while shown.state not in _FINAL and not self._stopping:
                try:
                    async with asyncio.timeout_at(end):
                        await watcher.changed.wait()
                except TimeoutError:
                    return
                watcher.changed.clear()
                if watcher.latest is not None and _standing(watcher.latest) != _standing(shown):
                    shown = watcher.latest
                    yield shown
        finally:
            self._watchers.discard(watcher)

    async def start(self) -> None:
        """Nothing to do before `run`."""

    async def run(self) -> None:
        """Looks after every ring, at least once a second while somebody watches."""
        while not self._stopping:
            await self._bell.wait(LOOK)
            self._touched = False
            if self._watchers and not self._stopping:
                await self._look()
            try:
                async with asyncio.timeout(COALESCE.total_seconds()):
                    await self._stopped.wait()
            except TimeoutError:
                continue

    async def stop(self) -> None:
        """Ends `run` and everything that is watched."""
        self._stopping = True
        self._stopped.set()
        self._ring()
        for watcher in self._watchers:
            watcher.changed.set()

    async def _look(self) -> None:
        wanted = {watcher.notification_id for watcher in self._watchers} - {""}
        if not wanted:
            return
        try:
            found = await self._ledger.glance(wanted)
        except Exception as error:
            # The next look finds what this one did not; who watches keeps what they have.
            log.warning("watched notifications not read", exc_info=error)
            return
        for watcher in self._watchers:
            latest = found.get(watcher.notification_id)
            if latest is not None:
                watcher.latest = latest
                watcher.changed.set()


def _standing(shown: Notification) -> tuple[object, ...]:
    return (
        shown.state,
        shown.state_reason,
        shown.due_time,
        shown.sent_time,
        shown.delivered_time,
        shown.read_time,
    )
