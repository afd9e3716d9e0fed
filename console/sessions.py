"""Who is signed in: a random name in a cookie, and the services as their token reaches them."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable

from chassis.channel import Peer
from chassis.tls import Tls
from console.replies import ReplyTimes
from console.settings import ConsoleSettings

LIFE_SECONDS = 12 * 3600.0
MOST_SESSIONS = 32


class Services:
    """The four services, called with one operator's token."""

    def __init__(self, settings: ConsoleSettings, token: str) -> None:
        tls = Tls.from_settings(settings)
        self.ingress = Peer(settings.ingress_address, token=token, tls=tls)
        self.ai = Peer(settings.ai_address, token=token, tls=tls)
        self.scheduler = Peer(settings.scheduler_address, token=token, tls=tls)
        self.notifier = Peer(settings.notifier_address, token=token, tls=tls)
        self.reply_times = ReplyTimes(self.notifier)

    async def close(self) -> None:
        """Closes the channels."""
        peers = (self.ingress, self.ai, self.scheduler, self.notifier)
        await asyncio.gather(*(peer.close() for peer in peers))


class Sessions:
    """At most 32, twelve hours each; the one not used for longest makes room."""

    def __init__(
        self, connect: Callable[[str], Services], *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._connect = connect
        self._now = now
        self._known: OrderedDict[str, tuple[Services, float]] = OrderedDict()

    async def open(self, token: str) -> tuple[str, Services]:
        """A new session for a token that may be wrong; the services say so."""
        name = secrets.token_urlsafe(32)
        services = self._connect(token)
        self._known[name] = (services, self._now() + LIFE_SECONDS)
        while len(self._known) > MOST_SESSIONS:
            await self.close(next(iter(self._known)))
        return name, services

    async def get(self, name: str) -> Services | None:
        """The services of a session that is still open."""
        found = self._known.get(name)
        if found is None:
            return None
        services, ends = found
        if self._now() >= ends:
            await self.close(name)
            return None
        self._known.move_to_end(name)
        return services

    async def close(self, name: str) -> None:
        """Signs out."""
        found = self._known.pop(name, None)
        if found is not None:
            await found[0].close()

    async def close_all(self) -> None:
        """Signs everybody out."""
        for name in list(self._known):
            await self.close(name)
