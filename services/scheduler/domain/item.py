"""Events and tasks, and the moves they can make.

`revision` moves with every change. `version` moves with those that the reminders of before do not
outlive: it then takes the revision's value, so that no version is ever used for a second time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from services.scheduler.domain.schedule import Schedule

DEFAULT_LIST = "tasks"


class EventState(IntEnum):
    """Where an event stands; values are stored."""

    SCHEDULED = 1
    CANCELLED = 2


class TaskState(IntEnum):
    """Where a task stands; values are stored."""

    OPEN = 1
    COMPLETED = 2
    DELETED = 3


class Priority(IntEnum):
    """How much a task matters; values are stored."""

    UNSPECIFIED = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that takes place. `leads` is how long before its start to remind; 0: at the start.

    `series_id` names the recurring event of which it is one occurrence, changed for itself alone,
    and `series_start` where it stood there.
    """

    event_id: str
    user_id: str
    title: str
    schedule: Schedule
    leads: tuple[timedelta, ...]
    create_time: datetime
    update_time: datetime
    place: str = ""
    participants: tuple[str, ...] = ()
    notes: str = ""
    series_id: str = ""
    series_start: datetime | None = None
    state: EventState = EventState.SCHEDULED
    version: int = 1
    revision: int = 1

    @property
    def is_open(self) -> bool:
        """Whether it can still take place."""
        return self.state is EventState.SCHEDULED

    def cancelled(self, now: datetime) -> Event:
        """Called off."""
        return replace(self, **_retimed(self, now), state=EventState.CANCELLED)

    def rescheduled(self, schedule: Schedule, now: datetime) -> Event:
        """At another time."""
        return replace(self, **_retimed(self, now), schedule=schedule)

    def edited(self, now: datetime, **values: Any) -> Event:
        """With other values, none of which moves a reminder."""
        return replace(self, **_revised(self, now), **values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something to do; `due_time` is the occurrence of its schedule that it stands at.

    `after_completion`: its next time counts from when it was done. `nag` above 0: it reminds again
    that long after each reminder. `series_id` and `series_start` as of an event.
    """

    task_id: str
    user_id: str
    number: int
    title: str
    create_time: datetime
    update_time: datetime
    list_name: str = DEFAULT_LIST
    schedule: Schedule | None = None
    due_time: datetime | None = None
    notes: str = ""
    priority: Priority = Priority.UNSPECIFIED
    after_completion: bool = False
    nag: timedelta = timedelta()
    series_id: str = ""
    series_start: datetime | None = None
    state: TaskState = TaskState.OPEN
    version: int = 1
    revision: int = 1

    @property
    def is_open(self) -> bool:
        """Whether it is still to do."""
        return self.state is TaskState.OPEN

    def completed(self, now: datetime) -> Task:
        """Done; a recurring one moves to its next time, while it has one."""
        changed = replace(self, **_retimed(self, now))
        if self.schedule is not None and self.schedule.recurrence and self.due_time is not None:
            if self.after_completion:
                schedule = self.schedule.anchored(now)
                return replace(changed, schedule=schedule, due_time=schedule.instant)
            following = self.schedule.next_start(max(self.due_time, now))
            if following is not None:
                return replace(changed, due_time=following)
        return replace(changed, state=TaskState.COMPLETED)

    def reopened(self, now: datetime) -> Task:
        """Not done after all."""
        return replace(self, **_retimed(self, now), state=TaskState.OPEN)

    def deleted(self, now: datetime) -> Task:
        """Off its list."""
        return replace(self, **_retimed(self, now), state=TaskState.DELETED)

    def edited(self, now: datetime, **values: Any) -> Task:
        """With other values, none of which moves a reminder."""
        return replace(self, **_revised(self, now), **values)

    def rescheduled(self, schedule: Schedule, now: datetime, *, said: datetime) -> Task:
        """Due at another time."""
        return replace(
            self,
            **_retimed(self, now),
            schedule=schedule,
            due_time=first_due(schedule, said),
        )


Item = Event | Task


def _revised(item: Item, now: datetime) -> dict[str, Any]:
    return {"revision": max(item.revision, item.version) + 1, "update_time": now}


def _retimed(item: Item, now: datetime) -> dict[str, Any]:
    revised = _revised(item, now)
    return {**revised, "version": revised["revision"]}


def restored(before: Item, current: Item, now: datetime) -> Item:
    """`before` again: as it was, its open reminders with it, but with a revision of its own."""
    return replace(before, **_revised(current, now))


def is_recurring(item: Item) -> bool:
    """Whether it stands at more than one time."""
    return item.schedule is not None and bool(item.schedule.recurrence)


def item_id(item: Item) -> str:
    """The id of either."""
    return item.task_id if isinstance(item, Task) else item.event_id


def named(item: Item) -> str:
    """The item as buttons and candidates name it: "task:ID" or "event:ID"."""
    return f"{'task' if isinstance(item, Task) else 'event'}:{item_id(item)}"


def first_due(schedule: Schedule, said: datetime) -> datetime:
    """The occurrence that a new task stands at: the first that is not over."""
    if not schedule.recurrence:
        return schedule.instant
    span = timedelta(days=1) if schedule.all_day else timedelta()
    following = schedule.next_start(said - span - timedelta(minutes=1))
    return following or schedule.instant
