"""Nothing that a model makes up gets through unless it fits the schema (I7)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import orjson
import pytest

from services.ai.domain import proposal
from services.ai.domain.codec import TYPES
from services.ai.domain.intent import (
    AddEvent,
    Amend,
    Cancel,
    ItemReference,
    RemindMe,
    ShowAgenda,
    When,
)
from services.ai.domain.model import Circuit, ModelFailure, Trouble
from services.ai.domain.proposal import Nonsense

NOW = datetime(2026, 11, 22, 12, 0)


def answer(*intents: Any, **more: Any) -> str:
    return orjson.dumps(
        {"intents": list(intents), "language": "en", "confidence": 0.9} | more
    ).decode()


def one(kind: str, **slots: Any) -> Any:
    return proposal.read(answer({"kind": kind, "slots": slots}), NOW).intents[0]


def test_an_intent_with_a_time_is_read() -> None:
    made = one("remind_me", title="call  Ada\n", when={"start": "2026-11-22T18:00"})
    assert made == RemindMe(title="call Ada", when=When(start=datetime(2026, 11, 22, 18, 0)))


def test_a_day_is_a_whole_day_and_a_rule_loses_its_prefix() -> None:
    made = one("add_event", title="run", when={"start": "2026-11-23", "rrule": "RRULE:FREQ=DAILY"})
    assert isinstance(made, AddEvent)
    assert made.when is not None
    assert (made.when.time_of_day, made.when.rrule) == (False, "FREQ=DAILY")


def test_elapsed_time_is_exact() -> None:
    made = one("amend", when={"after_seconds": 1200})
    assert isinstance(made, Amend)
    assert made.when is not None
    assert made.when.instant_offset == timedelta(minutes=20)


def test_a_guessed_half_of_the_day_is_kept_for_the_question() -> None:
    made = one("add_event", title="run", when={"start": "2026-11-23T07:00", "guessed_half": "am"})
    assert made.when.assumed == ("am",)


def test_dates_and_references_are_typed() -> None:
    assert one("show_agenda", start="2026-11-23") == ShowAgenda(start=date(2026, 11, 23))
    cancel = one("cancel", item={"words": "dentist", "is_last": False})
    assert cancel == Cancel(item=ItemReference(words="dentist"))


@pytest.mark.parametrize(
    "text",
    [
        "I would love to help!",
        "[]",
        '{"unexpected": ["shape", 1, null]}',
        '{"intents": "none", "language": "en", "confidence": 1}',
        answer({"kind": "launch_rocket", "slots": {}}),
        answer({"kind": "remind_me", "slots": {}}),
        answer({"kind": "remind_me", "slots": {"title": 7}}),
        answer({"kind": "remind_me", "slots": {"title": "x", "colour": "red"}}),
        answer({"kind": "remind_me", "slots": {"title": "x", "when": {"start": "at six"}}}),
        answer({"kind": "remind_me", "slots": {"title": "x", "when": {}}}),
        answer(
            {"kind": "remind_me", "slots": {"title": "x", "when": {"start": "2026-11-22T18:00Z"}}}
        ),
        answer({"kind": "remind_me", "slots": {"title": "x", "when": {"start": "2126-11-22"}}}),
        answer({"kind": "remind_me", "slots": {"title": "x", "when": {"after_seconds": -5}}}),
        answer({"kind": "cancel", "slots": {"item": {"id": "task:1"}}}),
        answer({"kind": "delete_data", "slots": {"confirmed": True}}),
        answer({"kind": "undo", "slots": {"change": "abc"}}),
        answer({"kind": "confirm", "slots": {"accepted": "yes"}}),
        answer(*[{"kind": "help", "slots": {}}] * 11),
        answer(language="tlh"),
        answer(confidence="very"),
        answer(confidence=True),
        answer(transcript=["a"]),
    ],
)
def test_i7_what_does_not_fit_is_nonsense(text: str) -> None:
    with pytest.raises(Nonsense):
        proposal.read(text, NOW)


def test_what_is_wrong_is_said_without_repeating_what_was_said() -> None:
    with pytest.raises(Nonsense) as wrong:
        one("remind_me", title="my secret", when={"start": "tomorrow with Ada"})
    assert "secret" not in str(wrong.value)
    assert "Ada" not in str(wrong.value)


def test_the_schema_names_every_intent_and_nothing_that_is_hark_s_own() -> None:
    item = proposal.schema()["properties"]["intents"]["items"]["properties"]
    assert item["kind"]["enum"] == sorted(TYPES)
    slots = item["slots"]["properties"]
    assert "id" not in slots["item"]["properties"]
    assert not {"confirmed", "change"} & slots.keys()


def test_a_long_answer_is_cut() -> None:
    assert len(proposal.read(answer(answer="x" * 9_000), NOW).answer) == 700


def test_the_circuit_opens_after_failures_lets_one_try_and_closes_again() -> None:
    circuit = Circuit(failures=2, pause=10, longest_pause=15)
    circuit.failed(0)
    assert circuit.allows(0)
    circuit.failed(0)
    assert not circuit.allows(9)
    assert circuit.allows(10)
    # One tries; the others wait for its outcome.
    assert not circuit.allows(10)
    circuit.failed(11)
    assert not circuit.allows(20)
    assert circuit.allows(21)
    circuit.worked()
    assert circuit.allows(21)


def test_the_circuit_opens_for_as_long_as_the_model_asks() -> None:
    circuit = Circuit(failures=5, pause=10)
    circuit.failed(0, retry_after=60)
    assert not circuit.allows(59)
    assert circuit.allows(60)


def test_a_call_that_says_nothing_lets_the_next_one_try() -> None:
    circuit = Circuit(failures=1, pause=10)
    circuit.failed(0)
    assert circuit.allows(10)
    circuit.undecided()
    assert circuit.allows(10)


@pytest.mark.parametrize("trouble", list(Trouble))
def test_only_what_passes_is_tried_again(trouble: Trouble) -> None:
    assert ModelFailure(trouble).is_passing == (trouble is Trouble.UNAVAILABLE)
