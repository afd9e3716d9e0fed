"""What an utterance amounts to: from a person's state and changes to all that must be written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from services.scheduler.domain.change import (
    AddEvent,
    AddTask,
    CancelItem,
    Change,
    CompleteTask,
    MoveItem,
    ReopenTask,
    SetPreferences,
)
from services.scheduler.domain.confirmation import confirmation
from services.scheduler.domain.item import (
    Event,
    Item,
    Task,
    TaskState,
    first_due,
    item_id,
)
from services.scheduler.domain.notice import Content, Notice, reminders
from services.scheduler.domain.preferences import Preferences
from services.scheduler.domain.reference import Reference, best
from services.scheduler.domain.when import GRACE, moved, resolved
from services.scheduler.domain.zone import to_instant, zone


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is known of a person before a change; `version` 0 is nothing at all.

    `items` are those that the changes may be about.
    """

    user_id: str
    preferences: Preferences = field(default_factory=Preferences)
    last_task_number: int = 0
    last_item_id: str = ""
    version: int = 0
    items: Sequence[Item] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that must be written, in one transaction.

    `results` has the item of each change after it (None for preferences), `items` every changed
    item once, in its final form; the open notices of these go away, and `notices` take their
    place. `contents` is what to tell the person.
    """

    state: State
    results: Sequence[Item | None]
    items: Sequence[Item]
    notices: Sequence[Notice]
    contents: Sequence[Content]


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
    TimeInPast, TimeZoneUnknown, ItemNotFound, ItemAmbiguous, InvalidArgument; nothing is half done.
    """
    work = _Work(state, said=said, now=now, new_id=new_id)
    for change in changes:
        work.apply(change)
    return work.plan()


