"""Keyed hashes: how the inbox knows messages, senders and duplicates without their names."""

from __future__ import annotations

import base64
import hashlib

DIGEST_BYTES = 16
_PREFIX = "m_"


class Names:
    """Three keyed hashes; each key has 16 to 64 bytes and serves nothing else."""

    def __init__(self, *, dedupe_key: bytes, lane_key: bytes, message_key: bytes) -> None:
        # Copying a keyed state is cheaper than keying a new one for every part.
        self._dedupe = hashlib.blake2b(digest_size=DIGEST_BYTES, key=dedupe_key)
        self._lane = hashlib.blake2b(digest_size=DIGEST_BYTES, key=lane_key)
        self._message = hashlib.blake2b(digest_size=DIGEST_BYTES, key=message_key)

    def dedupe(self, identity: bytes) -> bytes:
        """What stands for a thing that may be delivered again."""
        state = self._dedupe.copy()
        state.update(identity)
        return state.digest()

    def lane(self, sender_id: str) -> bytes:
        """What stands for a sender."""
        state = self._lane.copy()
        state.update(sender_id.encode())
        return state.digest()

    def message(self, wamid: str) -> bytes:
        """The digest in `chassis.ids.message_id`."""
        state = self._message.copy()
        state.update(wamid.encode())
        return state.digest()


def message_id(message_key: bytes) -> str:
    """Hark's message id, as `chassis.ids.message_id` writes it."""
    return _PREFIX + base64.b32encode(message_key).decode("ascii").rstrip("=").lower()


def message_key(message_id: str) -> bytes | None:
    """The digest in a message id; None where it is not one."""
    encoded = message_id.removeprefix(_PREFIX).upper()
    if len(message_id) != len(_PREFIX) + 26 or not message_id.startswith(_PREFIX):
        return None
    try:
        return base64.b32decode(encoded + "======")
    except ValueError:
        return None
