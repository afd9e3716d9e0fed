"""Changes and times from the wire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hark.scheduler.v1 import change_pb2, event_pb2, task_pb2
from services.scheduler.domain.change import (
    AddEvent,
    AddTask,
    CancelItem,
    Change,
    CompleteTask,
    MoveItem,
    ReopenTask,
    Undo,
)
from services.scheduler.domain.when import When
from services.scheduler.servicer import edits, fields, settings
from services.scheduler.servicer.checks import Checks
from services.scheduler.servicer.references import item, part, when

MOST_CHANGES = 20


def changes(given: Sequence[change_pb2.Change], checks: Checks) -> Sequence[Change]:
    """The changes of an utterance."""
    if not 1 <= len(given) <= MOST_CHANGES:
        checks.refuse("changes", f"must be 1 to {MOST_CHANGES}")
        return ()
    found = [_change(each, checks, f"changes[{index}]") for index, each in enumerate(given)]
    return [each for each in found if each is not None]


def _change(given: change_pb2.Change, checks: Checks, field: str) -> Change | None:
    kind = given.WhichOneof("change")
    match kind:
        case "add_task":
            return _add_task(given.add_task, checks, f"{field}.{kind}")
        case "add_event":
            return _add_event(given.add_event, checks, f"{field}.{kind}")
        case "complete_task":
            return CompleteTask(item=item(given.complete_task.item, checks, f"{field}.{kind}"))
        case "reopen_task":
            return ReopenTask(item=item(given.reopen_task.item, checks, f"{field}.{kind}"))
        case "cancel_item":
            return _cancel_item(given.cancel_item, checks, f"{field}.{kind}")
        case "move_item":
            return _move_item(given.move_item, checks, f"{field}.{kind}")
        case "edit_item":
            return edits.edit_item(given.edit_item, checks, f"{field}.{kind}")
        case "snooze_item":
            return edits.snooze_item(given.snooze_item, checks, f"{field}.{kind}")
        case "undo":
            return undo(given.undo.change_request_id, checks, f"{field}.{kind}")
        case "set_time_zone":
            return settings.of_time_zone(given.set_time_zone.time_zone)
        case "set_preferences":
            asked = given.set_preferences
            return settings.change(
                asked.preferences, asked.update_mask.paths, checks, f"{field}.{kind}"
            )
        case _:
            checks.refuse(field, "must say what to change")
            return None


def undo(change_request_id: str, checks: Checks, field: str) -> Undo:
    """The taking back of a change, the last one where none is named."""
    if not change_request_id:
        return Undo()
    return Undo(change_request_id=checks.uuid(f"{field}.change_request_id", change_request_id))


def _cancel_item(given: change_pb2.CancelItem, checks: Checks, field: str) -> CancelItem:
    occurrence = given.occurrence if given.HasField("occurrence") else None
    return CancelItem(
        item=item(given.item, checks, field), part=part(given.scope, occurrence, checks, field)
    )


def _move_item(given: change_pb2.MoveItem, checks: Checks, field: str) -> MoveItem:
    occurrence = given.occurrence if given.HasField("occurrence") else None
    return MoveItem(
        item=item(given.item, checks, field),
        when=when(given.when, checks, f"{field}.when"),
        part=part(given.scope, occurrence, checks, field),
    )


def _add_task(given: change_pb2.AddTask, checks: Checks, field: str) -> AddTask:
    return AddTask(
        title=fields.title(given.title, checks, f"{field}.title"),
        when=when(given.when, checks, f"{field}.when") if given.HasField("when") else None,
        list_name=fields.list_name(given.list_name, checks, f"{field}.list_name"),
        notes=fields.notes(given.notes, checks, f"{field}.notes"),
        priority=fields.priority(given.priority, checks, f"{field}.priority"),
        after_completion=given.repeats_after_completion,
        nag=fields.nag(given.nag, checks, f"{field}.nag"),
    )


def _add_event(given: change_pb2.AddEvent, checks: Checks, field: str) -> AddEvent:
    return AddEvent(
        title=fields.title(given.title, checks, f"{field}.title"),
        when=when(given.when, checks, f"{field}.when"),
        place=fields.place(given.place, checks, f"{field}.place"),
        participants=fields.participants(given.participants, checks, f"{field}.participants"),
        notes=fields.notes(given.notes, checks, f"{field}.notes"),
        leads=checks.leads(f"{field}.reminder_leads", list(given.reminder_leads)) or None,
        at_start=given.remind_at_start,
    )


def created_event(event: event_pb2.Event, given: change_pb2.When, checks: Checks) -> AddEvent:
    """The event of a `CreateEvent`."""
    return AddEvent(
        title=fields.title(event.title, checks, "event.title"),
        when=_with_rule(when(given, checks, "when"), event.recurrence, checks, "event"),
        place=fields.place(event.place, checks, "event.place"),
        participants=fields.participants(event.participants, checks, "event.participants"),
        notes=fields.notes(event.notes, checks, "event.notes"),
        leads=checks.leads("event.reminder_leads", list(event.reminder_leads)) or None,
        at_start=event.remind_at_start,
    )


def created_task(task: task_pb2.Task, given: change_pb2.When | None, checks: Checks) -> AddTask:
    """The task of a `CreateTask`."""
    due = None if given is None else when(given, checks, "when")
    if due is None and task.recurrence:
        checks.refuse("when", "must say when a recurring task is first due")
    if due is not None:
        due = _with_rule(due, task.recurrence, checks, "task")
    return AddTask(
        title=fields.title(task.title, checks, "task.title"),
        when=due,
        list_name=fields.list_name(task.list_name, checks, "task.list_name"),
        notes=fields.notes(task.notes, checks, "task.notes"),
        priority=fields.priority(task.priority, checks, "task.priority"),
        after_completion=task.repeats_after_completion,
        nag=fields.nag(task.nag, checks, "task.nag"),
    )


def _with_rule(given: When, rule: str, checks: Checks, field: str) -> When:
    if rule and given.recurrence and rule != given.recurrence:
        checks.refuse(f"{field}.recurrence", "must not differ from that of `when`")
    return replace(given, recurrence=given.recurrence or rule)
