"""Who is connected to whom in the ingress service; the only module that knows everything."""

from __future__ import annotations

import asyncio

from chassis.auth import Authorization, Tokens
from chassis.channel import Peer
from chassis.clock import Clock
from chassis.crypto import Keyring, derive
from chassis.process import Component, Readiness
from chassis.resource import Resource
from chassis.server import GrpcServer
from chassis.telemetry import AdminServer, ServerMetrics, new_registry
from chassis.tls import Tls
from chassis.web import WebServer
from db.due import DueQueue, DueWorker, Wake
from db.engine import is_outage, open_engine
from db.sealed import ServiceSeal
from db.tables.ingress import inbox
from hark.ingress.v1.ingress_service_pb2_grpc import add_IngressServiceServicer_to_server
from services.ingress.authorization import TABLE
from services.ingress.clients.ai import AiClient
from services.ingress.clients.notifier import NotifierClient
from services.ingress.domain.names import Names
from services.ingress.domain.signature import Signatures
from services.ingress.metrics import IngressMetrics
from services.ingress.servicer import IngressServicer
from services.ingress.settings import IngressSettings
from services.ingress.storage.inbox import GroupCommit
from services.ingress.storage.parts import StoredParts
from services.ingress.usecases import Acceptance, Handling, Inspection
from services.ingress.web.app import Web
from services.ingress.worker import COLUMNS, PartHandler

SERVICE = "hark.ingress.v1.IngressService"


def assemble(
    settings: IngressSettings,
    *,
    database_url: str,
    tokens: Tokens,
    own_token: str,
    keyring: Keyring,
    hash_key: bytes,
    clock: Clock,
    readiness: Readiness,
    tls: Tls | None = None,
) -> list[Component]:
    """The parts of the service, in the order in which they start."""
    registry = new_registry()
    metrics = IngressMetrics(registry)
    engine = open_engine(database_url, application_name="hark-ingress", pool_size=8)
    ai = Peer(settings.ai_address, token=own_token, tls=tls)
    notifier = Peer(settings.notifier_address, token=own_token, tls=tls)

    queue = DueQueue(engine, inbox, columns=COLUMNS)
    wake = Wake(engine)
    handling = Handling(
        assistant=AiClient(ai),
        notifier=NotifierClient(notifier),
        phone_id=settings.whatsapp_phone_id,
    )
    worker = DueWorker(
        queue,
        PartHandler(handling, ServiceSeal(keyring), max_attempts=queue.max_attempts),
        clock=clock,
        slots=settings.ingress_slots,
        wake=wake,
        on_written=metrics.finished,
    )
    names = make_names(hash_key)
    group_commit = GroupCommit(
        engine,
        keyring,
        names,
        clock=clock,
        queue_bytes=settings.ingress_queue_bytes,
        ring=lambda: wake.ring(queue.channel),
        observer=metrics,
    )
    web = Web(
        Acceptance(Signatures(settings.app_secrets), names, group_commit),
        verify_token=settings.whatsapp_verify_token.get_secret_value(),
        ready=readiness,
        refused=lambda reason: metrics.refused.labels(reason).inc(),
    )
    operators_queue = DueQueue(engine, inbox)
    inspection = Inspection(StoredParts(engine, operators_queue))
    server = GrpcServer(
        settings.ingress_grpc_listen,
        [(add_IngressServiceServicer_to_server, IngressServicer(inspection, clock), SERVICE)],
        tokens=tokens,
        authorization=Authorization(TABLE),
        metrics=ServerMetrics(registry),
        is_outage=is_outage,
        tls=tls,
        name="ingress",
    )
    return [
        Resource("ingress database", engine.dispose),
        Resource("ingress to ai", ai.close),
        Resource("ingress to notifier", notifier.close),
        Resource("ingress inspection", operators_queue.close),
        Listening(wake),
        worker,
        group_commit,
        server,
        AdminServer(settings.ingress_admin_listen, registry, readiness),
        WebServer("ingress web", settings.ingress_listen, web, concurrency_limit=4096),
    ]


def make_names(hash_key: bytes) -> Names:
    """The keyed hashes of this installation; they must never change."""
    return Names(
        dedupe_key=derive(hash_key, "inbox-dedupe"),
        lane_key=derive(hash_key, "inbox-lane"),
        message_key=derive(hash_key, "message-id"),
    )


class Listening:
    """The bells of the inbox as a component: `Wake.run` ends by cancellation only."""

    name = "ingress wake"

    def __init__(self, wake: Wake) -> None:
        self._wake = wake
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Nothing to wait for."""

    async def run(self) -> None:
        """Listens and notifies until stopped."""
        self._task = asyncio.create_task(self._wake.run())
        await asyncio.wait((self._task,))

    async def stop(self) -> None:
        """Lets go."""
        if self._task is not None:
            self._task.cancel()
