"""The everyday conversations against the real Gemini: `make live`, with GEMINI_API_KEY set.

Every message goes to the model, whatever the local engine makes of it. It costs money, its answers
change with the model, and so it is no part of the test suite: what went otherwise is printed.
"""

from __future__ import annotations

import os

import pytest

from tests.conversations.script import load
from tests.conversations.test_conversations import go_through
from tests.conversations.town import town

GEMINI = "https://generativelanguage.googleapis.com"


@pytest.mark.timeout(1800)
async def test_the_everyday_conversations_with_the_real_model(database_url: str) -> None:
    key = os.environ.get("GEMINI_API_KEY")
    assert key, "set GEMINI_API_KEY to a key of Google AI Studio"
    given = {
        "gemini_api_key": key,
        "gemini_api_url": os.environ.get("GEMINI_API_URL", GEMINI),
        "gemini_model": os.environ.get("GEMINI_MODEL", "gemini-3.5-flash"),
        "gemini_user_daily_dollars": 1.0,
        "hark_understanding": "gemini",
    }
    # What needs no model, or must do without one, says nothing about it.
    talks = [talk for talk in load("everyday.yaml") if "without a model" not in talk.name]
    async with town(database_url, **given) as place:
        wrong = await go_through(place, talks, 1)
    assert not wrong, f"{len(wrong)} of {len(talks)} went otherwise:\n\n" + "\n\n".join(wrong)
