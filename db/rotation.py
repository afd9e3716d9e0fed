"""Seals again, under the newest key, what older keys of the ring sealed; while everything runs.

Only what stands under a service's key is touched: the keys of people (what those sealed stays as
it is) and the inbox. Small batches in the order of the primary key, each a transaction of its own;
what is current already is passed over, so that a rotation that was killed just starts again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.crash import crash_point
from chassis.crypto import Keyring
from db.engine import autocommit
from db.sealed import Ciphertext, context, service_sealed

# Rows looked at by one statement, and rows written by one.
_WINDOW = 2_000
_BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedColumn:
    """One column under a service's key."""

    table: sa.Table
    value: sa.Column[Any]
    row: sa.Column[Any]

    @property
    def name(self) -> str:
        """`schema.table.column`."""
        return f"{self.table.schema}.{self.table.name}.{self.value.name}"

    @property
    def key(self) -> sa.Column[Any]:
        """The primary key, which has one column in each of these tables."""
        (key,) = self.table.primary_key.columns
        return key

    def place(self, row: Any) -> bytes:
        """Where the value of this row stands."""
        return context(f"{self.table.schema}.{self.table.name}", self.value.name, row)


def columns_of(metadata: sa.MetaData) -> Sequence[SealedColumn]:
    """Everything that a rotation has to go through."""
    return [
        SealedColumn(table=table, value=value, row=row)
        for table, value, row in service_sealed(metadata)
    ]


async def reseal(engine: AsyncEngine, column: SealedColumn, keyring: Keyring) -> AsyncIterator[int]:
    """Goes through one column once; yields after each batch how many values that sealed again.

    Raises `chassis.crypto.Unreadable` where a key is missing; nothing is lost then.
    """
    alone = autocommit(engine)
    async with alone.connect() as connection:
        after: Any = None
        while True:
            window = sa.select(column.key).order_by(column.key).limit(_WINDOW)
            if after is not None:
                window = window.where(column.key > after)
            last = sa.select(sa.func.max(window.subquery().c[0]))
            until = (await connection.execute(last)).scalar()
            if until is None:
                return
            old = (await connection.execute(_old(column, keyring, after, until))).all()
            for start in range(0, len(old), _BATCH):
                batch = old[start : start + _BATCH]
                done = (await connection.execute(_again(column, keyring, batch))).rowcount
                crash_point("rotation.after_batch")
                yield done
            after = until


async def sealed_by(engine: AsyncEngine, column: SealedColumn) -> Mapping[str, int]:
    """How many values each key has sealed; reads the whole column."""
    value = sa.type_coerce(column.value, sa.LargeBinary)
    key_id = sa.func.convert_from(
        sa.func.substring(value, 3, sa.func.get_byte(value, 1)), sa.literal("SQL_ASCII")
    )
    query = sa.select(key_id.label("key_id"), sa.func.count().label("total")).group_by(key_id)
    async with autocommit(engine).connect() as connection:
        rows = await connection.execute(query.where(column.value.is_not(None)))
        return {row.key_id: row.total for row in rows}


def _old(column: SealedColumn, keyring: Keyring, after: Any, until: Any) -> sa.Select[Any]:
    value = sa.type_coerce(column.value, sa.LargeBinary)
    header = sa.literal(keyring.header, sa.LargeBinary)
    query = (
        sa.select(column.key.label("key"), column.row.label("row"), column.value.label("value"))
        .where(column.key <= until)
        .where(sa.func.substring(value, 1, len(keyring.header)) != header)
        .order_by(column.key)
    )
    return query if after is None else query.where(column.key > after)


def _again(column: SealedColumn, keyring: Keyring, batch: Sequence[Any]) -> sa.Update:
    sealed = [Ciphertext(again) for again in _sealed_again(column, keyring, batch)]
    rows = (
        sa.func.unnest(
            sa.cast([row.key for row in batch], sa.ARRAY(column.key.type)),
            sa.cast([bytes(row.value) for row in batch], sa.ARRAY(sa.LargeBinary)),
            sa.cast([bytes(value) for value in sealed], sa.ARRAY(sa.LargeBinary)),
        )
        .table_valued("key", "old", "new")
        .render_derived()
    )
    value = sa.type_coerce(column.value, sa.LargeBinary)
    return (
        sa.update(column.table)
        # Whoever was erased meanwhile, and perhaps came back, has another key.
        .where(column.key == rows.c.key, value == rows.c.old)
        .values({column.value.name: sa.type_coerce(rows.c.new, column.value.type)})
    )


def _sealed_again(column: SealedColumn, keyring: Keyring, batch: Sequence[Any]) -> Iterator[bytes]:
    for row in batch:
        place = column.place(row.row)
        yield keyring.seal(keyring.open(row.value, place), place)
