"""Serves `hark.scheduler.v1.SchedulerService`."""

from __future__ import annotations

from typing import Any

import grpc

from chassis.clock import Clock
from hark.scheduler.v1.scheduler_service_pb2 import (
    ApplyRequest,
    ApplyResponse,
    CreateEventRequest,
    CreateEventResponse,
    CreateTaskRequest,
    CreateTaskResponse,
    GetEventRequest,
    GetEventResponse,
    GetPreferencesRequest,
    GetPreferencesResponse,
    GetTaskRequest,
    GetTaskResponse,
    ListEventsRequest,
    ListEventsResponse,
    ListTasksRequest,
    ListTasksResponse,
    UpdatePreferencesRequest,
    UpdatePreferencesResponse,
)
from services.scheduler.domain.item import item_id
from services.scheduler.domain.notice import request_id as notice_request_id
from services.scheduler.domain.order import Order
from services.scheduler.ports import Span
from services.scheduler.servicer import answers, fields, requests, settings
from services.scheduler.servicer.calendars import CalendarServicer
from services.scheduler.servicer.changing import body
from services.scheduler.servicer.checks import Checks, event_page_token
from services.scheduler.servicer.keeping import KeepingServicer
from services.scheduler.servicer.updating import UpdatingServicer
from services.scheduler.usecases.applying import Applying, Request, confirmation_id
from services.scheduler.usecases.importing import Importing
from services.scheduler.usecases.keeping import Keeping
from services.scheduler.usecases.publishing import Publishing
from services.scheduler.usecases.reading import Reading, Shown

_LONGEST_ANSWER = 2000

_ORDERS = {
    ListTasksRequest.ORDER_LIST: Order.LIST,
    ListTasksRequest.ORDER_PRIORITY: Order.PRIORITY,
    ListTasksRequest.ORDER_DUE_TIME: Order.DUE_TIME,
}

Context = grpc.aio.ServicerContext[Any, Any]


class SchedulerServicer(UpdatingServicer, KeepingServicer, CalendarServicer):
    """Translates; decides nothing."""

    def __init__(
        self,
        applying: Applying,
        reading: Reading,
        keeping: Keeping,
        publishing: Publishing,
        importing: Importing,
        clock: Clock,
    ) -> None:
        super().__init__(applying, reading, clock)
        self._keeping = keeping
        self._publishing = publishing
        self._importing = importing

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
            body=body(request),
            # A phone's clock may run ahead; nobody speaks in the future.
            said=min(said, self._clock.now()),
            changes=requests.changes(request.changes, checks),
        )
        checks.close()
        applied = await self._applying.apply(wanted, message_id=message_id, answer=answer)
        return ApplyResponse(
            results=await self._results(applied),
            confirmation_request_id=notice_request_id(confirmation_id(wanted.request_id), None),
            started_reminder_count=applied.started,
            change_request_id=wanted.request_id,
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
        span = _span(request, checks)
        checks.close()
        found, more = await self._reading.events(
            user_id, cancelled=request.include_cancelled, after=after, limit=limit, span=span
        )
        token = _next_event(found[-1]) if more else ""
        return ListEventsResponse(
            events=[answers.event(each) for each in found], next_page_token=token
        )

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
        list_name = checks.text("list_name", request.list_name, fields.LONGEST_LIST, required=False)
        limit = checks.page_size(request.page_size)
        after = checks.task_page(request.page_token)
        order = _ORDERS.get(request.order, Order.NUMBER)
        if after and order is not Order.NUMBER:
            checks.refuse("page_token", "must be empty but for tasks by number")
        checks.close()
        found, more = await self._reading.tasks(
            user_id,
            list_name=list_name,
            completed=request.include_completed,
            after=after,
            limit=limit,
            order=order,
        )
        tasks = [answers.task(each) for each in found]
        token = str(tasks[-1].number) if more and order is Order.NUMBER else ""
        return ListTasksResponse(tasks=tasks, next_page_token=token)

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
        change = settings.change(request.preferences, request.update_mask.paths, checks, "")
        applied = await self._apply_quietly(request, request.user_id, change, checks)
        return UpdatePreferencesResponse(
            preferences=answers.preferences(request.user_id, applied.preferences)
        )


def _span(request: ListEventsRequest, checks: Checks) -> Span:
    start = end = None
    if request.HasField("range_start_time"):
        start = checks.moment("range_start_time", request.range_start_time)
    if request.HasField("range_end_time"):
        end = checks.moment("range_end_time", request.range_end_time)
    if start is not None and end is not None and end <= start:
        checks.refuse("range_end_time", "must be later than range_start_time")
    return start, end


def _next_event(last: Shown) -> str:
    schedule = last.item.schedule
    if schedule is None:
        raise TypeError("events have a schedule")
    return event_page_token(schedule.instant, item_id(last.item))
