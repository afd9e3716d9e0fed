"""What was given up: parts of webhooks and notifications, with the reason, and another try."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from console.overview import TIMEOUT, moment
from console.sessions import Services
from hark.ingress.v1.ingress_service_pb2 import ListPartsRequest, RedrivePartsRequest
from hark.ingress.v1.ingress_service_pb2_grpc import IngressServiceStub
from hark.ingress.v1.part_pb2 import Part
from hark.notifier.v1.notification_pb2 import Notification
from hark.notifier.v1.notifier_service_pb2 import (
    ListNotificationsRequest,
    RedriveNotificationRequest,
)
from hark.notifier.v1.notifier_service_pb2_grpc import NotifierServiceStub

_PAGE = 100
_LOST = (Notification.STATE_DEAD, Notification.STATE_FAILED)


async def deadletters(services: Services) -> list[dict[str, Any]]:
    """The newest hundred of each, newest first. Raises RemoteError."""
    ingress = IngressServiceStub(services.ingress.channel)
    notifier = NotifierServiceStub(services.notifier.channel)
    parts, notifications = await asyncio.gather(
        services.ingress.call(
            ingress.ListParts,
            ListPartsRequest(states=[Part.STATE_BURIED], page_size=_PAGE),
            timeout=TIMEOUT,
        ),
        services.notifier.call(
            notifier.ListNotifications,
            ListNotificationsRequest(states=_LOST, page_size=_PAGE),
            timeout=TIMEOUT,
        ),
    )
    rows = [_of_part(part) for part in parts.parts]
    rows += [_of_notification(each) for each in notifications.notifications]
    return sorted(rows, key=lambda row: str(row["time"]), reverse=True)


async def redrive_parts(services: Services, part_ids: Sequence[int]) -> int:
    """Opens buried parts again; how many. Raises RemoteError."""
    stub = IngressServiceStub(services.ingress.channel)
    request = RedrivePartsRequest(part_ids=part_ids)
    answer = await services.ingress.call(stub.RedriveParts, request, timeout=TIMEOUT)
    return answer.redriven_count


async def redrive_notification(services: Services, notification_id: str) -> str:
    """Sends a dead notification once more; its state then. Raises RemoteError.

    However often it is pressed, it is sent once.
    """
    stub = NotifierServiceStub(services.notifier.channel)
    request = RedriveNotificationRequest(notification_id=notification_id)
    answer = await services.notifier.call(stub.RedriveNotification, request, timeout=TIMEOUT)
    return Notification.State.Name(answer.notification.state)


def _of_part(part: Part) -> dict[str, Any]:
    return _row(
        what="part",
        id_=str(part.part_id),
        kind=part.type,
        reason=part.reason,
        time=moment(part.settle_time),
        message_id=part.message_id,
    )


def _of_notification(each: Notification) -> dict[str, Any]:
    return _row(
        what="notification",
        id_=each.notification_id,
        kind=each.kind,
        reason=each.state_reason,
        time=moment(each.create_time),
        message_id=each.reply_to_message_id,
    )


def _row(
    *, what: str, id_: str, kind: str, reason: str, time: datetime, message_id: str
) -> dict[str, Any]:
    return {
        "what": what,
        "id": id_,
        "kind": kind,
        "reason": reason,
        "time": time.isoformat(),
        "message_id": message_id,
    }
