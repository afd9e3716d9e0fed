"""Columns that hold what people wrote or that name them: ciphertext or nothing.

A `Sealed` column takes a `Ciphertext` only, and only the seals in this module make one:

- `ServiceSeal` seals under the service's keyring (the inbox);
- `PersonSeal` seals under one person's key. `PersonKeys` keeps those, wrapped by the keyring, in
  the owner's schema (`person_keys_table`): rotation (`db/rotation.py`) re-wraps keys only, erasure
  deletes them.

Both bind a value to its place: `context(table, column, row)` is associated data, so that a value
moved to another row or column does not open there.

    keys = PersonKeys(engine, person_keys, keyring)
    seal = await keys.seal_for(user_id, connection=connection)   # creates the key if need be
    title = seal.seal("Call Ada", context("scheduler.tasks", "title", task_id))
    ...
    seal.open_text(row.title, context("scheduler.tasks", "title", task_id))
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chassis.crypto import Keyring, new_key
from db.engine import autocommit


class Ciphertext(bytes):
    """Sealed bytes, safe to store; made by a seal or read from a `Sealed` column."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Ciphertext({len(self)} bytes)"


class Sealed(sa.types.TypeDecorator[Ciphertext]):
    """A `bytea` column that refuses anything but a `Ciphertext` (TypeError) and gives one back."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> bytes | None:
        """Lets ciphertext through; the error names the type, never the value."""
        if value is None or isinstance(value, Ciphertext):
            return value
        raise TypeError(f"a sealed column takes a Ciphertext, not {type(value).__name__}")

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Ciphertext | None:
        """What was stored, marked as sealed."""
        return None if value is None else Ciphertext(value)

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        """Comparing is as strict as storing (and useless: nonces are random)."""
        return self


# In a column's `info`: the column of the same row that its place is named by.
_ROW = "sealed_row"


def under_service_key(row: str) -> dict[str, str]:
    """The `info` of a `Sealed` column that a `ServiceSeal` seals; rotation seals these again.

    `row` names the column whose value stands for the row in `context`.
    """
    return {_ROW: row}


def service_sealed(
    metadata: sa.MetaData,
) -> Sequence[tuple[sa.Table, sa.Column[Any], sa.Column[Any]]]:
    """Every column under a service's key: its table, itself, and what names its row."""
    return [
        (table, column, table.c[column.info[_ROW]])
        for table in metadata.sorted_tables
        for column in table.c
        if _ROW in column.info
    ]


class Seal(Protocol):
    """Seals and opens; a service's or one person's."""

    def seal(self, plaintext: bytes | str, place: bytes) -> Ciphertext:
        """`plaintext` sealed for the place that `context` names."""
        ...

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """What was sealed there. Raises `chassis.crypto.Unreadable`."""
        ...

    def open_text(self, sealed: bytes, place: bytes) -> str:
        """The same, as text."""
        ...


def context(table: str, column: str, row: str | bytes | int) -> bytes:
    """The associated data that binds a value to its place.

    `table` is `schema.table`; `row` anything about the row that is known before it is written and
    never changes (an id made by the application, a dedupe key). Unambiguous: lengths are part of
    it.
    """
    row_bytes = row if isinstance(row, bytes) else str(row).encode()
    parts = (table.encode(), column.encode(), row_bytes)
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


class ServiceSeal:
    """Seals under a service's keyring."""

    __slots__ = ("_keyring",)

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def seal(self, plaintext: bytes | str, place: bytes) -> Ciphertext:
        """`plaintext` (text as UTF-8) sealed for the place that `context` names."""
        data = plaintext.encode() if isinstance(plaintext, str) else plaintext
        return Ciphertext(self._keyring.seal(data, place))

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """What was sealed there. Raises `chassis.crypto.Unreadable`."""
        return self._keyring.open(sealed, place)

    def open_text(self, sealed: bytes, place: bytes) -> str:
        """The same, as text."""
        return self._keyring.open(sealed, place).decode()


class PersonSeal(ServiceSeal):
    """Seals under one person's key; `generation` counts the keys this person had."""

    __slots__ = ("generation",)

    def __init__(self, key: bytes, generation: int) -> None:
        super().__init__(Keyring([(f"g{generation}", key)]))
        self.generation = generation


def person_keys_table(metadata: sa.MetaData, schema: str) -> sa.Table:
    """`<schema>.person_keys`: one wrapped key a person. Call it once, in `db/tables/<owner>.py`."""
    return sa.Table(
        "person_keys",
        metadata,
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("wrapped_key", Sealed, nullable=False, info=under_service_key("user_id")),
        sa.Column("generation", sa.Integer, nullable=False, server_default="1"),
        sa.Column(
            "create_time",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.text("statement_timestamp()"),
        ),
        schema=schema,
    )


