"""The client: one channel, with retries, deadlines and the token set right."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, TypeVar

import grpc

from hark.notifier.v1 import notification_pb2 as wire
from hark.notifier.v1.notifier_service_pb2 import (
    BatchSendNotificationsRequest,
    BatchSendResult,
    CancelNotificationRequest,
    GetNotificationRequest,
    ListTemplatesRequest,
    PreviewNotificationRequest,
    PreviewNotificationResponse,
    WatchNotificationRequest,
)
from hark.notifier.v1.notifier_service_pb2_grpc import NotifierServiceStub
from hark.notifier.v1.template_pb2 import Template
from hark_notifier.errors import NotifierError, TimedOut, Unavailable, code_name, error_of, from_rpc
from hark_notifier.message import Message, State, request

TIMEOUT_SECONDS = 5.0
MOST_IN_A_BATCH = 500
_MOST_PAGES = 100

Which = TypeVar(
    "Which", GetNotificationRequest, CancelNotificationRequest, WatchNotificationRequest
)

# Every call may be repeated: what sends is recognised by its request id.
_SERVICE_CONFIG = json.dumps(
    {
        "loadBalancingConfig": [{"round_robin": {}}],
        "methodConfig": [
            {
                "name": [{}],
                "retryPolicy": {
                    "maxAttempts": 4,
                    "initialBackoff": "0.1s",
                    "maxBackoff": "1s",
                    "backoffMultiplier": 2,
                    "retryableStatusCodes": ["UNAVAILABLE"],
                },
            }
        ],
        "retryThrottling": {"maxTokens": 100, "tokenRatio": 0.5},
    }
)
_OPTIONS = (
    ("grpc.service_config", _SERVICE_CONFIG),
    ("grpc.enable_retries", 1),
    ("grpc.keepalive_time_ms", 20_000),
    ("grpc.keepalive_timeout_ms", 5_000),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 2_000),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A notification that was accepted: it is durable, and on its way."""

    notification_id: str
    request_id: str
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """Where a notification stands; `reason` says why, where that needs saying."""

    notification_id: str
    state: State
    reason: str
    raw: wire.Notification


