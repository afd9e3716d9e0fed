"""The way to another service: a channel whose calls carry the token, the ids and the time left."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterable
from typing import TypeVar

import grpc

from chassis import context, tracing
from chassis.errors import Code, RemoteError, ServiceError
from chassis.status import from_rpc_error
from chassis.tls import Tls

# A server that begins to stop answers CANCELLED to what has reached it but not a handler yet (a
# third of its callers, measured). Asking again soon finds another replica, or that it is gone.
# Done here and not by the channel, whose policy would also repeat what a handler cancelled itself.
_PAUSES_AFTER_CANCELLED = (0.05, 0.2, None)

Request = TypeVar("Request")
Response = TypeVar("Response")

_SERVICE_CONFIG = json.dumps(
    {
        "loadBalancingConfig": [{"round_robin": {}}],
        "methodConfig": [
            {
                "name": [{}],
                "retryPolicy": {
                    "maxAttempts": 3,
                    "initialBackoff": "0.05s",
                    "maxBackoff": "1s",
                    "backoffMultiplier": 3,
                    "retryableStatusCodes": ["UNAVAILABLE"],
                },
            }
        ],
        # While most calls fail, retrying them only adds load.
        "retryThrottling": {"maxTokens": 100, "tokenRatio": 0.5},
    }
)
_OPTIONS = (
    ("grpc.service_config", _SERVICE_CONFIG),
    ("grpc.enable_retries", 1),
    ("grpc.keepalive_time_ms", 20_000),
    ("grpc.keepalive_timeout_ms", 5_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.max_pings_without_data", 0),
    # A peer that restarts is found again within two seconds, not two minutes.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 1_000),
    ("grpc.max_reconnect_backoff_ms", 2_000),
    ("grpc.dns_min_time_between_resolutions_ms", 5_000),
    ("grpc.max_receive_message_length", 4 * 1024 * 1024),
    ("grpc.enable_channelz", 1),
)


class Peer:
    """Another service. Calls raise `RemoteError`, or the class in `errors` with the same reason.

    It must be made inside the event loop that will use it (RuntimeError otherwise).
    """

    def __init__(
        self,
        address: str,
        *,
        token: str,
        errors: Iterable[type[ServiceError]] = (),
        tls: Tls | None = None,
    ) -> None:
        # gRPC would bind the channel to whatever loop it finds or makes, and every call would hang.
        asyncio.get_running_loop()
        self.address = address
        self._errors = tuple(errors)
        self._authorization = ("authorization", f"Bearer {token}")
        if tls is None:
            self.channel = grpc.aio.insecure_channel(address, options=_OPTIONS)
        else:
            self.channel = grpc.aio.secure_channel(
                address, tls.channel_credentials(), options=_OPTIONS
            )

    async def call(
        self,
        method: grpc.aio.UnaryUnaryMultiCallable[Request, Response],
        request: Request,
        *,
        timeout: float,
    ) -> Response:
        """Calls `method` (of a stub over `channel`); waits `timeout` seconds, or the time left."""
        ends = time.monotonic() + _budget(timeout)
        for pause in _PAUSES_AFTER_CANCELLED:
            try:
                return await method(
                    request, timeout=ends - time.monotonic(), metadata=self._metadata()
                )
            except grpc.aio.AioRpcError as error:
                cancelled = error.code() is grpc.StatusCode.CANCELLED
                if not cancelled or pause is None or time.monotonic() + pause >= ends:
                    raise from_rpc_error(error, self._errors) from error
            await asyncio.sleep(pause)
        raise AssertionError("the last pause is None")

    async def upload(
        self,
        method: grpc.aio.StreamUnaryMultiCallable[Request, Response],
        requests: AsyncIterator[Request],
        *,
        timeout: float,
    ) -> Response:
        """Sends a stream of requests for one answer."""
        try:
            return await method(requests, timeout=_budget(timeout), metadata=self._metadata())
        except grpc.aio.AioRpcError as error:
            raise from_rpc_error(error, self._errors) from error

    async def stream(
        self,
        method: grpc.aio.UnaryStreamMultiCallable[Request, Response],
        request: Request,
        *,
        timeout: float,
    ) -> AsyncIterator[Response]:
        """Yields the answers to one request; leaving the loop early cancels the call."""
        call = method(request, timeout=_budget(timeout), metadata=self._metadata())
        try:
            async for response in call:
                yield response
        except grpc.aio.AioRpcError as error:
            raise from_rpc_error(error, self._errors) from error
        finally:
            call.cancel()

    async def close(self, grace: float | None = None) -> None:
        """Closes the channel; calls in flight get `grace` seconds."""
        await self.channel.close(grace)

    def _metadata(self) -> tuple[tuple[str, str], ...]:
        if parent := tracing.traceparent():
            return (*self._known_metadata(), (tracing.TRACEPARENT, parent))
        return self._known_metadata()

    def _known_metadata(self) -> tuple[tuple[str, str], ...]:
        request_id, message_id = context.request_id.get(), context.message_id.get()
        if request_id and message_id:
            return (
                self._authorization,
                (context.REQUEST_ID_KEY, request_id),
                (context.MESSAGE_ID_KEY, message_id),
            )
        if request_id:
            return (self._authorization, (context.REQUEST_ID_KEY, request_id))
        if message_id:
            return (self._authorization, (context.MESSAGE_ID_KEY, message_id))
        return (self._authorization,)


def _budget(timeout: float) -> float:
    ends = context.deadline.get()
    if ends is None:
        return timeout
    left = ends - time.monotonic() - context.RETURN_MARGIN_SECONDS
    if left <= 0:
        raise RemoteError(
            "no time is left for this call",
            remote_code=Code.DEADLINE_EXCEEDED,
            remote_reason="NO_TIME_LEFT",
            domain="",
        )
    return min(timeout, left)
