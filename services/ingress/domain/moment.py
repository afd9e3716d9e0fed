"""Meta's timestamps: seconds since 1970, as text or number, sometimes neither."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

# Before WhatsApp there were no messages: an earlier time is a mistake.
_EARLIEST = int(datetime(2009, 1, 1, tzinfo=UTC).timestamp())


def moment_of(value: Any, received: datetime) -> datetime:
    """When it happened; the time of receipt where that is not said, or said to be later."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 12:
        value = int(value)
    if type(value) is not int or not _EARLIEST <= value <= received.timestamp():
        return received
    return datetime.fromtimestamp(value, UTC)
