"""The table of kinds: what each kind of notification may do, as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from types import MappingProxyType

from services.notifier.domain.notification import Type


class AmbiguousPolicy(IntEnum):
    """What happens to a send of which nobody knows whether it went out."""

    # Give up and record it: hearing it twice would be worse than missing it.
    AT_MOST_ONCE = 1
    # Send it again, marked as a repeat: missing it would be worse than hearing it twice.
    AT_LEAST_ONCE = 2


class Priority(IntEnum):
    """Who goes first when not everything can; lower goes first."""

    REPLY = 0
    TIMED = 1
    SYSTEM = 2
    BULK = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One row of the table.

    `counts` is whether it counts against the person's notifications a day, `quiet` whether it
    waits out quiet hours, `approved_template` what is sent outside the 24-hour window (empty:
    nothing can be), `expiry` how long after its due time it still makes sense.
    """

    name: str
    type: Type
    policy: AmbiguousPolicy
    counts: bool
    priority: Priority
    quiet: bool
    approved_template: str
    expiry: timedelta

    @property
    def is_urgent(self) -> bool:
        """A reply or a reminder that a person timed: a part of every minute is kept for these."""
        return self.priority <= Priority.TIMED

    @property
    def is_system(self) -> bool:
        """Nobody asked for it at this moment: it stops before a person's day is full."""
        return not self.is_urgent


# Says any bubble in one line (`domain.approved`).
GENERIC = "hark_message"


def _person_timed(name: str, type_: Type, approved_template: str, hours: int) -> Kind:
    return Kind(
        name=name,
        type=type_,
        policy=AmbiguousPolicy.AT_LEAST_ONCE,
        counts=True,
        priority=Priority.TIMED,
        quiet=False,
        approved_template=approved_template,
        expiry=timedelta(hours=hours),
    )


def _reply(name: str, type_: Type) -> Kind:
    # The window is open, because the person has just written; after 23 hours it may not be. Meta
    # has been seen to refuse even the answer to a message that just came in: hence the template.
    return Kind(
        name=name,
        type=type_,
        policy=AmbiguousPolicy.AT_LEAST_ONCE,
        counts=False,
        priority=Priority.REPLY,
        quiet=False,
        approved_template=GENERIC,
        expiry=timedelta(hours=23),
    )


def _system(name: str, type_: Type, priority: Priority, approved_template: str = GENERIC) -> Kind:
    return Kind(
        name=name,
        type=type_,
        policy=AmbiguousPolicy.AT_MOST_ONCE,
        counts=True,
        priority=priority,
        quiet=True,
        approved_template=approved_template,
        expiry=timedelta(hours=12),
    )


KINDS = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            _reply("reply", Type.CONFIRMATION),
            _reply("welcome", Type.CONFIRMATION),
            _reply("error", Type.ERROR),
            _person_timed("event_due", Type.EVENT_REMINDER, "hark_event_due", 12),
            _person_timed("event_due_late", Type.STATUS_UPDATE, "hark_event_due_late", 24),
            _person_timed("task_due", Type.TASK_UPDATE, "hark_task_due", 24),
            _person_timed("task_due_late", Type.STATUS_UPDATE, "hark_task_due_late", 24),
            _system("event_update", Type.EVENT_REMINDER, Priority.SYSTEM),
            _system("task_update", Type.TASK_UPDATE, Priority.SYSTEM),
            _system("status_update", Type.STATUS_UPDATE, Priority.SYSTEM),
            _system("limit_reached", Type.STATUS_UPDATE, Priority.SYSTEM),
            _system("digest", Type.STATUS_UPDATE, Priority.BULK, "hark_digest"),
        )
    }
)

DEFAULT_KINDS = MappingProxyType(
    {
        Type.EVENT_REMINDER: KINDS["event_due"],
        Type.TASK_UPDATE: KINDS["task_due"],
        Type.ERROR: KINDS["error"],
        Type.STATUS_UPDATE: KINDS["status_update"],
        Type.CONFIRMATION: KINDS["reply"],
    }
)
