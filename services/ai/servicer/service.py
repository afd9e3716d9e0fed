"""Serves `hark.ai.v1.AiService`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import grpc

from chassis.clock import Clock
from chassis.errors import Code, ServiceError
from hark.ai.v1 import ai_service_pb2 as wire
from hark.ai.v1.ai_service_pb2_grpc import AiServiceServicer
from services.ai.ports import Usage
from services.ai.servicer import incoming, outgoing
from services.ai.usecases.handling import UseCases

# Of 20 MB each in the worst case; ingress opens as many at a time.
_MEDIA_AT_ONCE = 8

Context = grpc.aio.ServicerContext[Any, Any]


class Overloaded(ServiceError):
    """Too many media are being understood at the moment; try again in a second."""

    code = Code.RESOURCE_EXHAUSTED
    reason = "OVERLOADED"


class AiServicer(AiServiceServicer):
    """Translates, calls one use case, translates."""

    def __init__(self, usecases: UseCases, usage: Usage, clock: Clock) -> None:
        self._usecases = usecases
        self._usage = usage
        self._clock = clock
        self._media = asyncio.Semaphore(_MEDIA_AT_ONCE)

    async def HandleMessage(
        self, request: wire.HandleMessageRequest, context: Context
    ) -> wire.HandleMessageResponse:
        """Understands a message and acts on it."""
        turn = await self._usecases.handle(incoming.message(request))
        return wire.HandleMessageResponse(turn=outgoing.turn(turn))

    async def HandleMedia(
        self, request_iterator: AsyncIterator[wire.HandleMediaRequest], context: Context
    ) -> wire.HandleMediaResponse:
        """Understands a medium and acts on it."""
        if self._media.locked():
            raise Overloaded
        async with self._media:
            message = await incoming.medium(request_iterator)
            turn = await self._usecases.handle(message)
        return wire.HandleMediaResponse(turn=outgoing.turn(turn))

    async def Interpret(
        self, request: wire.InterpretRequest, context: Context
    ) -> wire.InterpretResponse:
        """Tells what would be made of a text."""
        incoming.check_text(request.text)
        said = self._clock.now()
        if request.HasField("message_time"):
            said = incoming.moment(request.message_time)
        found = await self._usecases.interpret(
            request.text, time_zone=incoming.zone(request.time_zone), said=said
        )
        return wire.InterpretResponse(
            intents=[outgoing.intent(each) for each in found.intents],
            confidence=found.confidence,
            engine=found.engine,
            missing=found.missing,
        )

    async def ListTurns(
        self, request: wire.ListTurnsRequest, context: Context
    ) -> wire.ListTurnsResponse:
        """Lists how messages were understood."""
        limit = incoming.page_size(request.page_size)
        turns = await self._usecases.turns(
            user_id=request.user_id,
            message_id=request.message_id,
            limit=limit + 1,
            before=incoming.page_start(request.page_token),
        )
        token = outgoing.page_token(turns[limit - 1]) if len(turns) > limit else ""
        return wire.ListTurnsResponse(
            turns=[outgoing.turn(each) for each in turns[:limit]], next_page_token=token
        )

    async def GetUsage(
        self, request: wire.GetUsageRequest, context: Context
    ) -> wire.GetUsageResponse:
        """Tells what the model cost on a day."""
        day = incoming.day(request.day, self._clock.now().date())
        spent = await self._usage.spent(day, request.user_id)
        return wire.GetUsageResponse(
            call_count=spent.calls,
            input_token_count=spent.input_tokens,
            output_token_count=spent.output_tokens,
            cost_micros=spent.cost,
            cap_micros=spent.cap,
        )

    async def EraseUser(
        self, request: wire.EraseUserRequest, context: Context
    ) -> wire.EraseUserResponse:
        """Destroys everything that ai keeps of a person."""
        incoming.check_id("user_id", request.user_id)
        incoming.check_id("request_id", request.request_id)
        return wire.EraseUserResponse(turn_count=await self._usecases.erase(request.user_id))