class Notifier:
    """A connection to the notifier; an async context manager.

    `address` is host:port, `token` one of its `HARK_TOKENS`. Each call takes at most `timeout`
    seconds, retries included. `root_certificates` (PEM) turns TLS on, with `certificate_chain` and
    `private_key` where it wants to know its clients. Make it inside the event loop that uses it.
    Every method raises a `NotifierError`.
    """

    def __init__(
        self,
        address: str,
        *,
        token: str,
        timeout: float = TIMEOUT_SECONDS,
        root_certificates: bytes | None = None,
        certificate_chain: bytes | None = None,
        private_key: bytes | None = None,
    ) -> None:
        self._timeout = timeout
        self._metadata = (("authorization", f"Bearer {token}"),)
        if root_certificates is None:
            self._channel = grpc.aio.insecure_channel(address, options=_OPTIONS)
        else:
            credentials = grpc.ssl_channel_credentials(
                root_certificates, private_key, certificate_chain
            )
            self._channel = grpc.aio.secure_channel(address, credentials, options=_OPTIONS)
        self._stub = NotifierServiceStub(self._channel)

    async def __aenter__(self) -> Notifier:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the connection."""
        await self._channel.close()

    async def send(self, message: Message, *, to: str, request_id: str) -> Sent:
        """Hands one in for `to` (a phone number in E.164, or a Hark user id); durable when it
        returns. A repeat with the same `request_id` and message returns the first answer.
        """
        made = request(message, to=to, id_=request_id)
        accepted = (await self._call(self._stub.SendNotification, made)).notification
        return Sent(
            notification_id=accepted.notification_id,
            request_id=accepted.request_id,
            state=State(accepted.state),
        )

    async def send_many(
        self, messages: Sequence[tuple[Message, str, str]]
    ) -> Sequence[Sent | NotifierError]:
        """Hands in up to 500 of (message, to, request_id) at once; one answer each, in order."""
        if not 1 <= len(messages) <= MOST_IN_A_BATCH:
            raise ValueError(f"a batch has 1 to {MOST_IN_A_BATCH} messages")
        batch = BatchSendNotificationsRequest(
            requests=[request(message, to=to, id_=id_) for message, to, id_ in messages]
        )
        response = await self._call(self._stub.BatchSendNotifications, batch)
        return [_result(each) for each in response.results]

    async def get(self, notification_id: str = "", *, request_id: str = "") -> wire.Notification:
        """One with all its attempts and provider events, by either of its ids."""
        which = _which(GetNotificationRequest(), notification_id, request_id)
        found: wire.Notification = (
            await self._call(self._stub.GetNotification, which)
        ).notification
        return found

    async def cancel(self, notification_id: str = "", *, request_id: str = "") -> None:
        """Takes one back; no attempt to send it starts after that. Raises AlreadyStarted."""
        which = _which(CancelNotificationRequest(), notification_id, request_id)
        await self._call(self._stub.CancelNotification, which)

    async def watch(
        self, notification_id: str = "", *, request_id: str = "", timeout: float = 60.0
    ) -> AsyncIterator[Followed]:
        """What it is now, then every change, until nothing can follow or `timeout` is over."""
        which = _which(WatchNotificationRequest(), notification_id, request_id)
        call = self._stub.WatchNotification(which, timeout=timeout, metadata=self._metadata)
        try:
            async for response in call:
                shown = response.notification
                yield Followed(
                    notification_id=shown.notification_id,
                    state=State(shown.state),
                    reason=shown.state_reason,
                    raw=shown,
                )
        except grpc.aio.AioRpcError as error:
            known = from_rpc(error)
            # The end of the time that the caller gave is no error.
            if not isinstance(known, TimedOut):
                raise known from error
        finally:
            call.cancel()

    async def outcome(
        self, notification_id: str = "", *, request_id: str = "", timeout: float = 60.0
    ) -> Followed:
        """Waits until it is out, or never will be. Raises TimedOut after `timeout` seconds."""
        last: Followed | None = None
        async for followed in self.watch(notification_id, request_id=request_id, timeout=timeout):
            last = followed
            if followed.state.is_over:
                return followed
        where = last.state.name if last else "not known"
        raise TimedOut(f"it is still {where}", code="DEADLINE_EXCEEDED", reason="STILL_OPEN")

    async def preview(
        self, message: Message, *, to: str = "", locale: str = ""
    ) -> PreviewNotificationResponse:
        """How it would look, inside and outside the 24-hour window; nothing is kept or sent."""
        asked = PreviewNotificationRequest(
            notification=request(message, to=to, id_=""), locale=locale
        )
        shown: PreviewNotificationResponse = await self._call(self._stub.PreviewNotification, asked)
        return shown

    async def templates(self, locale: str = "") -> Sequence[Template]:
        """All templates, in one language or all of them."""
        found: list[Template] = []
        token = ""
        for _page in range(_MOST_PAGES):
            asked = ListTemplatesRequest(locale=locale, page_token=token)
            response = await self._call(self._stub.ListTemplates, asked)
            found += response.templates
            token = response.next_page_token
            if not token:
                break
        return found

    async def ready(self, timeout: float = 10.0) -> None:
        """Waits until the notifier is there. Raises Unavailable after `timeout` seconds."""
        try:
            async with asyncio.timeout(timeout):
                await self._channel.channel_ready()
        except TimeoutError:
            raise Unavailable("it is not there", code="UNAVAILABLE", reason="UNAVAILABLE") from None

    async def _call(self, method: Any, request: Any) -> Any:
        try:
            return await method(request, timeout=self._timeout, metadata=self._metadata)
        except grpc.aio.AioRpcError as error:
            raise from_rpc(error) from error


def _which(asked: Which, notification_id: str, request_id: str) -> Which:
    """`asked` about one of the two ids. Raises ValueError unless exactly one is given."""
    if bool(notification_id) == bool(request_id):
        raise ValueError("say the notification_id or the request_id")
    if notification_id:
        asked.notification_id = notification_id
    else:
        asked.request_id = request_id
    return asked


def _result(result: BatchSendResult) -> Sent | NotifierError:
    if not result.HasField("refusal"):
        return Sent(
            notification_id=result.notification_id,
            request_id=result.request_id,
            state=State(result.state),
        )
    refusal = result.refusal
    delay = refusal.retry_delay.ToTimedelta() if refusal.HasField("retry_delay") else None
    return error_of(code_name(refusal.code), refusal.reason, refusal.message, retry_delay=delay)
