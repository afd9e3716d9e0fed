"""What can be asked for: the changes of one utterance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from services.scheduler.domain.item import DEFAULT_LIST
from services.scheduler.domain.reference import Reference
from services.scheduler.domain.when import When


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTask:
    """A new task."""

    title: str
    when: When | None = None
    list_name: str = DEFAULT_LIST


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEvent:
    """A new event; `leads` None takes the person's own, an empty one reminds of nothing."""

    title: str
    when: When
    place: str = ""
    participants: tuple[str, ...] = ()
    leads: tuple[timedelta, ...] | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveItem:
    """An event or task gets another time."""

    item: Reference
    when: When


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPreferences:
    """What is not None is set; a time zone set so is the person's own word."""

    time_zone: str | None = None
    locale: str | None = None
    leads: tuple[timedelta, ...] | None = None


Change = AddTask | AddEvent | CompleteTask | ReopenTask | CancelItem | MoveItem | SetPreferences


def reference_of(change: Change) -> Reference | None:
    """The item that a change is about, where it is about one that exists."""
    if isinstance(change, CompleteTask | ReopenTask | CancelItem | MoveItem):
        return change.item
    return None
