"""Methods for operators, and for what a person has a right to: the trace, and erasure."""

from __future__ import annotations

from typing import Any

import grpc

from chassis.clock import Clock
from hark.scheduler.v1.scheduler_service_pb2 import (
    EraseUserRequest,
    EraseUserResponse,
    ListNoticesRequest,
    ListNoticesResponse,
    Notice,
)
from hark.scheduler.v1.scheduler_service_pb2_grpc import SchedulerServiceServicer
from services.scheduler.ports import Trace
from services.scheduler.servicer.checks import Checks
from services.scheduler.usecases.keeping import Keeping

Context = grpc.aio.ServicerContext[Any, Any]


class KeepingServicer(SchedulerServiceServicer):
    """Translates; decides nothing."""

    _keeping: Keeping
    _clock: Clock

    async def ListNotices(
        self, request: ListNoticesRequest, context: Context
    ) -> ListNoticesResponse:
        """Lists notices of a message or of a person."""
        checks = Checks()
        if bool(request.message_id) == bool(request.user_id):
            checks.refuse("message_id", "must be set, or else user_id")
        message_id = request.message_id and checks.message_id("message_id", request.message_id)
        user_id = request.user_id and checks.uuid("user_id", request.user_id)
        limit = checks.page_size(request.page_size)
        before = checks.notice_page(request.page_token)
        checks.close()
        if message_id:
            return ListNoticesResponse(
                notices=[_notice(each) for each in await self._keeping.of_message(message_id)]
            )
        found, more = await self._keeping.of_person(user_id, before=before, limit=limit)
        return ListNoticesResponse(
            notices=[_notice(each) for each in found],
            next_page_token=str(found[-1].position) if more else "",
        )

    async def EraseUser(self, request: EraseUserRequest, context: Context) -> EraseUserResponse:
        """Destroys all that is known of a person."""
        checks = Checks()
        user_id = checks.uuid("user_id", request.user_id)
        checks.uuid("request_id", request.request_id)
        if request.generation < 1:
            checks.refuse("generation", "must be 1 or more")
        now = self._clock.now()
        until = now
        if request.HasField("erase_time"):
            until = min(now, checks.moment("erase_time", request.erase_time))
        checks.close()
        erased = await self._keeping.erase(user_id, generation=request.generation, until=until)
        return EraseUserResponse(erased_row_count=erased)


def _notice(given: Trace) -> Notice:
    made = Notice(
        notice_id=given.notice_id,
        user_id=given.user_id,
        kind=given.kind,
        state=Notice.State.ValueType(given.state),
        item=given.item,
        reply_to_message_id=given.reply_to_message_id,
        notification_request_id=given.request_id,
        postponement_count=given.postponements,
        reason=given.reason,
    )
    made.due_time.FromDatetime(given.due_time)
    if given.settle_time is not None:
        made.settle_time.FromDatetime(given.settle_time)
    if given.occurrence is not None:
        made.occurrence_time.FromDatetime(given.occurrence)
    return made
