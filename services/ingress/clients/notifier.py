"""Port `Notifier` over the notifier's gRPC."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from chassis.channel import Peer
from chassis.ids import derived_id
from hark.notifier.v1.inbound_pb2 import DeliveryStatus
from hark.notifier.v1.inbound_pb2 import Sender as SenderProto
from hark.notifier.v1.notification_pb2 import Content, Notification
from hark.notifier.v1.notifier_service_pb2 import (
    RecordInboundRequest,
    RecordStatusesRequest,
    SendNotificationRequest,
)
from hark.notifier.v1.notifier_service_pb2_grpc import NotifierServiceStub
from services.ingress.clients.peer import Caller
from services.ingress.domain.sender import Sender
from services.ingress.domain.status import Status
from services.ingress.ports import Person, Rejected

_TIMEOUT = 5.0
# What `RecordStatuses` takes at once.
_MOST_STATUSES = 500
# Statuses are in no hurry, and one call for fifty costs what two calls cost.
_GATHER_SECONDS = 0.005
_APOLOGY = "I could not handle that message"


class NotifierClient:
    """Port `Notifier`. Statuses that are recorded at the same time travel in one call."""

    def __init__(self, peer: Peer) -> None:
        self._caller = Caller(peer)
        self._stub = NotifierServiceStub(peer.channel)
        self._waiting: list[tuple[DeliveryStatus, asyncio.Future[None]]] = []
        self._is_gathering = False

    async def record_inbound(
        self, sender: Sender, *, message_id: str, wamid: str, message_time: datetime
    ) -> Person:
        """Opens the person's window, learns their address, shows them the read mark."""
        request = RecordInboundRequest(
            sender=SenderProto(
                wa_id=sender.wa_id,
                business_user_id=sender.business_user_id,
                parent_user_id=sender.parent_user_id,
                display_name=sender.display_name,
            ),
            message_id=message_id,
            provider_message_id=wamid,
            mark_read=True,
        )
        request.message_time.FromDatetime(message_time)
        answer = await self._caller.call(self._stub.RecordInbound, request, timeout=_TIMEOUT)
        return Person(
            user_id=answer.user_id,
            time_zone_guess=answer.time_zone_guess,
            locale_guess=answer.locale_guess,
        )

    async def record_status(self, status: Status) -> None:
        """Merges a delivery status."""
        recorded = asyncio.get_running_loop().create_future()
        self._waiting.append((_delivery_status(status), recorded))
        if not self._is_gathering:
            # The first one speaks for all that are handled within a moment.
            await self._speak_for_all()
        await recorded

    async def apologise(self, user_id: str, message_id: str) -> None:
        """Tells the person that their message could not be handled, once."""
        request = SendNotificationRequest(
            user_id=user_id,
            type=Notification.TYPE_ERROR,
            contents=[Content(template="error_occurred", parameters={"message": _APOLOGY})],
            reply_to_message_id=message_id,
            request_id=derived_id("apology", message_id),
        )
        await self._caller.call(self._stub.SendNotification, request, timeout=_TIMEOUT)

    async def _speak_for_all(self) -> None:
        self._is_gathering = True
        gathered = self._waiting
        try:
            await asyncio.sleep(_GATHER_SECONDS)
            self._is_gathering, self._waiting = False, []
            for start in range(0, len(gathered), _MOST_STATUSES):
                await self._record_some(gathered[start : start + _MOST_STATUSES])
        except BaseException as error:
            # Whoever waits must hear of it, however this ends; each weighs it for itself.
            if self._waiting is gathered:
                self._is_gathering, self._waiting = False, []
            told = error if isinstance(error, Exception) else ConnectionAbortedError()
            for _, recorded in gathered:
                if not recorded.done():
                    recorded.set_exception(told)
            if not isinstance(error, Exception):
                raise

    async def _record_some(
        self, some: Sequence[tuple[DeliveryStatus, asyncio.Future[None]]]
    ) -> None:
        request = RecordStatusesRequest(statuses=[status for status, _ in some])
        try:
            await self._caller.call(self._stub.RecordStatuses, request, timeout=_TIMEOUT)
        except Rejected as error:
            # One of them is to blame, and only that one may fail.
            half = len(some) // 2
            if half:
                await self._record_some(some[:half])
                await self._record_some(some[half:])
            elif not some[0][1].done():
                some[0][1].set_exception(error)
            return
        for _, recorded in some:
            if not recorded.done():
                recorded.set_result(None)


def _delivery_status(status: Status) -> DeliveryStatus:
    made = DeliveryStatus(
        provider_message_id=status.wamid,
        status=status.status,
        callback_data=status.callback_data,
        provider_code=status.provider_code,
    )
    made.event_time.FromDatetime(status.event_time)
    return made
