"""Meta's signature over the raw bytes of a webhook, and its token of the handshake."""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence

from services.ingress.domain.refusal import (
    HandshakeIncomplete,
    HandshakeRefused,
    SignatureMismatch,
    SignatureMissing,
)

_WELL_FORMED = re.compile(rb"sha256=([0-9a-f]{64})")


class Signatures:
    """Checks signatures with every live app secret (several while rotating)."""

    def __init__(self, secrets: Sequence[str]) -> None:
        if not secrets or not all(secret.strip() for secret in secrets):
            raise ValueError("an app secret must not be blank: whoever knows it speaks as Meta")
        self._secrets = tuple(secret.encode() for secret in secrets)

    def check(self, body: bytes, signature: bytes) -> None:
        """Raises `SignatureMismatch` unless a live secret made `signature` (64 hex digits)."""
        for secret in self._secrets:
            made = hmac.digest(secret, body, "sha256").hex().encode()
            if hmac.compare_digest(made, signature):
                return
        raise SignatureMismatch


def signature_of(header: bytes | None) -> bytes:
    """The 64 hex digits in a header's value. Raises `SignatureMissing` unless well formed."""
    matched = _WELL_FORMED.fullmatch(header) if header is not None else None
    if matched is None:
        raise SignatureMissing
    return matched[1]


def check_handshake(
    *, mode: str | None, challenge: str | None, token: str | None, verify_token: str
) -> str:
    """The challenge to echo. Raises `HandshakeIncomplete` or `HandshakeRefused`."""
    if mode is None or challenge is None or token is None:
        raise HandshakeIncomplete
    given, wanted = token.encode("utf-8", "surrogatepass"), verify_token.encode()
    if not verify_token or not hmac.compare_digest(given, wanted) or mode != "subscribe":
        raise HandshakeRefused
    return challenge
