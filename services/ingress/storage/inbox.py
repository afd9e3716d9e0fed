"""The inbox's way in: concurrent webhooks share one commit.

One writer takes what has gathered while the commit before was under way. So a commit carries one
webhook when there is little to do and dozens when there is much, and nobody waits for a timer.

Of many that wait it takes half. If it took all, every caller would wait for the same commit, and
this process for it too; so the answers of one half are written, and its next requests read, while
the other half is on its way to the disk.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Protocol

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.clock import Clock
from chassis.crash import crash_point
from chassis.crypto import Keyring
from chassis.log import get_logger
from db.due.connection import HeldConnection
from db.engine import is_outage
from db.sealed import ServiceSeal, context
from services.ingress.domain.names import Names
from services.ingress.domain.part import Part
from services.ingress.domain.refusal import InboxFull, InboxUnavailable
from services.ingress.domain.webhook import unreadable

TABLE = "ingress.inbox"
# How long one insert may take before those who wait are sent away.
DEADLINE = timedelta(seconds=3)
# Bounds of one statement: enough to share a commit among many, small enough to be quick.
MOST_PARTS = 1000
MOST_BYTES = 8 * 1024 * 1024
# A commit of so many webhooks is worth its cost; of more that wait, half are taken.
WORTHWHILE = 32
# How many turns of the event loop a commit waits at most while webhooks keep arriving.
MOST_TURNS = 4
# What a waiting part costs beside its payload, roughly.
_OVERHEAD = 512

# Ids follow arrival, because a lane is handled in the order of ids; rows are written in the order
# of keys, because two replicas that write the same keys in different orders deadlock.
_INSERT = """
WITH arrived AS MATERIALIZED (
    SELECT nextval('ingress.inbox_id_seq') AS id, p.*
    FROM unnest($2::bytea[], $3::bytea[], $4::smallint[], $5::text[], $6::bytea[], $7::bytea[],
        $8::bytea[]) AS p(dedupe_key, lane, kind, type, message_key, payload, person_key)
), stored AS (
    INSERT INTO ingress.inbox
        (id, due_time, receive_time, dedupe_key, lane, kind, type, message_key, payload, person_key)
    OVERRIDING SYSTEM VALUE
    SELECT id, $1, $1, dedupe_key, lane, kind, type, message_key, payload, person_key
    FROM arrived ORDER BY dedupe_key
    ON CONFLICT (dedupe_key) DO NOTHING
    RETURNING 1
)
SELECT count(*) FROM stored
"""

log = get_logger()


class Observer(Protocol):
    """Who counts what the inbox stored."""

    def stored(self, parts: int, new: int) -> None:
        """One commit: so many parts, of which so many were not there before."""
        ...

    def waiting(self, size: int) -> None:
        """So many bytes wait to be stored."""
        ...


class _Waiter:
    """One webhook that waits for its parts to be on disk."""

    __slots__ = ("parts", "size", "stored")

    def __init__(self, parts: Sequence[Part], size: int, stored: asyncio.Future[None]) -> None:
        self.parts = parts
        self.size = size
        self.stored = stored


class GroupCommit:
    """Port `Inbox`, and a component with a task of its own: the only writer of this process.

    At most `queue_bytes` of parts wait; beyond that `store` raises `InboxFull` at once. `ring` is
    called after each commit that brought something new.
    """

    name = "ingress inbox"

    def __init__(
        self,
        engine: AsyncEngine,
        keyring: Keyring,
        names: Names,
        *,
        clock: Clock,
        queue_bytes: int,
        ring: Callable[[], None],
        observer: Observer,
    ) -> None:
        self._connection = HeldConnection(engine, {}, deadline=DEADLINE)
        self._seal = ServiceSeal(keyring).seal
        self._names = names
        self._clock = clock
        self._queue_bytes = queue_bytes
        self._ring = ring
        self._observer = observer
        self._waiting: deque[_Waiter] = deque()
        self._waiting_bytes = 0
        self._arrived = asyncio.Event()
        self._stopping = False

    async def store(self, parts: Sequence[Part]) -> None:
        """Returns once every part is on disk, or was there already.

        Raises `InboxFull` or `InboxUnavailable`; then it may be stored nevertheless.
        """
        size = 0
        for part in parts:
            size += len(part.payload) + _OVERHEAD
        if self._waiting_bytes + size > self._queue_bytes:
            raise InboxFull
        if self._stopping:
            raise InboxUnavailable
        waiter = _Waiter(parts, size, asyncio.get_running_loop().create_future())
        self._waiting.append(waiter)
        self._waiting_bytes += size
        self._arrived.set()
        await waiter.stored

    async def start(self) -> None:
        """Nothing to wait for: while the database is down, webhooks are answered 503."""

    async def run(self) -> None:
        """Writes until stopped, and then until nothing waits."""
        while self._waiting or not self._stopping:
            if not self._waiting:
                self._arrived.clear()
                await self._arrived.wait()
                continue
            await self._gather()
            await self._commit(self._take())
            self._observer.waiting(self._waiting_bytes)
        await self._connection.close()

    async def stop(self) -> None:
        """Takes no more; what waits is still written."""
        self._stopping = True
        self._arrived.set()

    async def _gather(self) -> None:
        """Lets those join who are arriving in this moment; none waits for a timer."""
        for _ in range(MOST_TURNS):
            before = len(self._waiting)
            if before >= WORTHWHILE:
                return
            await asyncio.sleep(0)
            if len(self._waiting) == before:
                return

    def _take(self) -> list[_Waiter]:
        waiting = self._waiting
        most = max(WORTHWHILE, (len(waiting) + 1) // 2)
        taken = [waiting.popleft()]
        parts, size = len(taken[0].parts), taken[0].size
        while waiting and len(taken) < most:
            parts += len(waiting[0].parts)
            size += waiting[0].size
            if parts > MOST_PARTS or size > MOST_BYTES:
                break
            taken.append(waiting.popleft())
        return taken

    async def _commit(self, waiters: list[_Waiter]) -> None:
        refused: InboxUnavailable | None = None
        try:
            await self._write([part for waiter in waiters for part in waiter.parts])
        except Exception as error:
            log.error("inbox not writable", count=len(waiters), exc_info=error)
            refused = InboxUnavailable()
        for waiter in waiters:
            self._waiting_bytes -= waiter.size
            if waiter.stored.done():
                continue
            if refused is None:
                waiter.stored.set_result(None)
            else:
                waiter.stored.set_exception(refused)

    async def _write(self, parts: Sequence[Part]) -> None:
        """Stores all of them; of those the database refuses, each fails alone."""
        try:
            await self._insert(parts)
        except Exception as error:
            if not _is_data_error(error):
                raise
            if len(parts) > 1:
                half = len(parts) // 2
                await self._write(parts[:half])
                await self._write(parts[half:])
                return
            log.error("part refused by the database", kind=parts[0].kind, exc_info=error)
            await self._insert([unreadable("NOT_STORABLE", parts[0].payload, self._names)])

    async def _insert(self, parts: Sequence[Part]) -> None:
        seal = self._seal
        now = self._clock.now()
        columns = (
            [part.dedupe_key for part in parts],
            [part.lane for part in parts],
            [part.kind for part in parts],
            [part.type for part in parts],
            [part.message_key for part in parts],
            [seal(part.payload, payload_place(part.dedupe_key)) for part in parts],
            [part.person_key for part in parts],
        )
        crash_point("ingress.before_commit")
        try:
            records = await self._connection.fetch(_INSERT, now, *columns)
        except Exception as error:
            if not is_outage(error) or isinstance(error, TimeoutError):
                raise
            # A restart of the database cuts every connection; a new one may work at once. Nothing
            # is stored twice: what the first try did is found by its key.
            records = await self._connection.fetch(_INSERT, now, *columns)
        crash_point("ingress.after_commit")
        new = records[0][0]
        if new:
            self._ring()
        self._observer.stored(len(parts), new)


def payload_place(dedupe_key: bytes) -> bytes:
    """What a payload is sealed for; the key is the one id of a row that is known before it is."""
    return context(TABLE, "payload", dedupe_key)


def _is_data_error(error: Exception) -> bool:
    """Whether a row is to blame. The driver's own complaint about a value is a ValueError too."""
    refused = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, ValueError)
    return isinstance(error, refused)