class PersonKeys:
    """A key per person: made at first use, cached unwrapped, gone when deleted.

    `cache_size` bounds the unwrapped keys held in memory (1 or more). Every method takes the
    caller's `connection`, to be part of its transaction, or does without, in autocommit. What was
    read or made in a transaction is cached when that commits, and not if it rolls back: nothing
    is ever sealed under a key that nobody kept.
    """

    def __init__(
        self, engine: AsyncEngine, table: sa.Table, keyring: Keyring, *, cache_size: int = 10_000
    ) -> None:
        if cache_size < 1:
            raise ValueError("cache_size must be 1 or more")
        self._engine = autocommit(engine)
        self._table = table
        self._keyring = keyring
        self._cache_size = cache_size
        self._cache: OrderedDict[str, PersonSeal] = OrderedDict()

    async def seal_for(
        self, user_id: str, *, connection: AsyncConnection | None = None
    ) -> PersonSeal:
        """The seal of this person, whose key is made if there is none."""
        seals = await self.seals_for([user_id], connection=connection)
        return seals[user_id]

    async def seals_for(
        self, user_ids: Collection[str], *, connection: AsyncConnection | None = None
    ) -> dict[str, PersonSeal]:
        """The seals of these people; missing keys are made in one statement for all.

        Race-free: of two processes that make a key for the same person, one wins and both use it.
        """
        found = self._cached(user_ids)
        if len(found) < len(set(user_ids)):
            async with self._connected(connection) as connected:
                found |= await self._read(connected, set(user_ids) - found.keys())
                if missing := set(user_ids) - found.keys():
                    await self._insert(connected, missing)
                    found |= await self._read(connected, missing)
        return found

    async def existing(
        self, user_ids: Collection[str], *, connection: AsyncConnection | None = None
    ) -> dict[str, PersonSeal]:
        """The seals of those of them who have a key; nothing is made."""
        found = self._cached(user_ids)
        if len(found) < len(set(user_ids)):
            async with self._connected(connection) as connected:
                found |= await self._read(connected, set(user_ids) - found.keys())
        return found

    async def erase(self, user_id: str, *, connection: AsyncConnection | None = None) -> bool:
        """Destroys this person's key and so all that was sealed under it; whether there was one.

        Another process may still hold the key in its cache: delete the rows as well.
        """
        delete = sa.delete(self._table).where(self._table.c.user_id == user_id)
        async with self._connected(connection) as connected:
            result = await connected.execute(delete)
            # At once, and again at the end: until then others still see the key.
            self.forget([user_id])
            _on_commit(connected, lambda: self.forget([user_id]))
        return result.rowcount == 1

    def forget(self, user_ids: Iterable[str]) -> None:
        """Drops these from the cache."""
        for user_id in user_ids:
            self._cache.pop(user_id, None)

    def _cached(self, user_ids: Collection[str]) -> dict[str, PersonSeal]:
        found = {}
        for user_id in user_ids:
            if (seal := self._cache.get(user_id)) is not None:
                self._cache.move_to_end(user_id)
                found[user_id] = seal
        return found

    def _remember(self, seals: Mapping[str, PersonSeal]) -> None:
        self._cache.update(seals)
        while len(self._cache) > self._cache_size:
            self._cache.popitem(last=False)

    @asynccontextmanager
    async def _connected(
        self, connection: AsyncConnection | None
    ) -> AsyncIterator[AsyncConnection]:
        if connection is not None:
            yield connection
        else:
            async with self._engine.connect() as own:
                yield own

    async def _read(self, connected: AsyncConnection, user_ids: set[str]) -> dict[str, PersonSeal]:
        keys = self._table
        wanted = sa.cast(sorted(user_ids), sa.ARRAY(sa.Text))
        select = sa.select(keys.c.user_id, keys.c.wrapped_key, keys.c.generation)
        rows = await connected.execute(select.where(keys.c.user_id == sa.func.any(wanted)))
        seals = {
            row.user_id: PersonSeal(
                self._keyring.open(row.wrapped_key, self._place(row.user_id)), row.generation
            )
            for row in rows
        }
        self._remember_on_commit(connected, seals)
        return seals

    async def _insert(self, connected: AsyncConnection, user_ids: set[str]) -> None:
        # Sorted: two replicas with unsorted batches deadlock.
        names = sorted(user_ids)
        wrapped = [
            Ciphertext(self._keyring.seal(new_key(), self._place(user_id))) for user_id in names
        ]
        arrays = (sa.cast(names, sa.ARRAY(sa.Text)), sa.cast(wrapped, sa.ARRAY(Sealed)))
        rows = sa.func.unnest(*arrays).table_valued("user_id", "wrapped_key").render_derived()
        select = sa.select(rows.c.user_id, rows.c.wrapped_key)
        await connected.execute(
            insert(self._table)
            .from_select(["user_id", "wrapped_key"], select)
            .on_conflict_do_nothing()
        )

    def _remember_on_commit(
        self, connected: AsyncConnection, seals: Mapping[str, PersonSeal]
    ) -> None:
        _on_commit(connected, lambda: self._remember(seals))

    def _place(self, user_id: str) -> bytes:
        return context(f"{self._table.schema}.{self._table.name}", "wrapped_key", user_id)


def _on_commit(connected: AsyncConnection, effect: Callable[[], None]) -> None:
    """Has its effect when the transaction commits, not if it rolls back; in autocommit, now."""
    connection = connected.sync_connection
    if connection is None or (
        connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT"
    ):
        effect()
        return
    pending = [effect]

    def committed(_connection: sa.Connection) -> None:
        while pending:
            pending.pop()()

    sa.event.listen(connection, "commit", committed, once=True)
    for undone in ("rollback", "rollback_savepoint"):
        sa.event.listen(connection, undone, lambda *_: pending.clear(), once=True)
