"""Turns in a real Postgres."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.crypto import Keyring, new_key
from db.sealed import PersonKeys
from db.tables.ai import person_keys, turns
from services.ai.domain.intent import Help, Interpretation, ItemReference, Move, RemindMe
from services.ai.domain.turn import Item, Outcome, Question, Slot, Turn, TurnState
from services.ai.storage.turns import StoredTurns

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TURN = Turn(
    message_id="m_1",
    user_id="u1",
    state=TurnState.INTERPRETED,
    interpretation=Interpretation(intents=(RemindMe(title="call Ada"),), confidence=0.9),
    message_time=NOW,
    interpret_time=NOW,
    heard="remind me to call Ada",
)
ASKED = Outcome(
    question=Question(slot=Slot.WHEN, text="When is it?", intents=(Move(item=ItemReference()),)),
    items=(Item(id="task:1", title="call Ada"),),
    said="When is it?",
    change="c1",
)
EVER = NOW - timedelta(days=1)


@pytest.fixture
def stored(engine: AsyncEngine) -> StoredTurns:
    return StoredTurns(engine, PersonKeys(engine, person_keys, Keyring([("k1", new_key())])))


async def test_a_turn_comes_back_as_it_was_remembered(stored: StoredTurns) -> None:
    await stored.remember(TURN)
    assert await stored.get("u1", "m_1") == TURN


async def test_of_two_interpretations_the_first_one_wins(stored: StoredTurns) -> None:
    await stored.remember(TURN)
    other = replace(TURN, interpretation=Interpretation(intents=(Help(),), confidence=0.1))
    assert await stored.remember(other) == TURN


async def test_a_final_state_is_recorded_once(stored: StoredTurns) -> None:
    await stored.remember(TURN)
    await stored.finish(TURN, TurnState.ASKED, NOW, ASKED)
    await stored.finish(TURN, TurnState.ANSWERED, NOW + timedelta(hours=1), Outcome())
    assert await stored.get("u1", "m_1") == TURN.finish(TurnState.ASKED, NOW, ASKED)


async def test_a_turn_of_somebody_else_is_not_read(stored: StoredTurns) -> None:
    await stored.remember(TURN)
    assert await stored.get("u2", "m_1") is None
    assert (await stored.load("u2", "m_1", EVER)).turn is None


async def test_a_message_comes_with_the_finished_turns_before_it(stored: StoredTurns) -> None:
    for number in range(4):
        turn = replace(
            TURN, message_id=f"m_{number}", interpret_time=NOW + timedelta(minutes=number)
        )
        await stored.remember(turn)
        if number != 2:
            await stored.finish(turn, TurnState.APPLIED, NOW, Outcome())
    loaded = await stored.load("u1", "m_2", NOW + timedelta(seconds=1))
    assert loaded.turn is not None
    assert loaded.turn.message_id == "m_2"
    # m_0 is too old, m_3 came later, m_2 is the message itself.
    assert [each.message_id for each in loaded.recent] == ["m_1"]
    fresh = await stored.load("u1", "m_9", EVER)
    assert fresh.turn is None
    assert [each.message_id for each in fresh.recent] == ["m_3", "m_1", "m_0"]


async def test_an_erased_person_leaves_no_row(stored: StoredTurns, engine: AsyncEngine) -> None:
    await stored.remember(TURN)
    await stored.remember(replace(TURN, message_id="m_2", user_id="u2"))
    assert await stored.erase("u1") == 1
    assert await stored.erase("u1") == 0
    async with engine.connect() as connection:
        people = (await connection.execute(sa.select(turns.c.user_id))).scalars().all()
        keys = (await connection.execute(sa.select(person_keys.c.user_id))).scalars().all()
    assert (people, keys) == (["u2"], ["u2"])


async def test_nothing_that_was_said_can_be_read_in_the_table(
    stored: StoredTurns, engine: AsyncEngine
) -> None:
    await stored.remember(TURN)
    await stored.finish(TURN, TurnState.ASKED, NOW, ASKED)
    async with engine.connect() as connection:
        row = (await connection.execute(sa.select(turns))).one()
    assert b"Ada" not in b"".join(each for each in row if isinstance(each, bytes))


async def test_pages_go_on_where_the_last_one_ended(stored: StoredTurns) -> None:
    for number in range(3):
        turn = replace(
            TURN, message_id=f"m_{number}", interpret_time=NOW + timedelta(seconds=number)
        )
        await stored.remember(turn)
    first = await stored.list(user_id="u1", message_id="", limit=2, before=None)
    assert [each.message_id for each in first] == ["m_2", "m_1"]
    last = (first[-1].interpret_time, first[-1].message_id)
    rest = await stored.list(user_id="u1", message_id="", limit=2, before=last)
    assert [each.message_id for each in rest] == ["m_0"]


async def test_of_an_erased_person_nothing_is_listed(
    stored: StoredTurns, engine: AsyncEngine
) -> None:
    await stored.remember(TURN)
    async with engine.begin() as connection:
        await connection.execute(sa.delete(person_keys))
    fresh = StoredTurns(engine, PersonKeys(engine, person_keys, Keyring([("k1", new_key())])))
    assert await fresh.list(user_id="u1", message_id="", limit=10, before=None) == []
