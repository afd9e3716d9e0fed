"""What one notifier process has of the delivery path, without its worker."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from db.engine import open_engine
from db.sealed import PersonKeys
from db.tables.notifier import person_keys
from services.notifier import catalogue
from services.notifier.domain.cap import Caps
from services.notifier.domain.contact import Sender, sender
from services.notifier.domain.delivery import Accepted, RetryPolicy, ending
from services.notifier.domain.habit import Habits
from services.notifier.domain.kind import KINDS
from services.notifier.domain.notification import Content, Draft, Notification, State
from services.notifier.domain.plan import plan
from services.notifier.ports import Claimed, Inbound, Judged, NotStarted, Started
from services.notifier.storage.database import Database
from services.notifier.storage.deliveries import SqlDeliveries
from services.notifier.storage.ledger import SqlLedger
from services.notifier.storage.people import People
from services.notifier.storage.quotas import SqlQuotas
from tests.integration.notifier.house import HASH_KEY, KEYRING

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
# Where numbers that begin with 1 555 are taken to be; their day ends five hours later.
HOME = "America/New_York"
MIDNIGHT = datetime(2026, 11, 23, 5, tzinfo=UTC)
NO_CAPS = Caps(minute_limit=0, day_limit=0, outside_limit=0, person_limit=0, pair_burst=0)


@dataclass
class Replica:
    """What one process has of the delivery path, without its worker."""

    caps: Caps
    database: Database
    deliveries: SqlDeliveries
    ledger: SqlLedger
    people: People
    quotas: SqlQuotas
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def meet(self, number: int, *, at: datetime = START) -> str:
        """A person who wrote at that time."""
        inbound = Inbound(
            sender=a_sender(number),
            message_id=f"m_{number}",
            wamid=f"wamid.{number}",
            message_time=at,
        )
        return (await self.people.record_inbound(inbound, at)).user_id

    async def claim(
        self,
        user_id: str,
        kind: str = "task_due",
        *,
        now: datetime = START,
        due_time: datetime | None = None,
        reply_to: str = "",
        holds: bool = True,
    ) -> Claimed:
        """An accepted notification as a worker would hold it."""
        accepted = await self.accept(user_id, kind, now, due_time, reply_to, holds)
        assert isinstance(accepted, Notification), accepted
        return await self.claimed(accepted.notification_id)

    async def accept(
        self,
        user_id: str,
        kind: str,
        now: datetime,
        due_time: datetime | None = None,
        reply_to: str = "",
        holds: bool = True,
    ) -> object:
        row = KINDS[kind]
        send_time = max(due_time or now, now)
        judged = Judged(
            request_id=str(uuid.uuid4()),
            draft=Draft(
                request_id="",
                user_id=user_id,
                contents=(Content(template="task_due", parameters={"title": "Ada"}),),
                reply_to_message_id=reply_to,
                holds_overflow=holds,
            ),
            user_id=user_id,
            kind=row,
            text="Reminder: Ada",
            locale="en",
            buttons=(),
            request_hash=b"h",
            create_time=now,
            send_time=send_time,
            expire_time=send_time + row.expiry,
            plan=plan(
                row,
                Habits(time_zone=HOME),
                self.caps,
                send_time=send_time,
                due_time=due_time,
                extends=True,
                has_document=False,
            ),
        )
        return (await self.ledger.accept([judged]))[0]

    async def claimed(self, notification_id: str) -> Claimed:
        rows = await self.database.fetch(
            "SELECT * FROM notifier.notifications WHERE notification_id = $1::uuid",
            notification_id,
        )
        row = rows[0]
        return Claimed(
            row=row["id"],
            fence=row["fence"],
            notification_id=str(row["notification_id"]),
            user_id=row["user_id"],
            kind=row["kind"],
            state=State(row["state"]),
            body=row["body"],
            ambiguous=row["ambiguous"],
            due_time=row["due_time"],
            create_time=row["create_time"],
            send_time=row["send_time"],
            expire_time=row["expire_time"],
        )

    async def begin(self, claimed: Claimed, now: datetime = START) -> Started | NotStarted:
        return await self.deliveries.begin(claimed, is_repeat=False, now=now)

    async def end(self, claimed: Claimed, started: Started, now: datetime) -> None:
        result = Accepted(wamid=f"wamid.{started.token}")
        end = ending(result, tries=1, now=now, policy=RetryPolicy(), rng=Random(1))
        await self.deliveries.finish(claimed, started, result, end, now)


def a_sender(number: int) -> Sender:
    return sender(
        wa_id=f"155501{number:05}", business_user_id="", parent_user_id="", display_name=""
    )


@asynccontextmanager
async def replica(database_url: str, caps: Caps) -> AsyncIterator[Replica]:
    engine = open_engine(database_url, application_name="test", pool_size=8)
    database = Database(engine)
    keys = PersonKeys(engine, person_keys, KEYRING)
    deliveries = SqlDeliveries(
        database,
        keys,
        catalogue.load_all(),
        catalogue.load_all_approved(),
        hash_key=HASH_KEY,
        caps=caps,
        phone_id="test_phone_id",
    )
    ledger = SqlLedger(database, keys)
    people = People(database, keys, hash_key=HASH_KEY)
    made = Replica(caps, database, deliveries, ledger, people, SqlQuotas(database, caps))
    groups = (deliveries.beginning, deliveries.accepting, ledger.single)
    made.tasks = [asyncio.create_task(group.run()) for group in groups]
    try:
        while await made.quotas.grow():
            continue
        yield made
    finally:
        for group in groups:
            await group.stop()
        await asyncio.gather(*made.tasks)
        await engine.dispose()


def is_started(answer: Started | NotStarted) -> bool:
    return isinstance(answer, Started)
