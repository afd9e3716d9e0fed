"""Port `Oblivion` over ingress's gRPC: it has a person forgotten by all four services."""

from __future__ import annotations

from datetime import timedelta

from chassis.channel import Peer
from chassis.ids import derived_id
from hark.ingress.v1.ingress_service_pb2 import EraseUserRequest
from hark.ingress.v1.ingress_service_pb2_grpc import IngressServiceStub

_TIMEOUT = 5.0
# So that the last answer still goes out.
_DELAY = timedelta(seconds=60)


class IngressClient:
    """Port `Oblivion`."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._stub = IngressServiceStub(peer.channel)

    async def erase(self, user_id: str, message_id: str) -> None:
        """Starts the erasure, once however often it is asked to; durable when this returns."""
        request = EraseUserRequest(user_id=user_id, request_id=derived_id("erase", message_id))
        request.delay.FromTimedelta(_DELAY)
        await self._peer.call(self._stub.EraseUser, request, timeout=_TIMEOUT)
