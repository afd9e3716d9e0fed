"""Intents survive being stored."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import orjson
import pytest

from services.ai.domain import codec
from services.ai.domain.intent import (
    AddEvent,
    Cancel,
    CompleteTask,
    Grain,
    Help,
    Intent,
    Interpretation,
    ItemReference,
    Language,
    Move,
    RemindMe,
    ShowAgenda,
    Snooze,
    When,
)

WHEN = When(
    start=datetime(2026, 11, 22, 18, 0),
    end=datetime(2026, 11, 22, 19, 0),
    grain=Grain.HOUR,
    rrule="FREQ=DAILY",
    instant_offset=timedelta(minutes=20),
    assumed=("pm",),
)


@pytest.mark.parametrize(
    "intent",
    [
        RemindMe(title="call Ada", when=WHEN, list_name="calls"),
        RemindMe(title="call Ada", when=When(start=datetime(2026, 11, 22), time_of_day=False)),
        AddEvent(title="lunch", when=WHEN, place="Nopa", people=("Ada", "Bo")),
        CompleteTask(item=ItemReference(number=3)),
        Cancel(item=ItemReference(words="dentist", when=WHEN)),
        Move(item=ItemReference(is_last=True), when=WHEN),
        ShowAgenda(start=date(2026, 11, 22), end=date(2026, 11, 23), free_time=True),
        Snooze(),
        Help(),
    ],
)
def test_an_intent_comes_back_as_it_was_stored(intent: Intent) -> None:
    stored = Interpretation(
        intents=(intent,), confidence=0.75, language=Language.GERMAN, missing=("when",)
    )
    assert codec.decode(orjson.loads(orjson.dumps(codec.encode(stored)))) == stored


def test_what_is_shown_has_no_empty_slots() -> None:
    assert codec.slots_of(RemindMe(title="call Ada")) == {"title": "call Ada"}


def test_something_else_is_refused() -> None:
    with pytest.raises(KeyError):
        codec.decode({"intents": [{"kind": "launch_rocket", "slots": {}}]})
