"""A model's answer as typed intents; nothing that does not fit the schema gets through.

The schema is made from the intents themselves, so that a new one needs no line here.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime, timedelta
from typing import Any, Union, get_args, get_origin, get_type_hints

import orjson

from services.ai.domain import intent as intents
from services.ai.domain.codec import TYPES
from services.ai.domain.intent import Intent, Interpretation, ItemReference, Language, When

_MOST = 10
_LONGEST = 500
_LONGEST_ANSWER = 700
_LONGEST_TRANSCRIPT = 4000
_FURTHEST = timedelta(days=3660)
# Known only to Hark itself: an engine must not point at ids or skip a confirmation.
_OWN = frozenset({("ItemReference", "id"), ("DeleteData", "confirmed"), ("Undo", "change")})
_WHEN = ("start", "end", "rrule", "after_seconds", "guessed_half")


class Nonsense(Exception):
    """The answer does not fit the schema; the text says where, without repeating it."""


def schema() -> dict[str, Any]:
    """The JSON schema that the model's answer must fit."""
    slots: dict[str, Any] = {}
    for kind in TYPES.values():
        for name, hint in _slots(kind).items():
            slots.setdefault(name, _shape(hint))
    one = {
        "type": "object",
        "properties": {
            "kind": {"type": "string", "enum": sorted(TYPES)},
            "slots": {"type": "object", "properties": slots},
        },
        "required": ["kind", "slots"],
    }
    properties = {
        "transcript": {"type": "string"},
        "language": {"type": "string", "enum": [each.value for each in Language]},
        "confidence": {"type": "number"},
        "intents": {"type": "array", "items": one, "maxItems": _MOST},
        "answer": {"type": "string"},
    }
    return {
        "type": "object",
        "properties": properties,
        "required": ["language", "confidence", "intents"],
    }


