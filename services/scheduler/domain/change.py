"""What can be asked for: the changes of one utterance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum

from services.scheduler.domain.item import DEFAULT_LIST, Priority
from services.scheduler.domain.preferences import Preferences
from services.scheduler.domain.reference import Reference
from services.scheduler.domain.when import When
from services.scheduler.domain.zone import zone


class Scope(Enum):
    """How much of something recurring a change is about."""

    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """How much of a recurring item; `occurrence` None is the next one.

    `scope` None is all of it, unless a day or time was said.
    """

    scope: Scope | None = None
    occurrence: When | None = None


WHOLE = Part()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTask:
    """A new task."""

    title: str
    when: When | None = None
    list_name: str = DEFAULT_LIST
    notes: str = ""
    priority: Priority = Priority.UNSPECIFIED
    after_completion: bool = False
    nag: timedelta = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEvent:
    """A new event; `leads` None takes the person's own, an empty one reminds of nothing."""

    title: str
    when: When
    place: str = ""
    participants: tuple[str, ...] = ()
    leads: tuple[timedelta, ...] | None = None
    at_start: bool = False
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteTask:
    """A task is done."""

    item: Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenTask:
    """A task is not done after all."""

    item: Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelItem:
    """An event or task goes away."""

    item: Reference
    part: Part = WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveItem:
    """An event or task gets another time."""

    item: Reference
    when: When
    part: Part = WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class EditItem:
    """An event or task gets other words; what is None stays.

    `etag` other than "" must be the item's. `when` moves it too.
    """

    item: Reference
    title: str | None = None
    place: str | None = None
    notes: str | None = None
    participants: tuple[str, ...] | None = None
    leads: tuple[timedelta, ...] | None = None
    at_start: bool | None = None
    list_name: str | None = None
    priority: Priority | None = None
    nag: timedelta | None = None
    after_completion: bool | None = None
    when: When | None = None
    etag: str = ""
    part: Part = WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeItem:
    """A reminder comes again later."""

    item: Reference
    when: When


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """The last change is taken back; `change_request_id` other than "" must be its request."""

    change_request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPreferences:
    """The fields of `values` that are named are set; a time zone so is the person's own word."""

    values: Preferences
    names: frozenset[str]

    def applied(self, before: Preferences) -> Preferences:
        """The preferences after it. Raises TimeZoneUnknown."""
        chosen = {name: getattr(self.values, name) for name in self.names}
        if "time_zone" in chosen:
            zone(chosen["time_zone"])
            chosen["is_guess"] = False
        return replace(before, **chosen)


Change = (
    AddTask
    | AddEvent
    | CompleteTask
    | ReopenTask
    | CancelItem
    | MoveItem
    | EditItem
    | SnoozeItem
    | Undo
    | SetPreferences
)


def reference_of(change: Change) -> Reference | None:
    """The item that a change is about, where it is about one that exists."""
    if isinstance(change, AddTask | AddEvent | Undo | SetPreferences):
        return None
    return change.item
