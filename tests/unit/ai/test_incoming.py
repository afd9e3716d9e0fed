"""What comes over the wire is checked before it is worked with."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from chassis.errors import InvalidArgument
from hark.ai.v1 import ai_service_pb2 as wire
from services.ai.domain.message import (
    Edit,
    FailureReason,
    MediaFailure,
    Medium,
    Place,
    Reaction,
    Revocation,
    Tap,
    Unsupported,
    Words,
)
from services.ai.servicer import incoming

NOON = Timestamp(seconds=1_795_348_800)
WHO: dict[str, Any] = {"user_id": "u1", "message_id": "m_1", "message_time": NOON}
DATA = b"OggS" * 1000


@pytest.mark.parametrize(
    ("given", "content"),
    [
        ({"text": wire.TextContent(text="hello")}, Words(text="hello")),
        (
            {"button": wire.ButtonContent(payload="v1:done:task:7", title="Done")},
            Tap(payload="v1:done:task:7", title="Done"),
        ),
        (
            {"location": wire.LocationContent(latitude=38.7, longitude=-9.1, name="Nopa")},
            Place(latitude=38.7, longitude=-9.1, name="Nopa"),
        ),
        ({"reaction": wire.ReactionContent(emoji="👍")}, Reaction(emoji="👍")),
        ({"reaction": wire.ReactionContent()}, Reaction()),
        (
            {"edit": wire.EditContent(text="new", original_message_id="m_0")},
            Edit(text="new", original_message_id="m_0"),
        ),
        (
            {"revoke": wire.RevokeContent(original_message_id="m_0")},
            Revocation(original_message_id="m_0"),
        ),
        (
            {"media_failure": wire.MediaFailure(kind="voice", reason="REASON_CORRUPT")},
            MediaFailure(kind="voice", reason=FailureReason.CORRUPT),
        ),
        (
            {"media_failure": wire.MediaFailure(kind="voice", reason=99)},
            MediaFailure(kind="voice", reason=FailureReason.UNKNOWN),
        ),
        ({"unsupported": wire.UnsupportedContent()}, Unsupported(type="unknown")),
    ],
)
def test_every_kind_of_content_is_read(given: dict[str, Any], content: object) -> None:
    assert incoming.message(wire.HandleMessageRequest(**WHO, **given)).content == content


def test_what_a_message_stands_in_comes_along() -> None:
    context = wire.MessageContext(
        is_forwarded=True, quoted_request_id="r1", quoted_message_id="m_0", is_late=True
    )
    request = wire.HandleMessageRequest(**WHO, text=wire.TextContent(text="hello"), context=context)
    message = incoming.message(request)
    about = message.circumstance
    assert (about.quoted_request_id, about.quoted_message_id) == ("r1", "m_0")
    assert (about.is_late, message.is_own_word) == (True, False)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "content"),
        ({"text": wire.TextContent()}, "text.text"),
        ({"text": wire.TextContent(text="x" * 4097)}, "text.text"),
        ({"edit": wire.EditContent(text="x")}, "edit.original_message_id"),
        ({"revoke": wire.RevokeContent()}, "revoke.original_message_id"),
        ({"button": wire.ButtonContent()}, "button.payload"),
        ({"location": wire.LocationContent(latitude=91)}, "location"),
    ],
)
def test_what_is_out_of_bounds_is_named(given: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidArgument) as refused:
        incoming.message(wire.HandleMessageRequest(**WHO, **given))
    assert field in refused.value.violations


async def stream(*parts: wire.HandleMediaRequest) -> AsyncIterator[wire.HandleMediaRequest]:
    for part in parts:
        yield part


def header(**more: Any) -> wire.HandleMediaRequest:
    given = {
        "mime_type": "audio/ogg; codecs=opus",
        "size_bytes": len(DATA),
        "sha256": hashlib.sha256(DATA).hexdigest(),
        "is_voice": True,
        "caption": "listen",
    }
    return wire.HandleMediaRequest(header=wire.MediaHeader(**WHO, **(given | more)))


def chunks(data: bytes = DATA, size: int = 1024) -> list[wire.HandleMediaRequest]:
    return [
        wire.HandleMediaRequest(chunk=data[start : start + size])
        for start in range(0, len(data), size)
    ]


async def test_a_medium_is_put_together_from_its_chunks() -> None:
    message = await incoming.medium(stream(header(), *chunks()))
    assert message.content == Medium(
        mime_type="audio/ogg; codecs=opus", data=DATA, caption="listen", is_voice=True
    )
    assert message.is_own_word


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ([], "header"),
        (chunks(), "header"),
        ([header(mime_type="")], "mime_type"),
        ([header(size_bytes=0)], "size_bytes"),
        ([header(size_bytes=30 * 1024 * 1024)], "size_bytes"),
        ([header(), *chunks(DATA[:-1])], "size_bytes"),
        ([header(), *chunks(DATA + b"x")], "size_bytes"),
        ([header(sha256="0" * 64), *chunks()], "sha256"),
        ([header(), wire.HandleMediaRequest(chunk=b"")], "chunk"),
        ([header(), header()], "chunk"),
    ],
)
async def test_a_stream_that_is_not_what_it_announced_is_refused(parts: list, field: str) -> None:
    with pytest.raises(InvalidArgument) as refused:
        await incoming.medium(stream(*parts))
    assert field in refused.value.violations
