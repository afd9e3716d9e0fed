"""New items, and items with other words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from services.scheduler.domain.change import AddEvent, AddTask, EditItem
from services.scheduler.domain.errors import EtagMismatch, invalid
from services.scheduler.domain.item import Event, Item, Task, first_due
from services.scheduler.domain.preferences import Preferences
from services.scheduler.domain.schedule import Schedule
from services.scheduler.domain.when import resolved

_AT_START = timedelta()
_EVENT_ONLY = ("place", "participants", "leads", "at_start")
_TASK_ONLY = ("list_name", "priority", "nag", "after_completion")
_WORDS = ("title", "place", "notes", "participants", "list_name", "priority")


def new_task(
    change: AddTask, task_id: str, user_id: str, number: int, zone: str, said: datetime
) -> Task:
    """A task as it was asked for at `said`, by someone in `zone`."""
    schedule = None
    if change.when is not None:
        schedule = resolved(change.when, said=said, time_zone=zone)
    if change.after_completion:
        check_after_completion(schedule)
    return Task(
        task_id=task_id,
        user_id=user_id,
        number=number,
        title=change.title,
        list_name=change.list_name,
        notes=change.notes,
        priority=change.priority,
        after_completion=change.after_completion,
        nag=change.nag,
        schedule=schedule,
        due_time=first_due(schedule, said) if schedule else None,
        create_time=said,
        update_time=said,
    )


def new_event(
    change: AddEvent, event_id: str, user_id: str, preferences: Preferences, said: datetime
) -> Event:
    """An event as it was asked for at `said`."""
    leads = preferences.reminder_leads if change.leads is None else change.leads
    return Event(
        event_id=event_id,
        user_id=user_id,
        title=change.title,
        schedule=resolved(change.when, said=said, time_zone=preferences.time_zone),
        leads=_with_start(leads, at_start=change.at_start or _AT_START in leads),
        place=change.place,
        participants=change.participants,
        notes=change.notes,
        create_time=said,
        update_time=said,
    )


def check_etag(item: Item, change: EditItem) -> None:
    """Raises EtagMismatch where the item is not as the caller has seen it."""
    if change.etag and change.etag != str(item.revision):
        raise EtagMismatch(metadata={"etag": str(item.revision)})


def is_retimed(item: Item, change: EditItem) -> bool:
    """Whether its reminders change."""
    if isinstance(item, Event):
        return _leads(item, change) != item.leads
    return change.nag not in (None, item.nag) or change.after_completion not in (
        None,
        item.after_completion,
    )


def edited(item: Item, change: EditItem, now: datetime) -> Item:
    """The item with its new words and reminders; its time stays.

    Raises InvalidArgument for what this kind of item does not have.
    """
    _check_fields(item, change)
    values: dict[str, Any] = {
        name: value for name in _WORDS if (value := getattr(change, name)) is not None
    }
    if isinstance(item, Event):
        return _rewound(item.edited(now, **values, leads=_leads(item, change)), item, change)
    if change.nag is not None:
        values["nag"] = change.nag
    if change.after_completion is not None:
        values["after_completion"] = change.after_completion
        if change.after_completion:
            check_after_completion(item.schedule)
    return _rewound(item.edited(now, **values), item, change)


def check_after_completion(schedule: Schedule | None) -> None:
    """Raises InvalidArgument where a task cannot repeat after it was done."""
    keys = {part.partition("=")[0] for part in schedule.recurrence.split(";")} if schedule else ()
    if not keys or not set(keys) <= {"FREQ", "INTERVAL"}:
        raise invalid("repeats_after_completion", "needs a recurrence of FREQ and INTERVAL alone")


def _rewound(after: Item, before: Item, change: EditItem) -> Item:
    """With a version of its own where the reminders of before no longer hold."""
    return replace(after, version=after.revision) if is_retimed(before, change) else after


def _check_fields(item: Item, change: EditItem) -> None:
    foreign = _TASK_ONLY if isinstance(item, Event) else _EVENT_ONLY
    for name in foreign:
        if getattr(change, name) is not None:
            kind = "an event" if isinstance(item, Event) else "a task"
            raise invalid(name, f"is nothing that {kind} has")


def _leads(event: Event, change: EditItem) -> tuple[timedelta, ...]:
    leads = event.leads
    if change.leads is not None:
        leads = tuple(each for each in change.leads if each != _AT_START)
        leads += (_AT_START,) if _AT_START in (*event.leads, *change.leads) else ()
    at_start = _AT_START in leads if change.at_start is None else change.at_start
    return _with_start(leads, at_start=at_start)


def _with_start(leads: tuple[timedelta, ...], *, at_start: bool) -> tuple[timedelta, ...]:
    """Each lead once; the start itself last, where it is reminded of."""
    rest = tuple(dict.fromkeys(lead for lead in leads if lead != _AT_START))
    return (*rest, _AT_START) if at_start else rest
