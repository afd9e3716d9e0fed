"""Calls that tell whether a peer is down or cannot handle this one thing."""

from __future__ import annotations

from typing import TypeVar

import grpc

from chassis.channel import Peer
from chassis.errors import Code, RemoteError
from services.ingress.ports import Rejected

Request = TypeVar("Request")
Response = TypeVar("Response")

# The peer answered, and what it says is about this request: it stumbled over it.
_STUMBLED = frozenset((Code.INTERNAL, Code.UNKNOWN, Code.DATA_LOSS))


class Caller:
    """Calls one peer. An outage stays a `RemoteError`; everything else becomes `Rejected`."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    async def call(
        self,
        method: grpc.aio.UnaryUnaryMultiCallable[Request, Response],
        request: Request,
        *,
        timeout: float,
    ) -> Response:
        """The peer's answer within `timeout` seconds."""
        try:
            return await self._peer.call(method, request, timeout=timeout)
        except RemoteError as error:
            # A time-out proves nothing about the request: a slow replica looks the same, and to
            # give up healthy parts while a peer is overloaded would lose them.
            if error.remote_code in _STUMBLED or not error.is_outage:
                raise Rejected(error.remote_reason) from error
            raise
