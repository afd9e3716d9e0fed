"""Where files lie until they expire."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Any

from chassis.clock import Clock
from simulator.domain.graph_error import GraphError, invalid, not_found
from simulator.domain.identity import media_id
from simulator.domain.kinds.fields import optional_text
from simulator.domain.media import (
    RECEIVED_LIFE,
    UPLOADED_LIFE,
    URL_LIFE,
    Media,
    check_sendable,
    check_upload,
    check_voice,
)

_DOWNLOAD_PATH = "/lookaside/whatsapp_business/attachments/"


class MediaShelf:
    """Keeps files up to a number of bytes, the oldest pushed out first; hands out signed links."""

    def __init__(self, *, clock: Clock, size: int, base_url: str) -> None:
        self._clock = clock
        self._limit = size
        self._base_url = base_url
        self._size = 0
        self._files: dict[str, Media] = {}
        self._key = secrets.token_bytes(32)

    def receive(self, content: bytes, mime_type: str, filename: str | None = None) -> Media:
        """A person's file; any type and size, as people are."""
        return self._keep(content, mime_type, filename, RECEIVED_LIFE)

    def upload(self, content: bytes, mime_type: str, filename: str | None = None) -> Media:
        """A business's file; raises `GraphError` for a wrong type or too many bytes."""
        check_upload(mime_type, len(content))
        return self._keep(content, mime_type, filename, UPLOADED_LIFE)

    def _keep(self, content: bytes, mime_type: str, filename: str | None, life: timedelta) -> Media:
        media = Media(
            id=media_id(),
            content=content,
            mime_type=mime_type,
            filename=filename,
            expires=self._clock.now() + life,
        )
        self._files[media.id] = media
        self._size += len(content)
        while self._size > self._limit and len(self._files) > 1:
            self.remove(next(iter(self._files)))
        return media

    def find(self, wanted: str) -> Media | None:
        """The file with this id, unless it is unknown, expired or pushed out."""
        media = self._files.get(wanted)
        if media is None or media.expires <= self._clock.now():
            return None
        return media

    def remove(self, wanted: str) -> bool:
        """Deletes a file; whether there was one."""
        media = self._files.pop(wanted, None)
        if media is None:
            return False
        self._size -= len(media.content)
        return True

    def clear(self) -> None:
        """Deletes every file."""
        self._files.clear()
        self._size = 0

    def link(self, media: Media) -> str:
        """Where the file can be fetched for the next 5 minutes, with the token."""
        until = int((self._clock.now() + URL_LIFE).timestamp())
        query = f"mid={media.id}&ext={until}&hash={self._seal(media.id, until)}"
        return f"{self._base_url}{_DOWNLOAD_PATH}?{query}"

    def linked(self, wanted: str, until: str, seal: str) -> Media | None:
        """The file that a link leads to; nothing for a forged or an expired link."""
        if not until.isdecimal() or int(until) <= self._clock.now().timestamp():
            return None
        if not hmac.compare_digest(seal.encode(), self._seal(wanted, int(until)).encode()):
            return None
        return self.find(wanted)

    def _seal(self, wanted: str, until: int) -> str:
        return hmac.digest(self._key, f"{wanted}/{until}".encode(), hashlib.sha256).hex()[:32]

    def check_message(self, kind: str, content: dict[str, Any]) -> None:
        """Raises `GraphError` where a message of this kind cannot be sent."""
        wanted, link = content.get("id"), content.get("link")
        if (wanted is None) == (link is None):
            raise invalid(kind, "it needs either an id or a link")
        if kind in {"image", "video", "document"}:
            optional_text(content, "caption", path=f"{kind}['caption']", limit=1024)
        elif "caption" in content:
            raise invalid(f"{kind}['caption']", f"{kind} has no caption")
        if "filename" in content and kind != "document":
            raise invalid(f"{kind}['filename']", "only documents have a filename")
        if wanted is not None:
            self._check_file(kind, content, wanted)
        elif not isinstance(link, str) or not link.startswith(("http://", "https://")):
            raise invalid(f"{kind}['link']", "it must begin with http:// or https://")

    def _check_file(self, kind: str, content: dict[str, Any], wanted: Any) -> None:
        media = self.find(wanted) if isinstance(wanted, str) else None
        if media is None:
            raise GraphError(131053, f"there is no media with id {wanted!r}, or it has expired")
        check_sendable(kind, media)
        if kind == "audio" and content.get("voice"):
            check_voice(media)


def found(media: Media | None, wanted: str) -> Media:
    """The file; raises `GraphError` where there is none."""
    if media is None:
        raise not_found(wanted)
    return media
