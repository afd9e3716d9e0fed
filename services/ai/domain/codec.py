"""Intents, and what came of them, as plain JSON values and back: how a turn is stored and shown.

The form of an intent is `{"kind": "remind_me", "slots": {...}}`; times are ISO 8601 wall clock,
durations seconds. Written from the dataclasses themselves, so that a new intent needs no line here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, get_args

from services.ai.domain import intent as intents
from services.ai.domain.intent import Intent, Interpretation, ItemReference, Language, When
from services.ai.domain.turn import Item, Option, Outcome, Question, Slot

_NESTED: Mapping[str, type] = {"when": When, "item": ItemReference}
_DATES = (intents.ShowAgenda,)


def _kind(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


TYPES: Mapping[str, type] = {_kind(kind.__name__): kind for kind in get_args(Intent)}
"""Every intent by its lower_snake name."""


def kind_of(intent: Intent) -> str:
    """The lower_snake name of an intent's type."""
    return _kind(type(intent).__name__)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return slots_of(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(each) for each in value]
    return value


def slots_of(value: Any) -> dict[str, Any]:
    """The slots of an intent (or of a part of one) that hold something but their default."""
    found = ((field, getattr(value, field.name)) for field in fields(value))
    return {
        field.name: _plain(each)
        for field, each in found
        if _is_required(field) or (each not in (None, "", (), []) and each != field.default)
    }


def _is_required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _restored(kind: type, slots: Mapping[str, Any]) -> Any:
    names = {field.name for field in fields(kind)}
    return kind(**{name: _value(kind, name, slots[name]) for name in names & slots.keys()})


def _value(kind: type, name: str, value: Any) -> Any:
    if name in _NESTED:
        return _restored(_NESTED[name], value)
    if name in ("start", "end"):
        return date.fromisoformat(value) if kind in _DATES else datetime.fromisoformat(value)
    if name == "instant_offset":
        return timedelta(seconds=value)
    if name == "grain":
        return intents.Grain(value)
    return tuple(value) if isinstance(value, list) else value


def encode_intent(intent: Intent) -> dict[str, Any]:
    """One intent as JSON values."""
    return {"kind": kind_of(intent), "slots": slots_of(intent)}


def decode_intent(stored: Mapping[str, Any]) -> Intent:
    """What `encode_intent` made."""
    made: Intent = _restored(TYPES[stored["kind"]], stored["slots"])
    return made


def encode(interpretation: Interpretation) -> dict[str, Any]:
    """An interpretation as JSON values."""
    return {
        "intents": [encode_intent(each) for each in interpretation.intents],
        "confidence": interpretation.confidence,
        "language": interpretation.language.value,
        "missing": list(interpretation.missing),
        "engine": interpretation.engine,
        "transcript": interpretation.transcript,
        "answer": interpretation.answer,
        "path": interpretation.path,
        "answers": interpretation.answers,
    }


def decode(stored: Mapping[str, Any]) -> Interpretation:
    """What `encode` made, back as values; raises KeyError or ValueError for anything else."""
    return Interpretation(
        intents=tuple(decode_intent(each) for each in stored["intents"]),
        confidence=float(stored["confidence"]),
        language=Language(stored["language"]),
        missing=tuple(stored["missing"]),
        engine=str(stored["engine"]),
        # Turns from before these were kept have none.
        transcript=str(stored.get("transcript", "")),
        answer=str(stored.get("answer", "")),
        path=str(stored.get("path", "")),
        answers=str(stored.get("answers", "")),
    )


def encode_outcome(outcome: Outcome) -> dict[str, Any]:
    """What came of a turn, as JSON values."""
    question = outcome.question
    return {
        "question": None if question is None else _encode_question(question),
        "items": [[each.id, each.title] for each in outcome.items],
        "said": outcome.said,
        "change": outcome.change,
    }


def _encode_question(question: Question) -> dict[str, Any]:
    return {
        "slot": question.slot.value,
        "text": question.text,
        "intents": [encode_intent(each) for each in question.intents],
        "options": [
            {"title": each.title, "intents": [encode_intent(one) for one in each.intents]}
            for each in question.options
        ],
    }


def decode_outcome(stored: Mapping[str, Any]) -> Outcome:
    """What `encode_outcome` made."""
    question = stored["question"]
    return Outcome(
        question=None if question is None else _decode_question(question),
        items=tuple(Item(id=item_id, title=title) for item_id, title in stored["items"]),
        said=stored["said"],
        change=stored["change"],
    )


def _decode_question(stored: Mapping[str, Any]) -> Question:
    return Question(
        slot=Slot(stored["slot"]),
        text=stored["text"],
        intents=tuple(decode_intent(each) for each in stored["intents"]),
        options=tuple(
            Option(
                title=each["title"],
                intents=tuple(decode_intent(one) for one in each["intents"]),
            )
            for each in stored["options"]
        ),
    )
