"""What the notifier needs from outside, by role."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from chassis.errors import ServiceError
from services.notifier.domain.approved import Filled
from services.notifier.domain.breaker import Breaker
from services.notifier.domain.button import Button
from services.notifier.domain.cap import Scope
from services.notifier.domain.contact import (
    Address,
    Card,
    Sender,
)
from services.notifier.domain.delivery import Ending, SendResult
from services.notifier.domain.document import Document
from services.notifier.domain.kind import Kind
from services.notifier.domain.notification import Draft, Notification, State
from services.notifier.domain.plan import Plan
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
    locale: str
    buttons: Sequence[Button]
    create_time: datetime
    send_time: datetime
    expire_time: datetime
    plan: Plan


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
    due_time: datetime
    create_time: datetime
    send_time: datetime
    expire_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Grants:
    """The rights that an attempt has taken; None where there is no cap."""

    minute: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes along; `media_id` is the provider's name for it once it is uploaded."""

    notification_id: str
    user_id: str
    file_name: str
    mime_type: str
    media_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """An attempt on record, and what it takes to make the provider call.

    `template` is there where the person's window is closed: then it is what goes out. `heard_time`
    is when the message that it answers was recorded.
    """

    token: str
    number: int
    address: Address
    text: str
    template: Filled | None = None
    reply_to_wamid: str = ""
    buttons: Sequence[Button] = ()
    attachment: Attachment | None = None
    grants: Grants = field(default_factory=Grants)
    heard_time: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """One shared cap: `used` counts calls under way; `free_time` is when the next one frees up,
    None while something is free.
    """

    scope: Scope
    used: int
    free_time: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalUsage:
    """What one person has had today, and when their day ends; `owed` is ahead of the pace."""

    counted: int
    day_end: datetime
    owed: float
    is_outside: bool


# Why no attempt may start.
NO_FORM = "WINDOW_CLOSED"
USER_ERASED = "USER_ERASED"
USER_STOPPED = "USER_STOPPED"
USER_UNREACHABLE = "USER_UNREACHABLE"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotStarted:
    """No attempt may start: for good, with the reason, or (none given) as things stand now.

    With one of the reasons in `domain.cap` not yet: `until` then, as far as it is known.
    """

    refusal: str = ""
    until: datetime | None = None


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
    buttons: Sequence[Button] = ()
    attachment: Attachment | None = None


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


class Cards(Protocol):
    """Who people are."""

    async def card(self, user_id: str, now: datetime) -> Card:
        """One person's. Raises UserNotFound."""
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

    async def glance(self, notification_ids: Collection[str]) -> Mapping[str, Notification]:
        """Those that there are, without attempts and events, by id."""
        ...

    async def redrive(self, notification_id: str, *, now: datetime) -> Notification:
        """Opens a dead or failed one again, with its kind's whole time to live; answers any as it
        now stands. Raises NotificationNotFound, NotificationNotRedrivable, UserNotFound.
        """
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

    async def close(self, claimed: Claimed, state: State, *, reason: str, now: datetime) -> None:
        """Ends a notification that no attempt is made for any more."""
        ...


class Breakers(Protocol):
    """The breaker before the provider, one for all replicas.

    Whether it admits a send is decided where attempts begin; that one ended well, where they end.
    """

    async def failed(self, now: datetime, *, reason: str, at_once: bool) -> Breaker:
        """A send failed for a reason that the next one would meet too; the breaker afterwards."""
        ...

    async def state(self) -> Breaker:
        """The breaker as it stands."""
        ...


class Quotas(Protocol):
    """What is left of the caps that all share."""

    async def grow(self) -> bool:
        """Makes more grants, up to the caps; whether there are more now."""
        ...

    async def next_times(
        self, scope: Scope, now: datetime, *, is_urgent: bool
    ) -> Sequence[datetime]:
        """When the next grants come back, soonest first; those of calls under way left out."""
        ...

    async def usage(self, now: datetime) -> Sequence[Usage]:
        """How much of each shared cap is used."""
        ...

    async def personal(self, user_id: str, now: datetime) -> PersonalUsage:
        """How much one person has had. Raises UserNotFound."""
        ...

    async def held(self) -> Mapping[str, int]:
        """How many wait, by reason; each number stops at 10,000."""
        ...


class TemplatePauses(Protocol):
    """Approved templates that cannot be used at present, known to all replicas."""

    def names(self, now: datetime) -> frozenset[str]:
        """Their keys."""
        ...

    async def add(self, template: str, now: datetime, pause: timedelta, *, reason: str) -> None:
        """One more; one that is there stays for the longer of both times."""
        ...


class Provider(Protocol):
    """WhatsApp's Cloud API."""

    async def send(self, outgoing: Outgoing) -> SendResult:
        """Sends one message; never raises for what the provider or the network does."""
        ...

    async def mark_read(self, wamid: str, *, is_typing: bool = False) -> bool:
        """Shows the person that their message was read; whether the provider took it.

        With `is_typing` also that an answer is on its way, for up to 25 s.
        """
        ...

    async def upload(self, document: Document) -> str | SendResult:
        """The provider's id of a file; what became of the try where it has none."""
        ...


class Events(Protocol):
    """What is counted."""

    def accepted(self, kind: str, count: int = 1) -> None:
        """So many notifications were accepted; a repeated request counts too."""
        ...

    def attempted(self, outcome: str, reason: str) -> None:
        """An attempt ended."""
        ...

    def replied(self, kind: str, seconds: float) -> None:
        """The provider took the answer to a message, so long after that was recorded."""
        ...

    def closed(self, state: State, kind: str) -> None:
        """A notification is over without having been sent."""
        ...

    def put_off(self, reason: str) -> None:
        """Something may not go out yet, for this reason of `domain.cap`."""
        ...

    def repeated(self, kind: str) -> None:
        """An unknown outcome led to a declared repeat."""
        ...

    def statuses(self, summary: StatusSummary) -> None:
        """Statuses were recorded."""
        ...
