"""What an operator asks of the services, over gRPC."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from chassis.channel import Peer
from chassis.errors import RemoteError
from cli.peers import INGRESS, NOTIFIER, peer_at
from hark.ingress.v1.ingress_service_pb2 import ListPartsRequest, RedrivePartsRequest
from hark.ingress.v1.ingress_service_pb2_grpc import IngressServiceStub
from hark.ingress.v1.part_pb2 import Part
from hark.notifier.v1.notification_pb2 import Content, Notification
from hark.notifier.v1.notifier_service_pb2 import (
    ListNotificationsRequest,
    RedriveNotificationRequest,
    SendNotificationRequest,
)
from hark.notifier.v1.notifier_service_pb2_grpc import NotifierServiceStub

_TIMEOUT = 5.0
_PAGE = 200
REFUSED = 1

_console = Console(highlight=False)
_errors = Console(stderr=True, highlight=False)


def send(text: str, *, to: str) -> int:
    """Sends one notification; prints its id."""

    async def ask(peer: Peer) -> None:
        request = SendNotificationRequest(
            type=Notification.TYPE_STATUS_UPDATE,
            contents=[Content(template="reply", parameters={"text": text})],
            request_id=str(uuid.uuid4()),
        )
        if to.startswith("+"):
            request.phone_number = to
        else:
            request.user_id = to
        stub = NotifierServiceStub(peer.channel)
        answer = await peer.call(stub.SendNotification, request, timeout=_TIMEOUT)
        _console.print(answer.notification.notification_id)

    return _ask(NOTIFIER, ask)


def list_deadletters() -> int:
    """Prints buried parts of webhooks and dead or failed notifications, newest first."""
    table = Table("what", "id", "type", "reason", "message")

    async def parts(peer: Peer) -> None:
        request = ListPartsRequest(states=[Part.STATE_BURIED], page_size=_PAGE)
        stub = IngressServiceStub(peer.channel)
        for part in (await peer.call(stub.ListParts, request, timeout=_TIMEOUT)).parts:
            table.add_row("part", str(part.part_id), part.type, part.reason, part.message_id)

    async def notifications(peer: Peer) -> None:
        states = [Notification.STATE_DEAD, Notification.STATE_FAILED]
        request = ListNotificationsRequest(states=states, page_size=_PAGE)
        stub = NotifierServiceStub(peer.channel)
        answer = await peer.call(stub.ListNotifications, request, timeout=_TIMEOUT)
        for each in answer.notifications:
            row = (each.notification_id, each.kind, each.state_reason, each.reply_to_message_id)
            table.add_row("notification", *row)

    code = _ask(INGRESS, parts) or _ask(NOTIFIER, notifications)
    if code == 0:
        _console.print(table if table.row_count else "Nothing was given up.")
    return code


def redrive(ids: Sequence[str]) -> int:
    """Opens buried parts (numbers) again and sends notifications (UUIDs) once more."""
    parts = [int(each) for each in ids if each.isdecimal()]
    notifications = [each for each in ids if not each.isdecimal()]
    code = redrive_parts(parts) if parts else 0
    return code or (redrive_notifications(notifications) if notifications else 0)


def redrive_notifications(notification_ids: Sequence[str]) -> int:
    """Sends them once more; prints where each one stands."""

    async def ask(peer: Peer) -> None:
        stub = NotifierServiceStub(peer.channel)
        for notification_id in notification_ids:
            request = RedriveNotificationRequest(notification_id=notification_id)
            answer = await peer.call(stub.RedriveNotification, request, timeout=_TIMEOUT)
            state = Notification.State.Name(answer.notification.state).removeprefix("STATE_")
            _console.print(f"{notification_id}: {state}")

    return _ask(NOTIFIER, ask)


def redrive_parts(part_ids: Sequence[int]) -> int:
    """Opens buried parts again; prints how many."""

    async def ask(peer: Peer) -> None:
        request = RedrivePartsRequest(part_ids=part_ids)
        stub = IngressServiceStub(peer.channel)
        answer = await peer.call(stub.RedriveParts, request, timeout=_TIMEOUT)
        _console.print(f"{answer.redriven_count} of {len(part_ids)} opened again.")

    return _ask(INGRESS, ask)


def _ask(address: tuple[str, str], question: Callable[[Peer], Coroutine[Any, Any, None]]) -> int:
    async def asked() -> int:
        peer = peer_at(address)
        try:
            await question(peer)
        except RemoteError as error:
            _errors.print(f"{error.remote_reason}: {error.message}", style="red")
            return REFUSED
        finally:
            await peer.close()
        return 0

    return asyncio.run(asked())
