"""Who is connected to whom in the ai service; the only module that knows everything."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

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
from db.retention import ByTime, Retention, Rule
from db.sealed import PersonKeys
from db.tables.ai import model_usage, person_keys
from db.tables.ai import turns as turn_rows
from hark.ai.v1.ai_service_pb2_grpc import add_AiServiceServicer_to_server
from services.ai.authorization import TABLE
from services.ai.clients.gemini import GeminiModel
from services.ai.clients.geography import zone_at
from services.ai.clients.ingress import IngressClient
from services.ai.clients.notifier import NotifierClient
from services.ai.clients.scheduler import SchedulerClient
from services.ai.metrics import AiMetrics
from services.ai.servicer import AiServicer
from services.ai.settings import AiSettings
from services.ai.storage.allowance import Caps, Prices, StoredAllowance
from services.ai.storage.turns import StoredTurns
from services.ai.understanding import LocalUnderstanding
from services.ai.usecases.acting import Actor
from services.ai.usecases.handling import UseCases
from services.ai.usecases.interpreting import Interpreter
from services.ai.usecases.understanding import Mode, Understander

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
    ingress = Peer(settings.ingress_address, token=own_token, tls=tls)
    model = _model(settings)
    allowance = _allowance(settings, engine)
    understander = Understander(
        local=LocalUnderstanding(),
        model=model,
        allowance=allowance,
        figures=AiMetrics(registry),
        clock=clock,
        mode=Mode(settings.hark_understanding),
        threshold=settings.ai_local_confidence,
    )
    turns = StoredTurns(engine, PersonKeys(engine, person_keys, keyring))
    usecases = _usecases(
        understander,
        turns=turns,
        planner=SchedulerClient(scheduler),
        mouth=NotifierClient(notifier),
        oblivion=IngressClient(ingress),
        clock=clock,
    )
    server = GrpcServer(
        settings.ai_listen,
        [(add_AiServiceServicer_to_server, AiServicer(usecases, allowance, clock), SERVICE)],
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
        Resource("ai to ingress", ingress.close),
        *([model] if model is not None else []),
        Retention("ai", engine, _rules(settings), clock=clock),
        server,
        AdminServer(settings.ai_admin_listen, registry, readiness),
    ]


def _usecases(
    understander: Understander,
    *,
    turns: StoredTurns,
    planner: SchedulerClient,
    mouth: NotifierClient,
    oblivion: IngressClient,
    clock: Clock,
) -> UseCases:
    interpreter = Interpreter(
        understander=understander, turns=turns, planner=planner, zone_at=zone_at
    )
    actor = Actor(
        turns=turns,
        planner=planner,
        mouth=mouth,
        oblivion=oblivion,
        has_model=understander.has_model,
    )
    return UseCases(
        interpreter=interpreter,
        actor=actor,
        understander=understander,
        turns=turns,
        planner=planner,
        mouth=mouth,
        clock=clock,
    )


def _rules(settings: AiSettings) -> list[Rule]:
    """What is forgotten when: turns, and what each person's cost the model."""
    keep = timedelta(days=settings.ai_retention_days)
    return [
        ByTime(table=turn_rows, time=turn_rows.c.interpret_time, keep=keep),
        ByTime(table=model_usage, time=model_usage.c.day, keep=keep),
    ]


def _model(settings: AiSettings) -> GeminiModel | None:
    """Gemini, where there is a key and it is wanted."""
    if settings.gemini_api_key is None or settings.hark_understanding == "local":
        return None
    return GeminiModel(
        key=settings.gemini_api_key.get_secret_value(),
        model=settings.gemini_model,
        url=settings.gemini_api_url,
    )


def _allowance(settings: AiSettings, engine: AsyncEngine) -> StoredAllowance:
    return StoredAllowance(
        engine,
        prices=Prices(input=settings.gemini_input_price, output=settings.gemini_output_price),
        caps=Caps(
            person=settings.gemini_user_daily_dollars, everybody=settings.gemini_daily_dollars
        ),
    )
