"""Peers of ingress that write down what they are told: real gRPC servers, in this process."""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import grpc

from chassis.ids import derived_id
from hark.ai.v1.ai_service_pb2 import (
    HandleMediaResponse,
    HandleMessageRequest,
    HandleMessageResponse,
    MediaHeader,
)
from hark.ai.v1.ai_service_pb2_grpc import AiServiceServicer, add_AiServiceServicer_to_server
from hark.notifier.v1.inbound_pb2 import DeliveryStatus
from hark.notifier.v1.notifier_service_pb2 import (
    RecordAccountChangeRequest,
    RecordAccountChangeResponse,
    RecordIdentityChangeRequest,
    RecordIdentityChangeResponse,
    RecordInboundRequest,
    RecordInboundResponse,
    RecordStatusesRequest,
    RecordStatusesResponse,
    SendNotificationRequest,
    SendNotificationResponse,
    SetContactPreferencesRequest,
    SetContactPreferencesResponse,
    ShowTypingRequest,
    ShowTypingResponse,
)
from hark.notifier.v1.notifier_service_pb2_grpc import (
    NotifierServiceServicer,
    add_NotifierServiceServicer_to_server,
)
from tests.integration.ingress.graph import Graph

Fails = Callable[[Any], grpc.StatusCode | None]


def never(_request: object) -> None:
    """Fails at nothing."""


@dataclass
class RecordingAi(AiServiceServicer):
    """Writes down what it handles; `fails` says with what it refuses, `gates` what it waits for."""

    handled: list[HandleMessageRequest] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    fails: Fails = never
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    media: list[tuple[MediaHeader, int, bytes]] = field(default_factory=list)
    open_streams: int = 0
    most_streams: int = 0
    largest_chunk: int = 0

    async def HandleMedia(self, requests: Any, context: Any) -> Any:
        self.open_streams += 1
        self.most_streams = max(self.most_streams, self.open_streams)
        header, size, digest = MediaHeader(), 0, hashlib.sha256()
        try:
            async for request in requests:
                if request.HasField("header"):
                    header = request.header
                    continue
                digest.update(request.chunk)
                size += len(request.chunk)
                self.largest_chunk = max(self.largest_chunk, len(request.chunk))
            if gate := self.gates.get(header.caption):
                await gate.wait()
        finally:
            self.open_streams -= 1
        if code := self.fails(header):
            await context.abort(code, "as the test wants it")
        self.media.append((header, size, digest.digest()))
        return HandleMediaResponse()

    async def HandleMessage(self, request: HandleMessageRequest, context: Any) -> Any:
        self.asked.append(request.message_id)
        if gate := self.gates.get(request.text.text):
            await gate.wait()
        if code := self.fails(request):
            await context.abort(code, "as the test wants it")
        self.handled.append(request)
        return HandleMessageResponse()

    def texts(self) -> list[str]:
        return [request.text.text for request in self.handled]

    def by_person(self) -> dict[str, list[str]]:
        said = defaultdict(list)
        for request in self.handled:
            said[request.user_id].append(request.text.text)
        return dict(said)


@dataclass
class RecordingNotifier(NotifierServiceServicer):
    """Knows everybody by their first id, and writes down what it is told."""

    inbound: list[RecordInboundRequest] = field(default_factory=list)
    statuses: list[DeliveryStatus] = field(default_factory=list)
    status_calls: int = 0
    sent: list[SendNotificationRequest] = field(default_factory=list)
    typing: list[str] = field(default_factory=list)
    identities: list[RecordIdentityChangeRequest] = field(default_factory=list)
    accounts: list[RecordAccountChangeRequest] = field(default_factory=list)
    preferences: list[SetContactPreferencesRequest] = field(default_factory=list)
    # Quoted provider message id -> the request id of the notification that it is.
    ours: dict[str, str] = field(default_factory=dict)
    fails: Fails = never

    async def RecordInbound(self, request: RecordInboundRequest, context: Any) -> Any:
        if code := self.fails(request):
            await context.abort(code, "as the test wants it")
        self.inbound.append(request)
        sender = request.sender
        user_id = derived_id("user", sender.business_user_id or sender.wa_id)
        return RecordInboundResponse(
            user_id=user_id,
            time_zone_guess="Europe/Berlin",
            quoted_request_id=self.ours.get(request.quoted_provider_message_id, ""),
        )

    async def ShowTyping(self, request: ShowTypingRequest, context: Any) -> Any:
        self.typing.append(request.message_id)
        return ShowTypingResponse()

    async def RecordIdentityChange(self, request: RecordIdentityChangeRequest, context: Any) -> Any:
        self.identities.append(request)
        return RecordIdentityChangeResponse()

    async def RecordAccountChange(self, request: RecordAccountChangeRequest, context: Any) -> Any:
        self.accounts.append(request)
        return RecordAccountChangeResponse(effect="NOTED")

    async def SetContactPreferences(
        self, request: SetContactPreferencesRequest, context: Any
    ) -> Any:
        self.preferences.append(request)
        return SetContactPreferencesResponse()

    async def RecordStatuses(self, request: RecordStatusesRequest, context: Any) -> Any:
        self.status_calls += 1
        if code := self.fails(request):
            await context.abort(code, "as the test wants it")
        self.statuses += request.statuses
        return RecordStatusesResponse(matched_count=len(request.statuses))

    async def SendNotification(self, request: SendNotificationRequest, context: Any) -> Any:
        self.sent.append(request)
        return SendNotificationResponse()


class Serving:
    """Both peers on one port each; they can be stopped and started again at the same address."""

    def __init__(self, ai: RecordingAi, notifier: RecordingNotifier, graph: Graph) -> None:
        self.ai = ai
        self.notifier = notifier
        self.graph = graph
        self._ports = {"ai": 0, "notifier": 0}
        self._servers: dict[str, grpc.aio.Server] = {}

    def address(self, name: str) -> str:
        return f"127.0.0.1:{self._ports[name]}"

    async def start(self, name: str) -> None:
        server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
        if name == "ai":
            add_AiServiceServicer_to_server(self.ai, server)
        else:
            add_NotifierServiceServicer_to_server(self.notifier, server)
        self._ports[name] = server.add_insecure_port(self.address(name))
        await server.start()
        self._servers[name] = server

    async def stop(self, name: str) -> None:
        server = self._servers.pop(name, None)
        if server is not None:
            await server.stop(None)
