"""Who is connected to whom in the notifier; the only module that knows everything."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from chassis.auth import Authorization, Tokens
from chassis.clock import Clock
from chassis.crypto import Keyring, derive
from chassis.process import Component, Readiness
from chassis.resource import Resource
from chassis.server import GrpcServer
from chassis.telemetry import AdminServer, ServerMetrics, new_registry
from chassis.tls import Tls
from db.due import DueQueue, DueWorker, Wake
from db.engine import is_outage, open_engine
from db.sealed import PersonKeys
from db.tables.notifier import notifications, person_keys
from hark.notifier.v1.notifier_service_pb2_grpc import add_NotifierServiceServicer_to_server
from services.notifier import catalogue, worker
from services.notifier.authorization import SERVICE, TABLE
from services.notifier.clients.read_marks import ReadMarker
from services.notifier.clients.whatsapp import WhatsApp
from services.notifier.domain.breaker import BreakerPolicy
from services.notifier.domain.delivery import RetryPolicy
from services.notifier.metrics import Metrics
from services.notifier.servicer import NotifierServicer
from services.notifier.settings import NotifierSettings
from services.notifier.storage.database import Database
from services.notifier.storage.deliveries import SqlDeliveries
from services.notifier.storage.ledger import SqlLedger
from services.notifier.storage.people import People
from services.notifier.storage.receipts import SqlReceipts
from services.notifier.storage.retention import Retention
from services.notifier.usecases.acceptance import Acceptance
from services.notifier.usecases.delivery import Delivery
from services.notifier.usecases.inbound import InboundRecording
from services.notifier.usecases.reading import Reading
from services.notifier.usecases.statuses import StatusRecording


def assemble(
    settings: NotifierSettings,
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
    """The parts of the service, in the order in which they start. It calls no peer."""
    del own_token
    registry = new_registry()
    metrics = Metrics(registry)
    engine = open_engine(database_url, application_name="hark-notifier", pool_size=16)
    database = Database(engine)
    keys = PersonKeys(engine, person_keys, keyring)
    templates = catalogue.load()
    alias_key, wamid_key = derive(hash_key, "alias"), derive(hash_key, "wamid")
    provider = WhatsApp(
        api_url=settings.whatsapp_api_url,
        phone_id=settings.whatsapp_phone_id,
        auth_token=settings.whatsapp_auth_token.get_secret_value(),
        connections=settings.notifier_send_slots + 8,
    )
    people = People(database, keys, hash_key=alias_key)
    ledger = SqlLedger(database, keys)
    queue = DueQueue(engine, notifications, columns=worker.COLUMNS)
    wake = Wake(engine)
    marker = ReadMarker(provider, metrics.read_mark)
    deliveries = SqlDeliveries(
        database, keys, templates, catalogue.load_approved(), hash_key=wamid_key
    )
    delivery = Delivery(
        deliveries,
        provider,
        events=metrics,
        clock=clock,
        rng=Random(),  # noqa: S311 - jitter
        policy=RetryPolicy(probe_window=timedelta(seconds=settings.notifier_probe_seconds)),
        breaker_policy=BreakerPolicy(),
    )
    servicer = NotifierServicer(
        acceptance=Acceptance(
            ledger,
            people,
            templates,
            ring=lambda: wake.ring(queue.channel),
            events=metrics,
            clock=clock,
            hash_key=derive(hash_key, "request"),
        ),
        reading=Reading(ledger, clock=clock),
        inbound=InboundRecording(people, marker, clock=clock),
        statuses=StatusRecording(
            SqlReceipts(database, hash_key=wamid_key), events=metrics, clock=clock
        ),
        clock=clock,
    )
    server = GrpcServer(
        settings.notifier_listen,
        [(add_NotifierServiceServicer_to_server, servicer, SERVICE)],
        tokens=tokens,
        authorization=Authorization(TABLE),
        metrics=ServerMetrics(registry),
        is_outage=is_outage,
        tls=tls,
        name="notifier",
    )
    return [
        Resource("notifier database", engine.dispose),
        Resource("notifier to whatsapp", provider.close),
        ledger.single,
        deliveries.beginning,
        deliveries.accepting,
        wake,
        marker,
        Retention(database, clock=clock, keep=timedelta(days=settings.notifier_retention_days)),
        DueWorker(
            queue,
            worker.handler(delivery),
            clock=clock,
            slots=settings.notifier_send_slots,
            wake=wake,
        ),
        server,
        AdminServer(settings.notifier_admin_listen, registry, readiness),
    ]
