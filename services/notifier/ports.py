"""What the notifier needs from outside, by role."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chassis.errors import ServiceError
from services.notifier.domain.approved import Filled
from services.notifier.domain.contact import Address, Person, Sender
from services.notifier.domain.delivery import Ending, SendResult
from services.notifier.domain.kind import Kind
from services.notifier.domain.notification import Draft, Notification, State
from services.notifier.domain.reconciliation import Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """A message that a person sent, as far as the notifier needs to know it."""

    sender: Sender
    message_id: str
    wamid: str
    message_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A draft that was found good; `request_hash` stands for everything in it."""

    request_id: str
    draft: Draft
    user_id: str
    kind: Kind
    text: str
    request_hash: bytes
    create_time: datetime
    send_time: datetime
    expire_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A notification that this worker holds: `row` and `fence` say so to the storage."""

    row: int
    fence: int
    notification_id: str
    user_id: str
    kind: str
    state: State
    body: bytes
    ambiguous: int
    create_time: datetime
    expire_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """An attempt on record, and what it takes to make the provider call.

    `template` is there where the person's window is closed: then it is what goes out.
    """

    token: str
    number: int
    address: Address
    text: str
    template: Filled | None = None
    reply_to_wamid: str = ""


# Why no attempt may start.
NO_FORM = "WINDOW_CLOSED"
USER_ERASED = "USER_ERASED"
USER_STOPPED = "USER_STOPPED"
USER_UNREACHABLE = "USER_UNREACHABLE"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotStarted:
    """No attempt may start: for good, with the reason, or (none given) as things stand now."""

    refusal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message to the provider; `token` comes back in every status about it.

    The text, or the approved template in its place where there is one.
    """

    address: Address
    text: str
    token: str
    template: Filled | None = None
    reply_to_wamid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReport:
    """One status, and the names by which its message may be found."""

    wamid: str
    token: str
    observation: Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusSummary:
    """What a batch of statuses amounted to."""

    matched: int
    unmatched: int
    # Unknown outcomes that a status settled, and notifications of which two copies went out.
    settled_unknown: int
    repeats_arrived: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which notifications to list; empty fields don't filter. `before` is where a page starts."""

    user_id: str = ""
    reply_to_message_id: str = ""
    states: frozenset[State] = frozenset()
    limit: int = 50
    before: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Notifications, newest first; `before` is where the next page starts, None on the last."""

    notifications: Sequence[Notification]
    before: int | None


class Contacts(Protocol):
    """People who wrote, and where to reach them."""

    async def record_inbound(self, inbound: Inbound, now: datetime) -> Person:
        """Finds or makes the person; opens their window; remembers the message. Idempotent."""
        ...

    async def user_ids(self, phones: Collection[str]) -> Mapping[str, str]:
        """Who has these numbers (digits); numbers of nobody are left out."""
        ...

    async def set_stopped(self, user_id: str, stop_time: datetime | None) -> None:
        """From `stop_time` on they get replies only (None: everything again).

        What is queued is cancelled when it falls due; an earlier time that is set already stays.
        Raises UserNotFound.
        """
        ...


class Ledger(Protocol):
    """Where notifications are kept."""

    async def accept(self, judged: Sequence[Judged]) -> Sequence[Notification | ServiceError]:
        """Keeps them all, durably, or answers for each what stands in the way.

        One whose request was accepted before, with the same body, is answered as it now stands.
        """
        ...

    async def get(self, *, notification_id: str = "", request_id: str = "") -> Notification:
        """One, with attempts and events. Raises NotificationNotFound."""
        ...

    async def list(self, query: Query) -> Page:
        """Those that match, without attempts and events."""
        ...

    async def cancel(
        self, *, notification_id: str = "", request_id: str = "", now: datetime
    ) -> Notification:
        """Cancels; no attempt starts after it. Raises NotificationNotFound, NotificationStarted."""
        ...


class Receipts(Protocol):
    """What the provider says became of messages."""

    async def record(self, reports: Sequence[StatusReport], now: datetime) -> StatusSummary:
        """Joins what statuses prove to what is known."""
        ...


class Deliveries(Protocol):
    """The bookkeeping around a provider call."""

    async def begin(
        self,
        claimed: Claimed,
        *,
        is_repeat: bool,
        now: datetime,
        without: Collection[str] = (),
    ) -> Started | NotStarted:
        """Records an attempt, before the call, in the form that the person's window allows.

        `without` are approved templates that cannot be used at present.
        """
        ...

    async def finish(
        self, claimed: Claimed, started: Started, result: SendResult, ending: Ending, now: datetime
    ) -> None:
        """Records how the attempt ended."""
        ...

    async def suspect(
        self, claimed: Claimed, *, reason: str, now: datetime, retry_time: datetime
    ) -> None:
        """Records that an attempt's process died with it: its outcome is unknown.

        No other attempt starts before `retry_time`, whoever dies next.
        """
        ...

    async def close(self, claimed: Claimed, state: State, *, reason: str) -> None:
        """Ends a notification that no attempt is made for any more."""
        ...


class Provider(Protocol):
    """WhatsApp's Cloud API."""

    async def send(self, outgoing: Outgoing) -> SendResult:
        """Sends one message; never raises for what the provider or the network does."""
        ...

    async def mark_read(self, wamid: str) -> bool:
        """Shows the person that their message was read; whether the provider took it."""
        ...


class ReadMarks(Protocol):
    """Marks messages as read in the background."""

    def offer(self, wamid: str) -> None:
        """Queues it; left out (and counted) where too many wait."""
        ...


class Events(Protocol):
    """What is counted."""

    def accepted(self, kind: str) -> None:
        """A notification was accepted; a repeated request counts too."""
        ...

    def attempted(self, outcome: str, reason: str) -> None:
        """An attempt ended."""
        ...

    def closed(self, state: State, kind: str) -> None:
        """A notification is over without having been sent."""
        ...

    def repeated(self, kind: str) -> None:
        """An unknown outcome led to a declared repeat."""
        ...

    def statuses(self, summary: StatusSummary) -> None:
        """Statuses were recorded."""
        ...
