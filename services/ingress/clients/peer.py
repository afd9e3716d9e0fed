"""Calls that tell whether a peer is down or cannot handle this one thing."""

from __future__ import annotations

import time
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
        self._answered = float("-inf")

    async def call(
        self,
        method: grpc.aio.UnaryUnaryMultiCallable[Request, Response],
        request: Request,
        *,
        timeout: float,
    ) -> Response:
        """The peer's answer within `timeout` seconds."""
        started = time.monotonic()
        try:
            response = await self._peer.call(method, request, timeout=timeout)
        except RemoteError as error:
            if self._is_rejection(error, started):
                raise Rejected(error.remote_reason) from error
            raise
        self._answered = time.monotonic()
        return response

    def _is_rejection(self, error: RemoteError, started: float) -> bool:
        if error.remote_code is Code.DEADLINE_EXCEEDED:
            # Others were answered while this one was not: it is the one that takes for ever.
            return self._answered > started
        return error.remote_code in _STUMBLED or not error.is_outage
