"""Port `Records` over Postgres: traces, and erasure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.clock import Clock
from chassis.log import get_logger
from db.engine import autocommit, raw
from db.sealed import PersonKeys
from db.tables import metadata
from db.tables.scheduler import SCHEMA, people, person_keys
from services.scheduler.domain.notice import request_id
from services.scheduler.ports import Trace

log = get_logger()

_NOTICES = """
SELECT n.id, n.notice_id, n.user_id, n.kind, n.due_time, n.settled_time, n.buried_reason,
       n.withdrawn_reason, n.postponed_reason, n.postponements, n.item_id, n.occurrence,
       n.reply_to_message_id, n.cancelled_notice_id,
       EXISTS (SELECT FROM scheduler.tasks AS t WHERE t.task_id = n.item_id) AS is_task,
       EXISTS (SELECT FROM scheduler.events AS e WHERE e.event_id = n.item_id) AS is_event
FROM scheduler.notices AS n WHERE {which} ORDER BY n.id DESC LIMIT $2
"""
_NOTICE = _NOTICES.format(which="n.notice_id = $1::uuid")
_NOTICES_OF = _NOTICES.format(which="n.user_id = $1 AND n.id < $3")

# The version moves: a change that was under way when this commits finds another state than it
# looked at. $1 user, $2 generation, $3 until when, $4 now.
_CLOSE = """
INSERT INTO scheduler.people AS p
    (user_id, version, time_zone, time_zone_confirmed, locale, reminder_lead_seconds,
     last_task_number, create_time, update_time, erase_time, erased_generation)
VALUES ($1, 1, 'UTC', false, 'en', '{600}', 0, $4, $4, $3, $2)
ON CONFLICT (user_id) DO UPDATE
SET version = p.version + 1, time_zone = 'UTC', time_zone_confirmed = false, locale = 'en',
    reminder_lead_seconds = '{600}', settings = DEFAULT, last_task_number = 0, last_item_id = NULL,
    create_time = excluded.create_time, update_time = excluded.update_time,
    erase_time = excluded.erase_time, erased_generation = excluded.erased_generation
WHERE p.erased_generation < excluded.erased_generation
RETURNING p.version
"""


class StoredRecords:
    """Port `Records`."""

    def __init__(self, engine: AsyncEngine, keys: PersonKeys, clock: Clock) -> None:
        self._engine = engine
        self._keys = keys
        self._clock = clock

    async def notice(self, notice_id: str) -> Sequence[Trace]:
        """The notice of this id, if there is one."""
        return await self._fetch(_NOTICE, notice_id, 1)

    async def notices(self, user_id: str, *, before: int, limit: int) -> Sequence[Trace]:
        """A person's notices before a position, newest first."""
        return await self._fetch(_NOTICES_OF, user_id, limit, before)

    async def erase(self, user_id: str, *, generation: int, until: datetime) -> int:
        """Destroys a person's key and all rows, in one transaction."""
        async with self._engine.begin() as connection:
            # Not past SQLAlchemy, which only then begins the transaction.
            arguments = (user_id, generation, until, self._clock.now())
            closed = await connection.exec_driver_sql(_CLOSE, arguments)
            if closed.first() is None:
                return 0
            await self._keys.erase(user_id, connection=connection)
            count = 0
            for table in _personal_tables():
                gone = await connection.execute(sa.delete(table).where(table.c.user_id == user_id))
                count += gone.rowcount
        log.info("user erased", user_id=user_id, count=count)
        return count

    async def _fetch(self, statement: str, *arguments: Any) -> Sequence[Trace]:
        async with autocommit(self._engine).connect() as connection:
            driver = await raw(connection)
            return [_trace(row) for row in await driver.fetch(statement, *arguments)]


def _personal_tables() -> Sequence[sa.Table]:
    """Every table of ours that says whose a row is, but those that are closed otherwise."""
    ours = (table for table in metadata.sorted_tables if table.schema == SCHEMA)
    return [table for table in ours if "user_id" in table.c and table not in (people, person_keys)]


def _trace(row: Any) -> Trace:
    named = row["cancelled_notice_id"] or row["notice_id"]
    kind = "task" if row["is_task"] else "event" if row["is_event"] else ""
    reason = row["buried_reason"] or row["withdrawn_reason"] or row["postponed_reason"] or ""
    return Trace(
        position=row["id"],
        notice_id=str(row["notice_id"]),
        user_id=row["user_id"],
        kind=row["kind"],
        state=_state(row),
        due_time=row["due_time"],
        settle_time=row["settled_time"],
        item=f"{kind}:{row['item_id']}" if kind else "",
        occurrence=row["occurrence"],
        reply_to_message_id=row["reply_to_message_id"],
        request_id=request_id(str(named), row["occurrence"]),
        postponements=row["postponements"],
        reason=reason,
    )


def _state(row: Any) -> int:
    if row["settled_time"] is None:
        return 1
    if row["buried_reason"] is not None:
        return 4
    return 2 if row["withdrawn_reason"] is None else 3
