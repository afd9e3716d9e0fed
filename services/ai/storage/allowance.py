"""What may be spent on the model a day, per person and in all: rows that all replicas share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from db.engine import autocommit
from db.tables.ai import model_usage
from services.ai.ports import Spent

EVERYBODY = ""
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Dollars for a million tokens."""

    input: float
    output: float

    def cost(self, *, input_tokens: int, output_tokens: int) -> int:
        """Millionths of a dollar, rounded up."""
        return int(-(-(input_tokens * self.input + output_tokens * self.output) // 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """Dollars a day (UTC) for one person and for all."""

    person: float
    everybody: float


class StoredAllowance:
    """Port `Allowance` over SQL.

    What a call may cost is added before the call, in one transaction with the look at the caps, and
    replaced by what it did cost afterwards: no number of replicas spends more than a cap, and what
    a crashed process had set aside stays counted.
    """

    def __init__(self, engine: AsyncEngine, *, prices: Prices, caps: Caps) -> None:
        self._engine = engine
        self._single = autocommit(engine)
        self._prices = prices
        self._caps = {
            EVERYBODY: int(caps.everybody * _MILLION),
            "person": int(caps.person * _MILLION),
        }

    async def reserve(self, user_id: str, now: datetime, tokens: int) -> int | None:
        """Sets money for about so many tokens aside; None where that is over a cap."""
        wanted = self._prices.cost(input_tokens=tokens, output_tokens=0)
        async with self._engine.begin() as connection:
            # Everybody's row is locked last, and so held the shortest.
            for row, cap in ((user_id, self._caps["person"]), (EVERYBODY, self._caps[EVERYBODY])):
                result = await connection.execute(_reservation(_day(now), row, wanted, cap))
                if wanted > cap or result.rowcount == 0:
                    await connection.rollback()
                    return None
        return wanted

    async def settle(
        self, user_id: str, now: datetime, *, reserved: int, input_tokens: int, output_tokens: int
    ) -> None:
        """Replaces what was set aside by what it really cost."""
        spent = self._prices.cost(input_tokens=input_tokens, output_tokens=output_tokens)
        async with self._single.connect() as connection:
            # One row at a time, each its own transaction: together they could deadlock.
            for row in (user_id, EVERYBODY):
                statement = (
                    sa.update(model_usage)
                    .where(model_usage.c.day == _day(now), model_usage.c.user_id == row)
                    .values(
                        input_tokens=model_usage.c.input_tokens + input_tokens,
                        output_tokens=model_usage.c.output_tokens + output_tokens,
                        cost=model_usage.c.cost + (spent - reserved),
                    )
                )
                await connection.execute(statement)

    async def spent(self, day: date, user_id: str) -> Spent:
        """What one person, or with "" all of them, cost that day."""
        cap = self._caps["person" if user_id else EVERYBODY]
        query = sa.select(model_usage).where(
            model_usage.c.day == day, model_usage.c.user_id == user_id
        )
        async with self._single.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            return Spent(cap=cap)
        return Spent(
            calls=row.calls,
            input_tokens=row.input_tokens,
            output_tokens=row.output_tokens,
            cost=row.cost,
            cap=cap,
        )


def _day(now: datetime) -> date:
    return now.astimezone(UTC).date()


def _reservation(day: date, user_id: str, wanted: int, cap: int) -> Any:
    fresh = insert(model_usage).values(
        day=day, user_id=user_id, calls=1, input_tokens=0, output_tokens=0, cost=wanted
    )
    return fresh.on_conflict_do_update(
        index_elements=[model_usage.c.day, model_usage.c.user_id],
        set_={"calls": model_usage.c.calls + 1, "cost": model_usage.c.cost + wanted},
        where=model_usage.c.cost + wanted <= cap,
    )
