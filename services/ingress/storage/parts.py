"""The inbox as operators look at it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from db.due import DueQueue
from db.engine import autocommit
from db.tables.ingress import inbox
from services.ingress.domain.names import message_id
from services.ingress.domain.part import Kind
from services.ingress.ports import InboxDepth, PartSummary, State

# Counting stops here: the cost of looking must not grow with the backlog.
_COUNT_LIMIT = 10_000

_is_settled = inbox.c.settled_time.is_not(None)
_is_buried = inbox.c.buried_reason.is_not(None)
_is_skipped = inbox.c.skipped_reason.is_not(None)
_CONDITIONS = {
    State.OPEN: sa.not_(_is_settled),
    State.HANDLED: sa.and_(_is_settled, sa.not_(_is_buried), sa.not_(_is_skipped)),
    State.SKIPPED: sa.and_(_is_settled, sa.not_(_is_buried), _is_skipped),
    State.BURIED: _is_buried,
}


class StoredParts:
    """Port `Parts`."""

    def __init__(self, engine: AsyncEngine, queue: DueQueue) -> None:
        self._engine = autocommit(engine)
        self._queue = queue

    async def depth(self, now: datetime) -> InboxDepth:
        """How full it is; counts stop at 10,000."""
        depth = await self._queue.depth(now)
        some = sa.select(inbox.c.id).where(_is_buried).limit(_COUNT_LIMIT).subquery()
        async with self._engine.connect() as connection:
            buried = await connection.scalar(sa.select(sa.func.count()).select_from(some))
        return InboxDepth(
            open_count=depth.open,
            ready_count=depth.ready,
            oldest_age=depth.oldest_age if depth.ready else None,
            buried_count=buried or 0,
        )

    async def list(
        self, *, message_key: bytes | None, states: Collection[State], limit: int, before: int
    ) -> Sequence[PartSummary]:
        """Parts with an id below `before`, newest first; no key and no state match everything."""
        columns = [column for column in inbox.c if column.name not in ("payload", "dedupe_key")]
        select = sa.select(*columns).where(inbox.c.id < before)
        if message_key is not None:
            select = select.where(inbox.c.message_key == message_key)
        if states:
            select = select.where(sa.or_(*(_CONDITIONS[state] for state in sorted(states))))
        select = select.order_by(inbox.c.id.desc()).limit(limit)
        async with self._engine.connect() as connection:
            return [_summary(row) for row in await connection.execute(select)]

    async def redrive(self, part_ids: Sequence[int], now: datetime) -> int:
        """Opens buried ones again; how many."""
        return len(await self._queue.redrive(part_ids, now))


def _summary(row: sa.Row[Any]) -> PartSummary:
    state = _state(row)
    reasons = {
        State.OPEN: row.postponed_reason,
        State.HANDLED: None,
        State.SKIPPED: row.skipped_reason,
        State.BURIED: row.buried_reason,
    }
    return PartSummary(
        part_id=row.id,
        kind=Kind(row.kind),
        type=row.type,
        state=state,
        reason=reasons[state] or "",
        message_id=message_id(row.message_key) if row.message_key is not None else "",
        receive_time=row.receive_time,
        settle_time=row.settled_time,
        attempts=row.attempts,
        due_time=row.due_time,
        postponements=row.postponements,
    )


def _state(row: sa.Row[Any]) -> State:
    if row.settled_time is None:
        return State.OPEN
    if row.buried_reason is not None:
        return State.BURIED
    return State.SKIPPED if row.skipped_reason is not None else State.HANDLED
