"""The turns, in Postgres; what was heard, understood and asked is sealed under the person's key."""

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
from db.tables.ai import erasures, model_usage, turns
from services.ai.domain import codec
from services.ai.domain.erasure import UserErased
from services.ai.domain.thread import MOST_TURNS
from services.ai.domain.turn import Outcome, Turn, TurnState
from services.ai.ports import Loaded

_TABLE = "ai.turns"
_GET = sa.select(turns).where(turns.c.message_id == sa.bindparam("message_id"))
# One round trip for both questions that every message begins with.
_LOAD = _GET.union_all(
    sa.select(turns)
    .where(
        turns.c.user_id == sa.bindparam("user_id"),
        turns.c.interpret_time >= sa.bindparam("since"),
        turns.c.message_id != sa.bindparam("message_id"),
        turns.c.finish_time.is_not(None),
    )
    .order_by(turns.c.interpret_time.desc(), turns.c.message_id.desc())
    .limit(MOST_TURNS)
)
_COLUMNS = (
    "message_id",
    "user_id",
    "state",
    "engine",
    "path",
    "heard",
    "interpretation",
    "message_time",
    "interpret_time",
)
# Nothing, where one stands there already or the person was erased.
_REMEMBER = (
    insert(turns)
    .from_select(
        _COLUMNS,
        sa.select(
            *(sa.bindparam(name, type_=turns.c[name].type).label(name) for name in _COLUMNS)
        ).where(
            ~sa.exists().where(erasures.c.user_id == sa.bindparam("user_id", type_=sa.Text)),
        ),
    )
    .on_conflict_do_nothing()
)
_FINISH = (
    sa.update(turns)
    .where(turns.c.message_id == sa.bindparam("wanted"), turns.c.finish_time.is_(None))
    .values(
        state=sa.bindparam("state"),
        finish_time=sa.bindparam("finish_time"),
        outcome=sa.bindparam("outcome"),
    )
)


class StoredTurns:
    """Port `Turns` over SQL; every statement is its own transaction."""

    def __init__(self, engine: AsyncEngine, keys: PersonKeys) -> None:
        self._engine = autocommit(engine)
        self._keys = keys

    async def load(self, user_id: str, message_id: str, since: datetime) -> Loaded:
        """The turn of a message and the person's finished ones since then, newest first."""
        values = {"user_id": user_id, "message_id": message_id, "since": since}
        async with self._engine.connect() as connection:
            rows = (await connection.execute(_LOAD, values)).all()
        found = await self._turns([row for row in rows if row.user_id == user_id])
        own = next((each for each in found if each.message_id == message_id), None)
        recent = [
            each
            for each in found
            if each is not own and (own is None or each.interpret_time <= own.interpret_time)
        ]
        recent.sort(key=lambda each: (each.interpret_time, each.message_id), reverse=True)
        return Loaded(turn=own, recent=recent)

    async def get(self, user_id: str, message_id: str) -> Turn | None:
        """One turn of this person."""
        async with self._engine.connect() as connection:
            row = (await connection.execute(_GET, {"message_id": message_id})).one_or_none()
        if row is None or row.user_id != user_id:
            return None
        return next(iter(await self._turns([row])), None)

    async def remember(self, turn: Turn) -> Turn:
        """Stores a turn; where one is stored already, that one wins and is returned."""
        seal = await self._keys.seal_for(turn.user_id)
        interpretation = orjson.dumps(codec.encode(turn.interpretation))
        values = {
            "message_id": turn.message_id,
            "user_id": turn.user_id,
            "state": turn.state.value,
            "engine": turn.interpretation.engine,
            "path": turn.interpretation.path,
            "heard": seal.seal(turn.heard, context(_TABLE, "heard", turn.message_id)),
            "interpretation": seal.seal(
                interpretation, context(_TABLE, "interpretation", turn.message_id)
            ),
            "message_time": turn.message_time,
            "interpret_time": turn.interpret_time,
        }
        async with self._engine.connect() as connection:
            inserted = (await connection.execute(_REMEMBER, values)).rowcount == 1
        if inserted:
            return turn
        stored = await self.get(turn.user_id, turn.message_id)
        if stored is None:
            await self._refuse_erased(turn.user_id)
            raise LookupError("the turn that stood in the way is gone; try again")
        return stored

    async def finish(self, turn: Turn, state: TurnState, now: datetime, outcome: Outcome) -> None:
        """Records the final state of a turn and what came of it."""
        seal = await self._keys.seal_for(turn.user_id)
        sealed = seal.seal(
            orjson.dumps(codec.encode_outcome(outcome)),
            context(_TABLE, "outcome", turn.message_id),
        )
        values = {
            "wanted": turn.message_id,
            "state": state.value,
            "finish_time": now,
            "outcome": sealed,
        }
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

    async def erase(self, user_id: str) -> int:
        """Destroys everything about a person, for good; how many turns that were."""
        async with self._engine.connect() as connection:
            # First, and committed: from now on nothing of them is remembered any more.
            await connection.execute(
                insert(erasures).values(user_id=user_id).on_conflict_do_nothing()
            )
            gone = await connection.execute(sa.delete(turns).where(turns.c.user_id == user_id))
            await connection.execute(sa.delete(model_usage).where(model_usage.c.user_id == user_id))
        await self._keys.erase(user_id)
        return int(gone.rowcount)

    async def _refuse_erased(self, user_id: str) -> None:
        select = sa.select(erasures.c.user_id).where(erasures.c.user_id == user_id)
        async with self._engine.connect() as connection:
            if (await connection.execute(select)).one_or_none() is not None:
                await self._keys.erase(user_id)
                raise UserErased

    async def _turns(self, rows: Sequence[Any]) -> Sequence[Turn]:
        seals = await self._keys.existing({row.user_id for row in rows}) if rows else {}
        # Without a key the person was erased; what is left of the row says nothing.
        return [_turn(row, seals[row.user_id]) for row in rows if row.user_id in seals]


def _turn(row: Any, seal: PersonSeal) -> Turn:
    def opened(column: str) -> bytes:
        return seal.open(getattr(row, column), context(_TABLE, column, row.message_id))

    outcome = Outcome()
    if row.outcome is not None:
        outcome = codec.decode_outcome(orjson.loads(opened("outcome")))
    return Turn(
        message_id=row.message_id,
        user_id=row.user_id,
        state=TurnState(row.state),
        interpretation=codec.decode(orjson.loads(opened("interpretation"))),
        message_time=row.message_time,
        interpret_time=row.interpret_time,
        heard=opened("heard").decode(),
        finish_time=row.finish_time,
        outcome=outcome,
    )