class _Work:
    def __init__(
        self, state: State, *, said: datetime, now: datetime, new_id: Callable[[], str]
    ) -> None:
        self._state = state
        self._said, self._now, self._new_id = said, now, new_id
        self._known: dict[str, Item] = {item_id(item): item for item in state.items}
        self._notices: dict[str, Sequence[Notice]] = {}
        self._results: list[Item | None] = []
        self._contents: list[Content] = []

    def plan(self) -> Plan:
        return Plan(
            state=self._state,
            results=self._results,
            items=[self._known[key] for key in self._notices],
            notices=[notice for notices in self._notices.values() for notice in notices],
            contents=self._contents,
        )

    def apply(self, change: Change) -> None:
        if isinstance(change, SetPreferences):
            self._set_preferences(change)
            item = None
        else:
            item = self._changed(change)
        self._results.append(item)
        notices = self._notices.get(item_id(item), ()) if item else ()
        self._contents.append(
            confirmation(
                change,
                item,
                notices,
                preferences=self._state.preferences,
                said=self._said,
                now=self._now,
            )
        )

    def _changed(self, change: Change) -> Item:
        match change:
            case AddTask():
                return self._keep(self._new_task(change), since=self._said - GRACE)
            case AddEvent():
                return self._keep(self._new_event(change), since=self._said)
            case CompleteTask():
                return self._complete(self._found(change.item, tasks_only=True))
            case ReopenTask():
                return self._reopen(self._found(change.item, tasks_only=True, completed=True))
            case CancelItem():
                return self._cancel(self._found(change.item, deleted=True))
            case MoveItem():
                return self._move(self._found(change.item), change)
            case SetPreferences():
                raise TypeError("preferences are no item")
            case _:
                assert_never(change)

    def _keep(self, item: Item, *, since: datetime) -> Item:
        """Takes an item in its new form, with the reminders that it now has."""
        key = item_id(item)
        self._known[key] = item
        self._notices[key] = tuple(reminders(item, since=since))
        self._state = replace(self._state, last_item_id=key)
        return item

    def _new_task(self, change: AddTask) -> Task:
        number = self._state.last_task_number + 1
        self._state = replace(self._state, last_task_number=number)
        schedule = None
        if change.when is not None:
            schedule = resolved(
                change.when, said=self._said, time_zone=self._state.preferences.time_zone
            )
        return Task(
            task_id=self._new_id(),
            user_id=self._state.user_id,
            number=number,
            title=change.title,
            list_name=change.list_name,
            schedule=schedule,
            due_time=first_due(schedule, self._said) if schedule else None,
            create_time=self._now,
            update_time=self._now,
        )

    def _new_event(self, change: AddEvent) -> Event:
        preferences = self._state.preferences
        leads = preferences.reminder_leads if change.leads is None else change.leads
        return Event(
            event_id=self._new_id(),
            user_id=self._state.user_id,
            title=change.title,
            schedule=resolved(change.when, said=self._said, time_zone=preferences.time_zone),
            leads=leads,
            place=change.place,
            participants=change.participants,
            create_time=self._now,
            update_time=self._now,
        )

    def _complete(self, item: Item) -> Item:
        assert isinstance(item, Task)  # noqa: S101 - _found looked among tasks only
        if not item.is_open:
            return item
        return self._keep(item.completed(self._now), since=self._now)

    def _reopen(self, item: Item) -> Item:
        assert isinstance(item, Task)  # noqa: S101 - _found looked among tasks only
        if item.is_open:
            return item
        return self._keep(item.reopened(self._now), since=self._now)

    def _cancel(self, item: Item) -> Item:
        if isinstance(item, Task):
            gone: Item = item if item.state is TaskState.DELETED else item.deleted(self._now)
        else:
            gone = item.cancelled(self._now) if item.is_open else item
        return gone if gone is item else self._keep(gone, since=self._now)

    def _move(self, item: Item, change: MoveItem) -> Item:
        said = self._said
        zone_name = self._state.preferences.time_zone
        if item.schedule is None:
            schedule = resolved(change.when, said=said, time_zone=zone_name)
        else:
            occurrence = item.due_time if isinstance(item, Task) else item.schedule.next_start(said)
            schedule = moved(
                item.schedule, change.when, said=said, time_zone=zone_name, occurrence=occurrence
            )
        if isinstance(item, Task):
            later: Item = item.rescheduled(schedule, self._now, said=said)
            return self._keep(later, since=said - GRACE)
        return self._keep(item.rescheduled(schedule, self._now), since=said)

    def _found(
        self,
        reference: Reference,
        *,
        tasks_only: bool = False,
        completed: bool = False,
        deleted: bool = False,
    ) -> Item:
        by_name = bool(reference.number or reference.task_id or reference.event_id)
        pool = [
            item
            for item in self._known.values()
            if (isinstance(item, Task) or not tasks_only)
            and (deleted or not _is_gone(item))
            and (by_name or _is_in_question(item, completed=completed))
        ]
        return best(
            reference,
            pool,
            last_id=self._state.last_item_id,
            time_zone=self._state.preferences.time_zone,
        )

    def _set_preferences(self, change: SetPreferences) -> None:
        before = self._state.preferences
        after = before
        if change.time_zone is not None:
            zone(change.time_zone)
            after = replace(after, time_zone=change.time_zone, is_guess=False)
        if change.locale is not None:
            after = replace(after, locale=change.locale)
        if change.leads is not None:
            after = replace(after, reminder_leads=change.leads)
        self._state = replace(self._state, preferences=after)
        if after.time_zone != before.time_zone:
            last = self._state.last_item_id
            for item in list(self._known.values()):
                self._take_along(item, after.time_zone)
            self._state = replace(self._state, last_item_id=last)

    def _take_along(self, item: Item, time_zone: str) -> None:
        """What recurs or takes whole days keeps its wall clock in the new zone."""
        schedule = item.schedule
        if not item.is_open or schedule is None:
            return
        if schedule.time_zone == time_zone or not (schedule.recurrence or schedule.all_day):
            return
        there = schedule.in_zone(time_zone)
        if isinstance(item, Event):
            self._keep(item.rescheduled(there, self._now), since=self._now)
            return
        kept = item.rescheduled(there, self._now, said=self._said)
        if item.due_time is not None and not schedule.is_elapsed:
            due = to_instant(schedule.local(item.due_time), time_zone)
            kept = replace(kept, due_time=due)
        self._keep(kept, since=self._now)


def _is_gone(item: Item) -> bool:
    if isinstance(item, Task):
        return item.state is TaskState.DELETED
    return not item.is_open


def _is_in_question(item: Item, *, completed: bool) -> bool:
    """Whether words can mean it: open things, or completed tasks."""
    if isinstance(item, Task) and completed:
        return item.state is TaskState.COMPLETED
    return item.is_open
