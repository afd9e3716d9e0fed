"""The gRPC edge of the notifier: translate, call one use case, translate."""

from __future__ import annotations

from typing import Any

import grpc

from chassis.clock import Clock
from chassis.errors import InvalidArgument
from hark.notifier.v1.notifier_service_pb2 import (
    BatchSendNotificationsRequest,
    BatchSendNotificationsResponse,
    CancelNotificationRequest,
    CancelNotificationResponse,
    GetNotificationRequest,
    GetNotificationResponse,
    ListNotificationsRequest,
    ListNotificationsResponse,
    RecordInboundRequest,
    RecordInboundResponse,
    RecordStatusesRequest,
    RecordStatusesResponse,
    SendNotificationRequest,
    SendNotificationResponse,
)
from hark.notifier.v1.notifier_service_pb2_grpc import NotifierServiceServicer
from services.notifier import translation
from services.notifier.domain.notification import State
from services.notifier.ports import Query
from services.notifier.usecases.acceptance import Acceptance
from services.notifier.usecases.inbound import InboundRecording
from services.notifier.usecases.reading import PAGE_SIZE, Reading, page_start
from services.notifier.usecases.statuses import StatusRecording

Context = grpc.aio.ServicerContext[Any, Any]


class NotifierServicer(NotifierServiceServicer):
    """Serves `hark.notifier.v1.NotifierService`."""

    def __init__(
        self,
        *,
        acceptance: Acceptance,
        reading: Reading,
        inbound: InboundRecording,
        statuses: StatusRecording,
        clock: Clock,
    ) -> None:
        self._acceptance = acceptance
        self._reading = reading
        self._inbound = inbound
        self._statuses = statuses
        self._clock = clock

    async def SendNotification(
        self, request: SendNotificationRequest, context: Context
    ) -> SendNotificationResponse:
        """Accepts one notification."""
        accepted = await self._acceptance.send(translation.draft(request))
        return SendNotificationResponse(notification=translation.notification(accepted))

    async def BatchSendNotifications(
        self, request: BatchSendNotificationsRequest, context: Context
    ) -> BatchSendNotificationsResponse:
        """Accepts many, each judged by itself."""
        drafts = [translation.draft(each) for each in request.requests]
        answers = await self._acceptance.send_batch(drafts)
        return BatchSendNotificationsResponse(
            results=[
                translation.result(draft.request_id, answer)
                for draft, answer in zip(drafts, answers, strict=True)
            ]
        )

    async def GetNotification(
        self, request: GetNotificationRequest, context: Context
    ) -> GetNotificationResponse:
        """Reads one with everything about it."""
        found = await self._reading.get(
            notification_id=request.notification_id, request_id=request.request_id
        )
        return GetNotificationResponse(notification=translation.notification(found))

    async def ListNotifications(
        self, request: ListNotificationsRequest, context: Context
    ) -> ListNotificationsResponse:
        """Lists them, newest first."""
        page = await self._reading.list(
            Query(
                user_id=request.user_id,
                reply_to_message_id=request.reply_to_message_id,
                states=_states(request),
                limit=request.page_size or PAGE_SIZE,
                before=page_start(request.page_token),
            )
        )
        return ListNotificationsResponse(
            notifications=[translation.notification(each) for each in page.notifications],
            next_page_token="" if page.before is None else str(page.before),
        )

    async def CancelNotification(
        self, request: CancelNotificationRequest, context: Context
    ) -> CancelNotificationResponse:
        """Takes one back before it has started."""
        cancelled = await self._reading.cancel(
            notification_id=request.notification_id, request_id=request.request_id
        )
        return CancelNotificationResponse(notification=translation.notification(cancelled))

    async def RecordInbound(
        self, request: RecordInboundRequest, context: Context
    ) -> RecordInboundResponse:
        """Records that a person wrote, and tells who they are."""
        person = await self._inbound.record(
            translation.inbound(request), mark_read=request.mark_read
        )
        return RecordInboundResponse(
            user_id=person.user_id,
            generation=person.generation,
            is_first_contact=person.is_first_contact,
            time_zone_guess=person.time_zone_guess,
            locale_guess=person.locale_guess,
        )

    async def RecordStatuses(
        self, request: RecordStatusesRequest, context: Context
    ) -> RecordStatusesResponse:
        """Records what became of messages."""
        now = self._clock.now()
        reports = [translation.report(status, now) for status in request.statuses]
        summary = await self._statuses.record(reports)
        return RecordStatusesResponse(
            matched_count=summary.matched, unmatched_count=summary.unmatched
        )


def _states(request: ListNotificationsRequest) -> frozenset[State]:
    try:
        return frozenset(State(state) for state in request.states)
    except ValueError:
        problem = "names a state that is not set or not known"
        raise InvalidArgument(f"states {problem}", violations={"states": problem}) from None
