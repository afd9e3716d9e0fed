"""What may be spent on the model a day, in a real Postgres."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from services.ai.ports import Spent
from services.ai.storage.allowance import Caps, Prices, StoredAllowance

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
# A dollar for a million tokens: a token is a millionth of a dollar.
PRICES = Prices(input=1.0, output=2.0)


def allowance(engine: AsyncEngine, *, person: float, everybody: float) -> StoredAllowance:
    return StoredAllowance(engine, prices=PRICES, caps=Caps(person=person, everybody=everybody))


async def test_what_is_set_aside_becomes_what_it_cost(engine: AsyncEngine) -> None:
    money = allowance(engine, person=1.0, everybody=2.0)
    reserved = await money.reserve("u1", NOW, 5_000)
    assert reserved == 5_000
    assert (await money.spent(TODAY, "u1")).cost == 5_000
    await money.settle("u1", NOW, reserved=reserved, input_tokens=900, output_tokens=50)
    spent = Spent(calls=1, input_tokens=900, output_tokens=50, cost=1_000, cap=1_000_000)
    assert await money.spent(TODAY, "u1") == spent
    assert (await money.spent(TODAY, "")).cost == 1_000


async def test_one_person_cannot_spend_what_is_everybodys(engine: AsyncEngine) -> None:
    money = allowance(engine, person=0.01, everybody=1.0)
    assert await money.reserve("u1", NOW, 10_000) == 10_000
    assert await money.reserve("u1", NOW, 1) is None
    assert await money.reserve("u2", NOW, 10_000) == 10_000
    assert (await money.spent(TODAY, "")).cost == 20_000


async def test_a_refusal_counts_nothing(engine: AsyncEngine) -> None:
    money = allowance(engine, person=1.0, everybody=0.01)
    assert await money.reserve("u1", NOW, 10_001) is None
    assert await money.spent(TODAY, "u1") == Spent(cap=1_000_000)
    assert await money.spent(TODAY, "") == Spent(cap=10_000)


async def test_many_at_once_do_not_spend_more_than_the_cap(engine: AsyncEngine) -> None:
    one = allowance(engine, person=1.0, everybody=0.01)
    other = allowance(engine, person=1.0, everybody=0.01)
    asked = [(one, other)[n % 2].reserve(f"u{n % 5}", NOW, 1_000) for n in range(40)]
    granted = [each for each in await asyncio.gather(*asked) if each is not None]
    assert len(granted) == 10
    assert (await one.spent(TODAY, "")).cost == 10_000


async def test_a_new_day_has_a_new_allowance(engine: AsyncEngine) -> None:
    money = allowance(engine, person=0.01, everybody=0.01)
    assert await money.reserve("u1", NOW, 10_000) == 10_000
    assert await money.reserve("u1", NOW, 10_000) is None
    assert await money.reserve("u1", NOW + timedelta(days=1), 10_000) == 10_000
