"""Calling things off, and taking parts of something recurring apart from the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from services.scheduler.domain import part
from services.scheduler.domain.change import CancelItem, Scope
from services.scheduler.domain.item import Item, Task, TaskState, item_id
from services.scheduler.domain.ledger import Ledger
from services.scheduler.domain.notice import Withdrawal, reminders
from services.scheduler.domain.part import Chosen


def cancel(ledger: Ledger, item: Item, change: CancelItem) -> tuple[Item, datetime | None]:
    """The item after it, and the occurrence from which on, or of which alone, it is gone."""
    if not item.is_open and not (isinstance(item, Task) and item.state is TaskState.COMPLETED):
        return item, None
    chosen = ledger.chosen(item, change.part, change.item)
    if chosen.occurrence is None:
        gone = ledger.retime(ledger.gone(item), since=ledger.now)
        _cancel_apart(ledger, gone, None)
        return ledger.keep(gone), None
    if chosen.scope is Scope.THIS:
        return _leave_out(ledger, item, chosen.occurrence), chosen.occurrence
    _cancel_apart(ledger, item, chosen.occurrence)
    return _end(ledger, item, chosen.occurrence), chosen.occurrence


def split(ledger: Ledger, item: Item, chosen: Chosen) -> Item:
    """The chosen part as an item of its own, not yet kept; the rest goes on without it."""
    occurrence, schedule = chosen.occurrence, item.schedule
    assert occurrence is not None  # noqa: S101 - callers have looked
    assert schedule is not None  # noqa: S101 - what recurs has one
    is_one = chosen.scope is Scope.THIS
    taken = part.single(schedule, occurrence) if is_one else part.rest(schedule, occurrence)
    own: dict[str, Any] = {
        "schedule": taken,
        "version": 1,
        "revision": 1,
        "series_id": item_id(item) if is_one else "",
        "series_start": occurrence if is_one else None,
    }
    made: Item
    if isinstance(item, Task):
        number = ledger.next_number()
        own |= {"task_id": ledger.new_id(), "number": number, "due_time": occurrence}
        made = replace(item, **own, after_completion=item.after_completion and not is_one)
    else:
        made = replace(item, **own, event_id=ledger.new_id())
    if is_one:
        _leave_out(ledger, item, occurrence)
    else:
        _end(ledger, item, occurrence)
    return ledger.stamped(made)


def _cancel_apart(ledger: Ledger, item: Item, since: datetime | None) -> None:
    """Calls off what was changed for single occurrences of a series that goes away."""
    for other in list(ledger.known.values()):
        if part.belongs(other, item_id(item), since):
            ledger.retime(ledger.gone(other), since=ledger.now)


def _leave_out(ledger: Ledger, item: Item, occurrence: datetime) -> Item:
    """The series without one occurrence; the reminders of others stay as they are."""
    left = part.without(item, occurrence, ledger.now)
    ledger.withdraw(Withdrawal(item_id=item_id(item), first=occurrence, last=occurrence))
    ledger.remind(left, reminders(left, since=ledger.now))
    return ledger.keep(left)


def _end(ledger: Ledger, item: Item, occurrence: datetime) -> Item:
    """The series without an occurrence and all after it."""
    left = part.ended(item, occurrence, ledger.now)
    ledger.withdraw(Withdrawal(item_id=item_id(item), first=occurrence))
    return ledger.keep(left)
