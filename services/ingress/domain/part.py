"""One thing that a webhook carried, as the inbox keeps it."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class Kind(IntEnum):
    """What a part is; the values are stored."""

    MESSAGE = 1
    STATUS = 2
    ACCOUNT = 3
    UNREADABLE = 4


# A named tuple, because one is made for every part on the hot path: half the price of a frozen
# dataclass.
class Part(NamedTuple):
    """A message, a status, a change of the account, or what could not be split.

    `dedupe_key` (16 bytes) is the same for every delivery of the same thing, in whatever batch.
    `lane` (16 bytes) is shared by what must be handled in order.
    `message_key` (16 bytes) is the digest in Hark's message id of the message that this is or is
    about. `payload` is JSON: what WhatsApp said about this part and nothing else (the raw body
    where it could not be split). `person_key` (16 bytes) stands for whom it is about.
    """

    kind: Kind
    type: str
    dedupe_key: bytes
    lane: bytes
    message_key: bytes | None
    payload: bytes
    person_key: bytes | None = None
