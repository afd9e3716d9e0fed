"""The gRPC edge of the ingress service: translate, call one use case, translate."""

from __future__ import annotations

import uuid
from datetime import UTC, timedelta
from typing import Any

import grpc

from chassis.clock import Clock
from chassis.errors import InvalidArgument
from hark.ingress.v1.erasure_pb2 import Erasure as ErasureProto
from hark.ingress.v1.erasure_pb2 import ErasureReceipt
from hark.ingress.v1.ingress_service_pb2 import (
    EraseUserRequest,
    EraseUserResponse,
    GetErasureRequest,
    GetErasureResponse,
    GetInboxRequest,
    GetInboxResponse,
    ListErasuresRequest,
    ListErasuresResponse,
    ListPartsRequest,
    ListPartsResponse,
    RedrivePartsRequest,
    RedrivePartsResponse,
)
from hark.ingress.v1.ingress_service_pb2_grpc import IngressServiceServicer
from hark.ingress.v1.part_pb2 import Part
from services.ingress.domain.erasure import LONGEST_DELAY, Erasure
from services.ingress.domain.names import message_key
from services.ingress.ports import PartSummary, State
from services.ingress.usecases import Inspection
from services.ingress.usecases.erasing import Erasing

_PAGE = 50
_LARGEST_PAGE = 200
_MOST_REDRIVEN = 500
_LARGEST_ID = 2**63 - 1

Context = grpc.aio.ServicerContext[Any, Any]


class IngressServicer(IngressServiceServicer):
    """Serves `hark.ingress.v1.IngressService`."""

    def __init__(self, inspection: Inspection, erasing: Erasing, clock: Clock) -> None:
        self._inspection = inspection
        self._erasing = erasing
        self._clock = clock

    async def GetInbox(self, request: GetInboxRequest, context: Context) -> GetInboxResponse:
        """Tells how full the inbox is."""
        depth = await self._inspection.depth(self._clock.now())
        response = GetInboxResponse(
            open_count=depth.open_count,
            ready_count=depth.ready_count,
            buried_count=depth.buried_count,
        )
        if depth.oldest_age is not None:
            response.oldest_age.FromTimedelta(depth.oldest_age)
        return response

    async def ListParts(self, request: ListPartsRequest, context: Context) -> ListPartsResponse:
        """Lists parts, newest first."""
        limit = _page_size(request.page_size)
        found = await self._inspection.list(
            message_key=_message_key(request.message_id),
            states=[_state(state) for state in request.states],
            limit=limit + 1,
            before=_before(request.page_token),
        )
        token = str(found[limit - 1].part_id) if len(found) > limit else ""
        return ListPartsResponse(
            parts=[_part(each) for each in found[:limit]], next_page_token=token
        )

    async def RedriveParts(
        self, request: RedrivePartsRequest, context: Context
    ) -> RedrivePartsResponse:
        """Opens buried parts again."""
        if not 1 <= len(request.part_ids) <= _MOST_REDRIVEN:
            raise _violation("part_ids", f"give 1 to {_MOST_REDRIVEN} part ids")
        count = await self._inspection.redrive(sorted(set(request.part_ids)), self._clock.now())
        return RedrivePartsResponse(redriven_count=count)

    async def EraseUser(self, request: EraseUserRequest, context: Context) -> EraseUserResponse:
        """Has a person forgotten by all services."""
        delay = request.delay.ToTimedelta()
        violations = {
            name: "give a UUID"
            for name in ("user_id", "request_id")
            if not _is_uuid(getattr(request, name))
        }
        if not timedelta() <= delay <= LONGEST_DELAY:
            violations["delay"] = "give an hour at most"
        if violations:
            raise InvalidArgument("a field is out of bounds", violations=violations)
        is_dated = request.HasField("erase_time")
        erasure = await self._erasing.request(
            user_id=request.user_id,
            request_id=request.request_id,
            erase_time=request.erase_time.ToDatetime(UTC) if is_dated else None,
            delay=delay,
            is_repeat=request.is_repeat,
        )
        return EraseUserResponse(erasure=_erasure(erasure))

    async def GetErasure(self, request: GetErasureRequest, context: Context) -> GetErasureResponse:
        """Tells how an erasure stands."""
        if not _is_uuid(request.user_id):
            raise _violation("user_id", "give a UUID")
        return GetErasureResponse(erasure=_erasure(await self._erasing.get(request.user_id)))

    async def ListErasures(
        self, request: ListErasuresRequest, context: Context
    ) -> ListErasuresResponse:
        """Lists erasures, oldest first."""
        limit = _page_size(request.page_size)
        after = _before(request.page_token) if request.page_token else 0
        found = await self._erasing.list(after=after, limit=limit + 1)
        token = str(found[limit - 1].position) if len(found) > limit else ""
        return ListErasuresResponse(
            erasures=[_erasure(each) for each in found[:limit]], next_page_token=token
        )


def _page_size(asked: int) -> int:
    if not 0 <= asked <= _LARGEST_PAGE:
        raise _violation("page_size", f"give 1 to {_LARGEST_PAGE}, or 0 for {_PAGE}")
    return asked or _PAGE


def _before(token: str) -> int:
    if not token:
        return _LARGEST_ID
    if not token.isascii() or not token.isdecimal() or not 0 < int(token[:20]) <= _LARGEST_ID:
        raise _violation("page_token", "give the next_page_token of the page before")
    return int(token)


def _message_key(message_id: str) -> bytes | None:
    if not message_id:
        return None
    key = message_key(message_id)
    if key is None:
        raise _violation("message_id", 'give "m_" and 26 letters, as logs and lists show it')
    return key


def _state(number: int) -> State:
    try:
        return State(number)
    except ValueError as error:
        raise _violation("states", "name open, handled, skipped or buried") from error


def _violation(field: str, text: str) -> InvalidArgument:
    return InvalidArgument("a field is out of bounds", violations={field: text})


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def _erasure(erasure: Erasure) -> ErasureProto:
    made = ErasureProto(
        request_id=erasure.request_id,
        user_id=erasure.user_id,
        state=ErasureProto.State.ValueType(erasure.stage),
        receipt=ErasureReceipt(
            contact_count=erasure.receipt.contacts,
            cancelled_notification_count=erasure.receipt.cancelled_notifications,
            scheduler_row_count=erasure.receipt.scheduler_rows,
            turn_count=erasure.receipt.turns,
            part_count=erasure.receipt.parts,
        ),
        reason=erasure.reason,
    )
    made.erase_time.FromDatetime(erasure.erase_time)
    if erasure.finish_time is not None:
        made.finish_time.FromDatetime(erasure.finish_time)
    return made


def _part(summary: PartSummary) -> Part:
    made = Part(
        part_id=summary.part_id,
        kind=Part.Kind.ValueType(summary.kind),
        type=summary.type,
        state=Part.State.ValueType(summary.state),
        reason=summary.reason,
        message_id=summary.message_id,
        attempts=summary.attempts,
        postponements=summary.postponements,
    )
    made.due_time.FromDatetime(summary.due_time)
    made.receive_time.FromDatetime(summary.receive_time)
    if summary.settle_time is not None:
        made.settle_time.FromDatetime(summary.settle_time)
    return made
