"""The changes of one utterance, one after the other: each works on what the ones before left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from services.scheduler.domain import snoozing, undoing
from services.scheduler.domain.change import (
    AddEvent,
    AddTask,
    CancelItem,
    Change,
    CompleteTask,
    EditItem,
    MoveItem,
    ReopenTask,
    SetPreferences,
    SnoozeItem,
    Undo,
)
from services.scheduler.domain.confirmation import confirmation, undone
from services.scheduler.domain.editing import new_event, new_task
from services.scheduler.domain.inverse import Undoable, checked
from services.scheduler.domain.item import Event, Item, Task, item_id
from services.scheduler.domain.ledger import Ledger
from services.scheduler.domain.moving import edit, move
from services.scheduler.domain.notice import (
    Content,
    Notice,
    Withdrawal,
    after_occurrence,
    snoozed,
)
from services.scheduler.domain.parting import cancel
from services.scheduler.domain.routine import of_preferences
from services.scheduler.domain.state import Plan, State
from services.scheduler.domain.when import GRACE
from services.scheduler.domain.zone import to_instant


class Work:
    """One utterance; `said` is when the person spoke, `now` when it is worked on."""

    def __init__(
        self, state: State, *, said: datetime, now: datetime, new_id: Callable[[], str]
    ) -> None:
        self._ledger = Ledger(state, said=said, now=now, new_id=new_id)
        self._results: list[Item | None] = []
        self._contents: list[Content] = []
        self._timed: list[tuple[int, Item]] = []
        self._put_off: list[tuple[int, datetime]] = []
        self._taken_back: Undoable | None = None

    def plan(self) -> Plan:
        """What all the changes amount to."""
        ledger = self._ledger
        own = of_preferences(
            ledger.state.user_id,
            before=ledger.before.preferences,
            after=ledger.state.preferences,
            version=ledger.before.version,
            now=ledger.now,
        )
        reminding = [each for notices in ledger.notices.values() for each in notices.values()]
        fresh = self._taken_back if self._taken_back and not self._taken_back.is_undone else None
        return Plan(
            state=ledger.state,
            results=self._results,
            items=[ledger.known[key] for key in ledger.changed],
            notices=[*reminding, *own.notices],
            contents=self._contents,
            withdrawals=[*ledger.withdrawals, *(Withdrawal(item_id=key) for key in own.withdrawn)],
            timed=self._timed,
            put_off=self._put_off,
            inverse=None if self._taken_back else undoing.inverse(ledger),
            undone=fresh.request_id if fresh else "",
            reopened=fresh.inverse.touched if fresh else (),
        )

    def apply(self, change: Change) -> None:
        """Does one change."""
        if isinstance(change, Undo):
            self._undo(change)
            return
        item, notices, occurrence = self._done(change)
        self._results.append(item)
        self._contents.append(
            confirmation(
                change,
                item,
                notices,
                preferences=self._ledger.state.preferences,
                said=self._ledger.said,
                now=self._ledger.now,
                occurrence=occurrence,
            )
        )
        if isinstance(change, AddEvent | AddTask | MoveItem) and item is not None:
            self._timed.append((len(self._contents) - 1, item))

    def _done(self, change: Change) -> tuple[Item | None, Sequence[Notice], datetime | None]:
        """The item after a change, its new reminders, and the occurrence that went away."""
        if isinstance(change, SetPreferences):
            self._set_preferences(change)
            return None, (), None
        if isinstance(change, SnoozeItem):
            item = self._ledger.found(change.item)
            notice = self._snooze(item, change)
            self._put_off.append((len(self._contents), notice.due_time))
            return item, [notice], None
        if isinstance(change, CancelItem):
            item, occurrence = cancel(
                self._ledger, self._ledger.found(change.item, deleted=True), change
            )
            return item, (), occurrence
        item = self._changed(change)
        return item, tuple(self._ledger.notices.get(item_id(item), {}).values()), None

    def _changed(self, change: Change) -> Item:
        ledger = self._ledger
        match change:
            case AddTask():
                return ledger.retime(self._new_task(change), since=ledger.said - GRACE)
            case AddEvent():
                return ledger.retime(self._new_event(change), since=ledger.said)
            case CompleteTask():
                return self._complete(ledger.found(change.item, tasks_only=True))
            case ReopenTask():
                return self._reopen(ledger.found(change.item, tasks_only=True, completed=True))
            case MoveItem():
                return move(ledger, ledger.found(change.item), change)
            case EditItem():
                return edit(ledger, ledger.found(change.item), change)
            case CancelItem() | SnoozeItem() | SetPreferences() | Undo():
                raise TypeError("done elsewhere")
            case _:
                assert_never(change)

    def _new_task(self, change: AddTask) -> Item:
        ledger = self._ledger
        return ledger.stamped(
            new_task(
                change,
                ledger.new_id(),
                ledger.state.user_id,
                ledger.next_number(),
                ledger.zone,
                ledger.said,
            )
        )

    def _new_event(self, change: AddEvent) -> Item:
        ledger = self._ledger
        state = ledger.state
        event = new_event(change, ledger.new_id(), state.user_id, state.preferences, ledger.said)
        return ledger.stamped(event)

    def _complete(self, item: Item) -> Item:
        assert isinstance(item, Task)  # noqa: S101 - only tasks were looked among
        if not item.is_open:
            return item
        return self._ledger.retime(item.completed(self._ledger.now), since=self._ledger.now)

    def _reopen(self, item: Item) -> Item:
        assert isinstance(item, Task)  # noqa: S101 - only tasks were looked among
        if item.is_open:
            return item
        return self._ledger.retime(item.reopened(self._ledger.now), since=self._ledger.now)

    def _snooze(self, item: Item, change: SnoozeItem) -> Notice:
        """Has the reminder of one occurrence come again later; the item stays as it is."""
        ledger = self._ledger
        occurrence = snoozing.occurrence(item, ledger.now)
        until = snoozing.until(change.when, said=ledger.said, zone=ledger.zone)
        key = item_id(item)
        ledger.withdraw(
            Withdrawal(item_id=key, first=occurrence, last=occurrence, due_before=until)
        )
        notice = snoozed(item, occurrence, until=until, notice_id=ledger.new_id())
        # The series goes on where the reminder that was put off is the one it hung on.
        ledger.remind(item, [notice, *after_occurrence(item, occurrence, since=ledger.now)])
        ledger.snoozes.append((key, notice.notice_id))
        ledger.state = replace(ledger.state, last_item_id=key)
        return notice

    def _undo(self, change: Undo) -> None:
        """Takes the last change back; one that was taken back already stays so."""
        ledger = self._ledger
        found = checked(ledger.state.undoable, change.change_request_id, said=ledger.said)
        self._taken_back = found
        if not found.is_undone:
            undoing.restore(ledger, found.inverse)
        items = undoing.about(ledger, found.inverse)
        self._results.extend(items)
        self._contents.extend(undone(items, found.inverse))

    def _set_preferences(self, change: SetPreferences) -> None:
        ledger = self._ledger
        before = ledger.state.preferences
        after = change.applied(before)
        ledger.state = replace(ledger.state, preferences=after)
        if after.time_zone != before.time_zone:
            last = ledger.state.last_item_id
            for item in list(ledger.known.values()):
                self._take_along(item, after.time_zone)
            ledger.state = replace(ledger.state, last_item_id=last)

    def _take_along(self, item: Item, time_zone: str) -> None:
        """What recurs or takes whole days keeps its wall clock in the new zone."""
        ledger, schedule = self._ledger, item.schedule
        if not item.is_open or schedule is None:
            return
        if schedule.time_zone == time_zone or not (schedule.recurrence or schedule.all_day):
            return
        there = schedule.in_zone(time_zone)
        if isinstance(item, Event):
            ledger.retime(item.rescheduled(there, ledger.now), since=ledger.now)
            return
        kept = item.rescheduled(there, ledger.now, said=ledger.said)
        if item.due_time is not None and not schedule.is_elapsed:
            due = to_instant(schedule.local(item.due_time), time_zone)
            kept = replace(kept, due_time=due)
        ledger.retime(kept, since=ledger.now)
