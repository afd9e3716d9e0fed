"""Bytes as Meta writes and signs them."""

from __future__ import annotations

import hmac
import json
from typing import Any


def escaped(value: Any) -> bytes:
    r"""Compact JSON in pure ASCII: `\uXXXX` with lower-case hex, and `/` written as `\/`."""
    # A slash can stand in JSON only inside a string, so replacing every one of them is right.
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/").encode("ascii")


def signature(secret: str, body: bytes) -> str:
    """The value of `X-Hub-Signature-256` for these very bytes."""
    return "sha256=" + hmac.digest(secret.encode(), body, "sha256").hex()
