"""Intents as the scheduler's changes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import assert_never

from hark.scheduler.v1 import change_pb2, preferences_pb2, task_pb2
from services.ai.domain.describe import event_title
from services.ai.domain.intent import (
    AddEvent,
    AddTask,
    Cancel,
    CompleteTask,
    EditItem,
    ItemReference,
    Move,
    RemindMe,
    ReopenTask,
    SetPreferences,
    SetTimeZone,
    Snooze,
    Undo,
    When,
)
from services.ai.domain.plan import Change

_PRIORITIES = {"low": task_pb2.PRIORITY_LOW, "high": task_pb2.PRIORITY_HIGH}
_SCOPES = {
    "this": change_pb2.SCOPE_THIS,
    "following": change_pb2.SCOPE_THIS_AND_FOLLOWING,
    "all": change_pb2.SCOPE_ALL,
}
_OFF = "off"
_WEEKLY_TIME = "18:00"


def to_proto(change: Change) -> change_pb2.Change:
    """One intent as one change."""
    match change:
        case RemindMe() | AddTask():
            return change_pb2.Change(add_task=_task(change))
        case AddEvent():
            return change_pb2.Change(add_event=_event(change))
        case CompleteTask():
            return change_pb2.Change(complete_task=change_pb2.CompleteTask(item=_item(change.item)))
        case ReopenTask():
            return change_pb2.Change(reopen_task=change_pb2.ReopenTask(item=_item(change.item)))
        case Cancel():
            cancel = change_pb2.CancelItem(item=_item(change.item), scope=_scope(change.scope))
            return change_pb2.Change(cancel_item=cancel)
        case Move():
            move = change_pb2.MoveItem(
                item=_item(change.item), when=_when(change.when), scope=_scope(change.scope)
            )
            return change_pb2.Change(move_item=move)
        case EditItem():
            return change_pb2.Change(edit_item=_edit(change))
        case Snooze():
            snooze = change_pb2.SnoozeItem(item=_item(change.item), when=_when(change.when))
            return change_pb2.Change(snooze_item=snooze)
        case SetTimeZone():
            zone = change_pb2.SetTimeZone(time_zone=change.time_zone)
            return change_pb2.Change(set_time_zone=zone)
        case SetPreferences():
            return change_pb2.Change(set_preferences=_preferences(change))
        case Undo():
            return change_pb2.Change(undo=change_pb2.Undo(change_request_id=change.change))
        case _:
            assert_never(change)


def _task(task: RemindMe | AddTask) -> change_pb2.AddTask:
    made = change_pb2.AddTask(
        title=task.title,
        when=_when(task.when),
        list_name=task.list_name,
        priority=_PRIORITIES.get(task.priority, task_pb2.PRIORITY_UNSPECIFIED),
    )
    if isinstance(task, AddTask):
        made.notes = task.notes
        made.repeats_after_completion = task.repeats_after_completion
    elif task.nag_minutes > 0:
        made.nag.FromTimedelta(timedelta(minutes=task.nag_minutes))
    return made


def _event(event: AddEvent) -> change_pb2.AddEvent:
    made = change_pb2.AddEvent(
        title=event_title(event),
        when=_when(event.when),
        place=event.place,
        participants=event.people,
        remind_at_start=0 in event.reminder_minutes,
    )
    for minutes in event.reminder_minutes:
        if minutes > 0:
            made.reminder_leads.add().FromTimedelta(timedelta(minutes=minutes))
    return made


def _edit(edit: EditItem) -> change_pb2.EditItem:
    made = change_pb2.EditItem(item=_item(edit.item), participants=edit.people)
    for name in ("title", "place", "notes", "list_name"):
        if value := getattr(edit, name):
            setattr(made, name, value)
    if edit.priority in _PRIORITIES:
        made.priority = _PRIORITIES[edit.priority]
    return made


def _preferences(wanted: SetPreferences) -> change_pb2.SetPreferences:
    made = change_pb2.SetPreferences()
    given, mask = made.preferences, made.update_mask.paths
    if wanted.digest_time:
        given.digest_time = "" if wanted.digest_time == _OFF else wanted.digest_time
        mask.append("digest_time")
    if wanted.weekly_digest:
        if wanted.weekly_digest != _OFF:
            given.weekly_digest.day = preferences_pb2.DAY_OF_WEEK_SUNDAY
            given.weekly_digest.time = _WEEKLY_TIME
        mask.append("weekly_digest")
    if wanted.quiet_from or wanted.quiet_until:
        if wanted.quiet_from != _OFF:
            given.quiet_hours.start_time = wanted.quiet_from or "22:00"
            given.quiet_hours.end_time = wanted.quiet_until or "07:00"
        mask.append("quiet_hours")
    if wanted.language:
        given.locale = wanted.language
        mask.append("locale")
    if wanted.hour_cycle in (12, 24):
        given.hour_cycle = (
            preferences_pb2.Preferences.HOUR_CYCLE_H12
            if wanted.hour_cycle == 12
            else preferences_pb2.Preferences.HOUR_CYCLE_H24
        )
        mask.append("hour_cycle")
    if day := wanted.first_day_of_week.upper():
        given.first_day_of_week = preferences_pb2.DayOfWeek.Value(f"DAY_OF_WEEK_{day}")
        mask.append("first_day_of_week")
    return made


def _scope(scope: str) -> change_pb2.Scope.ValueType:
    return _SCOPES.get(scope, change_pb2.SCOPE_UNSPECIFIED)


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
    kind, _, item_id = item.id.partition(":")
    return change_pb2.ItemReference(
        number=item.number or 0,
        words=item.words,
        when=_when(item.when),
        is_last=item.is_last,
        task_id=item_id if kind == "task" else "",
        event_id=item_id if kind == "event" else "",
    )
