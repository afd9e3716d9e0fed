"""What an utterance amounts to: from a person's state and changes to all that must be written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from services.scheduler.domain.change import Change, Undo
from services.scheduler.domain.errors import invalid
from services.scheduler.domain.state import Plan, State
from services.scheduler.domain.work import Work

__all__ = ["Plan", "State", "plan"]


def plan(
    state: State,
    changes: Sequence[Change],
    *,
    said: datetime,
    now: datetime,
    new_id: Callable[[], str],
) -> Plan:
    """Applies the changes one after the other; a later one sees what an earlier one did.

    `said` is when the person asked: times count from it and must not lie before it. Raises
    TimeInPast, TimeZoneUnknown, ItemNotFound, ItemAmbiguous, OccurrenceNotFound, NothingToSnooze,
    NothingToUndo, UndoTooLate, EtagMismatch, InvalidArgument; nothing is half done.
    """
    if len(changes) > 1 and any(isinstance(change, Undo) for change in changes):
        raise invalid("changes", "an undo stands alone")
    work = Work(state, said=said, now=now, new_id=new_id)
    for change in changes:
        work.apply(change)
    return work.plan()
