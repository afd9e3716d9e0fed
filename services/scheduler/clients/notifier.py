"""Port `Notifier` over the notifier's gRPC."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from chassis.channel import Peer
from chassis.errors import Code, RemoteError
from hark.notifier.v1.notification_pb2 import Content, Notification
from hark.notifier.v1.notifier_service_pb2 import (
    OVERFLOW_POLICY_HOLD,
    BatchSendNotificationsRequest,
    BatchSendResult,
    CancelNotificationRequest,
    Refusal,
    SendNotificationRequest,
)
from hark.notifier.v1.notifier_service_pb2_grpc import NotifierServiceStub
from services.scheduler.domain.notice import NoticeKind
from services.scheduler.ports import (
    Accepted,
    Cancellation,
    Deferred,
    Handover,
    Refused,
    Telling,
)

_TIMEOUT = 5.0
# The person waits for the answer to "cancel it": the worker does what takes longer.
_CANCEL_TIMEOUT = 1.0
_ACCEPTED_BEFORE = "REQUEST_ID_REUSED"
_FOR_GOOD = frozenset(
    code.value
    for code in (
        Code.INVALID_ARGUMENT,
        Code.NOT_FOUND,
        Code.ALREADY_EXISTS,
        Code.FAILED_PRECONDITION,
        Code.OUT_OF_RANGE,
    )
)
_TYPES = {
    NoticeKind.REPLY: (Notification.TYPE_CONFIRMATION, "reply"),
    NoticeKind.TASK_DUE: (Notification.TYPE_TASK_UPDATE, "task_due"),
    NoticeKind.EVENT_DUE: (Notification.TYPE_EVENT_REMINDER, "event_due"),
    NoticeKind.TASK_SNOOZED: (Notification.TYPE_TASK_UPDATE, "task_due"),
    NoticeKind.TASK_NAG: (Notification.TYPE_TASK_UPDATE, "task_due"),
    NoticeKind.EVENT_SNOOZED: (Notification.TYPE_EVENT_REMINDER, "event_due"),
    NoticeKind.DIGEST: (Notification.TYPE_STATUS_UPDATE, "digest"),
    NoticeKind.WEEKLY_DIGEST: (Notification.TYPE_STATUS_UPDATE, "digest"),
}
_LATE_TYPES = {
    NoticeKind.TASK_DUE: (Notification.TYPE_STATUS_UPDATE, "task_due_late"),
    NoticeKind.EVENT_DUE: (Notification.TYPE_STATUS_UPDATE, "event_due_late"),
    NoticeKind.TASK_SNOOZED: (Notification.TYPE_STATUS_UPDATE, "task_due_late"),
    NoticeKind.TASK_NAG: (Notification.TYPE_STATUS_UPDATE, "task_due_late"),
    NoticeKind.EVENT_SNOOZED: (Notification.TYPE_STATUS_UPDATE, "event_due_late"),
}


class NotifierClient:
    """Port `Notifier`."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._stub = NotifierServiceStub(peer.channel)

    async def hand_over(self, tellings: Sequence[Telling], now: datetime) -> Sequence[Handover]:
        """Gives up to 500 away in one call; an outage defers them all."""
        request = BatchSendNotificationsRequest(requests=[_request(each) for each in tellings])
        try:
            answer = await self._peer.call(
                self._stub.BatchSendNotifications, request, timeout=_TIMEOUT
            )
        except RemoteError as error:
            if error.is_outage:
                return [_deferred(error.remote_reason, error.retry_delay, now)] * len(tellings)
            if len(tellings) == 1:
                return [Refused(reason=error.remote_reason)]
            # One of them spoils the whole batch: alone, it spoils only itself.
            half = len(tellings) // 2
            return [
                *await self.hand_over(tellings[:half], now),
                *await self.hand_over(tellings[half:], now),
            ]
        return [_handover(result, now) for result in answer.results]

    async def cancel(self, request_id: str) -> Cancellation:
        """Takes one back if no attempt has started."""
        request = CancelNotificationRequest(request_id=request_id)
        try:
            await self._peer.call(self._stub.CancelNotification, request, timeout=_CANCEL_TIMEOUT)
        except RemoteError as error:
            if error.remote_reason == "NOTIFICATION_STARTED":
                return Cancellation.STARTED
            if error.remote_code is Code.NOT_FOUND:
                return Cancellation.UNKNOWN
            raise
        return Cancellation.CANCELLED


def _request(telling: Telling) -> SendNotificationRequest:
    notice = telling.notice
    types = _LATE_TYPES if telling.is_late else _TYPES
    kind_type, kind = types[notice.kind]
    return SendNotificationRequest(
        user_id=notice.user_id,
        type=kind_type,
        kind=kind,
        contents=[
            Content(template=content.template, parameters=content.parameters)
            for content in telling.contents
        ],
        reply_to_message_id=notice.reply_to_message_id,
        # A reminder that is over the day's cap is kept until the cap frees up, not lost.
        overflow_policy=OVERFLOW_POLICY_HOLD,
        request_id=notice.request_id,
    )


def _handover(result: BatchSendResult, now: datetime) -> Handover:
    if not result.HasField("refusal"):
        return Accepted()
    refusal = result.refusal
    # Repeated after a crash a reminder may be worded differently ("late"); the first stands.
    if refusal.reason == _ACCEPTED_BEFORE:
        return Accepted()
    if refusal.code in _FOR_GOOD:
        return Refused(reason=refusal.reason)
    return _deferred(refusal.reason, _delay(refusal), now)


def _delay(refusal: Refusal) -> timedelta | None:
    return refusal.retry_delay.ToTimedelta() if refusal.HasField("retry_delay") else None


def _deferred(reason: str, delay: timedelta | None, now: datetime) -> Deferred:
    # The channel's own hint of a second says nothing about when a peer is back.
    known = delay is not None and delay > timedelta(seconds=1)
    return Deferred(reason=reason, retry_time=now + delay if known and delay else None)
