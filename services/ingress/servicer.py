"""The gRPC edge of the ingress service: translate, call one use case, translate."""

from __future__ import annotations

from typing import Any

import grpc

from chassis.clock import Clock
from chassis.errors import InvalidArgument
from hark.ingress.v1.ingress_service_pb2 import (
    GetInboxRequest,
    GetInboxResponse,
    ListPartsRequest,
    ListPartsResponse,
    RedrivePartsRequest,
    RedrivePartsResponse,
)
from hark.ingress.v1.ingress_service_pb2_grpc import IngressServiceServicer
from hark.ingress.v1.part_pb2 import Part
from services.ingress.domain.names import message_key
from services.ingress.ports import PartSummary, State
from services.ingress.usecases import Inspection

_PAGE = 50
_LARGEST_PAGE = 200
_MOST_REDRIVEN = 500
_LARGEST_ID = 2**63 - 1

Context = grpc.aio.ServicerContext[Any, Any]


class IngressServicer(IngressServiceServicer):
    """Serves `hark.ingress.v1.IngressService`."""

    def __init__(self, inspection: Inspection, clock: Clock) -> None:
        self._inspection = inspection
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


def _part(summary: PartSummary) -> Part:
    made = Part(
        part_id=summary.part_id,
        kind=Part.Kind.ValueType(summary.kind),
        type=summary.type,
        state=Part.State.ValueType(summary.state),
        reason=summary.reason,
        message_id=summary.message_id,
        attempts=summary.attempts,
    )
    made.receive_time.FromDatetime(summary.receive_time)
    if summary.settle_time is not None:
        made.settle_time.FromDatetime(summary.settle_time)
    return made
