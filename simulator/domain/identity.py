"""Identifiers shaped as Meta's are."""

from __future__ import annotations

import base64
import hashlib
import secrets

# Enough prefixes for the people of tests; anything else counts as unknown territory.
_COUNTRIES = {"1": "US", "44": "GB", "49": "DE", "33": "FR", "34": "ES", "39": "IT", "91": "IN"}


def inbound_wamid(wa_id: str) -> str:
    """A fresh id for a message that a person sends; it holds their number, as real ones do."""
    return _wamid(wa_id, b"\x15\x02\x00\x12\x18\x14", secrets.token_hex(10))


def outbound_wamid(wa_id: str) -> str:
    """A fresh id for a message that the business sends; it holds the person's number."""
    return _wamid(wa_id, b"\x15\x02\x00\x11\x18\x12", secrets.token_hex(9))


def _wamid(wa_id: str, middle: bytes, tail: str) -> str:
    digits = wa_id.encode()
    raw = b"\x1c\x18" + bytes([len(digits)]) + digits + middle + tail.upper().encode() + b"\x00"
    return "wamid." + base64.b64encode(raw).decode()


def business_scoped_user_id(wa_id: str, generation: int = 0) -> str:
    """The id by which one business knows a person; another one after each number change."""
    digest = hashlib.sha256(f"{wa_id}/{generation}".encode()).digest()
    return f"{_country(wa_id)}.{int.from_bytes(digest[:8]) % 10**17 + 10**16}"


def _country(wa_id: str) -> str:
    for length in (1, 2):
        if wa_id[:length] in _COUNTRIES:
            return _COUNTRIES[wa_id[:length]]
    return "ZZ"


def trace_id() -> str:
    """What Meta's support asks for: an opaque id of one request."""
    return "A" + secrets.token_urlsafe(16).replace("-", "x")


def media_id() -> str:
    """A fresh id for one uploaded or received file."""
    return str(secrets.randbelow(9 * 10**15) + 10**15)
