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
from chassis.telemetry import AdminServer, QueueMetrics, ServerMetrics, new_registry
from chassis.tls import Tls
from db.due import DueQueue, DueWorker, QueueWatch, Wake
from db.engine import is_outage, open_engine
from db.pool import PoolCollector
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
from services.notifier.storage.account import SqlAccount
from services.notifier.storage.breakers import SqlBreakers
from services.notifier.storage.cards import SqlCards
from services.notifier.storage.correspondence import SqlCorrespondence
from services.notifier.storage.database import Database
from services.notifier.storage.deliveries import SqlDeliveries
from services.notifier.storage.documents import SqlDocuments
from services.notifier.storage.erasures import SqlErasures
from services.notifier.storage.ledger import SqlLedger
from services.notifier.storage.names import SqlNames
from services.notifier.storage.people import People
from services.notifier.storage.profiles import SqlProfiles
from services.notifier.storage.quotas import SqlQuotas
from services.notifier.storage.receipts import SqlReceipts
from services.notifier.storage.retention import Retention
from services.notifier.storage.template_pauses import SqlTemplatePauses
from services.notifier.usecases.acceptance import Acceptance
from services.notifier.usecases.accounting import Accounting, account_watch
from services.notifier.usecases.attaching import Attaching
from services.notifier.usecases.delivery import Delivery
from services.notifier.usecases.inbound import InboundRecording
from services.notifier.usecases.knowing import Knowing
from services.notifier.usecases.preferring import Preferring
from services.notifier.usecases.previewing import Previewing
from services.notifier.usecases.quota import QuotaReading
from services.notifier.usecases.reading import Reading
from services.notifier.usecases.statuses import StatusRecording
from services.notifier.usecases.waiting import Waiting
from services.notifier.usecases.watching import Watching

# What health says of the way to the provider: not serving while the breaker is open.
WHATSAPP = "hark.notifier.v1.WhatsApp"
# What rings when a notification has changed, for those who watch one.
_CHANGES = "notifier.changes"


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
    metrics, queue_metrics = Metrics(registry), QueueMetrics(registry)
    engine = open_engine(database_url, application_name="hark-notifier", pool_size=20)
    registry.register(PoolCollector(engine))
    database = Database(engine)
    keys = PersonKeys(engine, person_keys, keyring)
    templates, approved = catalogue.load_all(), catalogue.load_all_approved()
    alias_key, wamid_key = derive(hash_key, "alias"), derive(hash_key, "wamid")
    provider = WhatsApp(
        api_url=settings.whatsapp_api_url,
        phone_id=settings.whatsapp_phone_id,
        auth_token=settings.whatsapp_auth_token.get_secret_value(),
        connections=settings.notifier_send_slots + 8,
    )
    people = People(database, keys, hash_key=alias_key)
    ledger = SqlLedger(database, keys)
    # What a person waits for never stands behind the rest.
    queue, rest = (
        DueQueue(engine, notifications, columns=worker.COLUMNS, only=only)
        for only in ("is_urgent", "NOT is_urgent")
    )
    wake = Wake(engine)
    marker = ReadMarker(provider, metrics.read_mark)
    caps, phone_id = settings.caps(), settings.whatsapp_phone_id
    deliveries = SqlDeliveries(
        database, keys, templates, approved, hash_key=wamid_key, caps=caps, phone_id=phone_id
    )
    breakers = SqlBreakers(database, phone_id=phone_id, policy=BreakerPolicy())
    pauses = SqlTemplatePauses(database, clock=clock)
    quotas = SqlQuotas(database, caps)
    waiting = Waiting(quotas, caps, clock=clock)
    delivery = Delivery(
        deliveries,
        Attaching(provider, SqlDocuments(database, keys), clock=clock),
        breakers=breakers,
        pauses=pauses,
        waiting=waiting,
        events=metrics,
        clock=clock,
        rng=Random(),  # noqa: S311 - jitter
        policy=RetryPolicy(probe_window=timedelta(seconds=settings.notifier_probe_seconds)),
    )
    profiles = SqlProfiles(database, metrics.profile)
    names = SqlNames(database, keys, people)
    accounting = Accounting(
        SqlAccount(database, sorted(approved.of("").templates)),
        names,
        on_change=pauses.refresh,
        events=metrics,
        clock=clock,
        rng=Random(),  # noqa: S311 - jitter
    )
    acceptance = Acceptance(
        ledger,
        people,
        profiles,
        templates,
        ring=lambda: wake.ring(queue.channel),
        events=metrics,
        clock=clock,
        hash_key=derive(hash_key, "request"),
        caps=caps,
        full_until=waiting.full_until,
    )
    watching = Watching(ledger, wake.bell(_CHANGES), ring=lambda: wake.ring(_CHANGES))
    quota_reading = QuotaReading(quotas, breakers, caps, clock=clock)
    servicer = NotifierServicer(
        acceptance=acceptance,
        reading=Reading(ledger, ring=lambda: wake.ring(queue.channel), clock=clock),
        inbound=InboundRecording(
            people,
            SqlCorrespondence(database, keys, hash_key=wamid_key),
            names,
            marker,
            clock=clock,
        ),
        preferring=Preferring(
            profiles, SqlErasures(database, keys, people, profiles), acceptance, clock=clock
        ),
        knowing=Knowing(SqlCards(database, keys, profiles), people, clock=clock),
        accounting=accounting,
        previewing=Previewing(
            people,
            profiles,
            templates,
            approved,
            is_paused=accounting.is_paused,
            clock=clock,
        ),
        watching=watching,
        quotas=quota_reading,
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
        dependencies=(WHATSAPP,),
    )

    def tell(is_open: bool) -> None:
        metrics.breaker(is_open)
        server.set_serving(WHATSAPP, not is_open)

    return [
        Resource("notifier database", engine.dispose),
        Resource("notifier to whatsapp", provider.close),
        ledger.single,
        deliveries.beginning,
        deliveries.accepting,
        wake,
        marker,
        account_watch(accounting, is_outage=is_outage),
        pauses,
        quotas,
        watching,
        Retention(database, clock=clock, keep=timedelta(days=settings.notifier_retention_days)),
        *(
            DueWorker(
                each,
                worker.handler(watching.touching(accounting.guarded(delivery.deliver))),
                clock=clock,
                slots=settings.notifier_send_slots,
                wake=wake,
                metrics=queue_metrics,
                allowance=waiting.gates[is_urgent],
            )
            for is_urgent, each in ((True, queue), (False, rest))
        ),
        QueueWatch(DueQueue(engine, notifications), queue_metrics, clock=clock),
        server,
        worker.breaker_watch(breakers, clock=clock, tell=tell),
        worker.cap_watch(quota_reading, metrics.caps_used),
        AdminServer(settings.notifier_admin_listen, registry, readiness),
    ]
