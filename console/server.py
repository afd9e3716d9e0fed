"""The console as a component: `hark console`, and beside everything else in `hark up`."""

from __future__ import annotations

from chassis.web import WebServer
from console.sessions import Services, Sessions
from console.settings import ConsoleSettings
from console.web import Console

# Operators are few, and each has a stream open.
_CONCURRENCY = 64


class ConsoleServer(WebServer):
    """Serves the console; signs everybody out when it stops."""

    def __init__(self, settings: ConsoleSettings) -> None:
        self._sessions = Sessions(lambda token: Services(settings, token))
        app = Console(self._sessions).app
        # Streams have no end of their own, and must not hold up a stop.
        super().__init__(
            "console", settings.console_listen, app, grace=1.0, concurrency_limit=_CONCURRENCY
        )

    async def stop(self) -> None:
        """Stops listening, and closes the sessions."""
        await super().stop()
        await self._sessions.close_all()
