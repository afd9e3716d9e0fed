"""Giving things another time, or other words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from services.scheduler.domain import part
from services.scheduler.domain.change import EditItem, MoveItem, Scope
from services.scheduler.domain.editing import check_etag, edited, is_retimed
from services.scheduler.domain.item import Item, Task, is_recurring
from services.scheduler.domain.ledger import Ledger
from services.scheduler.domain.parting import split
from services.scheduler.domain.schedule import Schedule
from services.scheduler.domain.when import GRACE, When, moved, resolved


def move(ledger: Ledger, item: Item, change: MoveItem) -> Item:
    """The item at its new time; a part of something recurring becomes an item of its own."""
    if item.schedule is None:
        zone = ledger.zone
        return _rescheduled(ledger, item, resolved(change.when, said=ledger.said, time_zone=zone))
    chosen = ledger.chosen(item, change.part, change.item)
    if chosen.occurrence is not None:
        item = split(ledger, item, chosen)
        return _moved(ledger, item, change.when, chosen.occurrence)
    return _moved(ledger, item, change.when, _current(ledger, item, change))


def edit(ledger: Ledger, item: Item, change: EditItem) -> Item:
    """The item with its new words, reminders and time. Raises EtagMismatch."""
    check_etag(item, change)
    chosen = ledger.chosen(item, change.part, change.item)
    if chosen.occurrence is not None:
        item = split(ledger, item, chosen)
        return _edited(ledger, item, change, chosen.occurrence, is_new=True)
    return _edited(ledger, item, change, None, is_new=False)


def _current(ledger: Ledger, item: Item, change: MoveItem) -> datetime | None:
    """The occurrence that the person has in mind who moves all of it."""
    named = change.part.occurrence or change.item.when
    if named is not None and is_recurring(item):
        this = replace(change.part, scope=Scope.THIS)
        return ledger.chosen(item, this, change.item).occurrence
    if isinstance(item, Task):
        return item.due_time
    return item.schedule.next_start(ledger.said)


def _moved(ledger: Ledger, item: Item, when: When, occurrence: datetime | None) -> Item:
    schedule = item.schedule
    assert schedule is not None  # noqa: S101 - callers have looked
    before = schedule
    if schedule.recurrence and occurrence is not None:
        # What is over stays over: a series that ends after N times does not begin anew.
        schedule = part.rest(schedule, occurrence)
    after = moved(
        schedule,
        when,
        said=ledger.said,
        time_zone=ledger.zone,
        occurrence=occurrence,
    )
    if occurrence is not None:
        after = part.shifted(before, after, occurrence)
    return _rescheduled(ledger, item, after)


def _rescheduled(ledger: Ledger, item: Item, schedule: Schedule) -> Item:
    if isinstance(item, Task):
        later: Item = item.rescheduled(schedule, ledger.now, said=ledger.said)
        return ledger.retime(later, since=ledger.said - GRACE)
    return ledger.retime(item.rescheduled(schedule, ledger.now), since=ledger.said)


def _edited(
    ledger: Ledger, item: Item, change: EditItem, occurrence: datetime | None, *, is_new: bool
) -> Item:
    after = edited(item, change, ledger.now)
    if change.when is not None:
        wanted = MoveItem(item=change.item, when=change.when, part=change.part)
        if after.schedule is None:
            return move(ledger, after, wanted)
        return _moved(ledger, after, change.when, occurrence or _current(ledger, after, wanted))
    if is_new or is_retimed(item, change):
        return ledger.retime(after, since=ledger.now)
    return ledger.keep(after)
