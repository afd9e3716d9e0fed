"""Nothing that a person can send makes the local engine slow or makes it fail."""

from __future__ import annotations

import random
import time
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ai.domain.intent import Language, Utterance
from services.ai.local.engine import interpret

NOW = datetime(2026, 11, 18, 9)
# The bar is 20 ms on an idle machine; tests share theirs, so they allow ten times as much.
WORST_SECONDS = 0.2

PATHOLOGICAL = {
    "clock times": "12:30 ",
    "ranges": "1-2-3-4-",
    "dotted": "1.2.3.4.",
    "dates": "2026-01-02 ",
    "ordinals": "first of the ",
    "modifiers": "next next week friday ",
    "recurrences": "every monday ",
    "halves": "half past quarter to ",
    "months": "may 5 to june 7 and ",
    "politeness": "can you please ",
    "lists": "a, b and c, ",
    "people": "with Ada and Bob, ",
    "emoji": "😀",
    "right to left": "שלום ",
    "digits": "1",
    "nul": "\x00",
    "brackets": "(",
    "quotes": '"',
    "everything": "tomorrow at 5 pm from 3 to 4 next friday for 2 hours every week until may ",
}


@pytest.mark.parametrize("name", sorted(PATHOLOGICAL))
def test_4000_characters_take_bounded_time(name: str) -> None:
    piece = PATHOLOGICAL[name]
    text = (piece * 4000)[:4000]
    best = 1e9
    for _ in range(3):
        began = time.perf_counter()
        interpret(Utterance(text=text, now=NOW, time_zone="UTC"))
        best = min(best, time.perf_counter() - began)
    assert best < WORST_SECONDS


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(max_size=300),
    language=st.sampled_from(Language),
    now=st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2200, 1, 1)),
)
def test_any_text_is_answered(text: str, language: Language, now: datetime) -> None:
    answer = interpret(Utterance(text=text, now=now, time_zone="UTC", language=language))
    assert answer.intents
    assert 0 <= answer.confidence <= 1


WORDS = (
    "every",
    "next",
    "last",
    "first",
    "of",
    "the",
    "month",
    "week",
    "friday",
    "at",
    "9",
    "pm",
    "until",
    "in",
    "two",
    "hours",
    "from",
    "to",
    "and",
    "31",
    "29",
    "february",
    "2024",
    "12/31",
    "99:99",
    "25:00",
    "half",
    "past",
    "noon",
    "tomorrow",
    "year",
    "ago",
    "for",
    "days",
    "1e9",
    "remind",
    "me",
    "-",
    ",",
    ".",
)


def test_shuffled_words_of_time_are_answered() -> None:
    shuffled = random.Random(9)
    for _ in range(400):
        text = " ".join(shuffled.choices(WORDS, k=shuffled.randint(1, 14)))
        for moment in (NOW, datetime(2024, 2, 29, 23, 59, 59), datetime(2026, 12, 31)):
            assert interpret(Utterance(text=text, now=moment, time_zone="UTC")).intents
