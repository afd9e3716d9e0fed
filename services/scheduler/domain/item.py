"""Events and tasks, and the moves they can make. Every move raises their version."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that takes place. `leads` is how long before its start to remind."""

    event_id: str
    user_id: str
    title: str
    schedule: Schedule
    leads: tuple[timedelta, ...]
    create_time: datetime
    update_time: datetime
    place: str = ""
    participants: tuple[str, ...] = ()
    state: EventState = EventState.SCHEDULED
    version: int = 1

    @property
    def is_open(self) -> bool:
        """Whether it can still take place."""
        return self.state is EventState.SCHEDULED

    def cancelled(self, now: datetime) -> Event:
        """Called off."""
        return replace(self, state=EventState.CANCELLED, version=self.version + 1, update_time=now)

    def rescheduled(self, schedule: Schedule, now: datetime) -> Event:
        """At another time."""
        return replace(self, schedule=schedule, version=self.version + 1, update_time=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something to do; `due_time` is the occurrence of its schedule that it stands at."""

    task_id: str
    user_id: str
    number: int
    title: str
    create_time: datetime
    update_time: datetime
    list_name: str = DEFAULT_LIST
    schedule: Schedule | None = None
    due_time: datetime | None = None
    state: TaskState = TaskState.OPEN
    version: int = 1

    @property
    def is_open(self) -> bool:
        """Whether it is still to do."""
        return self.state is TaskState.OPEN

    def completed(self, now: datetime) -> Task:
        """Done; a recurring one moves to its next time, while it has one."""
        changed = replace(self, version=self.version + 1, update_time=now)
        if self.schedule is not None and self.schedule.recurrence and self.due_time is not None:
            following = self.schedule.next_start(max(self.due_time, now))
            if following is not None:
                return replace(changed, due_time=following)
        return replace(changed, state=TaskState.COMPLETED)

    def reopened(self, now: datetime) -> Task:
        """Not done after all."""
        return replace(self, state=TaskState.OPEN, version=self.version + 1, update_time=now)

    def deleted(self, now: datetime) -> Task:
        """Off its list."""
        return replace(self, state=TaskState.DELETED, version=self.version + 1, update_time=now)

    def rescheduled(self, schedule: Schedule, now: datetime, *, said: datetime) -> Task:
        """Due at another time."""
        return replace(
            self,
            schedule=schedule,
            due_time=first_due(schedule, said),
            version=self.version + 1,
            update_time=now,
        )


Item = Event | Task


def item_id(item: Item) -> str:
    """The id of either."""
    return item.task_id if isinstance(item, Task) else item.event_id


def first_due(schedule: Schedule, said: datetime) -> datetime:
    """The occurrence that a new task stands at: the first that is not over."""
    if not schedule.recurrence:
        return schedule.instant
    span = timedelta(days=1) if schedule.all_day else timedelta()
    following = schedule.next_start(said - span - timedelta(minutes=1))
    return following or schedule.instant
