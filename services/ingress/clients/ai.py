"""Port `Assistant` over ai's gRPC."""

from __future__ import annotations

from datetime import datetime

from chassis.channel import Peer
from hark.ai.v1.ai_service_pb2 import HandleMessageRequest, TextContent, UnsupportedContent
from hark.ai.v1.ai_service_pb2_grpc import AiServiceStub
from services.ingress.clients.peer import Caller
from services.ingress.domain.message import Text, Unsupported
from services.ingress.ports import Person

_TIMEOUT = 10.0


class AiClient:
    """Port `Assistant`."""

    def __init__(self, peer: Peer) -> None:
        self._caller = Caller(peer)
        self._stub = AiServiceStub(peer.channel)

    async def handle(
        self,
        person: Person,
        content: Text | Unsupported,
        *,
        message_id: str,
        message_time: datetime,
    ) -> None:
        """Understands, acts and answers, once however often it is asked to."""
        request = HandleMessageRequest(
            user_id=person.user_id,
            message_id=message_id,
            time_zone_guess=person.time_zone_guess,
            locale_guess=person.locale_guess,
        )
        request.message_time.FromDatetime(message_time)
        match content:
            case Text():
                request.text.CopyFrom(TextContent(text=content.text))
            case Unsupported():
                request.unsupported.CopyFrom(UnsupportedContent(type=content.type))
        await self._caller.call(self._stub.HandleMessage, request, timeout=_TIMEOUT)
