"""Files: which kinds Meta takes, how large, and for how long it keeps them."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from simulator.domain.graph_error import GraphError

URL_LIFE = timedelta(minutes=5)
RECEIVED_LIFE = timedelta(days=7)
UPLOADED_LIFE = timedelta(days=30)

_OFFICE = "application/vnd.openxmlformats-officedocument."
_DOCUMENTS = (
    "text/plain",
    "application/pdf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    _OFFICE + "wordprocessingml.document",
    _OFFICE + "spreadsheetml.sheet",
    _OFFICE + "presentationml.presentation",
)
_AUDIO = ("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg")
# Kind -> (types, most bytes).
KINDS: dict[str, tuple[tuple[str, ...], int]] = {
    "audio": (_AUDIO, 16 * 1024**2),
    "image": (("image/jpeg", "image/png"), 5 * 1024**2),
    "video": (("video/mp4", "video/3gpp"), 16 * 1024**2),
    "document": (_DOCUMENTS, 100 * 1024**2),
    "sticker": (("image/webp",), 500 * 1024),
}
VOICE_LIMIT = 512 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """One file, uploaded by the business or received from a person."""

    id: str
    content: bytes
    mime_type: str
    expires: datetime
    filename: str | None = None

    @property
    def sha256_hex(self) -> str:
        """The digest as `GET /{media}` writes it."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def sha256_base64(self) -> str:
        """The digest as webhooks write it."""
        return base64.b64encode(hashlib.sha256(self.content).digest()).decode()


def plain(mime_type: str) -> str:
    """The type without parameters such as `; codecs=opus`."""
    return mime_type.partition(";")[0].strip().lower()


def check_upload(mime_type: str, size: int) -> None:
    """Raises `GraphError` for a type that Meta does not take, or too many bytes of it."""
    kinds = [limit for types, limit in KINDS.values() if plain(mime_type) in types]
    if not kinds:
        raise GraphError(100, f"files of type {plain(mime_type)!r} are not supported")
    if size == 0:
        raise GraphError(100, "the file is empty")
    if size > max(kinds):
        raise GraphError(131053, f"the file has {size} bytes, and may have {max(kinds)}")


def check_sendable(kind: str, media: Media) -> None:
    """Raises `GraphError` where the file cannot be sent as this kind of message."""
    types, limit = KINDS[kind]
    if plain(media.mime_type) not in types:
        raise GraphError(131053, f"{plain(media.mime_type)!r} cannot be sent as {kind}")
    if len(media.content) > limit:
        raise GraphError(131053, f"the {kind} has {len(media.content)} bytes, and may have {limit}")


def check_voice(media: Media) -> None:
    """Raises `GraphError` unless the file can be played as a voice note."""
    if plain(media.mime_type) != "audio/ogg":
        raise GraphError(131053, "a voice note must be audio/ogg with the opus codec")


def shown(media: Media) -> dict[str, Any]:
    """What a webhook says about the file."""
    return {"mime_type": media.mime_type, "sha256": media.sha256_base64, "id": media.id}
