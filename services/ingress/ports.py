"""What the ingress service needs from outside, named by role."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Protocol

from chassis.errors import Code, RemoteError, ServiceError
from services.ingress.domain.account import AccountChange
from services.ingress.domain.blame import Blame
from services.ingress.domain.content import (
    Failure,
    IdentityChange,
    Media,
    Said,
)
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


class NoAnswer(RemoteError):
    """A peer did not answer this call in time; `blame` says whether it answered others."""

    reason = "NO_ANSWER"

    def __init__(self, error: RemoteError, blame: Blame) -> None:
        super().__init__(
            error.message,
            remote_code=error.remote_code,
            remote_reason=error.remote_reason,
            domain=error.domain,
            retry_delay=error.retry_delay,
        )
        self.blame = blame


class MediaUnusable(Exception):
    """A file cannot be had or read; the person is told why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure


class State(IntEnum):
    """Where a part stands."""

    OPEN = 1
    HANDLED = 2
    SKIPPED = 3
    BURIED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who wrote, as the notifier knows them; guesses are empty where there are none.

    `quoted_request_id` is that of the notification that their message replies or reacts to.
    """

    user_id: str
    time_zone_guess: str
    locale_guess: str
    is_first_contact: bool = False
    is_stopped: bool = False
    quoted_request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPart:
    """A part taken from the inbox.

    `change_id` names it where there is no message. `is_last_attempt` says that a failure now buries
    it; `rounds` counts how often it was put off without using an attempt, `put_off` says why last.
    """

    part_id: int
    kind: Kind
    type: str
    message_id: str
    change_id: str
    lane: bytes
    payload: bytes
    receive_time: datetime
    is_last_attempt: bool
    rounds: int
    put_off: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What ai is told about a message beside its content.

    `is_late` says that it was written so long ago that the answer must say so.
    """

    person: Person
    message_id: str
    message_time: datetime
    is_forwarded: bool = False
    is_late: bool = False
    quoted_message_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A fetched file: whole, of its type, within bounds. `sha256` is lower-case hex."""

    content: bytes | bytearray
    mime_type: str
    sha256: str


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
    due_time: datetime
    postponements: int


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


class Lanes(Protocol):
    """The senders' queues within the inbox."""

    async def space_out(self, lane: bytes, *, after: int, start: datetime, gap: timedelta) -> int:
        """Makes the open parts of a lane behind part `after` due one by one, a gap apart.

        The first one gap after `start`, or after the last that was spaced out before, whichever is
        later; those spaced out before stay as they are. How many were moved.
        """
        ...


class Files(Protocol):
    """Where the files are that people send."""

    async def fetch(self, media: Media) -> File:
        """The whole file. Raises `MediaUnusable`."""
        ...


class Notifier(Protocol):
    """Who knows people and what was sent to them."""

    async def record_inbound(
        self,
        sender: Sender,
        *,
        message_id: str,
        wamid: str,
        message_time: datetime,
        quoted_wamid: str = "",
    ) -> Person:
        """Opens the person's window, learns their address, shows them the read mark."""
        ...

    async def record_status(self, status: Status) -> None:
        """Merges a delivery status."""
        ...

    async def record_identity(
        self, change: IdentityChange, *, message_id: str, change_time: datetime
    ) -> None:
        """Lets a person stay the same one under other names."""
        ...

    async def record_account(
        self, change: AccountChange, *, change_id: str, receive_time: datetime
    ) -> None:
        """Passes a change of the account on."""
        ...

    async def show_typing(self, message_id: str) -> None:
        """Shows the person "typing…", for 25 seconds at most."""
        ...

    async def set_stopped(self, user_id: str, message_id: str, *, is_stopped: bool) -> None:
        """Obeys STOP or START; the person is told, once."""
        ...

    async def welcome(self, person: Person, message_id: str, *, due_time: datetime) -> None:
        """Tells a new person what this is, once, and not before `due_time`."""
        ...

    async def slow_down(self, person: Person, message_id: str) -> None:
        """Tells a person that what they write is handled a little later."""
        ...

    async def apologise(self, user_id: str, message_id: str) -> None:
        """Tells the person that their message could not be handled, once."""
        ...


class Assistant(Protocol):
    """Who understands and acts: ai."""

    async def handle(self, content: Said, told: Told) -> None:
        """Understands, acts and answers, once however often it is asked to."""
        ...

    async def handle_media(self, media: Media, file: File, told: Told) -> None:
        """The same for a voice note or an image."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPage:
    """A calendar and the tag that stands for it; no content where the reader has it."""

    etag: str
    content: bytes | None


class Calendars(Protocol):
    """Who has people's calendars: scheduler."""

    async def read(self, token: str, etag: str) -> CalendarPage | None:
        """What the token opens; None for nothing. Raises RemoteError."""
        ...
