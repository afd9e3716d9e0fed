"""Intents survive being stored."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import orjson
import pytest

from services.ai.domain import codec
from services.ai.domain.intent import (
    AddEvent,
    Cancel,
    Choose,
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
from services.ai.domain.turn import Item, Option, Outcome, Question, Slot

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
        RemindMe(title=""),
        AddEvent(title="", people=("Grace",)),
    ],
)
def test_an_intent_comes_back_as_it_was_stored(intent: Intent) -> None:
    stored = Interpretation(
        intents=(intent,), confidence=0.75, language=Language.GERMAN, missing=("when",)
    )
    assert codec.decode(orjson.loads(orjson.dumps(codec.encode(stored)))) == stored


def test_what_is_shown_has_no_empty_slots() -> None:
    assert codec.slots_of(RemindMe(title="call Ada")) == {"title": "call Ada"}
    assert codec.slots_of(Choose(number=0)) == {"number": 0}


def test_something_else_is_refused() -> None:
    with pytest.raises(KeyError):
        codec.decode({"intents": [{"kind": "launch_rocket", "slots": {}}]})


def test_what_came_of_a_turn_is_kept_with_its_question() -> None:
    outcome = Outcome(
        question=Question(
            slot=Slot.CHOICE,
            text="Which one?",
            intents=(Move(item=ItemReference(is_last=True)),),
            options=(
                Option(title="morning", intents=(RemindMe(title="run", when=WHEN),)),
                Option(title="none"),
            ),
        ),
        items=(Item(id="task:7", title="run"),),
        said="Which one?",
        change="c1",
    )
    stored = orjson.loads(orjson.dumps(codec.encode_outcome(outcome)))
    assert codec.decode_outcome(stored) == outcome
