"""Who is connected to whom in the ingress service; the only module that knows everything."""

from __future__ import annotations

import time
from datetime import timedelta

from chassis.auth import Authorization, Tokens
from chassis.channel import Peer
from chassis.clock import Clock
from chassis.crypto import Keyring, derive
from chassis.process import Component, Readiness
from chassis.resource import Resource
from chassis.server import GrpcServer
from chassis.telemetry import AdminServer, QueueMetrics, ServerMetrics, new_registry
from chassis.tls import Tls
from chassis.web import WebServer
from db.due import DueQueue, DueWorker, QueueWatch, Wake
from db.engine import is_outage, open_engine
from db.pool import PoolCollector
from db.retention import FromTheFront, Retention
from db.sealed import ServiceSeal
from db.tables.ingress import erasures, inbox
from hark.ingress.v1.ingress_service_pb2_grpc import add_IngressServiceServicer_to_server
from services.ingress.authorization import TABLE
from services.ingress.clients.ai import AiClient
from services.ingress.clients.calendars import CalendarsClient
from services.ingress.clients.media import GraphMedia
from services.ingress.clients.notifier import NotifierClient
from services.ingress.clients.oblivion import OblivionClients
from services.ingress.domain.flood import FloodControl
from services.ingress.domain.names import Names, message_id
from services.ingress.domain.signature import Signatures
from services.ingress.metrics import IngressMetrics
from services.ingress.servicer import IngressServicer
from services.ingress.settings import IngressSettings
from services.ingress.storage.erasures import COLUMNS as ERASURE_COLUMNS
from services.ingress.storage.erasures import StoredErasures
from services.ingress.storage.inbox import GroupCommit
from services.ingress.storage.lanes import StoredLanes
from services.ingress.storage.parts import StoredParts
from services.ingress.usecases import Acceptance, Handling, Inspection
from services.ingress.usecases.conversation import Conversation
from services.ingress.usecases.erasing import Erasing
from services.ingress.usecases.floods import FLOOD, Floods
from services.ingress.usecases.listening import Listening
from services.ingress.usecases.typing import Typing
from services.ingress.web.app import Web
from services.ingress.web.calendar import calendar_routes
from services.ingress.worker import COLUMNS, ErasureHandler, PartHandler

SERVICE = "hark.ingress.v1.IngressService"
# Files that wait for their turn in memory; more of them wait in the inbox.
MEDIA_WAITING = 60
ERASURES_AT_ONCE = 4
# Longer than waiting for a slot, three attempts at a file, and ai's time for it together.
HANDLER_TIMEOUT = timedelta(seconds=100)


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
    queue_metrics = QueueMetrics(registry)
    registry.register(PoolCollector(engine))
    ai = Peer(settings.ai_address, token=own_token, tls=tls)
    scheduler = Peer(settings.scheduler_address, token=own_token, tls=tls)
    notifier = Peer(settings.notifier_address, token=own_token, tls=tls)

    names = make_names(hash_key)

    queue = DueQueue(engine, inbox, columns=COLUMNS)
    wake = Wake(engine)
    media = GraphMedia(
        api_url=settings.whatsapp_api_url,
        phone_id=settings.whatsapp_phone_id,
        auth_token=settings.whatsapp_auth_token.get_secret_value(),
    )
    handling = _handling(
        settings,
        assistant=AiClient(ai, names),
        notifier=NotifierClient(notifier),
        files=media,
        lanes=StoredLanes(engine, reason=FLOOD),
        names=names,
        clock=clock,
        metrics=metrics,
    )
    worker = DueWorker(
        queue,
        PartHandler(handling, ServiceSeal(keyring), max_attempts=queue.max_attempts),
        clock=clock,
        # Files wait in slots that texts do not need.
        slots=settings.ingress_slots + settings.ingress_media_slots + MEDIA_WAITING,
        handler_timeout=HANDLER_TIMEOUT,
        wake=wake,
        on_written=metrics.finished,
        metrics=queue_metrics,
    )
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
        more=calendar_routes(CalendarsClient(scheduler), monotonic=time.monotonic),
    )
    operators_queue = DueQueue(engine, inbox)
    inspection = Inspection(StoredParts(engine, operators_queue))
    erasing = Erasing(
        StoredErasures(engine),
        OblivionClients(ai=ai, scheduler=scheduler, notifier=notifier),
        names,
        clock=clock,
    )
    server = GrpcServer(
        settings.ingress_grpc_listen,
        [
            (
                add_IngressServiceServicer_to_server,
                IngressServicer(inspection, erasing, clock),
                SERVICE,
            )
        ],
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
        Resource("ingress to scheduler", scheduler.close),
        Resource("ingress to notifier", notifier.close),
        Resource("ingress inspection", operators_queue.close),
        Resource("ingress media", media.close),
        wake,
        worker,
        QueueWatch(DueQueue(engine, inbox), queue_metrics, clock=clock),
        DueWorker(
            DueQueue(engine, erasures, columns=ERASURE_COLUMNS),
            ErasureHandler(erasing, clock),
            clock=clock,
            slots=ERASURES_AT_ONCE,
        ),
        Retention("ingress", engine, [_inbox_rule(settings)], clock=clock),
        group_commit,
        server,
        AdminServer(settings.ingress_admin_listen, registry, readiness),
        WebServer("ingress web", settings.ingress_listen, web, concurrency_limit=4096),
    ]


def _handling(
    settings: IngressSettings,
    *,
    assistant: AiClient,
    notifier: NotifierClient,
    files: GraphMedia,
    lanes: StoredLanes,
    names: Names,
    clock: Clock,
    metrics: IngressMetrics,
) -> Handling:
    """What becomes of parts, with the limits that the settings say."""
    control = FloodControl(
        per_minute=settings.ingress_messages_per_minute, burst=settings.ingress_message_burst
    )
    conversation = Conversation(
        assistant=assistant,
        notifier=notifier,
        floods=Floods(control, lanes, clock),
        listening=Listening(
            files, assistant, slots=settings.ingress_media_slots, waiting=MEDIA_WAITING
        ),
        typing=Typing(notifier),
        guests=settings.guests,
        clock=clock,
        message_id_of=lambda wamid: message_id(names.message(wamid)),
        phone_id=settings.whatsapp_phone_id,
        late_after=settings.late_after,
    )
    return Handling(
        conversation,
        notifier,
        phone_id=settings.whatsapp_phone_id,
        counted=lambda field: metrics.account_changes.labels(field).inc(),
    )


def _inbox_rule(settings: IngressSettings) -> FromTheFront:
    keep = timedelta(days=settings.ingress_retention_days)
    return FromTheFront(table=inbox, time=inbox.c.receive_time, keep=keep)


def make_names(hash_key: bytes) -> Names:
    """The keyed hashes of this installation; they must never change."""
    return Names(
        dedupe_key=derive(hash_key, "inbox-dedupe"),
        lane_key=derive(hash_key, "inbox-lane"),
        message_key=derive(hash_key, "message-id"),
    )
