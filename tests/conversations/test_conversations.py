"""Every conversation of the files, through WhatsApp's door and back to the phone.

Those that move the clock go one after the other; the others share the town, some at a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
import pytest_asyncio

from tests.conversations.phone import Phone
from tests.conversations.script import Conversation, load
from tests.conversations.town import Town, town

AT_ONCE = 4
pytestmark = pytest.mark.timeout(400)


async def go_through(place: Town, talks: Sequence[Conversation], at_once: int) -> list[str]:
    """All of them; what went wrong in which."""
    gate = asyncio.Semaphore(at_once)

    async def one(talk: Conversation) -> str:
        async with gate:
            try:
                await Phone(place, talk).run()
            except (AssertionError, TimeoutError) as error:
                return f"{talk.name}: {error}"
        return ""

    return [each for each in await asyncio.gather(*map(one, talks)) if each]


@pytest_asyncio.fixture(loop_scope="session")
async def without_model(database_url: str) -> AsyncIterator[Town]:
    """A town whose Hark has no key."""
    async with town(database_url) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def with_model(database_url: str) -> AsyncIterator[Town]:
    """A town whose Hark asks the simulator's Gemini."""
    async with town(database_url, gemini_api_key="test_gemini_key") as made:
        yield made


async def test_what_people_say_every_day_and_what_comes_back(without_model: Town) -> None:
    talks = [*load("everyday.yaml"), *load("languages.yaml", prefix="+4477010")]
    wrong = await go_through(without_model, talks, AT_ONCE)
    later = load("later.yaml", prefix="+4477011")
    wrong += await go_through(without_model, later, 1)
    assert not wrong, "\n\n".join(wrong)


async def test_what_only_a_model_understands(with_model: Town) -> None:
    # One at a time: each writes down what the model will answer next.
    wrong = await go_through(with_model, load("gemini.yaml", prefix="+4477012"), 1)
    assert not wrong, "\n\n".join(wrong)
