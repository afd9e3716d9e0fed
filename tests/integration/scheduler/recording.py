"""A notifier that writes down all it gets, and fails when told to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

import grpc
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status
from grpc_status import rpc_status

from chassis.clock import Clock
from hark.notifier.v1.notification_pb2 import Notification
from hark.notifier.v1.notifier_service_pb2 import (
    BatchSendNotificationsRequest,
    BatchSendNotificationsResponse,
    BatchSendResult,
    CancelNotificationRequest,
    CancelNotificationResponse,
    Refusal,
    SendNotificationRequest,
    SetContactPreferencesRequest,
    SetContactPreferencesResponse,
)
from hark.notifier.v1.notifier_service_pb2_grpc import (
    NotifierServiceServicer,
    add_NotifierServiceServicer_to_server,
)

Context = grpc.aio.ServicerContext[Any, Any]


class RecordingNotifier(NotifierServiceServicer):
    """Accepts each request id once; `accepted` is in order of arrival."""

    def __init__(self) -> None:
        self.accepted: dict[str, SendNotificationRequest] = {}
        # When each came first, by the application's clock.
        self.clock: Clock | None = None
        self.arrived: dict[str, datetime] = {}
        self.batches: list[int] = []
        self.deliveries = 0
        self.cancelled: list[str] = []
        # How people want to be reached, in order of arrival; and an outage for so many calls.
        self.told: list[SetContactPreferencesRequest] = []
        self.deaf = 0
        self.started: set[str] = set()
        # What to do with calls: an outage for so many, or a refusal by template.
        self.outages = 0
        self.accepts_but_loses_answers = 0
        self.refused_templates: set[str] = set()
        self.held = asyncio.Event()
        self.held.set()
        self.answers = asyncio.Event()
        self.answers.set()
        self._changed = asyncio.Condition()
        self._server: grpc.aio.Server | None = None

    async def start(self, port: int = 0) -> int:
        self._server = grpc.aio.server()
        add_NotifierServiceServicer_to_server(self, self._server)
        port = self._server.add_insecure_port(f"127.0.0.1:{port}")
        await self._server.start()
        return port

    async def stop(self) -> None:
        self.held.set()
        self.answers.set()
        if self._server is not None:
            await self._server.stop(None)

    async def wait_for(self, count: int) -> list[SendNotificationRequest]:
        """Waits until at least `count` were accepted."""
        await self._wait(lambda: len(self.accepted) >= count)
        return list(self.accepted.values())

    async def wait_for_cancellation(self) -> None:
        """Waits until one was taken back."""
        await self._wait(lambda: bool(self.cancelled))

    async def _wait(self, predicate: Callable[[], bool]) -> None:
        async with asyncio.timeout(20), self._changed:
            await self._changed.wait_for(predicate)

    def said(self) -> list[tuple[str, dict[str, str]]]:
        """Every content that was accepted, without what its buttons are about."""
        return [
            (content.template, {k: v for k, v in content.parameters.items() if k != "item"})
            for request in self.accepted.values()
            for content in request.contents
        ]

    async def BatchSendNotifications(
        self, request: BatchSendNotificationsRequest, context: Context
    ) -> BatchSendNotificationsResponse:
        await self.held.wait()
        if self.outages > 0:
            self.outages -= 1
            # Not UNAVAILABLE: that one the channel itself would repeat at once.
            await context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "not now")
        self.batches.append(len(request.requests))
        results = [self._judge(each) for each in request.requests]
        async with self._changed:
            self._changed.notify_all()
        await self.answers.wait()
        if self.accepts_but_loses_answers > 0:
            self.accepts_but_loses_answers -= 1
            await context.abort(grpc.StatusCode.ABORTED, "the answer is lost")
        return BatchSendNotificationsResponse(results=results)

    def _judge(self, request: SendNotificationRequest) -> BatchSendResult:
        self.deliveries += 1
        known = self.accepted.get(request.request_id)
        if known is not None and known != request:
            return self._refused(request, 6, "REQUEST_ID_REUSED")
        if any(content.template in self.refused_templates for content in request.contents):
            return self._refused(request, 5, "TEMPLATE_NOT_FOUND")
        self.accepted.setdefault(request.request_id, request)
        if self.clock is not None:
            self.arrived.setdefault(request.request_id, self.clock.now())
        return BatchSendResult(
            request_id=request.request_id,
            notification_id=request.request_id,
            state=Notification.STATE_QUEUED,
        )

    @staticmethod
    def _refused(request: SendNotificationRequest, code: int, reason: str) -> BatchSendResult:
        return BatchSendResult(
            request_id=request.request_id, refusal=Refusal(code=code, reason=reason)
        )

    async def SetContactPreferences(
        self, request: SetContactPreferencesRequest, context: Context
    ) -> SetContactPreferencesResponse:
        if self.deaf > 0:
            self.deaf -= 1
            await context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "not now")
        self.told.append(request)
        async with self._changed:
            self._changed.notify_all()
        return SetContactPreferencesResponse()

    async def wait_until_told(self, count: int) -> list[SetContactPreferencesRequest]:
        """Waits until it was told so often how people want to be reached."""
        await self._wait(lambda: len(self.told) >= count)
        return list(self.told)

    async def CancelNotification(
        self, request: CancelNotificationRequest, context: Context
    ) -> CancelNotificationResponse:
        if request.request_id in self.started:
            status = Status(code=9, message="started")
            info = ErrorInfo(reason="NOTIFICATION_STARTED", domain="hark.notifier.v1")
            status.details.add().Pack(info)
            await context.abort_with_status(rpc_status.to_status(status))
        if request.request_id not in self.accepted:
            await context.abort(grpc.StatusCode.NOT_FOUND, "unknown")
        self.cancelled.append(request.request_id)
        async with self._changed:
            self._changed.notify_all()
        return CancelNotificationResponse()