def read(text: str, now: datetime) -> Interpretation:
    """The interpretation in a model's answer; `now` is wall clock. Raises `Nonsense`."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Nonsense("the answer is not JSON") from error
    given = _mapping(value, "the answer")
    found = given.get("intents")
    if not isinstance(found, list) or len(found) > _MOST:
        raise Nonsense(f"intents must be a list of at most {_MOST}")
    confidence = given.get("confidence")
    if isinstance(confidence, bool) or not isinstance(confidence, int | float):
        raise Nonsense("confidence must be a number")
    return Interpretation(
        intents=tuple(_intent(each, now) for each in found),
        confidence=min(1.0, max(0.0, float(confidence))),
        language=_language(given.get("language")),
        engine="gemini",
        transcript=_text(given.get("transcript", ""), "transcript", _LONGEST_TRANSCRIPT),
        answer=_text(given.get("answer", ""), "answer", _LONGEST_ANSWER),
    )


def _language(value: Any) -> Language:
    try:
        return Language(value)
    except ValueError as error:
        raise Nonsense("language must be en, es, de, fr or pt") from error


def _intent(value: Any, now: datetime) -> Intent:
    given = _mapping(value, "an intent")
    name = given.get("kind")
    if not isinstance(name, str) or name not in TYPES:
        raise Nonsense("an intent's kind is not one of those in the schema")
    made: Intent = _made(TYPES[name], given.get("slots") or {}, now, name)
    return made


def _made(kind: type, slots: Any, now: datetime, place: str) -> Any:
    given = {k: v for k, v in _mapping(slots, f"{place}.slots").items() if v is not None}
    known = _slots(kind)
    if unknown := sorted(given.keys() - known.keys()):
        raise Nonsense(f"{place} has no slot {unknown[0][:40]!r}")
    missing = [
        each.name
        for each in fields(kind)
        if each.default is MISSING and each.default_factory is MISSING and each.name not in given
    ]
    if missing:
        raise Nonsense(f"{place} lacks {missing[0]}")
    return kind(
        **{name: _value(known[name], each, now, f"{place}.{name}") for name, each in given.items()}
    )


def _slots(kind: type) -> Mapping[str, Any]:
    hints = get_type_hints(kind)
    return {
        each.name: hints[each.name]
        for each in fields(kind)
        if (kind.__name__, each.name) not in _OWN
    }


def _bare(hint: Any) -> Any:
    if get_origin(hint) in (Union, types.UnionType):
        return next(each for each in get_args(hint) if each is not type(None))
    return hint


_PLAIN: Mapping[Any, str] = {str: "string", int: "integer", bool: "boolean"}


def _shape(hint: Any) -> dict[str, Any]:
    bare = _bare(hint)
    if bare in _PLAIN:
        return {"type": _PLAIN[bare]}
    if bare in (date, datetime):
        return {"type": "string"}
    if bare is When:
        texts = {name: {"type": "string"} for name in _WHEN}
        return {"type": "object", "properties": texts | {"after_seconds": {"type": "integer"}}}
    if bare is ItemReference:
        inner = {name: _shape(each) for name, each in _slots(ItemReference).items()}
        return {"type": "object", "properties": inner}
    (item,) = get_args(bare)
    return {"type": "array", "items": _shape(item)}


def _value(hint: Any, value: Any, now: datetime, place: str) -> Any:
    bare = _bare(hint)
    if bare is str:
        return _text(value, place, _LONGEST)
    if bare is bool:
        if not isinstance(value, bool):
            raise Nonsense(f"{place} must be true or false")
        return value
    if bare is int:
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 1_000_000:
            raise Nonsense(f"{place} must be a whole number")
        return value
    if bare is date:
        return _moment(value, now, place).date()
    if bare is datetime:
        return _moment(value, now, place)
    if bare is When:
        return _when(value, now, place)
    if bare is ItemReference:
        return _made(ItemReference, value, now, place)
    if not isinstance(value, list) or len(value) > 20:
        raise Nonsense(f"{place} must be a list of at most 20")
    (item,) = get_args(bare)
    return tuple(_value(item, each, now, place) for each in value)


def _when(value: Any, now: datetime, place: str) -> When:
    given = _mapping(value, place)
    if unknown := sorted(given.keys() - set(_WHEN)):
        raise Nonsense(f"{place} has no {unknown[0][:40]!r}")
    after = given.get("after_seconds")
    if after is not None:
        if isinstance(after, bool) or not isinstance(after, int) or not 1 <= after <= 31_622_400:
            raise Nonsense(f"{place}.after_seconds must be 1 or more")
        offset = timedelta(seconds=after)
        return When(start=now + offset, instant_offset=offset)
    start = given.get("start")
    clocked = isinstance(start, str) and "T" in start
    half = given.get("guessed_half") or ""
    if half not in ("", "am", "pm"):
        raise Nonsense(f"{place}.guessed_half must be am or pm")
    end = _moment(given["end"], now, f"{place}.end") if given.get("end") else None
    return When(
        start=_moment(start, now, f"{place}.start"),
        end=end,
        grain=intents.Grain.MINUTE if clocked else intents.Grain.DAY,
        time_of_day=clocked,
        rrule=_text(given.get("rrule") or "", f"{place}.rrule", 200).removeprefix("RRULE:"),
        assumed=(half,) if half else (),
    )


def _moment(value: Any, now: datetime, place: str) -> datetime:
    if not isinstance(value, str):
        raise Nonsense(f"{place} must be a time such as 2026-11-23T18:00")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise Nonsense(f"{place} must be a time such as 2026-11-23T18:00") from error
    if moment.tzinfo is not None:
        raise Nonsense(f"{place} must be wall-clock time, without a zone")
    if abs(moment - now) > _FURTHEST:
        raise Nonsense(f"{place} is more than ten years away")
    return moment


def _text(value: Any, place: str, longest: int) -> str:
    if not isinstance(value, str):
        raise Nonsense(f"{place} must be a text")
    return " ".join(value.split())[:longest]


def _mapping(value: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Nonsense(f"{place} must be an object")
    return value
