"""grpc.health.v1: Check, List, and a Watch that ends when the server drains."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any

from grpc_health.v1 import health_pb2_grpc
from grpc_health.v1.health_pb2 import (
    HealthCheckRequest,
    HealthCheckResponse,
    HealthListRequest,
    HealthListResponse,
)

from chassis.errors import Code, ServiceError

SERVICE_NAME = "grpc.health.v1.Health"
# The name that stands for the server as a whole.
OVERALL = ""


class UnknownService(ServiceError):
    """This server serves no service of that name."""

    code = Code.NOT_FOUND
    reason = "UNKNOWN_SERVICE"


class HealthServicer(health_pb2_grpc.HealthServicer):  # type: ignore[misc]
    """Tells which services take calls.

    The stock servicer neither lists nor ends a Watch, so a server that drains would wait for its
    watchers until it loses patience.
    """

    def __init__(self, services: Iterable[str]) -> None:
        self._serving = dict.fromkeys((OVERALL, *services), False)
        self._draining = False
        self._changed = asyncio.Event()

    def set_serving(self, service: str, serving: bool) -> None:
        """Sets one service's state; nothing comes back once the server drains."""
        if service not in self._serving:
            raise KeyError(service)
        self._serving[service] = serving and not self._draining
        self._announce()

    def set_all(self, serving: bool) -> None:
        """Sets the state of every service and of the server as a whole."""
        for service in self._serving:
            self._serving[service] = serving and not self._draining
        self._announce()

    def drain(self) -> None:
        """Sets everything to NOT_SERVING for good; every Watch says so and ends."""
        self._draining = True
        self.set_all(False)

    async def Check(self, request: HealthCheckRequest, context: Any) -> HealthCheckResponse:
        """The state of one service. Errors: NOT_FOUND (UNKNOWN_SERVICE)."""
        if request.service not in self._serving:
            raise UnknownService
        return HealthCheckResponse(status=self._status(request.service))

    async def List(self, request: HealthListRequest, context: Any) -> HealthListResponse:
        """The state of every service."""
        return HealthListResponse(
            statuses={
                service: HealthCheckResponse(status=self._status(service))
                for service in self._serving
            }
        )

    async def Watch(
        self, request: HealthCheckRequest, context: Any
    ) -> AsyncIterator[HealthCheckResponse]:
        """The state now and at every change, until the server drains."""
        last = None
        while True:
            changed = self._changed
            status = self._status(request.service)
            if status != last:
                yield HealthCheckResponse(status=status)
                last = status
            if self._draining:
                return
            await changed.wait()

    def _announce(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def _status(self, service: str) -> HealthCheckResponse.ServingStatus.ValueType:
        serving = self._serving.get(service)
        if serving is None:
            return HealthCheckResponse.SERVICE_UNKNOWN
        return HealthCheckResponse.SERVING if serving else HealthCheckResponse.NOT_SERVING
