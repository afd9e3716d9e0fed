"""Port `Mouth` over the notifier's gRPC."""

from __future__ import annotations

from chassis.channel import Peer
from chassis.errors import RemoteError
from chassis.ids import derived_id
from hark.notifier.v1.notification_pb2 import Content, Notification
from hark.notifier.v1.notifier_service_pb2 import SendNotificationRequest
from hark.notifier.v1.notifier_service_pb2_grpc import NotifierServiceStub

_TIMEOUT = 5.0


class NotifierClient:
    """Port `Mouth`: answers a message, once."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._stub = NotifierServiceStub(peer.channel)

    async def answer(self, user_id: str, message_id: str, text: str) -> None:
        """Answers a message, once however often it is asked to."""
        request = SendNotificationRequest(
            user_id=user_id,
            type=Notification.TYPE_CONFIRMATION,
            kind="reply",
            contents=[Content(template="reply", parameters={"text": text})],
            reply_to_message_id=message_id,
            request_id=derived_id("answer", message_id),
        )
        try:
            await self._peer.call(self._stub.SendNotification, request, timeout=_TIMEOUT)
        except RemoteError as error:
            # A retry may word an agenda differently; the first answer has gone out, and stands.
            if error.remote_reason != "REQUEST_ID_REUSED":
                raise
