"""What all methods that change something have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from google.protobuf.message import Message

from chassis.clock import Clock
from chassis.errors import ServiceError
from hark.scheduler.v1.scheduler_service_pb2 import ChangeResult
from hark.scheduler.v1.scheduler_service_pb2_grpc import SchedulerServiceServicer
from services.scheduler.domain.change import Change
from services.scheduler.servicer import answers
from services.scheduler.servicer.checks import Checks
from services.scheduler.usecases.applying import Applied, Applying, Request
from services.scheduler.usecases.reading import Reading, Shown


class ChangingServicer(SchedulerServiceServicer):
    """Applies changes that come as calls rather than as words; tells the person nothing."""

    def __init__(self, applying: Applying, reading: Reading, clock: Clock) -> None:
        self._applying = applying
        self._reading = reading
        self._clock = clock

    async def _changed(
        self,
        request: Any,
        user_id: str,
        change: Change,
        checks: Checks,
        missing: ServiceError | None = None,
    ) -> Shown:
        applied = await self._apply_quietly(request, user_id, change, checks, missing)
        (shown,) = await self._shown(applied)
        if shown is None:
            raise TypeError("this change is about an item")
        return shown

    async def _apply_quietly(
        self,
        request: Any,
        user_id: str,
        change: Change,
        checks: Checks,
        missing: ServiceError | None = None,
    ) -> Applied:
        wanted = Request(
            user_id=checks.uuid("user_id", user_id),
            request_id=checks.uuid("request_id", request.request_id),
            body=body(request),
            said=self._clock.now(),
            changes=(change,),
        )
        checks.close()
        return await self._applying.change(wanted, missing=missing)

    async def _shown(self, applied: Applied) -> Sequence[Shown | None]:
        items = [item for item in applied.results if item is not None]
        shown = iter(await self._reading.shown(items, applied.preferences))
        return [None if item is None else next(shown) for item in applied.results]

    async def _results(self, applied: Applied) -> Sequence[ChangeResult]:
        remarks = {each.position: each for each in applied.remarks}
        return [
            answers.changed(shown, remarks.get(position))
            for position, shown in enumerate(await self._shown(applied))
        ]


def body(request: Message) -> bytes:
    """What a repeat must repeat: everything that was asked, and of which method."""
    name = request.DESCRIPTOR.full_name.encode()
    return name + b"\0" + request.SerializeToString(deterministic=True)
