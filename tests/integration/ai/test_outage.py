"""While Postgres is away, ai says so; its caller must not blame the message."""

from __future__ import annotations

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from chassis.auth import Tokens
from chassis.channel import Peer
from chassis.clock import SystemClock
from chassis.crypto import Keyring, new_key
from chassis.errors import Code, RemoteError
from chassis.process import Component, Readiness
from chassis.server import GrpcServer
from chassis.settings import ListenAddress
from hark.ai.v1.ai_service_pb2 import HandleMessageRequest, TextContent
from hark.ai.v1.ai_service_pb2_grpc import AiServiceStub
from services.ai.settings import AiSettings
from services.ai.wiring import assemble

TOKEN = "ingress-token-for-this-test"
NOBODY = "postgresql://hark@127.0.0.1:1/hark"


def components() -> list[Component]:
    settings = AiSettings(
        ai_listen=ListenAddress("127.0.0.1", 0),
        ai_admin_listen=ListenAddress("127.0.0.1", 0),
        scheduler_address="127.0.0.1:1",
        notifier_address="127.0.0.1:1",
    )
    return assemble(
        settings,
        database_url=NOBODY,
        tokens=Tokens([("ingress", TOKEN)]),
        own_token=TOKEN,
        keyring=Keyring([("k1", new_key())]),
        hash_key=new_key(),
        clock=SystemClock(),
        readiness=Readiness(),
    )


async def test_without_its_database_ai_is_unavailable_and_not_mistaken() -> None:
    parts = components()
    server = next(each for each in parts if isinstance(each, GrpcServer))
    port = await server.start()
    peer = Peer(f"127.0.0.1:{port}", token=TOKEN)
    request = HandleMessageRequest(
        user_id="7c2f1c0e-3b1e-4d53-9a53-0b1c8a1f2e44",
        message_id="m_1",
        message_time=Timestamp(seconds=1_795_348_800),
        text=TextContent(text="help"),
    )
    try:
        with pytest.raises(RemoteError) as refused:
            await peer.call(AiServiceStub(peer.channel).HandleMessage, request, timeout=10.0)
    finally:
        await peer.close()
        await server.stop(0)
        for each in parts:
            if each is not server and each.name != "admin":
                await each.stop()
    assert refused.value.remote_code is Code.UNAVAILABLE
    assert refused.value.remote_reason == "STORAGE_UNAVAILABLE"
    assert refused.value.is_outage
