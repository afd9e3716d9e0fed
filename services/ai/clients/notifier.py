"""Port `Mouth` over the notifier's gRPC."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.channel import Peer
from chassis.errors import RemoteError
from chassis.ids import derived_id
from hark.notifier.v1 import notification_pb2
from hark.notifier.v1.notification_pb2 import Content, Notification
from hark.notifier.v1.notifier_service_pb2 import (
    GetNotificationRequest,
    SendNotificationRequest,
    SetContactPreferencesRequest,
)
from hark.notifier.v1.notifier_service_pb2_grpc import NotifierServiceStub
from services.ai.ports import Button, Document, Quoted

_TIMEOUT = 5.0
_LONGEST = 4000
# With buttons or a file WhatsApp takes less.
_LONGEST_WITH_MORE = 1000
_LONGEST_TITLE = 20


class NotifierClient:
    """Port `Mouth`: answers a message, once."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._stub = NotifierServiceStub(peer.channel)

    async def answer(
        self,
        user_id: str,
        message_id: str,
        text: str,
        *,
        buttons: Sequence[Button] = (),
        document: Document | None = None,
    ) -> None:
        """Answers a message, once however often it is asked to."""
        limit = _LONGEST_WITH_MORE if buttons or document else _LONGEST
        request = _reply(user_id, message_id, text[:limit], derived_id("answer", message_id))
        for button in buttons:
            request.buttons.add(title=button.title[:_LONGEST_TITLE], payload=button.payload)
        if document is not None:
            request.document.CopyFrom(
                notification_pb2.Document(
                    file_name=document.file_name,
                    mime_type=document.mime_type,
                    content=document.content,
                )
            )
        await self._send(request)

    async def give_sign(self, user_id: str, message_id: str, text: str) -> None:
        """Says that an answer is on its way, once however often it is asked to."""
        await self._send(_reply(user_id, message_id, text, derived_id("sign", message_id)))

    async def _send(self, request: SendNotificationRequest) -> None:
        try:
            await self._peer.call(self._stub.SendNotification, request, timeout=_TIMEOUT)
        except RemoteError as error:
            # A retry may word an agenda differently; the first answer has gone out, and stands.
            if error.remote_reason != "REQUEST_ID_REUSED":
                raise

    async def quoted(self, request_id: str) -> Quoted:
        """What one of Hark's own messages was about; nothing where it is not known any more."""
        request = GetNotificationRequest(request_id=request_id)
        try:
            found = await self._peer.call(self._stub.GetNotification, request, timeout=_TIMEOUT)
        except RemoteError as error:
            if error.remote_reason != "NOTIFICATION_NOT_FOUND":
                raise
            return Quoted()
        named = [each.parameters.get("item", "") for each in found.notification.contents]
        return Quoted(
            ids=tuple(dict.fromkeys(filter(None, named))),
            message_id=found.notification.reply_to_message_id,
        )

    async def stop(self, user_id: str, message_id: str) -> None:
        """Writes to them no more, replies apart; they are told so where that is news."""
        request = SetContactPreferencesRequest(
            user_id=user_id,
            is_stopped=True,
            # What answers a message from before the stop goes out no more; the notifier's own
            # word about it does.
            reply_to_message_id=message_id,
            request_id=derived_id("stop", message_id),
        )
        await self._peer.call(self._stub.SetContactPreferences, request, timeout=_TIMEOUT)

    async def start(self, user_id: str, message_id: str) -> None:
        """Writes to them again."""
        request = SetContactPreferencesRequest(
            user_id=user_id, is_stopped=False, request_id=derived_id("start", message_id)
        )
        await self._peer.call(self._stub.SetContactPreferences, request, timeout=_TIMEOUT)


def _reply(user_id: str, message_id: str, text: str, request_id: str) -> SendNotificationRequest:
    return SendNotificationRequest(
        user_id=user_id,
        type=Notification.TYPE_CONFIRMATION,
        kind="reply",
        contents=[Content(template="reply", parameters={"text": text})],
        reply_to_message_id=message_id,
        request_id=request_id,
    )
