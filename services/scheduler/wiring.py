"""Who is connected to whom in the scheduler; the only module that knows everything."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from chassis.auth import Authorization, Tokens
from chassis.channel import Peer
from chassis.clock import Clock
from chassis.crypto import Keyring, derive
from chassis.process import Component, Readiness
from chassis.resource import Resource
from chassis.server import GrpcServer
from chassis.telemetry import AdminServer, QueueMetrics, ServerMetrics, new_registry
from chassis.tls import Tls
from db.due import DueWorker, QueueWatch, Wake
from db.engine import is_outage, open_engine
from db.pool import PoolCollector
from db.sealed import PersonKeys
from db.tables.scheduler import person_keys
from hark.scheduler.v1.scheduler_service_pb2_grpc import add_SchedulerServiceServicer_to_server
from services.scheduler.authorization import TABLE
from services.scheduler.clients.contacts import ContactsClient
from services.scheduler.clients.notifier import NotifierClient
from services.scheduler.metrics import SchedulerEvents
from services.scheduler.servicer.service import SchedulerServicer
from services.scheduler.settings import SchedulerSettings
from services.scheduler.storage.book import StoredBook
from services.scheduler.storage.feeds import StoredFeeds
from services.scheduler.storage.notices import StoredNotices, notice_queue
from services.scheduler.storage.records import StoredRecords
from services.scheduler.storage.retention import Retention
from services.scheduler.usecases.applying import Applying
from services.scheduler.usecases.delivering import Delivering
from services.scheduler.usecases.importing import Importing
from services.scheduler.usecases.keeping import Keeping
from services.scheduler.usecases.publishing import Publishing
from services.scheduler.usecases.reading import Reading
from services.scheduler.usecases.routines import Routines
from services.scheduler.worker import NoticeHandler

SERVICE = "hark.scheduler.v1.SchedulerService"
# Batches under way at a time: a confirmation need not wait for reminders on their way.
_BATCHES = 4
_BATCH = 500


def assemble(
    settings: SchedulerSettings,
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
    events = SchedulerEvents(registry)
    engine = open_engine(
        database_url,
        application_name="hark-scheduler",
        pool_size=settings.scheduler_database_connections,
    )
    queue_metrics = QueueMetrics(registry)
    registry.register(PoolCollector(engine))
    peer = Peer(settings.notifier_address, token=own_token, tls=tls)
    notifier = NotifierClient(peer)
    keys = PersonKeys(engine, person_keys, keyring)
    book = StoredBook(engine, keys, list_hash_key=derive(hash_key, "scheduler-list"))
    notices = StoredNotices(engine, keys)
    queue, wake = notice_queue(engine), Wake(engine)
    rng = Random()  # noqa: S311 - jitter
    delivering = Delivering(
        notices,
        notifier,
        Routines(book, notices, notifier, ContactsClient(peer), events=events, rng=rng),
        events=events,
        clock=clock,
        rng=rng,
    )
    worker = DueWorker(
        queue,
        NoticeHandler(notices.alarms, delivering).handle,
        batched=True,
        slots=_BATCHES,
        batch=_BATCH,
        clock=clock,
        wake=wake,
        metrics=queue_metrics,
    )
    bell = _Bell(wake, queue.channel)
    request_key = derive(hash_key, "scheduler-request")
    applying = Applying(
        book,
        notifier,
        bell=bell,
        events=events,
        clock=clock,
        hash_key=request_key,
        most_a_day=settings.scheduler_person_daily_reminders,
    )
    publishing = Publishing(
        book,
        StoredFeeds(engine),
        clock=clock,
        token_key=derive(hash_key, "scheduler-feed-token"),
        hash_key=derive(hash_key, "scheduler-feed"),
        url=settings.calendar_url,
    )
    importing = Importing(book, bell=bell, events=events, clock=clock, hash_key=request_key)
    servicer = SchedulerServicer(
        applying,
        Reading(book, clock),
        Keeping(StoredRecords(engine, keys, clock)),
        publishing,
        importing,
        clock,
    )
    server = GrpcServer(
        settings.scheduler_listen,
        [(add_SchedulerServiceServicer_to_server, servicer, SERVICE)],
        tokens=tokens,
        authorization=Authorization(TABLE),
        metrics=ServerMetrics(registry),
        is_outage=is_outage,
        tls=tls,
        name="scheduler",
    )
    return [
        Resource("scheduler database", engine.dispose),
        Resource("scheduler to notifier", peer.close),
        wake,
        worker,
        QueueWatch(notice_queue(engine), queue_metrics, clock=clock),
        Retention(
            engine,
            clock=clock,
            keep=timedelta(days=settings.scheduler_retention_days),
            keep_tasks=timedelta(days=settings.scheduler_done_task_days),
        ),
        server,
        AdminServer(settings.scheduler_admin_listen, registry, readiness),
    ]


class _Bell:
    """Port `Bell` over the wake of the queue of notices."""

    def __init__(self, wake: Wake, channel: str) -> None:
        self._wake = wake
        self._channel = channel

    def ring(self) -> None:
        """Says that there is a new notice."""
        self._wake.ring(self._channel)
