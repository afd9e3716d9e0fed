"""Bodies that were good once: bytes and JSON values changed at random, alike for the same seed."""

from __future__ import annotations

import random
from typing import Any

import orjson

_TOKENS = (
    b'"',
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\\",
    b"null",
    b"true",
    b"-0",
    b"1e999",
    b"123456789012345678901234567890",
    b"\\u0000",
    b"\\ud800",
    b"\\ude00\\ud83d",
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"[" * 300,
    b'{"a":' * 300,
    b'"from":',
    b'"id":',
    b'"type":"text"',
    b'"messages":',
)
_VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**63,
    1.5,
    "",
    "\0",
    "x" * 5000,
    "wamid.1",
    "15550100001",
    "US.1",
    "text",
    "image",
    "system",
    "edit",
    [],
    [[]],
    [None],
    {},
    {"body": {}},
    {"id": []},
    {"type": "edit", "edit": {}},
    {"message": {"type": "edit", "edit": {"message": {}}}},
)
_MOST_CHANGES = 6


def mutated(body: bytes, dice: random.Random) -> bytes:
    """`body` after one to six changes, of its bytes or of its values."""
    for _ in range(dice.randint(1, _MOST_CHANGES)):
        body = dice.choice(_CHANGES)(body, dice)
    return body


def _flip(body: bytes, dice: random.Random) -> bytes:
    if not body:
        return body
    place = dice.randrange(len(body))
    return body[:place] + bytes((body[place] ^ 1 << dice.randrange(8),)) + body[place + 1 :]


def _drop(body: bytes, dice: random.Random) -> bytes:
    start, end = _slice(body, dice)
    return body[:start] + body[end:]


def _double(body: bytes, dice: random.Random) -> bytes:
    start, end = _slice(body, dice)
    return body[:end] + body[start:end] * dice.randint(1, 4) + body[end:]


def _insert(body: bytes, dice: random.Random) -> bytes:
    place = dice.randint(0, len(body))
    return body[:place] + dice.choice(_TOKENS) + body[place:]


def _cut(body: bytes, dice: random.Random) -> bytes:
    return body[: dice.randint(0, len(body))]


def _slice(body: bytes, dice: random.Random) -> tuple[int, int]:
    start = dice.randint(0, len(body))
    return start, min(len(body), start + dice.randint(1, 64))


def _value(body: bytes, dice: random.Random) -> bytes:
    """One value somewhere in the JSON becomes another; bytes that are none stay as they are."""
    try:
        root = orjson.loads(body)
    except orjson.JSONDecodeError:
        return body
    places = list(_places(root))
    if not places:
        return orjson.dumps(dice.choice(_VALUES))
    holder, key = dice.choice(places)
    if isinstance(holder, dict) and dice.random() < 0.2:
        del holder[key]
    else:
        holder[key] = dice.choice(_VALUES)
    try:
        return orjson.dumps(root)
    except orjson.JSONEncodeError:
        return body


def _places(root: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    waiting = [root]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            keys: list[Any] = list(value)
        elif isinstance(value, list):
            keys = list(range(len(value)))
        else:
            continue
        found += [(value, key) for key in keys]
        waiting += [value[key] for key in keys]
    return found


# Broken bytes end at the parser; what gets further is a value of the wrong kind.
_CHANGES = (_flip, _drop, _double, _insert, _cut, _value, _value, _value, _value, _value)
