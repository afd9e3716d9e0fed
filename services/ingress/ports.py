"""What the ingress service needs from outside, named by role."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Protocol

from chassis.errors import Code, ServiceError
from services.ingress.domain.message import Text, Unsupported
from services.ingress.domain.part import Kind, Part
from services.ingress.domain.sender import Sender
from services.ingress.domain.status import Status


class Rejected(ServiceError):
    """A peer is up and cannot handle this very part; trying it for ever would help nobody."""

    code = Code.INTERNAL
    reason = "REJECTED_BY_PEER"

    def __init__(self, remote_reason: str) -> None:
        super().__init__(metadata={"remote_reason": remote_reason})
        self.remote_reason = remote_reason


class State(IntEnum):
    """Where a part stands."""

    OPEN = 1
    HANDLED = 2
    SKIPPED = 3
    BURIED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who wrote, as the notifier knows them; guesses are empty where there are none."""

    user_id: str
    time_zone_guess: str
    locale_guess: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPart:
    """A part taken from the inbox; `is_last_attempt` says that a failure now buries it."""

    kind: Kind
    type: str
    message_id: str
    payload: bytes
    receive_time: datetime
    is_last_attempt: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSummary:
    """What operators see of a part: all but its content. `message_id` is empty if none."""

    part_id: int
    kind: Kind
    type: str
    state: State
    reason: str
    message_id: str
    receive_time: datetime
    settle_time: datetime | None
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxDepth:
    """How full the inbox is; counts stop at 10,000."""

    open_count: int
    ready_count: int
    oldest_age: timedelta | None
    buried_count: int


class Inbox(Protocol):
    """Where parts become durable."""

    async def store(self, parts: Sequence[Part]) -> None:
        """Returns once every part is on disk, or was there already.

        Raises `InboxFull` or `InboxUnavailable`; then it may be stored nevertheless.
        """
        ...


class Parts(Protocol):
    """The inbox as operators look at it."""

    async def depth(self, now: datetime) -> InboxDepth:
        """How full it is."""
        ...

    async def list(
        self, *, message_key: bytes | None, states: Collection[State], limit: int, before: int
    ) -> Sequence[PartSummary]:
        """Parts with an id below `before`, newest first; no key and no state match everything."""
        ...

    async def redrive(self, part_ids: Sequence[int], now: datetime) -> int:
        """Opens buried ones again; how many."""
        ...


class Notifier(Protocol):
    """Who knows people and what was sent to them."""

    async def record_inbound(
        self, sender: Sender, *, message_id: str, wamid: str, message_time: datetime
    ) -> Person:
        """Opens the person's window, learns their address, shows them the read mark."""
        ...

    async def record_status(self, status: Status) -> None:
        """Merges a delivery status."""
        ...

    async def apologise(self, user_id: str, message_id: str) -> None:
        """Tells the person that their message could not be handled, once."""
        ...


class Assistant(Protocol):
    """Who understands and acts: ai."""

    async def handle(
        self,
        person: Person,
        content: Text | Unsupported,
        *,
        message_id: str,
        message_time: datetime,
    ) -> None:
        """Understands, acts and answers, once however often it is asked to."""
        ...
