"""Intents as the scheduler's changes."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from hark.scheduler.v1 import change_pb2
from services.ai.domain.intent import (
    AddEvent,
    AddTask,
    Cancel,
    CompleteTask,
    ItemReference,
    Move,
    RemindMe,
    ReopenTask,
    SetTimeZone,
    When,
)
from services.ai.domain.plan import Change


def to_proto(change: Change) -> change_pb2.Change:
    """One intent as one change."""
    match change:
        case RemindMe() | AddTask():
            return change_pb2.Change(
                add_task=change_pb2.AddTask(
                    title=change.title, when=_when(change.when), list_name=change.list_name
                )
            )
        case AddEvent():
            return change_pb2.Change(
                add_event=change_pb2.AddEvent(
                    title=_event_title(change),
                    when=_when(change.when),
                    place=change.place,
                    participants=change.people,
                )
            )
        case CompleteTask():
            return change_pb2.Change(complete_task=change_pb2.CompleteTask(item=_item(change.item)))
        case ReopenTask():
            return change_pb2.Change(reopen_task=change_pb2.ReopenTask(item=_item(change.item)))
        case Cancel():
            return change_pb2.Change(cancel_item=change_pb2.CancelItem(item=_item(change.item)))
        case Move():
            return change_pb2.Change(
                move_item=change_pb2.MoveItem(item=_item(change.item), when=_when(change.when))
            )
        case SetTimeZone():
            return change_pb2.Change(
                set_time_zone=change_pb2.SetTimeZone(time_zone=change.time_zone)
            )
        case _:
            assert_never(change)


def _event_title(event: AddEvent) -> str:
    """ "dinner with Grace": what the person called it, not what is left without the people."""
    missing = [name for name in event.people if name not in event.title]
    if not missing:
        return event.title
    *others, last = missing
    people = f"{', '.join(others)} and {last}" if others else last
    return f"{event.title} with {people}"


def _when(when: When | None) -> change_pb2.When | None:
    if when is None:
        return None
    made = change_pb2.When(recurrence=when.rrule)
    if when.instant_offset is not None:
        made.after.FromTimedelta(when.instant_offset)
    elif when.time_of_day:
        made.local_time = _wall(when.start)
    else:
        made.local_date = when.start.date().isoformat()
    if when.end is not None and when.instant_offset is None:
        made.local_end = _wall(when.end) if when.time_of_day else when.end.date().isoformat()
    return made


def _wall(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="seconds")


def _item(item: ItemReference) -> change_pb2.ItemReference:
    return change_pb2.ItemReference(
        number=item.number or 0, words=item.words, when=_when(item.when), is_last=item.is_last
    )
