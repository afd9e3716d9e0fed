"""The senders' queues within the inbox: what is one too many gets a time of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from db.engine import autocommit

# Rows behind a part of their own lane are claimed by nobody, so none of them has a lease. What was
# spaced out before stays, or a busy lane would be written anew for each of its messages.
_SPACE_OUT = sa.text(
    """
WITH last AS (
    SELECT due_time FROM ingress.inbox
    WHERE lane = :lane AND settled_time IS NULL AND id > :after AND postponed_reason = :reason
    ORDER BY id DESC LIMIT 1
), late AS (
    SELECT id, row_number() OVER (ORDER BY id) AS place FROM ingress.inbox
    WHERE lane = :lane AND settled_time IS NULL AND id > :after
        AND postponed_reason IS DISTINCT FROM :reason
)
UPDATE ingress.inbox AS t
SET due_time = GREATEST(CAST(:start AS timestamptz), (SELECT due_time FROM last))
        + late.place * CAST(:gap AS interval),
    postponed_reason = :reason
FROM late WHERE t.id = late.id AND t.settled_time IS NULL
"""
).bindparams(
    sa.bindparam("lane", type_=sa.LargeBinary),
    sa.bindparam("after", type_=sa.BigInteger),
    sa.bindparam("reason", type_=sa.Text),
    sa.bindparam("start", type_=sa.DateTime(timezone=True)),
    sa.bindparam("gap", type_=sa.Interval),
)


class StoredLanes:
    """Port `Lanes`. `reason` is what marks a part as spaced out."""

    def __init__(self, engine: AsyncEngine, *, reason: str) -> None:
        self._engine = autocommit(engine)
        self._reason = reason

    async def space_out(self, lane: bytes, *, after: int, start: datetime, gap: timedelta) -> int:
        """See `ports.Lanes`."""
        values = {"lane": lane, "after": after, "start": start, "gap": gap, "reason": self._reason}
        async with self._engine.connect() as connection:
            return (await connection.execute(_SPACE_OUT, values)).rowcount
