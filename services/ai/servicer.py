"""The gRPC edge of the ai service: translate, call one use case, translate."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import grpc
from google.protobuf.timestamp_pb2 import Timestamp

from chassis.clock import Clock
from chassis.errors import InvalidArgument
from hark.ai.v1 import turn_pb2
from hark.ai.v1.ai_service_pb2 import (
    HandleMessageRequest,
    HandleMessageResponse,
    InterpretRequest,
    InterpretResponse,
    ListTurnsRequest,
    ListTurnsResponse,
)
from hark.ai.v1.ai_service_pb2_grpc import AiServiceServicer
from services.ai.domain import codec
from services.ai.domain.intent import Intent
from services.ai.domain.turn import Message, Turn
from services.ai.usecases import UseCases

_LONGEST_TEXT = 4096
_LONGEST_ID = 128
_PAGE = 50
_LARGEST_PAGE = 200

Context = grpc.aio.ServicerContext[Any, Any]


class AiServicer(AiServiceServicer):
    """Serves `hark.ai.v1.AiService`."""

    def __init__(self, usecases: UseCases, clock: Clock) -> None:
        self._usecases = usecases
        self._clock = clock

    async def HandleMessage(
        self, request: HandleMessageRequest, context: Context
    ) -> HandleMessageResponse:
        """Understands a message and acts on it."""
        turn = await self._usecases.handle(_message(request))
        return HandleMessageResponse(turn=_turn(turn))

    async def Interpret(self, request: InterpretRequest, context: Context) -> InterpretResponse:
        """Tells what would be made of a text."""
        _check_text(request.text)
        said = self._clock.now()
        if request.HasField("message_time"):
            said = _moment(request.message_time)
        found = await self._usecases.interpret(
            request.text, time_zone=_zone(request.time_zone), said=said
        )
        return InterpretResponse(
            intents=[_intent(each) for each in found.intents],
            confidence=found.confidence,
            engine=found.engine,
            missing=found.missing,
        )

    async def ListTurns(self, request: ListTurnsRequest, context: Context) -> ListTurnsResponse:
        """Lists how messages were understood."""
        limit = _page_size(request.page_size)
        turns = await self._usecases.turns(
            user_id=request.user_id,
            message_id=request.message_id,
            limit=limit + 1,
            before=_page_start(request.page_token),
        )
        token = _page_token(turns[limit - 1]) if len(turns) > limit else ""
        return ListTurnsResponse(
            turns=[_turn(each) for each in turns[:limit]], next_page_token=token
        )


def _message(request: HandleMessageRequest) -> Message:
    violations = {}
    for name in ("user_id", "message_id"):
        if not 1 <= len(getattr(request, name)) <= _LONGEST_ID:
            violations[name] = f"give 1 to {_LONGEST_ID} characters"
    if not request.HasField("message_time"):
        violations["message_time"] = "say when the message was written"
    if request.WhichOneof("content") is None:
        violations["content"] = "set text or unsupported"
    if violations:
        raise InvalidArgument("fields are missing or out of bounds", violations=violations)
    if request.HasField("text"):
        _check_text(request.text.text)
    return Message(
        user_id=request.user_id,
        message_id=request.message_id,
        message_time=_moment(request.message_time),
        text=request.text.text,
        unsupported_type=request.unsupported.type or "unknown" if not request.text.text else "",
        time_zone_guess=request.time_zone_guess,
        locale_guess=request.locale_guess,
    )


def _check_text(text: str) -> None:
    if not 1 <= len(text) <= _LONGEST_TEXT:
        raise InvalidArgument(
            "the text is empty or too long",
            violations={"text": f"give 1 to {_LONGEST_TEXT} characters"},
        )


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name or "UTC").key
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InvalidArgument(
            "the time zone is unknown", violations={"time_zone": "give an IANA zone"}
        ) from error


def _moment(stamp: Timestamp) -> datetime:
    try:
        return stamp.ToDatetime(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidArgument(
            "a time is out of bounds", violations={"message_time": "give a year from 1 to 9999"}
        ) from error


def _page_size(asked: int) -> int:
    if not 0 <= asked <= _LARGEST_PAGE:
        raise InvalidArgument(
            "the page size is out of bounds",
            violations={"page_size": f"give 1 to {_LARGEST_PAGE}, or 0 for {_PAGE}"},
        )
    return asked or _PAGE


def _page_token(last: Turn) -> str:
    return base64.urlsafe_b64encode(
        f"{last.interpret_time.isoformat()} {last.message_id}".encode()
    ).decode()


def _page_start(token: str) -> tuple[datetime, str] | None:
    if not token:
        return None
    try:
        moment, _, message_id = base64.urlsafe_b64decode(token).decode().partition(" ")
        start = datetime.fromisoformat(moment)
        if start.tzinfo is None:
            raise ValueError("no zone")
    except (binascii.Error, ValueError) as error:
        raise InvalidArgument(
            "the page token is not one of ours",
            violations={"page_token": "give the next_page_token of the page before"},
        ) from error
    return start, message_id


def _intent(intent: Intent) -> turn_pb2.Intent:
    made = turn_pb2.Intent(kind=codec.kind_of(intent))
    made.slots.update(codec.slots_of(intent))
    return made


def _turn(turn: Turn) -> turn_pb2.Turn:
    found = turn.interpretation
    made = turn_pb2.Turn(
        message_id=turn.message_id,
        user_id=turn.user_id,
        state=turn_pb2.Turn.State.ValueType(turn.state.value),
        engine=found.engine,
        confidence=found.confidence,
        intents=[_intent(each) for each in found.intents],
    )
    made.message_time.FromDatetime(turn.message_time)
    made.interpret_time.FromDatetime(turn.interpret_time)
    if turn.finish_time is not None:
        made.finish_time.FromDatetime(turn.finish_time)
    return made
