"""Forgets what has been kept long enough: a little at a time, and never with a lock for long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chassis.clock import Clock
from chassis.log import get_logger
from chassis.routine import Routine
from db.engine import autocommit, is_outage

BATCH = 500
PAUSE = timedelta(minutes=10)
# Batches in one go; what is left waits for the next one.
_MOST_BATCHES = 200

log = get_logger()


class Rule(Protocol):
    """What is old enough, and how a batch of it goes."""

    @property
    def keep(self) -> timedelta:
        """For how long."""
        ...

    async def forget(self, connection: AsyncConnection, before: datetime, after: Any) -> Batch:
        """Deletes one batch (in autocommit) of what is older than `before`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one batch did; the next one begins after `last`, and None is the end."""

    deleted: int
    last: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ByTime:
    """Rows whose `time` is over, found by the index that must be on it."""

    table: sa.Table
    time: sa.ColumnElement[Any]
    keep: timedelta
    where: sa.ColumnElement[bool] | None = None

    async def forget(self, connection: AsyncConnection, before: datetime, after: Any) -> Batch:
        """Deletes the oldest batch."""
        key = sa.tuple_(*self.table.primary_key.columns)
        limit = before.date() if isinstance(self.time.type, sa.Date) else before
        old = sa.select(*self.table.primary_key.columns).where(self.time < limit)
        if self.where is not None:
            old = old.where(self.where)
        old = old.order_by(self.time).limit(BATCH).with_for_update(skip_locked=True)
        deleted = (await connection.execute(sa.delete(self.table).where(key.in_(old)))).rowcount
        return Batch(deleted=deleted, last=True if deleted == BATCH else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FromTheFront:
    """Settled rows of a table of things that fall due, whose ids follow their `time`.

    Read in the order of ids up to the first young one, so that no index on the time is needed on
    a table that is written all the time; what is still open is passed over.
    """

    table: sa.Table
    time: sa.Column[Any]
    keep: timedelta

    async def forget(self, connection: AsyncConnection, before: datetime, after: Any) -> Batch:
        """Deletes what is old enough among the next rows."""
        table, id_ = self.table, self.table.c.id
        front = (
            sa.select(id_, self.time.label("time"), table.c.settled_time)
            .where(id_ > (after or 0))
            .order_by(id_)
            .limit(BATCH)
        )
        rows = (await connection.execute(front)).all()
        old = [row.id for row in rows if row.time < before and row.settled_time is not None]
        if old:
            wanted = sa.cast(old, sa.ARRAY(sa.BigInteger))
            await connection.execute(sa.delete(table).where(id_ == sa.func.any(wanted)))
        is_over = len(rows) < BATCH or rows[-1].time >= before
        return Batch(deleted=len(old), last=None if is_over else rows[-1].id)


class Retention(Routine):
    """Sweeps every ten minutes until stopped. Fits `chassis.process`."""

    def __init__(
        self, name: str, engine: AsyncEngine, rules: Sequence[Rule], *, clock: Clock
    ) -> None:
        super().__init__(f"{name} retention", self.sweep, every=PAUSE, is_outage=is_outage)
        self._engine = autocommit(engine)
        self._rules = rules
        self._clock = clock

    async def sweep(self) -> int:
        """Deletes what is old enough; how many rows."""
        total = 0
        now = self._clock.now()
        for rule in self._rules:
            after: Any = None
            for _batch in range(_MOST_BATCHES):
                async with self._engine.connect() as connection:
                    batch = await rule.forget(connection, now - rule.keep, after)
                total += batch.deleted
                after = batch.last
                if after is None or self.is_stopping:
                    break
        if total:
            log.info("retention swept", component=self.name, count=total)
        return total
