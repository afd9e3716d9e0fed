"""Fields that several requests have, each with its bounds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from google.protobuf.duration_pb2 import Duration

from hark.scheduler.v1 import task_pb2
from services.scheduler.domain.item import DEFAULT_LIST, Priority
from services.scheduler.servicer.checks import Checks

LONGEST_TITLE, LONGEST_LIST, LONGEST_PLACE, LONGEST_NAME, LONGEST_NOTES = 500, 100, 500, 200, 2000
_MOST_PARTICIPANTS = 20
_SHORTEST_NAG, _LONGEST_NAG = timedelta(minutes=1), timedelta(hours=24)


def title(given: str, checks: Checks, field: str) -> str:
    """What something is called."""
    return checks.text(field, given, LONGEST_TITLE)


def place(given: str, checks: Checks, field: str) -> str:
    """Where something takes place; empty for nowhere in particular."""
    return checks.text(field, given, LONGEST_PLACE, required=False)


def notes(given: str, checks: Checks, field: str) -> str:
    """What else there is to know; empty for nothing."""
    return checks.text(field, given, LONGEST_NOTES, required=False)


def list_name(given: str, checks: Checks, field: str) -> str:
    """A list of tasks."""
    return checks.text(field, given, LONGEST_LIST, required=False) or DEFAULT_LIST


def participants(given: Sequence[str], checks: Checks, field: str) -> tuple[str, ...]:
    """Who takes part."""
    if len(given) > _MOST_PARTICIPANTS:
        checks.refuse(field, f"must be at most {_MOST_PARTICIPANTS}")
    return tuple(
        checks.text(f"{field}[{index}]", name, LONGEST_NAME)
        for index, name in enumerate(given[:_MOST_PARTICIPANTS])
    )


def priority(given: task_pb2.Priority.ValueType, checks: Checks, field: str) -> Priority:
    """How much a task matters."""
    try:
        return Priority(given)
    except ValueError:
        checks.refuse(field, "must be low, medium or high")
        return Priority.UNSPECIFIED


def nag(given: Duration, checks: Checks, field: str) -> timedelta:
    """How long after a reminder to remind again; 0 for not at all."""
    span = checks.duration(field, given, _LONGEST_NAG)
    if timedelta() < span < _SHORTEST_NAG:
        checks.refuse(field, "must be 60 s to 86400 s, or 0 for once")
    return span
