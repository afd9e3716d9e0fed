"""The notifier as its wiring builds it, on a real Postgres and a real gRPC port."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from chassis.auth import Tokens
from chassis.channel import Peer
from chassis.crypto import Keyring
from chassis.errors import InvalidArgument, RequestIdReused
from chassis.process import Component, Readiness, Running
from chassis.server import GrpcServer
from chassis.settings import ListenAddress
from hark.notifier.v1.inbound_pb2 import DeliveryStatus, Sender
from hark.notifier.v1.notification_pb2 import Content, Notification
from hark.notifier.v1.notifier_service_pb2 import (
    GetNotificationRequest,
    RecordInboundRequest,
    RecordInboundResponse,
    RecordStatusesRequest,
    RecordStatusesResponse,
    SendNotificationRequest,
)
from hark.notifier.v1.notifier_service_pb2_grpc import NotifierServiceStub
from services.notifier.domain.contact import (
    GenerationOutdated,
    MessageNotFound,
    UserErased,
    UserNotFound,
    UserStopped,
)
from services.notifier.domain.notification import (
    NotificationNotFound,
    NotificationNotRedrivable,
    NotificationStarted,
)
from services.notifier.domain.template import TemplateNotFound
from services.notifier.settings import NotifierSettings
from services.notifier.wiring import assemble

TOKENS = "ingress:ingress-token-123456,ai:ai-token-1234567890,operator:operator-token-123456"
KEYRING = Keyring([("k1", b"k" * 32)])
HASH_KEY = b"h" * 32
ERRORS = (
    InvalidArgument,
    RequestIdReused,
    UserNotFound,
    UserStopped,
    TemplateNotFound,
    NotificationNotFound,
    NotificationStarted,
    NotificationNotRedrivable,
    GenerationOutdated,
    MessageNotFound,
    UserErased,
)


# No cap at all: for tests that are about something else and send much.
WITHOUT_CAPS = {
    "notifier_messages_per_minute": 0,
    "notifier_messages_per_day": 0,
    "notifier_people_outside_window": 0,
    "notifier_user_notifications_per_day": 0,
    "notifier_pair_burst": 0,
}


class MovableClock:
    """The machine's time and an offset."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset


class House:
    """One running notifier and a client for each caller."""

    def __init__(self, components: Sequence[Component], port: int, clock: MovableClock) -> None:
        self.components = components
        self.clock = clock
        self.peers = {
            client: Peer(f"127.0.0.1:{port}", token=token, errors=ERRORS)
            for client, token in (pair.split(":") for pair in TOKENS.split(","))
        }
        self.stubs = {name: NotifierServiceStub(peer.channel) for name, peer in self.peers.items()}

    async def call(self, method: str, request: Any, *, client: str = "operator") -> Any:
        stub = self.stubs[client]
        return await self.peers[client].call(getattr(stub, method), request, timeout=10.0)

    async def record(
        self,
        wa_id: str = "15550100001",
        *,
        wamid: str = "wamid.in-1",
        message_id: str = "m_1",
        at: datetime | None = None,
        **names: str,
    ) -> RecordInboundResponse:
        mark_read = bool(names.pop("mark_read", ""))
        request = RecordInboundRequest(
            sender=Sender(wa_id=wa_id, **names),
            message_id=message_id,
            provider_message_id=wamid,
            message_time=stamp(at or self.clock.now()),
            mark_read=mark_read,
        )
        response: RecordInboundResponse = await self.call(
            "RecordInbound", request, client="ingress"
        )
        return response

    async def get(self, notification_id: str) -> Notification:
        request = GetNotificationRequest(notification_id=notification_id)
        return (await self.call("GetNotification", request)).notification

    async def in_state(self, notification_id: str, state: Any, timeout: float = 10.0) -> Any:
        """The notification, once it is in that state."""

        async def reached() -> Notification | None:
            found = await self.get(notification_id)
            return found if found.state == state else None

        return await eventually(reached, timeout)

    async def status(self, *statuses: DeliveryStatus) -> RecordStatusesResponse:
        request = RecordStatusesRequest(statuses=statuses)
        response: RecordStatusesResponse = await self.call(
            "RecordStatuses", request, client="ingress"
        )
        return response


async def eventually(probe: Callable[[], Awaitable[Any]], timeout: float = 10.0) -> Any:
    """What `probe` finds, once it finds something; each look is a call of its own."""
    async with asyncio.timeout(timeout):
        while True:
            if found := await probe():
                return found
            await asyncio.sleep(0.01)


def stamp(time: datetime) -> Timestamp:
    message = Timestamp()
    message.FromDatetime(time)
    return message


def a_request(user_id: str = "", **fields: Any) -> SendNotificationRequest:
    values: dict[str, Any] = {
        "type": Notification.TYPE_TASK_UPDATE,
        "contents": [Content(template="task_due", parameters={"title": "Ada", "number": "1"})],
        "request_id": str(uuid.uuid4()),
    }
    if user_id:
        values["user_id"] = user_id
    return SendNotificationRequest(**values | fields)


async def send(house: House, request: SendNotificationRequest, client: str = "ai") -> Notification:
    """Hands one in; the accepted notification."""
    accepted: Notification = (
        await house.call("SendNotification", request, client=client)
    ).notification
    return accepted


@asynccontextmanager
async def notifier(
    database_url: str,
    api_url: str,
    *,
    clock: MovableClock | None = None,
    probe_seconds: float = 60.0,
    without: Sequence[str] = (),
    **others: Any,
) -> AsyncIterator[House]:
    """A running notifier; `without` names components that are left out, `others` are settings."""
    clock = clock or MovableClock()
    settings = NotifierSettings(
        notifier_listen=ListenAddress("127.0.0.1", 0),
        notifier_admin_listen=ListenAddress("127.0.0.1", 0),
        whatsapp_api_url=api_url,
        whatsapp_phone_id="test_phone_id",
        whatsapp_auth_token="test_auth_token",
        notifier_probe_seconds=probe_seconds,
        **others,
    )
    components = assemble(
        settings,
        database_url=database_url,
        tokens=Tokens.parse(TOKENS),
        own_token="",
        keyring=KEYRING,
        hash_key=HASH_KEY,
        clock=clock,
        readiness=Readiness(),
    )
    components = [each for each in components if each.name not in without]
    port = 0
    async with asyncio.TaskGroup() as group:
        started = []
        try:
            for component in components:
                answer = await component.start()
                if isinstance(component, GrpcServer):
                    port = int(str(answer))
                task = (
                    group.create_task(component.run()) if isinstance(component, Running) else None
                )
                started.append((component, task))
            house = House(components, port, clock)
            yield house
            for peer in house.peers.values():
                await peer.close()
        finally:
            for component, task in reversed(started):
                await component.stop()
                if task is not None:
                    await task
