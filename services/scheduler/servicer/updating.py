"""Methods that change what exists, one thing at a time."""

from __future__ import annotations

from typing import Any

import grpc

from hark.scheduler.v1.scheduler_service_pb2 import (
    CancelEventRequest,
    CancelEventResponse,
    CompleteTaskRequest,
    CompleteTaskResponse,
    DeleteTaskRequest,
    DeleteTaskResponse,
    ReopenTaskRequest,
    ReopenTaskResponse,
    SnoozeReminderRequest,
    SnoozeReminderResponse,
    UndoChangeRequest,
    UndoChangeResponse,
    UpdateEventRequest,
    UpdateEventResponse,
    UpdateTaskRequest,
    UpdateTaskResponse,
)
from services.scheduler.domain.change import CancelItem, CompleteTask, ReopenTask, SnoozeItem
from services.scheduler.domain.errors import EventNotFound, TaskNotFound
from services.scheduler.domain.reference import Reference
from services.scheduler.servicer import answers, edits, references, requests
from services.scheduler.servicer.changing import ChangingServicer
from services.scheduler.servicer.checks import Checks

Context = grpc.aio.ServicerContext[Any, Any]


class UpdatingServicer(ChangingServicer):
    """Translates; decides nothing."""

    async def UpdateEvent(
        self, request: UpdateEventRequest, context: Context
    ) -> UpdateEventResponse:
        """Changes what the mask names."""
        checks = Checks()
        change = edits.updated_event(request, checks)
        missing = EventNotFound(metadata={"event_id": change.item.event_id})
        shown = await self._changed(request, request.user_id, change, checks, missing)
        return UpdateEventResponse(event=answers.event(shown))

    async def CancelEvent(
        self, request: CancelEventRequest, context: Context
    ) -> CancelEventResponse:
        """Calls an event off, or a part of it."""
        checks = Checks()
        event_id = checks.uuid("event_id", request.event_id)
        occurrence = request.occurrence if request.HasField("occurrence") else None
        change = CancelItem(
            item=Reference(event_id=event_id),
            part=references.part(request.scope, occurrence, checks, ""),
        )
        missing = EventNotFound(metadata={"event_id": event_id})
        shown = await self._changed(request, request.user_id, change, checks, missing)
        return CancelEventResponse(event=answers.event(shown))

    async def UpdateTask(self, request: UpdateTaskRequest, context: Context) -> UpdateTaskResponse:
        """Changes what the mask names."""
        checks = Checks()
        change = edits.updated_task(request, checks)
        missing = TaskNotFound(metadata={"task_id": change.item.task_id})
        shown = await self._changed(request, request.user_id, change, checks, missing)
        return UpdateTaskResponse(task=answers.task(shown))

    async def CompleteTask(
        self, request: CompleteTaskRequest, context: Context
    ) -> CompleteTaskResponse:
        """Marks a task as done."""
        checks = Checks()
        task_id = checks.uuid("task_id", request.task_id)
        change = CompleteTask(item=Reference(task_id=task_id))
        missing = TaskNotFound(metadata={"task_id": task_id})
        shown = await self._changed(request, request.user_id, change, checks, missing)
        return CompleteTaskResponse(task=answers.task(shown))

    async def ReopenTask(self, request: ReopenTaskRequest, context: Context) -> ReopenTaskResponse:
        """Marks a task as not done after all."""
        checks = Checks()
        task_id = checks.uuid("task_id", request.task_id)
        change = ReopenTask(item=Reference(task_id=task_id))
        missing = TaskNotFound(metadata={"task_id": task_id})
        shown = await self._changed(request, request.user_id, change, checks, missing)
        return ReopenTaskResponse(task=answers.task(shown))

    async def DeleteTask(self, request: DeleteTaskRequest, context: Context) -> DeleteTaskResponse:
        """Takes a task off its list."""
        checks = Checks()
        task_id = checks.uuid("task_id", request.task_id)
        change = CancelItem(item=Reference(task_id=task_id))
        missing = TaskNotFound(metadata={"task_id": task_id})
        shown = await self._changed(request, request.user_id, change, checks, missing)
        return DeleteTaskResponse(task=answers.task(shown))

    async def SnoozeReminder(
        self, request: SnoozeReminderRequest, context: Context
    ) -> SnoozeReminderResponse:
        """Has a reminder come again later."""
        checks = Checks()
        reference = references.item(request.item, checks, "")
        if not (reference.task_id or reference.event_id):
            checks.refuse("item", "must have a task_id or an event_id")
        change = SnoozeItem(item=reference, when=references.when(request.when, checks, "when"))
        missing = (
            TaskNotFound(metadata={"task_id": reference.task_id})
            if reference.task_id
            else EventNotFound(metadata={"event_id": reference.event_id})
        )
        applied = await self._apply_quietly(request, request.user_id, change, checks, missing)
        made = SnoozeReminderResponse(started_reminder_count=applied.started)
        for remark in applied.remarks:
            if remark.reminder_time is not None:
                made.reminder_time.FromDatetime(remark.reminder_time)
        return made

    async def UndoChange(self, request: UndoChangeRequest, context: Context) -> UndoChangeResponse:
        """Takes the last change back."""
        checks = Checks()
        change = requests.undo(request.change_request_id, checks, "")
        applied = await self._apply_quietly(request, request.user_id, change, checks)
        return UndoChangeResponse(
            results=await self._results(applied), started_reminder_count=applied.started
        )
