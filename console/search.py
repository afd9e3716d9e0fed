"""Finding a message or a notification by whatever name of it somebody has at hand."""

from __future__ import annotations

import re
from typing import Any

from chassis.errors import Code, RemoteError
from console.overview import TIMEOUT, moment
from console.sessions import Services
from hark.ingress.v1.ingress_service_pb2 import ListPartsRequest
from hark.ingress.v1.ingress_service_pb2_grpc import IngressServiceStub
from hark.ingress.v1.part_pb2 import Part
from hark.notifier.v1.notification_pb2 import Notification
from hark.notifier.v1.notifier_service_pb2 import (
    GetNotificationRequest,
    ListNotificationsRequest,
)
from hark.notifier.v1.notifier_service_pb2_grpc import NotifierServiceStub

_PAGE = 200
_SHOWN = 50
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_MESSAGE = re.compile(r"m_[a-z2-7]{26}")


async def search(services: Services, query: str) -> list[dict[str, Any]]:
    """What fits, newest first: of a message id, a notification's id, a request id or a person's id.

    Of nothing, the newest messages. Raises RemoteError.
    """
    query = query.strip()
    if not query:
        return await _messages(services, "")
    if _MESSAGE.fullmatch(query):
        notifications = await _notifications(
            services, ListNotificationsRequest(reply_to_message_id=query, page_size=_SHOWN)
        )
        return await _messages(services, query) + notifications
    if _UUID.fullmatch(query):
        for request in (
            GetNotificationRequest(notification_id=query),
            GetNotificationRequest(request_id=query),
        ):
            if found := await _notification(services, request):
                return found
    return await _notifications(services, ListNotificationsRequest(user_id=query, page_size=_SHOWN))


async def _messages(services: Services, message_id: str) -> list[dict[str, Any]]:
    stub = IngressServiceStub(services.ingress.channel)
    request = ListPartsRequest(message_id=message_id, page_size=_PAGE)
    page = await services.ingress.call(stub.ListParts, request, timeout=TIMEOUT)
    messages = [part for part in page.parts if part.kind == Part.KIND_MESSAGE]
    return [_of_message(part) for part in messages[:_SHOWN]]


async def _notification(
    services: Services, request: GetNotificationRequest
) -> list[dict[str, Any]]:
    stub = NotifierServiceStub(services.notifier.channel)
    try:
        answer = await services.notifier.call(stub.GetNotification, request, timeout=TIMEOUT)
    except RemoteError as error:
        if error.remote_code is Code.NOT_FOUND:
            return []
        raise
    return [_of_notification(answer.notification)]


async def _notifications(
    services: Services, request: ListNotificationsRequest
) -> list[dict[str, Any]]:
    stub = NotifierServiceStub(services.notifier.channel)
    answer = await services.notifier.call(stub.ListNotifications, request, timeout=TIMEOUT)
    return [_of_notification(each) for each in answer.notifications]


def _of_message(part: Part) -> dict[str, Any]:
    return {
        "what": "message",
        "id": part.message_id,
        "kind": part.type,
        "state": Part.State.Name(part.state).removeprefix("STATE_"),
        "reason": part.reason,
        "time": moment(part.receive_time).isoformat(),
        "message_id": part.message_id,
    }


def _of_notification(each: Notification) -> dict[str, Any]:
    return {
        "what": "notification",
        "id": each.notification_id,
        "kind": each.kind,
        "state": Notification.State.Name(each.state).removeprefix("STATE_"),
        "reason": each.state_reason,
        "time": moment(each.create_time).isoformat(),
        "message_id": each.reply_to_message_id,
    }
