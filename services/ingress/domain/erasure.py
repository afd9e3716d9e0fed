"""A person who is to be forgotten: how far it has come, and what went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import IntEnum

from chassis.errors import Code, ServiceError

# Between asking all services and asking them again: longer than any statement or call that was
# under way when they were asked first can last.
SECOND_ROUND = timedelta(seconds=60)
LONGEST_DELAY = timedelta(hours=1)


class ErasureNotFound(ServiceError):
    """Nobody asked for this person to be erased."""

    code = Code.NOT_FOUND
    reason = "ERASURE_NOT_FOUND"


class Stage(IntEnum):
    """How far it has come; the values are stored."""

    REQUESTED = 1
    SWEPT = 2
    FINISHED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """How many of what went."""

    contacts: int = 0
    cancelled_notifications: int = 0
    scheduler_rows: int = 0
    turns: int = 0
    parts: int = 0

    def plus(self, other: Receipt) -> Receipt:
        """Both together; a person is one person, however often they are erased."""
        sums = {
            each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)
        }
        return Receipt(**sums | {"contacts": max(self.contacts, other.contacts)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """One person to be forgotten. `person_keys` is None until the notifier was asked who it is."""

    user_id: str
    request_id: str
    erase_time: datetime
    stage: Stage = Stage.REQUESTED
    generation: int | None = None
    person_keys: Sequence[bytes] | None = None
    receipt: Receipt = Receipt()
    finish_time: datetime | None = None
    reason: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the notifier knows of a person: their generation, and WhatsApp's ids of them."""

    generation: int
    sender_ids: Sequence[str]
