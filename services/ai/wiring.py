"""Who is connected to whom in the ai service; the only module that knows everything."""

from __future__ import annotations

from chassis.auth import Authorization, Tokens
from chassis.channel import Peer
from chassis.clock import Clock
from chassis.crypto import Keyring
from chassis.process import Component, Readiness
from chassis.resource import Resource
from chassis.server import GrpcServer
from chassis.telemetry import AdminServer, ServerMetrics, new_registry
from chassis.tls import Tls
from db.engine import is_outage, open_engine
from db.sealed import PersonKeys
from db.tables.ai import person_keys
from hark.ai.v1.ai_service_pb2_grpc import add_AiServiceServicer_to_server
from services.ai.authorization import TABLE
from services.ai.clients.notifier import NotifierClient
from services.ai.clients.scheduler import SchedulerClient
from services.ai.servicer import AiServicer
from services.ai.settings import AiSettings
from services.ai.storage import StoredTurns
from services.ai.understanding import LocalUnderstanding
from services.ai.usecases import UseCases

SERVICE = "hark.ai.v1.AiService"


def assemble(
    settings: AiSettings,
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
    engine = open_engine(database_url, application_name="hark-ai", pool_size=8)
    scheduler = Peer(settings.scheduler_address, token=own_token, tls=tls)
    notifier = Peer(settings.notifier_address, token=own_token, tls=tls)
    usecases = UseCases(
        understanding=LocalUnderstanding(),
        turns=StoredTurns(engine, PersonKeys(engine, person_keys, keyring)),
        planner=SchedulerClient(scheduler),
        mouth=NotifierClient(notifier),
        clock=clock,
    )
    server = GrpcServer(
        settings.ai_listen,
        [(add_AiServiceServicer_to_server, AiServicer(usecases, clock), SERVICE)],
        tokens=tokens,
        authorization=Authorization(TABLE),
        metrics=ServerMetrics(registry),
        is_outage=is_outage,
        tls=tls,
        name="ai",
    )
    return [
        Resource("ai database", engine.dispose),
        Resource("ai to scheduler", scheduler.close),
        Resource("ai to notifier", notifier.close),
        server,
        AdminServer(settings.ai_admin_listen, registry, readiness),
    ]
