"""What scheduler needs from outside, by role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from services.scheduler.domain.change import Change
from services.scheduler.domain.inverse import Undoable
from services.scheduler.domain.item import Event, Item, Task
from services.scheduler.domain.notice import Content, Notice
from services.scheduler.domain.plan import Plan, State
from services.scheduler.domain.preferences import Preferences
from services.scheduler.domain.remark import Remark


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What an earlier request with the same id led to, and the keyed hash of its body."""

    body_hash: bytes
    results: Sequence[Item | None]
    preferences: Preferences
    remarks: Sequence[Remark] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which items to look up; at most 500 of the newest of each kind come back.

    `anchored` is what keeps its wall clock when the zone changes.
    """

    open: bool = False
    completed: bool = False
    anchored: bool = False
    numbers: Sequence[int] = ()
    ids: Sequence[str] = ()
    # Open occurrences that were changed for themselves, too.
    apart: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Overtaken:
    """A reminder that was handed over before the change; `is_recent`: just now, or it still is."""

    request_id: str
    is_recent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A change took effect; `overtaken` are reminders that may have been handed over before."""

    overtaken: Sequence[Overtaken]


# From when and to when; None is whenever.
Span = tuple[datetime | None, datetime | None]


class Book(Protocol):
    """Where everybody's events, tasks and preferences are kept."""

    async def look_up(self, user_id: str, request_id: str) -> tuple[State, Done | None]:
        """The person's state without items, and what this request did if it came before."""
        ...

    async def undoable(self, user_id: str, change_request_id: str) -> Undoable | None:
        """The last change that was not taken back; or that one, where it was."""
        ...

    async def find(self, user_id: str, wanted: Wanted, now: datetime) -> Sequence[Item]:
        """The items that a change may be about."""
        ...

    async def write(
        self,
        plan: Plan,
        *,
        before: State,
        notices: Sequence[Notice],
        remarks: Sequence[Remark],
        request_id: str,
        body_hash: bytes,
        now: datetime,
    ) -> Written | None:
        """Writes all of it in one transaction, or nothing: None if the state is not `before`."""
        ...

    async def guess(
        self, user_id: str, *, time_zone: str, locale: str, now: datetime
    ) -> Preferences:
        """Keeps guesses where nothing is known yet; the preferences after that."""
        ...

    async def preferences(self, user_id: str) -> Preferences:
        """The preferences; the default ones where nothing is known."""
        ...

    async def event(self, user_id: str, event_id: str) -> Event:
        """One event. Raises EventNotFound."""
        ...

    async def task(self, user_id: str, task_id: str) -> Task:
        """One task. Raises TaskNotFound."""
        ...

    async def events(
        self,
        user_id: str,
        *,
        cancelled: bool,
        after: tuple[datetime, str] | None,
        limit: int,
        span: Span = (None, None),
    ) -> Sequence[Event]:
        """Events by (start, id), from after that on, that stand in a span."""
        ...

    async def tasks(
        self, user_id: str, *, list_name: str, completed: bool, after: int, limit: int
    ) -> Sequence[Task]:
        """Tasks by number, from after that on; of all lists where the name is empty."""
        ...

    async def standing(self, user_id: str, start: datetime, end: datetime) -> Sequence[Item]:
        """Open items that may stand in [start, end), at most 1,000 of each kind."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A notice that fell due, with what is needed to say it; `item` is None where it is gone."""

    notice: Notice
    item: Item | None
    preferences: Preferences
    postponements: int
    # A cancellation: the request to take back.
    cancelled_request_id: str = ""


class Notices(Protocol):
    """Where reminders that follow from fired ones go."""

    async def add(self, fired: Sequence[Notice], following: Sequence[Notice]) -> None:
        """Stores the following ones, each once; what fired becomes what "it" means."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """notifier will never take this one."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferred:
    """notifier cannot take this one now."""

    reason: str
    retry_time: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """It is durable at notifier (now, or since an earlier try)."""


Handover = Accepted | Deferred | Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What to hand over: a notice in words."""

    notice: Notice
    contents: Sequence[Content]
    is_late: bool


class Cancellation(Enum):
    """What became of taking a notice back."""

    CANCELLED = "cancelled"
    # An attempt had started: the person may hear it.
    STARTED = "started"
    UNKNOWN = "unknown"


class Notifier(Protocol):
    """Who reaches people."""

    async def hand_over(self, tellings: Sequence[Telling], now: datetime) -> Sequence[Handover]:
        """Gives up to 500 away; an answer for each, in order. Never raises for an outage."""
        ...

    async def cancel(self, request_id: str) -> Cancellation:
        """Takes one back if no attempt has started. Raises ServiceError for an outage."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A person's calendar feed; revoked or not."""

    user_id: str
    create_time: datetime
    read_time: datetime | None = None
    revoke_time: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whose calendar a token opens; `version` moves with everything of theirs."""

    user_id: str
    version: int


class Feeds(Protocol):
    """Where calendar feeds are kept, by the keyed hashes of their tokens."""

    async def create(
        self, user_id: str, token_hash: bytes, *, request_id: str, now: datetime
    ) -> Feed:
        """Makes one and revokes those before; a repeat finds what it made.

        Raises RequestIdReused where another person's request had the id.
        """
        ...

    async def get(self, user_id: str) -> Feed:
        """The newest. Raises CalendarFeedNotFound."""
        ...

    async def revoke(self, user_id: str, *, now: datetime) -> Feed:
        """Revokes what there is; the newest. Raises CalendarFeedNotFound."""
        ...

    async def read(self, token_hash: bytes, *, now: datetime) -> Reader:
        """Whose it is. Raises CalendarFeedNotFound for one that is unknown or revoked."""
        ...


class Contacts(Protocol):
    """Who must know how people want to be reached."""

    async def tell(self, user_id: str, preferences: Preferences, *, request_id: str) -> None:
        """Says so. Raises RemoteError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """How far a notice came, without what it says; `position` orders a person's notices.

    `state` is 1 while it waits, 2 handed over, 3 withdrawn, 4 buried.
    """

    position: int
    notice_id: str
    user_id: str
    kind: str
    state: int
    due_time: datetime
    settle_time: datetime | None
    item: str
    occurrence: datetime | None
    reply_to_message_id: str
    request_id: str
    postponements: int
    reason: str


class Records(Protocol):
    """What is kept, for those who must look into it or do away with it."""

    async def notice(self, notice_id: str) -> Sequence[Trace]:
        """The notice of this id, if there is one."""
        ...

    async def notices(self, user_id: str, *, before: int, limit: int) -> Sequence[Trace]:
        """A person's notices before a position, newest first."""
        ...

    async def erase(self, user_id: str, *, generation: int, until: datetime) -> int:
        """Destroys a person's key and all rows, and refuses from then on what they wrote before.

        How many rows went; a generation that was erased before is 0.
        """
        ...


class Bell(Protocol):
    """Wakes the worker."""

    def ring(self) -> None:
        """Says that there is a new notice."""
        ...


class Events(Protocol):
    """Who is told what happened: metrics and logs."""

    def applied(self, plan: Plan, changes: Sequence[Change]) -> None:
        """Changes took effect."""
        ...

    def handed_over(self, telling: Telling, answer: Handover, now: datetime) -> None:
        """notifier answered to one notice."""
        ...

    def imported(self, user_id: str, new: int, changed: int) -> None:
        """A calendar was taken over."""
        ...

    def not_taken_back(self, reason: str) -> None:
        """notifier could not be asked to take notices back; the worker will try again."""
        ...
