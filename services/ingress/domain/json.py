"""JSON that strangers wrote: read with bounds, written so that equal things are equal bytes."""

from __future__ import annotations

import re
from typing import Any

import orjson

_UNPAIRED = b"\\ufffd"
# One escape at a time, so that an escaped backslash before a "u" is not taken for one.
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)", re.DOTALL
)
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class Unreadable(Exception):
    """The bytes say nothing that could be split; `reason` is UPPER_SNAKE."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parse(body: bytes) -> Any:
    """The value in `body`; at most 1,024 levels deep. Raises `Unreadable`.

    Half a surrogate pair (a text cut in the middle of an emoji) becomes U+FFFD rather than costing
    the whole body.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        repaired = _ESCAPE.sub(_paired, body)
        if repaired == body:
            raise Unreadable("NOT_JSON") from None
    try:
        return orjson.loads(repaired)
    except orjson.JSONDecodeError:
        raise Unreadable("NOT_JSON") from None


def canonical(value: Any, *, sort: bool = False) -> bytes:
    """`value` as compact JSON; the same for equal values, with `sort` in whatever order of keys.

    Raises `Unreadable` beyond 254 levels.
    """
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS if sort else 0)
    except orjson.JSONEncodeError:
        raise Unreadable("TOO_DEEP") from None


def _paired(matched: re.Match[bytes]) -> bytes:
    escape = matched[0]
    return _UNPAIRED if len(escape) == 6 and _SURROGATE.match(escape) else escape
