"""What is old enough goes, in small batches, and nothing else does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.crypto import Keyring
from db import retention
from db.retention import ByTime, FromTheFront, Retention
from db.sealed import ServiceSeal, context
from db.tables.ai import turns
from db.tables.ingress import inbox

START = datetime(2026, 11, 1, tzinfo=UTC)
SEALED = ServiceSeal(Keyring([("k1", b"k" * 32)])).seal("x", context("a", "b", "c"))
DAY = timedelta(days=1)


class SetClock:
    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time


async def count(engine: AsyncEngine, table: sa.Table) -> int:
    async with engine.connect() as connection:
        return int(await connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


async def fill_inbox(engine: AsyncEngine, number: int, *, received: datetime, open_: int) -> None:
    rows = [
        {
            "due_time": received,
            "receive_time": received,
            "settled_time": None if n < open_ else received,
            "dedupe_key": f"{received} {n}".encode(),
            "lane": b"lane",
            "kind": 1,
            "type": "text",
            "payload": SEALED,
        }
        for n in range(number)
    ]
    async with engine.begin() as connection:
        await connection.execute(sa.insert(inbox), rows)


async def test_settled_parts_go_after_their_days_and_open_ones_stay(engine: AsyncEngine) -> None:
    clock = SetClock()
    # More than one batch, open ones among them, and younger ones behind.
    await fill_inbox(engine, retention.BATCH + 20, received=START, open_=7)
    await fill_inbox(engine, 30, received=START + DAY, open_=0)
    rule = FromTheFront(table=inbox, time=inbox.c.receive_time, keep=8 * DAY)
    keeper = Retention("ingress", engine, [rule], clock=clock)

    clock.time = START + 8 * DAY
    assert await keeper.sweep() == 0
    clock.time += timedelta(seconds=1)
    assert await keeper.sweep() == retention.BATCH + 13
    assert await count(engine, inbox) == 7 + 30
    clock.time += DAY
    assert await keeper.sweep() == 30
    assert await keeper.sweep() == 0
    assert await count(engine, inbox) == 7


async def test_turns_go_by_the_time_they_were_understood(engine: AsyncEngine) -> None:
    clock = SetClock()
    rows = [
        {
            "message_id": f"m_{n}",
            "user_id": "ada",
            "state": 1,
            "engine": "local",
            "heard": SEALED,
            "interpretation": SEALED,
            "message_time": START,
            "interpret_time": START + n * timedelta(minutes=1),
        }
        for n in range(2 * retention.BATCH + 1)
    ]
    async with engine.begin() as connection:
        await connection.execute(sa.insert(turns), rows)
    rule = ByTime(table=turns, time=turns.c.interpret_time, keep=30 * DAY)
    keeper = Retention("ai", engine, [rule], clock=clock)

    clock.time = START + 30 * DAY + timedelta(minutes=2 * retention.BATCH)
    assert await keeper.sweep() == 2 * retention.BATCH
    assert await count(engine, turns) == 1


async def test_a_row_that_somebody_works_on_is_left_for_the_next_time(engine: AsyncEngine) -> None:
    clock = SetClock()
    row = {
        "message_id": "m_1",
        "user_id": "ada",
        "state": 1,
        "engine": "local",
        "heard": SEALED,
        "interpretation": SEALED,
        "message_time": START,
        "interpret_time": START,
    }
    async with engine.begin() as connection:
        await connection.execute(sa.insert(turns), [row, row | {"message_id": "m_2"}])
    rule = ByTime(table=turns, time=turns.c.interpret_time, keep=DAY)
    keeper = Retention("ai", engine, [rule], clock=clock)
    clock.time += 2 * DAY

    async with engine.begin() as holder:
        held = sa.select(turns).where(turns.c.message_id == "m_1").with_for_update()
        await holder.execute(held)
        assert await keeper.sweep() == 1
    assert await keeper.sweep() == 1
