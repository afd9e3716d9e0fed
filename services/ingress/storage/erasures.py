"""Port `Erasures`: the people to be forgotten, as things that fall due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from db.engine import autocommit
from db.tables.ingress import erasures, inbox
from services.ingress.domain.erasure import Erasure, ErasureNotFound, Receipt, Stage
from services.ingress.domain.names import DIGEST_BYTES

# What a claim must bring along.
COLUMNS = (
    "user_id",
    "request_id",
    "erase_time",
    "state",
    "generation",
    "person_keys",
    "receipt",
    "settled_time",
    "postponed_reason",
)
# Ids of parts that one statement looks at: there is no index for what is asked this rarely.
_WINDOW = 20_000


class StoredErasures:
    """Port `Erasures`; every statement is its own transaction."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = autocommit(engine)

    async def request(self, erasure: Erasure, *, due_time: datetime, is_repeat: bool) -> Erasure:
        """Records one, once a person; begins anew where `is_repeat` and it is finished."""
        anew = {
            "due_time": due_time,
            "settled_time": None,
            "buried_reason": None,
            "state": Stage.REQUESTED.value,
            "person_keys": None,
        }
        new = {
            "user_id": erasure.user_id,
            "request_id": erasure.request_id,
            "erase_time": erasure.erase_time,
        }
        statement = insert(erasures).values(**new, due_time=due_time, state=anew["state"])
        if is_repeat:
            statement = statement.on_conflict_do_update(
                index_elements=["user_id"],
                set_=anew,
                where=erasures.c.settled_time.is_not(None),
            )
        else:
            statement = statement.on_conflict_do_nothing()
        async with self._engine.connect() as connection:
            await connection.execute(statement)
        return await self.get(erasure.user_id)

    async def get(self, user_id: str) -> Erasure:
        """How it stands. Raises `ErasureNotFound`."""
        async with self._engine.connect() as connection:
            select = sa.select(erasures).where(erasures.c.user_id == user_id)
            row = (await connection.execute(select)).mappings().one_or_none()
        if row is None:
            raise ErasureNotFound
        return read(row["id"], dict(row))

    async def list(self, *, after: int, limit: int) -> Sequence[Erasure]:
        """All, oldest first, behind the position `after`."""
        select = sa.select(erasures).where(erasures.c.id > after)
        async with self._engine.connect() as connection:
            rows = await connection.execute(select.order_by(erasures.c.id).limit(limit))
            return [read(row["id"], dict(row)) for row in rows.mappings()]

    async def keep(self, erasure: Erasure) -> None:
        """Records who it is, before anything is destroyed that says so."""
        async with self._engine.connect() as connection:
            await connection.execute(
                sa.update(erasures)
                .where(erasures.c.user_id == erasure.user_id)
                .values(generation=erasure.generation, person_keys=_joined(erasure))
            )

    async def forget_parts(self, person_keys: Sequence[bytes], until: datetime) -> int:
        """Deletes the parts about a person that came until then; how many."""
        if not person_keys:
            return 0
        wanted = sa.cast(list(person_keys), sa.ARRAY(sa.LargeBinary))
        total = 0
        async with self._engine.connect() as connection:
            ends = sa.select(sa.func.min(inbox.c.id), sa.func.max(inbox.c.id))
            first, last = (await connection.execute(ends)).one()
            for start in range(first or 0, (last or -1) + 1, _WINDOW):
                gone = sa.delete(inbox).where(
                    inbox.c.id.between(start, start + _WINDOW - 1),
                    inbox.c.person_key == sa.func.any(wanted),
                    inbox.c.receive_time <= until,
                )
                total += (await connection.execute(gone)).rowcount
        return total


def read(position: int, row: Mapping[str, Any]) -> Erasure:
    """What a row says."""
    return Erasure(
        user_id=row["user_id"],
        request_id=str(row["request_id"]),
        erase_time=row["erase_time"],
        stage=Stage(row["state"]),
        generation=row["generation"],
        person_keys=_split(row["person_keys"]),
        receipt=Receipt(**(row["receipt"] or {})),
        finish_time=row["settled_time"],
        reason=row["postponed_reason"] or "",
        position=position,
    )


def written(erasure: Erasure) -> Mapping[str, Any]:
    """The columns that a step changes."""
    return {
        "state": erasure.stage.value,
        "receipt": asdict(erasure.receipt),
        "person_keys": _joined(erasure),
    }


def _joined(erasure: Erasure) -> bytes:
    return b"".join(erasure.person_keys or ())


def _split(joined: bytes | None) -> Sequence[bytes] | None:
    if joined is None:
        return None
    return [joined[at : at + DIGEST_BYTES] for at in range(0, len(joined), DIGEST_BYTES)]
