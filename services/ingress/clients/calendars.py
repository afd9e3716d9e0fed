"""Port `Calendars` over the scheduler's gRPC."""

from __future__ import annotations

from chassis.channel import Peer
from chassis.errors import Code, RemoteError
from hark.scheduler.v1.scheduler_service_pb2 import ReadCalendarFeedRequest
from hark.scheduler.v1.scheduler_service_pb2_grpc import SchedulerServiceStub
from services.ingress.ports import CalendarPage

_TIMEOUT = 10.0


class CalendarsClient:
    """Port `Calendars`."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._stub = SchedulerServiceStub(peer.channel)

    async def read(self, token: str, etag: str) -> CalendarPage | None:
        """What the token opens; None for nothing. Raises RemoteError."""
        request = ReadCalendarFeedRequest(token=token, etag=etag)
        try:
            answer = await self._peer.call(self._stub.ReadCalendarFeed, request, timeout=_TIMEOUT)
        except RemoteError as error:
            if error.remote_code is Code.NOT_FOUND:
                return None
            raise
        content = None if answer.not_modified else answer.content
        return CalendarPage(etag=answer.etag, content=content)
