"""What a template's parameters take."""

from __future__ import annotations

import re
from enum import Enum

MAX_WORDS = 200

_NUMBER = re.compile(r"[0-9]{1,9}")
_ITEM = re.compile(r"(task|event):[A-Za-z0-9_.@-]{1,100}")


class ParameterType(Enum):
    """The types; a value that does not fit its type is refused."""

    # Anything that fits the bubble.
    TEXT = "text"
    # Digits.
    NUMBER = "number"
    # When, in the words of the person's language: the scheduler knows how to say it.
    TIME = "time"
    # A time zone as the person calls it.
    ZONE = "zone"
    # What the buttons are about.
    ITEM = "item"


def problem(kind: ParameterType, value: str) -> str:
    """What keeps `value` from being one of that type; empty where it is one."""
    match kind:
        case ParameterType.NUMBER if not _NUMBER.fullmatch(value):
            return "is not a number of 1 to 9 digits"
        case ParameterType.TIME | ParameterType.ZONE if len(value) > MAX_WORDS or "\n" in value:
            return f"is not one line of at most {MAX_WORDS} characters"
        case ParameterType.ITEM if not _ITEM.fullmatch(value):
            return "is not task:<id> or event:<id>"
        case _:
            return ""
