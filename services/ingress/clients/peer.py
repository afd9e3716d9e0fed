"""Calls that tell whether a peer is down or cannot handle this one thing."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import TypeVar

import grpc

from chassis import context
from chassis.channel import Peer
from chassis.errors import Code, RemoteError, ServiceError
from services.ingress.domain.blame import Evidence
from services.ingress.ports import NoAnswer, Rejected

Request = TypeVar("Request")
Response = TypeVar("Response")

# The peer answered, and what it says is about this request: it stumbled over it.
_STUMBLED = frozenset((Code.INTERNAL, Code.UNKNOWN, Code.DATA_LOSS))


class Caller:
    """Calls one peer. An outage stays a `RemoteError`; everything else becomes `Rejected`.

    A time-out is an outage too, told as `NoAnswer`: it proves nothing about the request, for a slow
    replica looks the same, and to give up healthy parts while a peer is overloaded would lose them.
    """

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._evidence = Evidence()

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
            answer = await self._peer.call(method, request, timeout=timeout)
        except RemoteError as error:
            raise self._weighed(error, started) from error
        self._evidence.answered(time.monotonic())
        return answer

    async def upload(
        self,
        method: grpc.aio.StreamUnaryMultiCallable[Request, Response],
        requests: AsyncIterator[Request],
        *,
        timeout: float,
    ) -> Response:
        """The peer's answer to a stream of requests."""
        started = time.monotonic()
        try:
            answer = await self._peer.upload(method, requests, timeout=timeout)
        except RemoteError as error:
            raise self._weighed(error, started) from error
        self._evidence.answered(time.monotonic())
        return answer

    def _weighed(self, error: RemoteError, started: float) -> ServiceError:
        now = time.monotonic()
        if error.remote_code in _STUMBLED or not error.is_outage:
            self._evidence.answered(now)
            return Rejected(error.remote_reason)
        message_id = context.message_id.get()
        self._evidence.failed(message_id, now)
        if error.remote_code is Code.DEADLINE_EXCEEDED:
            return NoAnswer(error, self._evidence.blame(message_id, since=started, now=now))
        return error
