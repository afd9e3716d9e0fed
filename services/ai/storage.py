"""The turns, in Postgres; what was heard and understood is sealed under the person's key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from db.engine import autocommit
from db.sealed import PersonKeys, PersonSeal, context
from db.tables.ai import turns
from services.ai.domain import codec
from services.ai.domain.turn import Turn, TurnState

_TABLE = "ai.turns"
_GET = sa.select(turns).where(turns.c.message_id == sa.bindparam("message_id"))
_FINISH = (
    sa.update(turns)
    .where(turns.c.message_id == sa.bindparam("wanted"), turns.c.finish_time.is_(None))
    .values(state=sa.bindparam("state"), finish_time=sa.bindparam("finish_time"))
)


class StoredTurns:
    """Port `Turns` over SQL; every statement is its own transaction."""

    def __init__(self, engine: AsyncEngine, keys: PersonKeys) -> None:
        self._engine = autocommit(engine)
        self._keys = keys

    async def get(self, message_id: str) -> Turn | None:
        """The turn of a message, if it was interpreted before."""
        async with self._engine.connect() as connection:
            row = (await connection.execute(_GET, {"message_id": message_id})).one_or_none()
        return None if row is None else (await self._turns([row]))[0]

    async def remember(self, turn: Turn, *, heard: str) -> Turn:
        """Stores a turn; where one is stored already, that one wins and is returned."""
        seal = await self._keys.seal_for(turn.user_id)
        interpretation = orjson.dumps(codec.encode(turn.interpretation))
        statement = (
            insert(turns)
            .values(
                message_id=turn.message_id,
                user_id=turn.user_id,
                state=turn.state.value,
                engine=turn.interpretation.engine,
                heard=seal.seal(heard, context(_TABLE, "heard", turn.message_id)),
                interpretation=seal.seal(
                    interpretation, context(_TABLE, "interpretation", turn.message_id)
                ),
                message_time=turn.message_time,
                interpret_time=turn.interpret_time,
            )
            .on_conflict_do_nothing()
        )
        async with self._engine.connect() as connection:
            inserted = (await connection.execute(statement)).rowcount == 1
        if inserted:
            return turn
        stored = await self.get(turn.message_id)
        if stored is None:
            raise LookupError("the turn that stood in the way is gone; try again")
        return stored

    async def finish(self, message_id: str, state: TurnState, now: datetime) -> None:
        """Records the final state of a turn."""
        values = {"wanted": message_id, "state": state.value, "finish_time": now}
        async with self._engine.connect() as connection:
            await connection.execute(_FINISH, values)

    async def list(
        self, *, user_id: str, message_id: str, limit: int, before: tuple[datetime, str] | None
    ) -> Sequence[Turn]:
        """Turns, newest first; empty filters match everything."""
        query = (
            sa.select(turns)
            .order_by(turns.c.interpret_time.desc(), turns.c.message_id.desc())
            .limit(limit)
        )
        if user_id:
            query = query.where(turns.c.user_id == user_id)
        if message_id:
            query = query.where(turns.c.message_id == message_id)
        if before is not None:
            query = query.where(sa.tuple_(turns.c.interpret_time, turns.c.message_id) < before)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        return await self._turns(rows)

    async def _turns(self, rows: Sequence[Any]) -> Sequence[Turn]:
        seals = await self._keys.existing({row.user_id for row in rows})
        # Without a key the person was erased; what is left of the row says nothing.
        return [_turn(row, seals[row.user_id]) for row in rows if row.user_id in seals]


def _turn(row: Any, seal: PersonSeal) -> Turn:
    stored = seal.open(row.interpretation, context(_TABLE, "interpretation", row.message_id))
    return Turn(
        message_id=row.message_id,
        user_id=row.user_id,
        state=TurnState(row.state),
        interpretation=codec.decode(orjson.loads(stored)),
        message_time=row.message_time,
        interpret_time=row.interpret_time,
        finish_time=row.finish_time,
    )
