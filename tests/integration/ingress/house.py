"""Ingress as it is wired for production, on free ports, and what a test asks of it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from types import TracebackType
from typing import Any

import asyncpg
import httpx2

from chassis.address import ListenAddress
from chassis.auth import Tokens
from chassis.channel import Peer
from chassis.clock import Clock, SystemClock
from chassis.crypto import Keyring
from chassis.process import Component, Readiness, Running
from hark.ingress.v1.ingress_service_pb2 import (
    GetInboxRequest,
    GetInboxResponse,
    ListPartsRequest,
    ListPartsResponse,
    RedrivePartsRequest,
    RedrivePartsResponse,
)
from hark.ingress.v1.ingress_service_pb2_grpc import IngressServiceStub
from services.ingress.settings import IngressSettings
from services.ingress.wiring import assemble
from tests.integration.ingress.graph import GRAPH_TOKEN
from tests.integration.ingress.peers import Serving
from tests.integration.ingress.waiting import until

SECRET = "test_app_secret"
OLD_SECRET = "the_secret_before"
VERIFY_TOKEN = "test_verify_token"
PHONE_ID = "106540352242922"
OPERATOR_TOKEN = "operator-token-for-tests"
INGRESS_TOKEN = "ingress-token-for-tests"
FREE = ListenAddress("127.0.0.1", 0)


def signed(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class House:
    """One running ingress."""

    def __init__(
        self,
        database_url: str,
        serving: Serving,
        *,
        clock: Clock | None = None,
        phone_id: str = PHONE_ID,
        queue_bytes: int = 32 * 1024 * 1024,
        allowed: str = "*",
        per_minute: int = 6000,
        burst: int = 1000,
    ) -> None:
        self.database_url = database_url
        self.serving = serving
        self._tasks: list[asyncio.Task[None]] = []
        self._settings = IngressSettings(
            ingress_listen=FREE,
            ingress_grpc_listen=FREE,
            ingress_admin_listen=FREE,
            ai_address=serving.address("ai"),
            notifier_address=serving.address("notifier"),
            whatsapp_app_secret=f"{SECRET},{OLD_SECRET}",
            whatsapp_verify_token=VERIFY_TOKEN,
            whatsapp_phone_id=phone_id,
            whatsapp_auth_token=GRAPH_TOKEN,
            whatsapp_api_url=serving.graph.api_url,
            hark_allowed=allowed,
            ingress_messages_per_minute=per_minute,
            ingress_message_burst=burst,
            ingress_queue_bytes=queue_bytes,
        )
        self._clock = clock or SystemClock()

    async def __aenter__(self) -> House:
        readiness = Readiness()
        self.components = assemble(
            self._settings,
            database_url=self.database_url,
            tokens=Tokens([("operator", OPERATOR_TOKEN), ("ingress", INGRESS_TOKEN)]),
            own_token=INGRESS_TOKEN,
            keyring=Keyring([("k1", b"k" * 32)]),
            hash_key=b"h" * 32,
            clock=self._clock,
            readiness=readiness,
        )
        ports: dict[str, Any] = {}
        for component in self.components:
            ports[component.name] = await component.start()
            if isinstance(component, Running):
                self._tasks.append(asyncio.create_task(component.run(), name=component.name))
        readiness.set(True)
        self.base_url = f"http://127.0.0.1:{ports['ingress web']}"
        self.web = httpx2.AsyncClient(base_url=self.base_url, timeout=20)
        self.grpc_address = f"127.0.0.1:{ports['ingress']}"
        self._peer = Peer(self.grpc_address, token=OPERATOR_TOKEN)
        self._stub = IngressServiceStub(self._peer.channel)
        self.connection = await asyncpg.connect(self.database_url)
        return self

    async def __aexit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        await self.web.aclose()
        await self._peer.close()
        await self.connection.close()
        for component in reversed(self.components):
            await component.stop()
        done, pending = await asyncio.wait(self._tasks, timeout=15)
        for task in done:
            task.result()
        assert not pending, [task.get_name() for task in pending]

    def component(self, name: str) -> Component:
        return next(each for each in self.components if each.name == name)

    async def post(self, body: bytes, **headers: str) -> httpx2.Response:
        """Posts a body as WhatsApp would; `headers` replace its own (underscores for dashes)."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"content-type": "application/json", "x-hub-signature-256": signed(body)} | given
        return await self.web.post("/webhook", content=body, headers=sent)

    async def say(self, *texts: str, sender: str = "15550100001", first: int = 1) -> None:
        """Posts each text as a webhook of its own."""
        for number, text in enumerate(texts, start=first):
            message = text_message(text, sender=sender, wamid=f"wamid.{sender}.{number}")
            answer = await self.post(webhook(message))
            assert answer.status_code == 200, answer.text

    async def settled(self, *, open_left: int = 0) -> None:
        """Returns when no more than `open_left` parts are open."""

        async def is_settled() -> bool:
            return await self.count("settled_time IS NULL") <= open_left

        await until(is_settled)

    async def count(self, condition: str = "true") -> int:
        query = f"SELECT count(*) FROM ingress.inbox WHERE {condition}"
        return int(await self.connection.fetchval(query))

    async def inbox(self) -> GetInboxResponse:
        return await self._peer.call(self._stub.GetInbox, GetInboxRequest(), timeout=5)

    async def list(self, **wanted: Any) -> ListPartsResponse:
        return await self._peer.call(self._stub.ListParts, ListPartsRequest(**wanted), timeout=5)

    async def redrive(self, *part_ids: int) -> RedrivePartsResponse:
        request = RedrivePartsRequest(part_ids=part_ids)
        return await self._peer.call(self._stub.RedriveParts, request, timeout=5)


def text_message(
    text: str, *, sender: str = "15550100001", wamid: str = "wamid.1", timestamp: str = "1763800000"
) -> dict[str, Any]:
    return {
        "from": sender,
        "id": wamid,
        "timestamp": timestamp,
        "type": "text",
        "text": {"body": text},
    }


def status(wamid: str, state: str = "delivered") -> dict[str, Any]:
    return {"id": wamid, "status": state, "timestamp": "1763800000", "recipient_id": "15550100001"}


def webhook(
    *items: dict[str, Any],
    phone_id: str = PHONE_ID,
    field: str = "messages",
    value: dict[str, Any] | None = None,
) -> bytes:
    """One POST with these messages and statuses, or with a value of another field."""
    changes = [{"field": field, "value": value or messages_value(*items, phone_id=phone_id)}]
    return json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]}
    ).encode()


def messages_value(*items: dict[str, Any], phone_id: str) -> dict[str, Any]:
    value: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": phone_id},
        "contacts": [
            {"profile": {"name": "Ada"}, "wa_id": item["from"]} for item in items if "from" in item
        ],
    }
    messages = [item for item in items if "status" not in item]
    statuses = [item for item in items if "status" in item]
    if messages:
        value["messages"] = messages
    if statuses:
        value["statuses"] = statuses
    return value
