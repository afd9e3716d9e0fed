"""Port `Planner` over the scheduler's gRPC."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from chassis import log
from chassis.channel import Peer
from chassis.errors import Code, RemoteError
from chassis.ids import derived_id
from hark.scheduler.v1.scheduler_service_pb2 import (
    AgendaItem,
    ApplyRequest,
    ApplyResponse,
    CreateCalendarFeedRequest,
    ExportCalendarRequest,
    FindFreeTimeRequest,
    GetEventRequest,
    GetPreferencesRequest,
    GetTaskRequest,
    ListAgendaRequest,
    ListTasksRequest,
    RevokeCalendarFeedRequest,
)
from hark.scheduler.v1.scheduler_service_pb2_grpc import SchedulerServiceStub
from services.ai.clients.change import to_proto
from services.ai.domain.answer import AgendaLine, TaskLine
from services.ai.domain.intent import (
    FindFreeTime,
    ItemReference,
    SetPreferences,
    SetTimeZone,
    Undo,
    When,
)
from services.ai.domain.plan import Change
from services.ai.domain.refusal import (
    ItemAmbiguous,
    ItemNotFound,
    NothingToUndo,
    NotPossible,
    Refusal,
    TimePassed,
    TimeZoneUnknown,
)
from services.ai.domain.turn import Item
from services.ai.ports import Agenda, Applied, Preferences

_TIMEOUT = 5.0
_PAGE = 20
_MOST_AGENDA = 200
_SOON = timedelta(days=60)
# Another replica may have changed them: what is cached is believed for this long.
_PREFERENCES_SECONDS = 30.0
_PREFERENCES_MOST = 10_000
_LARGEST_CALENDAR = 1024 * 1024
_HALF_HOUR = timedelta(minutes=30)
_REFUSALS: dict[str, type[Refusal]] = {
    "TIME_IN_PAST": TimePassed,
    "TIME_ZONE_UNKNOWN": TimeZoneUnknown,
    "ITEM_NOT_FOUND": ItemNotFound,
    "OCCURRENCE_NOT_FOUND": ItemNotFound,
    "NOTHING_TO_SNOOZE": ItemNotFound,
    "NOTHING_TO_UNDO": NothingToUndo,
    "UNDO_TOO_LATE": NothingToUndo,
}


class SchedulerClient:
    """Port `Planner`: applies changes and looks things up."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._stub = SchedulerServiceStub(peer.channel)
        self._preferences: OrderedDict[str, tuple[float, Preferences]] = OrderedDict()
        self._log = log.get_logger()

    async def preferences(self, user_id: str, *, time_zone: str, locale: str) -> Preferences:
        """The person's preferences; the guesses are kept where nothing is known."""
        cached = self._preferences.get(user_id)
        if cached is not None and time.monotonic() - cached[0] < _PREFERENCES_SECONDS:
            return cached[1]
        request = GetPreferencesRequest(
            user_id=user_id, time_zone_guess=time_zone, locale_guess=locale
        )
        answer = await self._peer.call(self._stub.GetPreferences, request, timeout=_TIMEOUT)
        found = Preferences(
            time_zone=answer.preferences.time_zone, locale=answer.preferences.locale
        )
        self._preferences[user_id] = (time.monotonic(), found)
        self._preferences.move_to_end(user_id)
        if len(self._preferences) > _PREFERENCES_MOST:
            self._preferences.popitem(last=False)
        return found

    async def apply(
        self,
        *,
        user_id: str,
        message_id: str,
        message_time: datetime,
        changes: Sequence[Change],
        answer: str,
    ) -> Applied:
        """Applies all changes in one transaction; the confirmation follows by itself."""
        request = ApplyRequest(
            user_id=user_id,
            message_id=message_id,
            changes=[to_proto(change) for change in changes],
            answer=answer[:2000],
            request_id=derived_id("apply", message_id),
        )
        request.message_time.FromDatetime(message_time)
        if any(isinstance(each, SetTimeZone | SetPreferences | Undo) for each in changes):
            self._preferences.pop(user_id, None)
        try:
            return _applied(await self._peer.call(self._stub.Apply, request, timeout=_TIMEOUT))
        except RemoteError as error:
            if error.remote_reason == "REQUEST_ID_REUSED":
                # A retry may word the answer beside the changes differently; what was applied and
                # confirmed first stands.
                return Applied(change=request.request_id)
            refusal = _refusal(error)
            if refusal is None:
                raise
            if isinstance(refusal, NotPossible):
                self._log.warning("change refused", **log.describe(error))
            raise refusal from error

    async def agenda(self, user_id: str, start: date, end: date) -> Agenda:
        """What stands between two days (inclusive)."""
        request = ListAgendaRequest(
            user_id=user_id,
            start_date=start.isoformat(),
            end_date=end.isoformat(),
            page_size=_PAGE,
        )
        answer = await self._peer.call(self._stub.ListAgenda, request, timeout=_TIMEOUT)
        lines = [
            AgendaLine(
                title=item.task.title if item.HasField("task") else item.event.title,
                time_text=item.time_text,
                is_task=item.HasField("task"),
            )
            for item in answer.items
        ]
        return Agenda(text=answer.text, lines=lines, has_more=answer.has_more)

    async def tasks(self, user_id: str, list_name: str) -> Sequence[TaskLine]:
        """Open tasks, all of them or those on one list."""
        request = ListTasksRequest(user_id=user_id, list_name=list_name, page_size=_PAGE)
        answer = await self._peer.call(self._stub.ListTasks, request, timeout=_TIMEOUT)
        return [
            TaskLine(
                number=task.number,
                title=task.title,
                time_text=task.time_text,
                id=f"task:{task.task_id}",
            )
            for task in answer.tasks
        ]

    async def free_time(self, user_id: str, wanted: FindFreeTime) -> str:
        """Free times in words, in the person's language."""
        request = FindFreeTimeRequest(user_id=user_id)
        length = timedelta(minutes=wanted.length_minutes) if wanted.length_minutes else _HALF_HOUR
        request.duration.FromTimedelta(length)
        if wanted.start is not None:
            request.start_date = wanted.start.date().isoformat()
            last = wanted.end or wanted.start + timedelta(days=1)
            request.end_date = (last - timedelta(seconds=1)).date().isoformat()
            if wanted.start.date() == (last - timedelta(seconds=1)).date():
                _narrow(request, wanted.start, last)
        answer = await self._peer.call(self._stub.FindFreeTime, request, timeout=_TIMEOUT)
        return answer.text

    async def time_of(self, user_id: str, item: ItemReference, today: date) -> When | None:
        """When an item stands, wall clock; None where nothing or more than one thing fits."""
        request = ListAgendaRequest(
            user_id=user_id,
            start_date=today.isoformat(),
            end_date=(today + _SOON).isoformat(),
            page_size=_MOST_AGENDA,
        )
        answer = await self._peer.call(self._stub.ListAgenda, request, timeout=_TIMEOUT)
        first = {}
        for each in answer.items:
            name = (
                f"task:{each.task.task_id}"
                if each.HasField("task")
                else f"event:{each.event.event_id}"
            )
            if name not in first and _fits(each, name, item):
                first[name] = each
        if len(first) != 1:
            return None
        (found,) = first.values()
        held = found.task if found.HasField("task") else found.event
        local = found.task.local_due if found.HasField("task") else found.event.local_start
        if "T" not in local:
            return None
        zone = ZoneInfo(held.time_zone)
        start = found.start_time.ToDatetime(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
        return When(start=start)

    async def titles(self, user_id: str, candidates: Sequence[str]) -> Sequence[str]:
        """How the candidates of an `ItemAmbiguous` are called."""
        return [await self._title(user_id, candidate) for candidate in candidates[:5]]

    async def _title(self, user_id: str, candidate: str) -> str:
        kind, _, item_id = candidate.partition(":")
        if kind == "task":
            wanted = GetTaskRequest(user_id=user_id, task_id=item_id)
            task = (await self._peer.call(self._stub.GetTask, wanted, timeout=_TIMEOUT)).task
            return f"{task.title} {task.time_text}".strip()
        which = GetEventRequest(user_id=user_id, event_id=item_id)
        event = (await self._peer.call(self._stub.GetEvent, which, timeout=_TIMEOUT)).event
        return f"{event.title} {event.time_text}".strip()

    async def calendar(self, user_id: str) -> bytes | None:
        """Everything as iCalendar; None where it is more than can be sent."""
        request = ExportCalendarRequest(user_id=user_id)
        answer = await self._peer.call(self._stub.ExportCalendar, request, timeout=_TIMEOUT)
        if answer.has_more or len(answer.content) > _LARGEST_CALENDAR:
            return None
        return answer.content

    async def create_link(self, user_id: str, message_id: str) -> str:
        """The private address of the person's calendar, made anew."""
        request = CreateCalendarFeedRequest(
            user_id=user_id, request_id=derived_id("feed", message_id)
        )
        answer = await self._peer.call(self._stub.CreateCalendarFeed, request, timeout=_TIMEOUT)
        return answer.url

    async def revoke_link(self, user_id: str) -> bool:
        """Takes the address away; whether there was one."""
        request = RevokeCalendarFeedRequest(user_id=user_id)
        try:
            await self._peer.call(self._stub.RevokeCalendarFeed, request, timeout=_TIMEOUT)
        except RemoteError as error:
            if error.remote_reason != "CALENDAR_FEED_NOT_FOUND":
                raise
            return False
        return True


def _fits(each: AgendaItem, name: str, item: ItemReference) -> bool:
    if item.id:
        return name == item.id
    held = each.task if each.HasField("task") else each.event
    if item.number:
        return each.HasField("task") and each.task.number == item.number
    return bool(item.words) and item.words.casefold() in held.title.casefold()


def _narrow(request: FindFreeTimeRequest, start: datetime, end: datetime) -> None:
    """A window inside one day, "Friday afternoon"."""
    if start.time() != datetime.min.time():
        request.day_start_time = f"{start:%H:%M}"
    if end.date() == start.date():
        request.day_end_time = f"{end:%H:%M}"


def _applied(answer: ApplyResponse) -> Applied:
    items = []
    for result in answer.results:
        if result.HasField("task"):
            items.append(Item(id=f"task:{result.task.task_id}", title=result.task.title))
        elif result.HasField("event"):
            items.append(Item(id=f"event:{result.event.event_id}", title=result.event.title))
    return Applied(items=tuple(items), change=answer.change_request_id)


def _refusal(error: RemoteError) -> Refusal | None:
    if error.remote_reason == "ITEM_AMBIGUOUS":
        named = error.metadata.get("candidates", "")
        return ItemAmbiguous([each for each in named.split(",") if each])
    if (known := _REFUSALS.get(error.remote_reason)) is not None:
        return known()
    if error.remote_code in (Code.INVALID_ARGUMENT, Code.FAILED_PRECONDITION):
        return NotPossible()
    return None
