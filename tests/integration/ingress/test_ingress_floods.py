"""One person writes more than a person can: later, in order, told once, and nobody else waits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest_asyncio

from tests.integration.ingress.house import House, text_message, webhook
from tests.integration.ingress.peers import Serving
from tests.integration.ingress.waiting import until

GAP = timedelta(seconds=2)


class MovedClock:
    """The application's time, moved by a test."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def move(self, ahead: timedelta) -> None:
        self._ahead += ahead


@pytest_asyncio.fixture(loop_scope="session")
async def clock() -> MovedClock:
    return MovedClock()


@pytest_asyncio.fixture(loop_scope="session")
async def strict(database_url: str, serving: Serving, clock: MovedClock) -> AsyncIterator[House]:
    async with House(database_url, serving, clock=clock, per_minute=30, burst=3) as house:
        yield house


def told(house: House) -> list[str]:
    return [each.contents[0].template for each in house.serving.notifier.sent]


async def waiting(house: House, count: int) -> None:
    async def so_many_wait() -> bool:
        return await house.count("postponed_reason = 'FLOOD' AND settled_time IS NULL") == count

    await until(so_many_wait)


async def test_what_is_over_waits_its_turn_in_order_and_the_person_hears_of_it_once(
    strict: House, clock: MovedClock
) -> None:
    texts = [str(number) for number in range(12)]
    messages = [text_message(text, wamid=f"wamid.{text}") for text in texts]
    await strict.post(webhook(*messages))
    await waiting(strict, 9)
    assert strict.serving.ai.texts() == texts[:3]
    due = await strict.connection.fetch(
        "SELECT due_time FROM ingress.inbox WHERE settled_time IS NULL ORDER BY id"
    )
    gaps = [later[0] - earlier[0] for earlier, later in pairwise(due)]
    assert gaps == [GAP] * 8

    # What comes meanwhile gets a turn after those that wait.
    await strict.say("12", first=12)
    clock.move(GAP)

    async def the_next_is_handled() -> bool:
        return strict.serving.ai.texts() == texts[:4]

    await until(the_next_is_handled)
    await waiting(strict, 9)
    clock.move(timedelta(minutes=5))
    await strict.settled()
    assert strict.serving.ai.texts() == [*texts, "12"]
    assert told(strict) == ["slow_down"]
    assert await strict.count("attempts > 0 OR buried_reason IS NOT NULL") == 0


async def test_a_thousand_messages_of_one_person_delay_nobody_else(
    strict: House, clock: MovedClock
) -> None:
    flood = [text_message(str(n), wamid=f"wamid.{n}") for n in range(1000)]
    await strict.post(webhook(*flood))
    await strict.say("mine", sender="15550100002")

    async def the_other_is_answered() -> bool:
        return "mine" in strict.serving.ai.texts()

    await until(the_other_is_answered)
    await waiting(strict, 997)
    # None of them is ready, so that claims of others need not look at them.
    assert (await strict.inbox()).ready_count == 0
    clock.move(GAP * 100)

    async def a_hundred_more_are_handled() -> bool:
        return len(strict.serving.ai.handled) >= 1 + 3 + 100

    await until(a_hundred_more_are_handled)
    texts = [text for text in strict.serving.ai.texts() if text != "mine"]
    assert texts == [str(number) for number in range(len(texts))]
    assert told(strict) == ["slow_down"]
