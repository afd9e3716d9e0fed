"""The calls that look at calendars: agendas, free times, files and feeds."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import grpc

from hark.scheduler.v1.calendar_pb2 import CalendarFeed, ImportSkip
from hark.scheduler.v1.scheduler_service_pb2 import (
    CreateCalendarFeedRequest,
    CreateCalendarFeedResponse,
    ExportCalendarRequest,
    ExportCalendarResponse,
    FindFreeTimeRequest,
    FindFreeTimeResponse,
    FreeTime,
    GetCalendarFeedRequest,
    GetCalendarFeedResponse,
    ImportCalendarRequest,
    ImportCalendarResponse,
    ListAgendaRequest,
    ListAgendaResponse,
    ReadCalendarFeedRequest,
    ReadCalendarFeedResponse,
    RevokeCalendarFeedRequest,
    RevokeCalendarFeedResponse,
)
from hark.scheduler.v1.scheduler_service_pb2_grpc import SchedulerServiceServicer
from services.scheduler.domain.agenda import Period
from services.scheduler.domain.free import Hours
from services.scheduler.domain.ical.scanning import LARGEST
from services.scheduler.ports import Feed
from services.scheduler.servicer import answers
from services.scheduler.servicer.checks import Checks
from services.scheduler.usecases.importing import Importing
from services.scheduler.usecases.publishing import Publishing
from services.scheduler.usecases.reading import Reading, Wanted

_PERIODS = {
    ListAgendaRequest.PERIOD_TODAY: Period.TODAY,
    ListAgendaRequest.PERIOD_TOMORROW: Period.TOMORROW,
    ListAgendaRequest.PERIOD_THIS_WEEK: Period.THIS_WEEK,
    ListAgendaRequest.PERIOD_NEXT_WEEK: Period.NEXT_WEEK,
}
_DAY_START, _DAY_END = time(9), time(18)
_MIDNIGHT = "24:00"
_FREE_TIMES, _MOST_FREE_TIMES = 3, 20
_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(days=1)
_LONGEST_TOKEN, _LONGEST_ETAG = 128, 128

Context = grpc.aio.ServicerContext[Any, Any]


class CalendarServicer(SchedulerServiceServicer):
    """Translates; decides nothing."""

    _reading: Reading
    _publishing: Publishing
    _importing: Importing

    async def ListAgenda(self, request: ListAgendaRequest, context: Context) -> ListAgendaResponse:
        """Lists what stands between two days."""
        checks = Checks()
        user_id = checks.uuid("user_id", request.user_id)
        limit = checks.page_size(request.page_size)
        period = _PERIODS.get(request.period)
        first = last = date.min
        if period is None:
            first = checks.day("start_date", request.start_date)
            last = checks.day("end_date", request.end_date)
        elif request.start_date or request.end_date:
            checks.refuse("period", "must not stand beside dates")
        checks.close()
        if period is not None:
            first, last = await self._reading.days(user_id, period)
        found = await self._reading.agenda(user_id, first, last, limit=limit)
        return ListAgendaResponse(
            items=[answers.agenda_item(line) for line in found.lines],
            has_more=found.has_more,
            text=found.text,
        )

    async def FindFreeTime(
        self, request: FindFreeTimeRequest, context: Context
    ) -> FindFreeTimeResponse:
        """Finds the next free times."""
        checks = Checks()
        user_id = checks.uuid("user_id", request.user_id)
        wanted = _wanted(request, checks)
        checks.close()
        found = await self._reading.free_times(user_id, wanted)
        answer = FindFreeTimeResponse(text=found.text)
        for each, text in found.times:
            made = FreeTime(time_text=text)
            made.start_time.FromDatetime(each.start)
            made.end_time.FromDatetime(each.end)
            answer.free_times.append(made)
        return answer

    async def ExportCalendar(
        self, request: ExportCalendarRequest, context: Context
    ) -> ExportCalendarResponse:
        """Writes a person's calendar as a file."""
        checks = Checks()
        user_id = checks.uuid("user_id", request.user_id)
        checks.close()
        made = await self._publishing.export(user_id)
        return ExportCalendarResponse(
            content=made.content,
            event_count=made.events,
            task_count=made.tasks,
            has_more=made.has_more,
        )

    async def ImportCalendar(
        self, request: ImportCalendarRequest, context: Context
    ) -> ImportCalendarResponse:
        """Takes a file's events over."""
        checks = Checks()
        user_id = checks.uuid("user_id", request.user_id)
        request_id = checks.uuid("request_id", request.request_id)
        if not 0 < len(request.content) <= LARGEST:
            checks.refuse("content", f"must have 1 to {LARGEST} bytes")
        checks.close()
        report = await self._importing.take(user_id, request_id, request.content)
        return ImportCalendarResponse(
            imported_count=report.new,
            updated_count=report.changed,
            unchanged_count=report.unchanged,
            skipped=[
                ImportSkip(reason=ImportSkip.Reason.ValueType(reason), count=count)
                for reason, count in sorted(report.skipped.items())
            ],
            text=report.text,
        )

    async def CreateCalendarFeed(
        self, request: CreateCalendarFeedRequest, context: Context
    ) -> CreateCalendarFeedResponse:
        """Makes the private address of a person's calendar."""
        checks = Checks()
        user_id = checks.uuid("user_id", request.user_id)
        request_id = checks.uuid("request_id", request.request_id)
        checks.close()
        made = await self._publishing.create_feed(user_id, request_id)
        return CreateCalendarFeedResponse(feed=_feed(made.feed), token=made.token, url=made.url)

    async def GetCalendarFeed(
        self, request: GetCalendarFeedRequest, context: Context
    ) -> GetCalendarFeedResponse:
        """Tells about a person's feed."""
        checks = Checks()
        user_id = checks.uuid("user_id", request.user_id)
        checks.close()
        return GetCalendarFeedResponse(feed=_feed(await self._publishing.feed(user_id)))

    async def RevokeCalendarFeed(
        self, request: RevokeCalendarFeedRequest, context: Context
    ) -> RevokeCalendarFeedResponse:
        """Takes a person's feed away."""
        checks = Checks()
        user_id = checks.uuid("user_id", request.user_id)
        checks.close()
        return RevokeCalendarFeedResponse(feed=_feed(await self._publishing.revoke_feed(user_id)))

    async def ReadCalendarFeed(
        self, request: ReadCalendarFeedRequest, context: Context
    ) -> ReadCalendarFeedResponse:
        """Reads the calendar behind a token."""
        token = request.token[:_LONGEST_TOKEN]
        page = await self._publishing.read_feed(token, request.etag[:_LONGEST_ETAG])
        return ReadCalendarFeedResponse(
            etag=page.etag, not_modified=page.content is None, content=page.content or b""
        )


