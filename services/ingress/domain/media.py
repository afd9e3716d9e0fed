"""What files are fetched: how large, of which types, from where, and how to know they are whole."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from urllib.parse import urlsplit

from services.ingress.domain.content import Failure

_MEBIBYTE = 1024 * 1024
_AUDIO = frozenset(
    ("audio/ogg", "audio/mp4", "audio/aac", "audio/amr", "audio/mpeg", "audio/x-m4a")
)
_IMAGE = frozenset(("image/jpeg", "image/png"))
# Kind of message -> the types that are read of it, and the most bytes.
_RULES: Mapping[str, tuple[frozenset[str], int]] = {
    "voice": (_AUDIO, 16 * _MEBIBYTE),
    "audio": (_AUDIO, 16 * _MEBIBYTE),
    "image": (_IMAGE, 5 * _MEBIBYTE),
}
# Where Meta keeps files; the token goes nowhere else.
_HOSTS = frozenset(("graph.facebook.com",))
_HOST_ENDINGS = (".fbsbx.com", ".whatsapp.net")
_SHA256_BYTES = 32


def refusal(kind: str, mime_type: str, size: int | None) -> Failure | None:
    """Why a file of this kind, type and size (None: unsaid) is not read; None where it is."""
    types, most = _RULES[kind]
    if plain_type(mime_type) not in types:
        return Failure.WRONG_TYPE
    if size is not None and size > most:
        return Failure.TOO_LARGE
    return Failure.CORRUPT if size == 0 else None


def most_bytes(kind: str) -> int:
    """How large a file of this kind may be."""
    return _RULES[kind][1]


def plain_type(mime_type: str) -> str:
    """A type without its parameters: "audio/ogg" for "audio/ogg; codecs=opus"."""
    return mime_type.partition(";")[0].strip().lower()


def looks_like(content: bytes | bytearray | memoryview, mime_type: str) -> bool:
    """Whether the first bytes of a file are those of its type."""
    start = bytes(content[:12])
    match plain_type(mime_type):
        case "audio/ogg":
            return start.startswith(b"OggS")
        case "audio/mp4" | "audio/x-m4a":
            return start[4:8] == b"ftyp"
        case "audio/amr":
            return start.startswith(b"#!AMR")
        case "audio/aac":
            return start.startswith((b"\xff\xf0", b"\xff\xf1", b"\xff\xf8", b"\xff\xf9", b"ADIF"))
        case "audio/mpeg":
            return start.startswith(b"ID3") or (
                len(start) > 1 and start[0] == 0xFF and start[1] & 0xE0 == 0xE0
            )
        case "image/jpeg":
            return start.startswith(b"\xff\xd8\xff")
        case "image/png":
            return start.startswith(b"\x89PNG\r\n\x1a\n")
        case _:
            return False


def digest_of(written: str) -> bytes | None:
    """A SHA-256 as Meta writes it, in base64 or in hex; None where it is neither."""
    try:
        if len(written) == 2 * _SHA256_BYTES:
            return bytes.fromhex(written)
        found = base64.b64decode(written, validate=True)
    except (ValueError, binascii.Error):
        return None
    return found if len(found) == _SHA256_BYTES else None


def may_be_asked(url: str, api_url: str) -> bool:
    """Whether the token may be shown to `url`: Meta's own hosts, and where the API itself is."""
    try:
        parts, own = urlsplit(url), urlsplit(api_url)
        if (parts.scheme, parts.hostname, parts.port) == (own.scheme, own.hostname, own.port):
            return parts.username is None
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme != "https" or parts.username is not None or port not in (None, 443):
        return False
    return host in _HOSTS or host.endswith(_HOST_ENDINGS)
