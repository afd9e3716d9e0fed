"""Changes of what exists, from the wire."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask

from hark.scheduler.v1 import change_pb2, event_pb2, task_pb2
from hark.scheduler.v1.scheduler_service_pb2 import UpdateEventRequest, UpdateTaskRequest
from services.scheduler.domain.change import EditItem, SnoozeItem
from services.scheduler.domain.reference import Reference
from services.scheduler.domain.when import When
from services.scheduler.servicer import fields
from services.scheduler.servicer.checks import Checks
from services.scheduler.servicer.references import item, part, when

_EVENT_PATHS = frozenset(
    {"title", "place", "notes", "participants", "reminder_leads", "remind_at_start", "when"}
)
_TASK_PATHS = frozenset(
    {"title", "list_name", "notes", "priority", "nag", "repeats_after_completion", "when"}
)
_WORDS = frozenset({"title", "place", "notes", "list_name", "priority", "participants"})
_LONGEST_ETAG = 20


def edit_item(given: change_pb2.EditItem, checks: Checks, field: str) -> EditItem:
    """New words for something."""
    # Also what was set to nothing: these fields know whether they were set.
    said = {descriptor.name for descriptor, _ in given.ListFields()}
    if not said & _WORDS:
        checks.refuse(field, "must say what to change")
    occurrence = given.occurrence if "occurrence" in said else None
    return EditItem(
        item=item(given.item, checks, field),
        title=fields.title(given.title, checks, f"{field}.title") if "title" in said else None,
        place=fields.place(given.place, checks, f"{field}.place") if "place" in said else None,
        notes=fields.notes(given.notes, checks, f"{field}.notes") if "notes" in said else None,
        list_name=fields.list_name(given.list_name, checks, f"{field}.list_name")
        if "list_name" in said
        else None,
        priority=fields.priority(given.priority, checks, f"{field}.priority")
        if "priority" in said
        else None,
        participants=fields.participants(given.participants, checks, f"{field}.participants")
        or None,
        part=part(given.scope, occurrence, checks, field),
    )


def snooze_item(given: change_pb2.SnoozeItem, checks: Checks, field: str) -> SnoozeItem:
    """A reminder that comes later."""
    return SnoozeItem(
        item=item(given.item, checks, field), when=when(given.when, checks, f"{field}.when")
    )


def updated_event(request: UpdateEventRequest, checks: Checks) -> EditItem:
    """The change of an `UpdateEvent`."""
    event = request.event
    paths = _paths(request.update_mask, _EVENT_PATHS, checks)
    reference = Reference(event_id=checks.uuid("event.event_id", event.event_id))
    return _edit(request, reference, _event_values(event, paths, checks), event.etag, checks)


def updated_task(request: UpdateTaskRequest, checks: Checks) -> EditItem:
    """The change of an `UpdateTask`."""
    task = request.task
    paths = _paths(request.update_mask, _TASK_PATHS, checks)
    reference = Reference(task_id=checks.uuid("task.task_id", task.task_id))
    return _edit(request, reference, _task_values(task, paths, checks), task.etag, checks)


def _edit(
    request: UpdateEventRequest | UpdateTaskRequest,
    reference: Reference,
    values: Mapping[str, Any],
    etag: str,
    checks: Checks,
) -> EditItem:
    if len(etag) > _LONGEST_ETAG:
        checks.refuse("etag", "must be that of the item as it was read")
    occurrence = request.occurrence if request.HasField("occurrence") else None
    return EditItem(
        item=reference,
        etag=etag,
        when=_new_time(request, checks),
        part=part(request.scope, occurrence, checks, ""),
        **values,
    )


def _new_time(request: UpdateEventRequest | UpdateTaskRequest, checks: Checks) -> When | None:
    if "when" not in request.update_mask.paths:
        if request.HasField("when"):
            checks.refuse("update_mask", "must name `when`, which is set")
        return None
    if not request.HasField("when"):
        checks.refuse("when", "must be set, because update_mask names it")
        return None
    return when(request.when, checks, "when")


def _event_values(
    event: event_pb2.Event, paths: Collection[str], checks: Checks
) -> Mapping[str, Any]:
    made: dict[str, Any] = {}
    if "title" in paths:
        made["title"] = fields.title(event.title, checks, "event.title")
    if "place" in paths:
        made["place"] = fields.place(event.place, checks, "event.place")
    if "notes" in paths:
        made["notes"] = fields.notes(event.notes, checks, "event.notes")
    if "participants" in paths:
        made["participants"] = fields.participants(event.participants, checks, "event.participants")
    if "reminder_leads" in paths:
        made["leads"] = checks.leads("event.reminder_leads", list(event.reminder_leads))
    if "remind_at_start" in paths:
        made["at_start"] = event.remind_at_start
    return made


def _task_values(task: task_pb2.Task, paths: Collection[str], checks: Checks) -> Mapping[str, Any]:
    made: dict[str, Any] = {}
    if "title" in paths:
        made["title"] = fields.title(task.title, checks, "task.title")
    if "list_name" in paths:
        made["list_name"] = fields.list_name(task.list_name, checks, "task.list_name")
    if "notes" in paths:
        made["notes"] = fields.notes(task.notes, checks, "task.notes")
    if "priority" in paths:
        made["priority"] = fields.priority(task.priority, checks, "task.priority")
    if "nag" in paths:
        made["nag"] = fields.nag(task.nag, checks, "task.nag")
    if "repeats_after_completion" in paths:
        made["after_completion"] = task.repeats_after_completion
    return made


def _paths(mask: FieldMask, allowed: Collection[str], checks: Checks) -> frozenset[str]:
    if not mask.paths:
        checks.refuse("update_mask", "must name what to change")
    for path in mask.paths:
        if path not in allowed:
            checks.refuse("update_mask", f"may name {', '.join(sorted(allowed))}")
    return frozenset(mask.paths)
