"""Port `Assistant` over ai's gRPC."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import assert_never

from chassis.channel import Peer
from hark.ai.v1.ai_service_pb2 import (
    ButtonContent,
    EditContent,
    HandleMediaRequest,
    HandleMessageRequest,
    LocationContent,
    MediaHeader,
    MessageContext,
    ReactionContent,
    RevokeContent,
    TextContent,
    UnsupportedContent,
)
from hark.ai.v1.ai_service_pb2 import MediaFailure as MediaFailureProto
from hark.ai.v1.ai_service_pb2_grpc import AiServiceStub
from services.ingress.clients.peer import Caller
from services.ingress.domain.content import (
    Button,
    Edit,
    Location,
    Media,
    MediaFailure,
    Reaction,
    Revoke,
    Said,
    Text,
    Unsupported,
)
from services.ingress.domain.names import Names, message_id
from services.ingress.ports import File, Told

_TIMEOUT = 10.0
# A voice note is uploaded, written down and understood; the answer is due within 30 s.
_MEDIA_TIMEOUT = 40.0
_CHUNK_BYTES = 256 * 1024


class AiClient:
    """Port `Assistant`."""

    def __init__(self, peer: Peer, names: Names) -> None:
        self._caller = Caller(peer)
        self._stub = AiServiceStub(peer.channel)
        self._names = names

    async def handle(self, content: Said, told: Told) -> None:
        """Understands, acts and answers, once however often it is asked to."""
        request = HandleMessageRequest(
            user_id=told.person.user_id,
            message_id=told.message_id,
            time_zone_guess=told.person.time_zone_guess,
            locale_guess=told.person.locale_guess,
            context=_context(told),
        )
        request.message_time.FromDatetime(told.message_time)
        self._fill(request, content)
        await self._caller.call(self._stub.HandleMessage, request, timeout=_TIMEOUT)

    async def handle_media(self, media: Media, file: File, told: Told) -> None:
        """The same for a voice note or an image."""
        header = MediaHeader(
            user_id=told.person.user_id,
            message_id=told.message_id,
            time_zone_guess=told.person.time_zone_guess,
            locale_guess=told.person.locale_guess,
            context=_context(told),
            mime_type=file.mime_type,
            size_bytes=len(file.content),
            sha256=file.sha256,
            caption=media.caption,
            is_voice=media.is_voice,
        )
        header.message_time.FromDatetime(told.message_time)
        await self._caller.upload(
            self._stub.HandleMedia, _stream(header, file.content), timeout=_MEDIA_TIMEOUT
        )

    def _fill(self, request: HandleMessageRequest, content: Said) -> None:
        match content:
            case Text():
                request.text.CopyFrom(TextContent(text=content.text))
            case Button():
                request.button.CopyFrom(ButtonContent(payload=content.payload, title=content.title))
            case Location():
                request.location.CopyFrom(
                    LocationContent(
                        latitude=content.latitude,
                        longitude=content.longitude,
                        name=content.name,
                        address=content.address,
                    )
                )
            case Reaction():
                request.reaction.CopyFrom(ReactionContent(emoji=content.emoji))
            case Edit():
                original = self._message_id(content.original_wamid)
                request.edit.CopyFrom(EditContent(text=content.text, original_message_id=original))
            case Revoke():
                original = self._message_id(content.original_wamid)
                request.revoke.CopyFrom(RevokeContent(original_message_id=original))
            case MediaFailure():
                reason = MediaFailureProto.Reason.Value(f"REASON_{content.reason}")
                request.media_failure.CopyFrom(MediaFailureProto(kind=content.kind, reason=reason))
            case Unsupported():
                request.unsupported.CopyFrom(UnsupportedContent(type=content.type))
            case _:
                assert_never(content)

    def _message_id(self, wamid: str) -> str:
        return message_id(self._names.message(wamid))


def _context(told: Told) -> MessageContext:
    return MessageContext(
        is_forwarded=told.is_forwarded,
        quoted_request_id=told.person.quoted_request_id,
        quoted_message_id=told.quoted_message_id,
        is_late=told.is_late,
    )


async def _stream(
    header: MediaHeader, content: bytes | bytearray
) -> AsyncIterator[HandleMediaRequest]:
    yield HandleMediaRequest(header=header)
    view = memoryview(content)
    for start in range(0, len(view), _CHUNK_BYTES):
        yield HandleMediaRequest(chunk=bytes(view[start : start + _CHUNK_BYTES]))
