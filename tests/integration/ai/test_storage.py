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
from services.ai.domain.intent import Help, Interpretation, RemindMe
from services.ai.domain.turn import Turn, TurnState
from services.ai.storage import StoredTurns

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TURN = Turn(
    message_id="m_1",
    user_id="u1",
    state=TurnState.INTERPRETED,
    interpretation=Interpretation(intents=(RemindMe(title="call Ada"),), confidence=0.9),
    message_time=NOW,
    interpret_time=NOW,
)


@pytest.fixture
def stored(engine: AsyncEngine) -> StoredTurns:
    return StoredTurns(engine, PersonKeys(engine, person_keys, Keyring([("k1", new_key())])))


async def test_a_turn_comes_back_as_it_was_remembered(stored: StoredTurns) -> None:
    await stored.remember(TURN, heard="remind me to call Ada")
    assert await stored.get("m_1") == TURN


async def test_of_two_interpretations_the_first_one_wins(stored: StoredTurns) -> None:
    await stored.remember(TURN, heard="remind me to call Ada")
    other = replace(TURN, interpretation=Interpretation(intents=(Help(),), confidence=0.1))
    assert await stored.remember(other, heard="remind me to call Ada") == TURN


async def test_a_final_state_is_recorded_once(stored: StoredTurns) -> None:
    await stored.remember(TURN, heard="x")
    await stored.finish("m_1", TurnState.APPLIED, NOW)
    await stored.finish("m_1", TurnState.ANSWERED, NOW + timedelta(hours=1))
    assert await stored.get("m_1") == TURN.finish(TurnState.APPLIED, NOW)


async def test_nothing_that_was_said_can_be_read_in_the_table(
    stored: StoredTurns, engine: AsyncEngine
) -> None:
    await stored.remember(TURN, heard="remind me to call Ada")
    async with engine.connect() as connection:
        row = (await connection.execute(sa.select(turns))).one()
    assert b"Ada" not in b"".join(each for each in row if isinstance(each, bytes))


async def test_pages_go_on_where_the_last_one_ended(stored: StoredTurns) -> None:
    for number in range(3):
        turn = replace(
            TURN, message_id=f"m_{number}", interpret_time=NOW + timedelta(seconds=number)
        )
        await stored.remember(turn, heard="x")
    first = await stored.list(user_id="u1", message_id="", limit=2, before=None)
    assert [each.message_id for each in first] == ["m_2", "m_1"]
    last = (first[-1].interpret_time, first[-1].message_id)
    rest = await stored.list(user_id="u1", message_id="", limit=2, before=last)
    assert [each.message_id for each in rest] == ["m_0"]


async def test_of_an_erased_person_nothing_is_listed(
    stored: StoredTurns, engine: AsyncEngine
) -> None:
    await stored.remember(TURN, heard="x")
    async with engine.begin() as connection:
        await connection.execute(sa.delete(person_keys))
    fresh = StoredTurns(engine, PersonKeys(engine, person_keys, Keyring([("k1", new_key())])))
    assert await fresh.list(user_id="u1", message_id="", limit=10, before=None) == []
