"""An HTTP server (uvicorn) as a component: it binds at start, drains at stop, owns no signal."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from chassis.address import ListenAddress
from chassis.cork import CorkedProtocol

_BACKLOG = 2048


class WebServer:
    """Serves one ASGI application; `stop` lets answers in flight finish within `grace` seconds.

    `protocol` is there for benchmarks, whose peers run on uvicorn's own.
    """

    def __init__(
        self,
        name: str,
        listen: ListenAddress,
        app: Any,
        *,
        grace: float = 5.0,
        concurrency_limit: int = 1000,
        protocol: type[HttpToolsProtocol] = CorkedProtocol,
    ) -> None:
        self.name = name
        self.listen = listen
        self._config = uvicorn.Config(
            app,
            http=protocol,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            # Nobody here asks for the caller's address, nor speaks anything but HTTP.
            proxy_headers=False,
            ws="none",
            timeout_graceful_shutdown=max(1, round(grace)),
            timeout_keep_alive=65,
            limit_concurrency=concurrency_limit,
            backlog=_BACKLOG,
        )
        self._server = _Server(self._config)

    async def start(self) -> int:
        """Binds and listens; returns the port. Raises OSError where the address is taken."""
        family = socket.AF_INET6 if ":" in self.listen.host else socket.AF_INET
        try:
            bound = socket.create_server(
                (self.listen.host, self.listen.port), family=family, backlog=_BACKLOG
            )
        except OSError as error:
            raise OSError(
                error.errno, f"cannot listen on {self.listen}: {error.strerror}"
            ) from error
        bound.setblocking(False)
        # Accepted connections inherit it. asyncio sets it only where the socket names its protocol,
        # and without it an answer in two writes waits 40 ms for the caller's acknowledgement.
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = bound
        self._config.load()
        self._server.lifespan = self._config.lifespan_class(self._config)
        await self._server.startup(sockets=[bound])
        return int(bound.getsockname()[1])

    async def run(self) -> None:
        """Keeps the server's clock ticking until it is stopped."""
        await self._server.main_loop()

    async def stop(self) -> None:
        """Stops listening and drains."""
        self._server.should_exit = True
        if self._server.started:
            await self._server.shutdown(sockets=[self._socket])


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals belong to `chassis.process`."""
        yield
