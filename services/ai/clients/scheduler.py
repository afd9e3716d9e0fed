"""Port `Planner` over the scheduler's gRPC."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from datetime import date, datetime

from chassis.channel import Peer
from chassis.errors import RemoteError
from chassis.ids import derived_id
from hark.scheduler.v1.scheduler_service_pb2 import (
    ApplyRequest,
    GetEventRequest,
    GetPreferencesRequest,
    GetTaskRequest,
    ListAgendaRequest,
    ListTasksRequest,
)
from hark.scheduler.v1.scheduler_service_pb2_grpc import SchedulerServiceStub
from services.ai.clients.change import to_proto
from services.ai.domain.answer import AgendaLine, TaskLine
from services.ai.domain.intent import SetTimeZone
from services.ai.domain.plan import Change
from services.ai.domain.refusal import (
    ItemAmbiguous,
    ItemNotFound,
    Refusal,
    TimePassed,
    TimeZoneUnknown,
)
from services.ai.ports import Preferences

_TIMEOUT = 5.0
_PAGE = 20
# Another replica may have changed them: what is cached is believed for this long.
_PREFERENCES_SECONDS = 30.0
_PREFERENCES_MOST = 10_000


class SchedulerClient:
    """Port `Planner`: applies changes and looks things up."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._stub = SchedulerServiceStub(peer.channel)
        self._preferences: OrderedDict[str, tuple[float, Preferences]] = OrderedDict()

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
    ) -> None:
        """Applies all changes in one transaction; the confirmation follows by itself."""
        request = ApplyRequest(
            user_id=user_id,
            message_id=message_id,
            changes=[to_proto(change) for change in changes],
            answer=answer,
            request_id=derived_id("apply", message_id),
        )
        request.message_time.FromDatetime(message_time)
        if any(isinstance(change, SetTimeZone) for change in changes):
            self._preferences.pop(user_id, None)
        try:
            await self._peer.call(self._stub.Apply, request, timeout=_TIMEOUT)
        except RemoteError as error:
            if error.remote_reason == "REQUEST_ID_REUSED":
                # A retry may word the answer beside the changes differently; what was applied and
                # confirmed first stands.
                return
            refusal = _refusal(error)
            if refusal is None:
                raise
            raise refusal from error

    async def agenda(
        self, user_id: str, start: date, end: date
    ) -> tuple[Sequence[AgendaLine], bool]:
        """What stands between two days (inclusive), and whether there is more."""
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
        return lines, answer.has_more

    async def tasks(self, user_id: str, list_name: str) -> Sequence[TaskLine]:
        """Open tasks, all of them or those on one list."""
        request = ListTasksRequest(user_id=user_id, list_name=list_name, page_size=_PAGE)
        answer = await self._peer.call(self._stub.ListTasks, request, timeout=_TIMEOUT)
        return [
            TaskLine(number=task.number, title=task.title, time_text=task.time_text)
            for task in answer.tasks
        ]

    async def titles(self, user_id: str, candidates: Sequence[str]) -> Sequence[str]:
        """How the candidates of an `ItemAmbiguous` are called."""
        return [await self._title(user_id, candidate) for candidate in candidates[:5]]

    async def _title(self, user_id: str, candidate: str) -> str:
        kind, _, item_id = candidate.partition(":")
        if kind == "task":
            wanted = GetTaskRequest(user_id=user_id, task_id=item_id)
            task = (await self._peer.call(self._stub.GetTask, wanted, timeout=_TIMEOUT)).task
            return f"task {task.number}, {task.title}"
        which = GetEventRequest(user_id=user_id, event_id=item_id)
        event = (await self._peer.call(self._stub.GetEvent, which, timeout=_TIMEOUT)).event
        return f"{event.title} {event.time_text}"


def _refusal(error: RemoteError) -> Refusal | None:
    match error.remote_reason:
        case "TIME_IN_PAST":
            return TimePassed()
        case "TIME_ZONE_UNKNOWN":
            return TimeZoneUnknown()
        case "ITEM_NOT_FOUND":
            return ItemNotFound()
        case "ITEM_AMBIGUOUS":
            named = error.metadata.get("candidates", "")
            return ItemAmbiguous([each for each in named.split(",") if each])
        case _:
            return None
