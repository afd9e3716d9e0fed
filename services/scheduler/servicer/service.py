"""Serves `hark.scheduler.v1.SchedulerService`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import grpc
from google.protobuf.message import Message

from chassis.clock import Clock
from chassis.errors import ServiceError
from hark.scheduler.v1.scheduler_service_pb2 import (
    ApplyRequest,
    ApplyResponse,
    CancelEventRequest,
    CancelEventResponse,
    CompleteTaskRequest,
    CompleteTaskResponse,
    CreateEventRequest,
    CreateEventResponse,
    CreateTaskRequest,
    CreateTaskResponse,
    DeleteTaskRequest,
    DeleteTaskResponse,
    GetEventRequest,
    GetEventResponse,
    GetPreferencesRequest,
    GetPreferencesResponse,
    GetTaskRequest,
    GetTaskResponse,
    ListAgendaRequest,
    ListAgendaResponse,
    ListEventsRequest,
    ListEventsResponse,
    ListTasksRequest,
    ListTasksResponse,
    UpdatePreferencesRequest,
    UpdatePreferencesResponse,
)
from hark.scheduler.v1.scheduler_service_pb2_grpc import SchedulerServiceServicer
from services.scheduler.domain.change import (
    CancelItem,
    Change,
    CompleteTask,
    SetPreferences,
)
from services.scheduler.domain.errors import (
    EventNotFound,
    TaskNotFound,
)
from services.scheduler.domain.item import item_id
from services.scheduler.domain.notice import request_id as notice_request_id
from services.scheduler.domain.reference import Reference
from services.scheduler.domain.wording import is_locale
from services.scheduler.servicer import answers, requests
from services.scheduler.servicer.checks import Checks, event_page_token
from services.scheduler.usecases.applying import Applied, Applying, Request, confirmation_id
from services.scheduler.usecases.reading import Reading, Shown

_LONGEST_ANSWER = 2000

Context = grpc.aio.ServicerContext[Any, Any]


class SchedulerServicer(SchedulerServiceServicer):
    """Translates; decides nothing."""

    def __init__(self, applying: Applying, reading: Reading, clock: Clock) -> None:
        self._applying = applying
        self._reading = reading
        self._clock = clock

    async def Apply(self, request: ApplyRequest, context: Context) -> ApplyResponse:
        """Applies what one utterance asks for."""
        checks = Checks()
        said = checks.moment(
            "message_time", request.message_time, is_set=request.HasField("message_time")
        )
        answer = request.answer.strip()
        if len(answer) > _LONGEST_ANSWER:
            checks.refuse("answer", f"must have at most {_LONGEST_ANSWER} characters")
        message_id = checks.message_id("message_id", request.message_id)
        wanted = Request(
            user_id=checks.uuid("user_id", request.user_id),
            request_id=checks.uuid("request_id", request.request_id),
            body=_body(request),
            # A phone's clock may run ahead; nobody speaks in the future.
            said=min(said, self._clock.now()),
            changes=requests.changes(request.changes, checks),
        )
        checks.close()
        applied = await self._applying.apply(wanted, message_id=message_id, answer=answer)
        return ApplyResponse(
            results=[answers.result(shown) for shown in await self._shown(applied)],
            confirmation_request_id=notice_request_id(confirmation_id(wanted.request_id), None),
            started_reminder_count=applied.started,
        )

    async def CreateEvent(
        self, request: CreateEventRequest, context: Context
    ) -> CreateEventResponse:
        """Creates an event."""
        checks = Checks()
        change = requests.created_event(request.event, request.when, checks)
        shown = await self._changed(request, request.user_id, change, checks)
        return CreateEventResponse(event=answers.event(shown))

    async def GetEvent(self, request: GetEventRequest, context: Context) -> GetEventResponse:
        """Reads one event."""
        checks = Checks()
        user_id = checks.uuid("user_id", request.user_id)
        event_id = checks.uuid("event_id", request.event_id)
        checks.close()
        return GetEventResponse(event=answers.event(await self._reading.event(user_id, event_id)))

    async def ListEvents(self, request: ListEventsRequest, context: Context) -> ListEventsResponse:
        """Lists events by start."""
        checks = Checks()
        user_id = checks.uuid("user_id", request.user_id)
        limit = checks.page_size(request.page_size)
        after = checks.event_page(request.page_token)
        checks.close()
        found, more = await self._reading.events(
            user_id, cancelled=request.include_cancelled, after=after, limit=limit
        )
        token = _next_event(found[-1]) if more else ""
        return ListEventsResponse(
            events=[answers.event(each) for each in found], next_page_token=token
        )

    async def CancelEvent(
        self, request: CancelEventRequest, context: Context
    ) -> CancelEventResponse:
        """Calls an event off."""
        checks = Checks()
        event_id = checks.uuid("event_id", request.event_id)
        change = CancelItem(item=Reference(event_id=event_id))
        missing = EventNotFound(metadata={"event_id": event_id})
        shown = await self._changed(request, request.user_id, change, checks, missing)
        return CancelEventResponse(event=answers.event(shown))

    async def CreateTask(self, request: CreateTaskRequest, context: Context) -> CreateTaskResponse:
        """Creates a task."""
        checks = Checks()
        given = request.when if request.HasField("when") else None
        change = requests.created_task(request.task, given, checks)
        shown = await self._changed(request, request.user_id, change, checks)
        return CreateTaskResponse(task=answers.task(shown))

    async def GetTask(self, request: GetTaskRequest, context: Context) -> GetTaskResponse:
        """Reads one task."""
        checks = Checks()
        user_id = checks.uuid("user_id", request.user_id)
        task_id = checks.uuid("task_id", request.task_id)
        checks.close()
        return GetTaskResponse(task=answers.task(await self._reading.task(user_id, task_id)))

    async def ListTasks(self, request: ListTasksRequest, context: Context) -> ListTasksResponse:
        """Lists tasks by number."""
        checks = Checks()
        user_id = checks.uuid("user_id", request.user_id)
        list_name = checks.text(
            "list_name", request.list_name, requests.LONGEST_LIST, required=False
        )
        limit = checks.page_size(request.page_size)
        after = checks.task_page(request.page_token)
        checks.close()
        found, more = await self._reading.tasks(
            user_id,
            list_name=list_name,
            completed=request.include_completed,
            after=after,
            limit=limit,
        )
        tasks = [answers.task(each) for each in found]
        token = str(tasks[-1].number) if more else ""
        return ListTasksResponse(tasks=tasks, next_page_token=token)

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

    async def DeleteTask(self, request: DeleteTaskRequest, context: Context) -> DeleteTaskResponse:
        """Takes a task off its list."""
        checks = Checks()
        task_id = checks.uuid("task_id", request.task_id)
        change = CancelItem(item=Reference(task_id=task_id))
        missing = TaskNotFound(metadata={"task_id": task_id})
        shown = await self._changed(request, request.user_id, change, checks, missing)
        return DeleteTaskResponse(task=answers.task(shown))

    async def ListAgenda(self, request: ListAgendaRequest, context: Context) -> ListAgendaResponse:
        """Lists what stands between two days."""
        checks = Checks()
        user_id = checks.uuid("user_id", request.user_id)
        first = checks.day("start_date", request.start_date)
        last = checks.day("end_date", request.end_date)
        limit = checks.page_size(request.page_size)
        checks.close()
        lines, more = await self._reading.agenda(user_id, first, last, limit=limit)
        return ListAgendaResponse(
            items=[answers.agenda_item(line) for line in lines], has_more=more
        )

    async def GetPreferences(
        self, request: GetPreferencesRequest, context: Context
    ) -> GetPreferencesResponse:
        """Reads how a person likes to be served."""
        checks = Checks()
        user_id = checks.uuid("user_id", request.user_id)
        checks.close()
        found = await self._reading.preferences(
            user_id,
            time_zone_guess=request.time_zone_guess,
            locale_guess=request.locale_guess,
        )
        return GetPreferencesResponse(preferences=answers.preferences(user_id, found))

    async def UpdatePreferences(
        self, request: UpdatePreferencesRequest, context: Context
    ) -> UpdatePreferencesResponse:
        """Sets what is set."""
        checks = Checks()
        given = request.preferences
        if given.locale and not is_locale(given.locale):
            checks.refuse("preferences.locale", "must be a BCP 47 tag such as en-US")
        change = SetPreferences(
            time_zone=given.time_zone or None,
            locale=given.locale or None,
            leads=checks.leads("preferences.reminder_leads", list(given.reminder_leads)) or None,
        )
        if change == SetPreferences():
            checks.refuse("preferences", "must set something")
        applied = await self._apply_quietly(request, request.user_id, change, checks)
        return UpdatePreferencesResponse(
            preferences=answers.preferences(request.user_id, applied.preferences)
        )

    async def _changed(
        self,
        request: Any,
        user_id: str,
        change: Change,
        checks: Checks,
        missing: ServiceError | None = None,
    ) -> Shown:
        applied = await self._apply_quietly(request, user_id, change, checks, missing)
        (shown,) = await self._shown(applied)
        if shown is None:
            raise TypeError("this change is about an item")
        return shown

    async def _apply_quietly(
        self,
        request: Any,
        user_id: str,
        change: Change,
        checks: Checks,
        missing: ServiceError | None = None,
    ) -> Applied:
        wanted = Request(
            user_id=checks.uuid("user_id", user_id),
            request_id=checks.uuid("request_id", request.request_id),
            body=_body(request),
            said=self._clock.now(),
            changes=(change,),
        )
        checks.close()
        return await self._applying.change(wanted, missing=missing)

    async def _shown(self, applied: Applied) -> Sequence[Shown | None]:
        items = [item for item in applied.results if item is not None]
        shown = iter(await self._reading.shown(items, applied.preferences))
        return [None if item is None else next(shown) for item in applied.results]


def _body(request: Message) -> bytes:
    """What a repeat must repeat: everything that was asked, and of which method."""
    name = request.DESCRIPTOR.full_name.encode()
    return name + b"\0" + request.SerializeToString(deterministic=True)


def _next_event(last: Shown) -> str:
    schedule = last.item.schedule
    if schedule is None:
        raise TypeError("events have a schedule")
    return event_page_token(schedule.instant, item_id(last.item))
