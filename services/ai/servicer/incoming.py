"""What comes over the wire as what ai works with; what is out of bounds is refused here."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from google.protobuf.timestamp_pb2 import Timestamp

from chassis.errors import InvalidArgument
from hark.ai.v1 import ai_service_pb2 as wire
from services.ai.domain.message import (
    Circumstance,
    Content,
    Edit,
    FailureReason,
    MediaFailure,
    Medium,
    Message,
    Place,
    Reaction,
    Revocation,
    Tap,
    Unsupported,
    Words,
)

_LONGEST_TEXT = 4096
_LONGEST_ID = 128
_LONGEST_PAYLOAD = 256
_LONGEST_NAME = 500
_LARGEST_MEDIUM = 20 * 1024 * 1024
_LARGEST_CHUNK = 256 * 1024
_PAGE = 50
_LARGEST_PAGE = 200
_TEXT_ADVICE = f"give 1 to {_LONGEST_TEXT} characters"
_ID_ADVICE = f"give 1 to {_LONGEST_ID} characters"


def message(request: wire.HandleMessageRequest) -> Message:
    """A message; raises InvalidArgument that lists all that is wrong."""
    violations = _identity(request)
    kind = request.WhichOneof("content")
    if kind is None:
        violations["content"] = "set what the message holds"
    else:
        violations |= _faults(request, kind)
    if violations:
        raise InvalidArgument("fields are missing or out of bounds", violations=violations)
    return _message(request, _content(request, str(kind)))


def _identity(request: wire.HandleMessageRequest | wire.MediaHeader) -> dict[str, str]:
    violations = {
        name: _ID_ADVICE
        for name in ("user_id", "message_id")
        if not 1 <= len(getattr(request, name)) <= _LONGEST_ID
    }
    if not request.HasField("message_time"):
        violations["message_time"] = "say when the message was written"
    return violations


def _message(request: wire.HandleMessageRequest | wire.MediaHeader, content: Content) -> Message:
    return Message(
        user_id=request.user_id,
        message_id=request.message_id,
        message_time=moment(request.message_time),
        content=content,
        circumstance=Circumstance(
            is_forwarded=request.context.is_forwarded,
            quoted_request_id=request.context.quoted_request_id[:_LONGEST_ID],
            quoted_message_id=request.context.quoted_message_id[:_LONGEST_ID],
            is_late=request.context.is_late,
        ),
        time_zone_guess=request.time_zone_guess,
        locale_guess=request.locale_guess,
    )


def _faults(request: wire.HandleMessageRequest, kind: str) -> dict[str, str]:
    """What is wrong with the content."""
    if kind in ("text", "edit"):
        text = request.text.text if kind == "text" else request.edit.text
        if not 1 <= len(text) <= _LONGEST_TEXT:
            return {f"{kind}.text": _TEXT_ADVICE}
    if kind in ("edit", "revoke"):
        original = getattr(request, kind).original_message_id
        if not 1 <= len(original) <= _LONGEST_ID:
            return {f"{kind}.original_message_id": _ID_ADVICE}
    if kind == "button" and not 1 <= len(request.button.payload) <= _LONGEST_PAYLOAD:
        return {"button.payload": f"give 1 to {_LONGEST_PAYLOAD} characters"}
    if kind == "location":
        place = request.location
        if not (-90 <= place.latitude <= 90 and -180 <= place.longitude <= 180):
            return {"location": "give degrees north -90 to 90 and east -180 to 180"}
    return {}


def _content(request: wire.HandleMessageRequest, kind: str) -> Content:
    match kind:
        case "text":
            return Words(text=request.text.text)
        case "button":
            return Tap(payload=request.button.payload, title=request.button.title[:_LONGEST_NAME])
        case "location":
            place = request.location
            return Place(
                latitude=place.latitude,
                longitude=place.longitude,
                name=place.name[:_LONGEST_NAME],
                address=place.address[:_LONGEST_NAME],
            )
        case "reaction":
            return Reaction(emoji=request.reaction.emoji[:32])
        case "edit":
            edit = request.edit
            return Edit(text=edit.text, original_message_id=edit.original_message_id)
        case "revoke":
            return Revocation(original_message_id=request.revoke.original_message_id)
        case "media_failure":
            failure = request.media_failure
            return MediaFailure(kind=failure.kind, reason=_reason(failure.reason))
    return Unsupported(type=request.unsupported.type or "unknown")


def _reason(number: int) -> FailureReason:
    # A newer peer may know more reasons.
    known = {each.value for each in FailureReason}
    return FailureReason(number) if number in known else FailureReason.UNKNOWN


async def medium(parts: AsyncIterator[wire.HandleMediaRequest]) -> Message:
    """A message whose medium arrives in chunks; never more in memory than it announced."""
    first = await anext(parts, None)
    if first is None or first.WhichOneof("part") != "header":
        raise InvalidArgument(
            "the stream must begin with its header", violations={"header": "send it first"}
        )
    header = first.header
    violations = _identity(header)
    if not header.mime_type or len(header.mime_type) > _LONGEST_ID:
        violations["mime_type"] = "say what it is, such as audio/ogg"
    if not 1 <= header.size_bytes <= _LARGEST_MEDIUM:
        violations["size_bytes"] = f"give 1 to {_LARGEST_MEDIUM}"
    if len(header.caption) > _LONGEST_TEXT:
        violations["caption"] = f"give at most {_LONGEST_TEXT} characters"
    if violations:
        raise InvalidArgument("fields are missing or out of bounds", violations=violations)
    content = Medium(
        mime_type=header.mime_type,
        data=await _whole(header, parts),
        caption=header.caption,
        file_name=header.file_name[:_LONGEST_NAME],
        is_voice=header.is_voice,
    )
    return _message(header, content)


async def _whole(header: wire.MediaHeader, parts: AsyncIterator[wire.HandleMediaRequest]) -> bytes:
    data = bytearray()
    async for part in parts:
        if part.WhichOneof("part") != "chunk" or not 1 <= len(part.chunk) <= _LARGEST_CHUNK:
            raise InvalidArgument(
                "a chunk is empty or too large",
                violations={"chunk": f"give 1 to {_LARGEST_CHUNK} bytes"},
            )
        data += part.chunk
        if len(data) > header.size_bytes:
            break
    if len(data) != header.size_bytes:
        raise InvalidArgument(
            "the medium is not as long as announced",
            violations={"size_bytes": "announce what is sent"},
        )
    # Off the loop it would be copied; a megabyte takes a millisecond.
    if header.sha256 and hashlib.sha256(data).hexdigest() != header.sha256.lower():
        raise InvalidArgument(
            "the medium is not the one announced",
            violations={"sha256": "give that of the bytes sent"},
        )
    return bytes(data)


def check_text(text: str) -> None:
    """Raises InvalidArgument for a text that is empty or too long."""
    if not 1 <= len(text) <= _LONGEST_TEXT:
        raise InvalidArgument("the text is empty or too long", violations={"text": _TEXT_ADVICE})


def check_id(name: str, value: str) -> None:
    """Raises InvalidArgument for an id that is empty or too long."""
    if not 1 <= len(value) <= _LONGEST_ID:
        raise InvalidArgument("an id is missing", violations={name: _ID_ADVICE})


def zone(name: str) -> str:
    """An IANA zone; UTC where empty. Raises InvalidArgument."""
    try:
        return ZoneInfo(name or "UTC").key
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InvalidArgument(
            "the time zone is unknown", violations={"time_zone": "give an IANA zone"}
        ) from error


def moment(stamp: Timestamp) -> datetime:
    """An instant. Raises InvalidArgument."""
    try:
        return stamp.ToDatetime(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidArgument(
            "a time is out of bounds", violations={"message_time": "give a year from 1 to 9999"}
        ) from error


def day(text: str, today: date) -> date:
    """A day; today where empty. Raises InvalidArgument."""
    try:
        return date.fromisoformat(text) if text else today
    except ValueError as error:
        raise InvalidArgument(
            "the day is none", violations={"day": "give one such as 2026-11-22"}
        ) from error


def page_size(asked: int) -> int:
    """How many a page holds. Raises InvalidArgument."""
    if not 0 <= asked <= _LARGEST_PAGE:
        raise InvalidArgument(
            "the page size is out of bounds",
            violations={"page_size": f"give 1 to {_LARGEST_PAGE}, or 0 for {_PAGE}"},
        )
    return asked or _PAGE


def page_start(token: str) -> tuple[datetime, str] | None:
    """Where a page begins. Raises InvalidArgument."""
    if not token:
        return None
    try:
        found, _, message_id = base64.urlsafe_b64decode(token).decode().partition(" ")
        start = datetime.fromisoformat(found)
        if start.tzinfo is None:
            raise ValueError("no zone")
    except (binascii.Error, ValueError) as error:
        raise InvalidArgument(
            "the page token is not one of ours",
            violations={"page_token": "give the next_page_token of the page before"},
        ) from error
    return start, message_id
