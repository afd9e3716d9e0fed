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
    RecordAccountChangeRequest,
    RecordIdentityChangeRequest,
    RecordInboundRequest,
    RecordStatusesRequest,
    SendNotificationRequest,
    SetContactPreferencesRequest,
    ShowTypingRequest,
)
from hark.notifier.v1.notifier_service_pb2_grpc import NotifierServiceStub
from services.ingress.clients.peer import Caller
from services.ingress.domain.account import AccountChange
from services.ingress.domain.content import IdentityChange
from services.ingress.domain.sender import Sender
from services.ingress.domain.status import Status
from services.ingress.ports import Person, Rejected

_TIMEOUT = 5.0
# What `RecordStatuses` takes at once.
_MOST_STATUSES = 500
# Statuses are in no hurry, and one call for fifty costs what two calls cost.
_GATHER_SECONDS = 0.005


class NotifierClient:
    """Port `Notifier`. Statuses that are recorded at the same time travel in one call."""

    def __init__(self, peer: Peer) -> None:
        self._caller = Caller(peer)
        self._stub = NotifierServiceStub(peer.channel)
        self._waiting: list[tuple[DeliveryStatus, asyncio.Future[None]]] = []
        self._is_gathering = False

    async def record_inbound(
        self,
        sender: Sender,
        *,
        message_id: str,
        wamid: str,
        message_time: datetime,
        quoted_wamid: str = "",
    ) -> Person:
        """Opens the person's window, learns their address, shows them the read mark."""
        request = RecordInboundRequest(
            sender=_sender(sender),
            message_id=message_id,
            provider_message_id=wamid,
            mark_read=True,
            quoted_provider_message_id=quoted_wamid,
        )
        request.message_time.FromDatetime(message_time)
        answer = await self._caller.call(self._stub.RecordInbound, request, timeout=_TIMEOUT)
        return Person(
            user_id=answer.user_id,
            time_zone_guess=answer.time_zone_guess,
            locale_guess=answer.locale_guess,
            is_first_contact=answer.is_first_contact,
            is_stopped=answer.is_stopped,
            quoted_request_id=answer.quoted_request_id,
        )

    async def record_status(self, status: Status) -> None:
        """Merges a delivery status."""
        recorded = asyncio.get_running_loop().create_future()
        self._waiting.append((_delivery_status(status), recorded))
        if not self._is_gathering:
            # The first one speaks for all that are handled within a moment.
            await self._speak_for_all()
        await recorded

    async def record_identity(
        self, change: IdentityChange, *, message_id: str, change_time: datetime
    ) -> None:
        """Lets a person stay the same one under other names."""
        request = RecordIdentityChangeRequest(
            old_sender=_sender(change.old), new_sender=_sender(change.new), message_id=message_id
        )
        request.change_time.FromDatetime(change_time)
        await self._caller.call(self._stub.RecordIdentityChange, request, timeout=_TIMEOUT)

    async def record_account(
        self, change: AccountChange, *, change_id: str, receive_time: datetime
    ) -> None:
        """Passes a change of the account on."""
        request = RecordAccountChangeRequest(
            field=change.field, value_json=change.value, change_id=change_id
        )
        request.receive_time.FromDatetime(receive_time)
        await self._caller.call(self._stub.RecordAccountChange, request, timeout=_TIMEOUT)

    async def show_typing(self, message_id: str) -> None:
        """Shows the person "typing…", for 25 seconds at most."""
        request = ShowTypingRequest(message_id=message_id)
        await self._caller.call(self._stub.ShowTyping, request, timeout=_TIMEOUT)

    async def set_stopped(self, user_id: str, message_id: str, *, is_stopped: bool) -> None:
        """Obeys STOP or START; the person is told, once."""
        request = SetContactPreferencesRequest(
            user_id=user_id,
            is_stopped=is_stopped,
            reply_to_message_id=message_id,
            request_id=derived_id("wish", message_id),
        )
        await self._caller.call(self._stub.SetContactPreferences, request, timeout=_TIMEOUT)

    async def welcome(self, person: Person, message_id: str, *, due_time: datetime) -> None:
        """Tells a new person what this is, once, and not before `due_time`."""
        await self._send(
            person.user_id,
            message_id,
            Content(template="welcome", parameters={"time_zone": _city(person.time_zone_guess)}),
            type_=Notification.TYPE_CONFIRMATION,
            kind="welcome",
            request_id=derived_id("welcome", person.user_id),
            due_time=due_time,
        )

    async def slow_down(self, person: Person, message_id: str) -> None:
        """Tells a person that what they write is handled a little later."""
        await self._send(
            person.user_id,
            message_id,
            Content(template="slow_down"),
            type_=Notification.TYPE_CONFIRMATION,
            request_id=derived_id("slow_down", message_id),
        )

    async def apologise(self, user_id: str, message_id: str) -> None:
        """Tells the person that their message could not be handled, once."""
        await self._send(
            user_id,
            message_id,
            Content(template="message_failed"),
            type_=Notification.TYPE_ERROR,
            request_id=derived_id("apology", message_id),
        )

    async def _send(
        self,
        user_id: str,
        message_id: str,
        content: Content,
        *,
        type_: Notification.Type.ValueType,
        request_id: str,
        kind: str = "",
        due_time: datetime | None = None,
    ) -> None:
        request = SendNotificationRequest(
            user_id=user_id,
            type=type_,
            kind=kind,
            contents=[content],
            reply_to_message_id=message_id,
            request_id=request_id,
        )
        if due_time is not None:
            request.due_time.FromDatetime(due_time)
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


def _sender(sender: Sender) -> SenderProto:
    return SenderProto(
        wa_id=sender.wa_id,
        business_user_id=sender.business_user_id,
        parent_user_id=sender.parent_user_id,
        display_name=sender.display_name,
    )


def _delivery_status(status: Status) -> DeliveryStatus:
    made = DeliveryStatus(
        provider_message_id=status.wamid,
        status=status.status,
        callback_data=status.callback_data,
        provider_code=status.provider_code,
    )
    made.event_time.FromDatetime(status.event_time)
    return made


def _city(time_zone: str) -> str:
    """A zone as people say it: "New York", not "America/New_York"; UTC while none is known."""
    return time_zone.rpartition("/")[2].replace("_", " ") or "UTC"