def _wanted(request: FindFreeTimeRequest, checks: Checks) -> Wanted:
    length = checks.duration("duration", request.duration, _LONGEST)
    if length < _SHORTEST:
        checks.refuse("duration", "must be a minute or more")
    start, end = _DAY_START, _DAY_END
    if request.day_start_time:
        start = checks.time_of_day("day_start_time", request.day_start_time)
    is_open = request.day_end_time == _MIDNIGHT
    if request.day_end_time and not is_open:
        end = checks.time_of_day("day_end_time", request.day_end_time)
    if end <= start and not is_open:
        checks.refuse("day_end_time", "must be later than day_start_time")
    if not 0 <= request.page_size <= _MOST_FREE_TIMES:
        checks.refuse("page_size", f"must be 1 to {_MOST_FREE_TIMES}, or 0 for {_FREE_TIMES}")
    first, last = request.start_date, request.end_date
    return Wanted(
        length=length,
        first=checks.day("start_date", first) if first else None,
        last=checks.day("end_date", last) if last else None,
        hours=Hours(start=start, end=None if is_open else end),
        limit=request.page_size or _FREE_TIMES,
    )


def _feed(given: Feed) -> CalendarFeed:
    made = CalendarFeed(user_id=given.user_id)
    made.create_time.FromDatetime(given.create_time)
    if given.read_time is not None:
        made.read_time.FromDatetime(given.read_time)
    if given.revoke_time is not None:
        made.revoke_time.FromDatetime(given.revoke_time)
    return made
