"""A notification: what a person is told, and where that stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum

from chassis.errors import Code, ServiceError
from services.notifier.domain.button import Button
from services.notifier.domain.document import Document

# Limits of the API; what is over them is refused when it is handed in.
MAX_CONTENTS = 10
MAX_TEXT = 4096
MAX_AHEAD = timedelta(days=30)


class Type(IntEnum):
    """What a notification is about; the numbers are the wire's."""

    EVENT_REMINDER = 1
    TASK_UPDATE = 2
    ERROR = 3
    STATUS_UPDATE = 4
    CONFIRMATION = 5


class State(IntEnum):
    """Where a notification stands; the numbers are the wire's."""

    QUEUED = 1
    SENDING = 2
    SENT = 3
    DELIVERED = 4
    READ = 5
    PLAYED = 6
    HELD = 7
    UNKNOWN = 8
    FAILED = 9
    CANCELLED = 10
    EXPIRED = 11
    DEAD = 12


# An attempt may start from these (from UNKNOWN only as a declared repeat).
OPEN = frozenset({State.QUEUED, State.HELD})
# The provider has it, or has proven that it never will: nothing is left to send.
ANSWERED = frozenset({State.SENT, State.DELIVERED, State.READ, State.PLAYED, State.FAILED})
CLOSED = ANSWERED | {State.CANCELLED, State.EXPIRED, State.DEAD}


class AttemptOutcome(IntEnum):
    """How an attempt ended; the numbers are the wire's, 0 is under way (or died with it)."""

    OPEN = 0
    ACCEPTED = 1
    REFUSED = 2
    AMBIGUOUS = 3


class NotificationNotFound(ServiceError):
    """There is no such notification; it may have been deleted after its retention."""

    code = Code.NOT_FOUND
    reason = "NOTIFICATION_NOT_FOUND"


class NotificationStarted(ServiceError):
    """An attempt to send it has started, or it is over; it cannot be cancelled any more."""

    code = Code.FAILED_PRECONDITION
    reason = "NOTIFICATION_STARTED"


class NotificationNotRedrivable(ServiceError):
    """It is neither dead nor failed, so there is nothing to send once more."""

    code = Code.FAILED_PRECONDITION
    reason = "NOTIFICATION_NOT_REDRIVABLE"


class TooManyWatchers(ServiceError):
    """As many notifications are watched as this process can follow; try again later."""

    code = Code.RESOURCE_EXHAUSTED
    reason = "TOO_MANY_WATCHERS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One part of what a notification says: a template's name and what fills it."""

    template: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a caller asks for, not yet judged. One of `user_id` and `phone_number` is set."""

    request_id: str
    user_id: str = ""
    phone_number: str = ""
    type: int = 0
    kind: str = ""
    contents: Sequence[Content] = ()
    reply_to_message_id: str = ""
    due_time: datetime | None = None
    expire_time: datetime | None = None
    holds_overflow: bool = False
    buttons: Sequence[Button] = ()
    document: Document | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to send a notification; `template` is the approved one, empty for a plain message."""

    number: int
    start_time: datetime
    end_time: datetime | None
    outcome: AttemptOutcome
    provider_code: int = 0
    reason: str = ""
    template: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderEvent:
    """One thing WhatsApp told about a notification."""

    status: str
    event_time: datetime
    record_time: datetime
    provider_code: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """A notification as it is shown to callers; `attempts` and `events` only when asked for."""

    notification_id: str
    user_id: str
    # None: it was cancelled before it came.
    type: Type | None
    kind: str
    state: State
    state_reason: str
    contents: Sequence[Content]
    reply_to_message_id: str
    request_id: str
    create_time: datetime
    due_time: datetime
    expire_time: datetime
    sent_time: datetime | None = None
    delivered_time: datetime | None = None
    read_time: datetime | None = None
    attempts: Sequence[Attempt] = ()
    events: Sequence[ProviderEvent] = ()
    buttons: Sequence[Button] = ()
    # Without its content.
    document: Document | None = None
    locale: str = ""
    # While it is held: until when, as far as that is known.
    held_until: datetime | None = None
    # The notification in whose bubble it went out; empty where it had its own.
    bubble_id: str = ""
