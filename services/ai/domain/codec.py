"""Intents as plain JSON values and back: how a turn is stored and shown.

The form is `{"kind": "remind_me", "slots": {...}}`; times are ISO 8601 wall clock,
durations seconds. Written from the dataclasses themselves, so that a new intent needs no line here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, get_args

from services.ai.domain import intent as intents
from services.ai.domain.intent import Intent, Interpretation, ItemReference, Language, When

_NESTED: Mapping[str, type] = {"when": When, "item": ItemReference}


def _kind(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


_TYPES: Mapping[str, type] = {_kind(kind.__name__): kind for kind in get_args(Intent)}


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
    """The slots of an intent (or of a part of one) that hold something."""
    found = ((field.name, getattr(value, field.name)) for field in fields(value))
    return {name: _plain(each) for name, each in found if each not in (None, "", (), [])}


def _restored(kind: type, slots: Mapping[str, Any]) -> Any:
    names = {field.name for field in fields(kind)}
    return kind(**{name: _value(kind, name, slots[name]) for name in names & slots.keys()})


def _value(kind: type, name: str, value: Any) -> Any:
    if name in _NESTED:
        return _restored(_NESTED[name], value)
    if name in ("start", "end"):
        return (
            date.fromisoformat(value)
            if kind is intents.ShowAgenda
            else datetime.fromisoformat(value)
        )
    if name == "instant_offset":
        return timedelta(seconds=value)
    if name == "grain":
        return intents.Grain(value)
    return tuple(value) if isinstance(value, list) else value


def encode(interpretation: Interpretation) -> dict[str, Any]:
    """An interpretation as JSON values."""
    return {
        "intents": [
            {"kind": kind_of(each), "slots": slots_of(each)} for each in interpretation.intents
        ],
        "confidence": interpretation.confidence,
        "language": interpretation.language.value,
        "missing": list(interpretation.missing),
        "engine": interpretation.engine,
    }


def decode(stored: Mapping[str, Any]) -> Interpretation:
    """What `encode` made, back as values; raises KeyError or ValueError for anything else."""
    return Interpretation(
        intents=tuple(_restored(_TYPES[each["kind"]], each["slots"]) for each in stored["intents"]),
        confidence=float(stored["confidence"]),
        language=Language(stored["language"]),
        missing=tuple(stored["missing"]),
        engine=str(stored["engine"]),
    )
