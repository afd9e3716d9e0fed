"""Patterns over what was said, and the intents they speak for."""

from __future__ import annotations

import re
from typing import NamedTuple

from services.ai.local.commands.phrases import politeness

REMIND, EVENT, TASK = "create_reminder", "create_event", "create_task"
AGENDA, TASKS = "list_agenda", "list_tasks"
CANCEL, MOVE, SNOOZE, DONE, REOPEN = (
    "cancel",
    "reschedule",
    "snooze",
    "complete_task",
    "reopen_task",
)
ZONE, UNDO, HELP, TALK, OTHER = "set_timezone", "undo", "help", "small_talk", "other"


class Said(str):
    """A lower-case text that also knows what is left of it without greeting and asking."""

    core: str

    def __new__(cls, text: str) -> Said:
        """Keeps both, cut to what a request may need."""
        said = super().__new__(cls, text[:_LOOK_AT])
        said.core = said[politeness(said) :]
        return said


class Clue:
    """A pattern that is looked for in the whole text and in its core."""

    def __init__(self, pattern: str) -> None:
        self._pattern = re.compile(pattern)

    def search(self, said: str) -> bool:
        """Whether it occurs."""
        if self._pattern.search(said):
            return True
        # Only what stands at the start can be found in the core and not in the whole.
        core = getattr(said, "core", said)
        return len(core) != len(said) and bool(self._pattern.search(core))

    def match(self, said: str) -> bool:
        """Whether it stands at the start."""
        if self._pattern.match(said):
            return True
        core = getattr(said, "core", said)
        return len(core) != len(said) and bool(self._pattern.match(core))


def leads(pattern: str, said: str) -> bool:
    """Whether the text or its core starts with the pattern."""
    return bool(re.match(pattern, said) or re.match(pattern, getattr(said, "core", said)))


_LOOK_AT = 280
"""Characters of a text that decide its intent."""


class Verdict(NamedTuple):
    """An intent and how much its pattern can be trusted, 0 to 1."""

    intent: str
    trust: float


Table = tuple[tuple[str, float, Clue, tuple[str, ...]], ...]


def table(*patterns: tuple[str, float, str] | tuple[str, float, str, str]) -> Table:
    """Patterns with the intent they speak for and how far they can be trusted.

    A fourth value lists, separated by "|", letters of which a text must hold some for the pattern
    to be worth trying.
    """
    return tuple(
        (row[0], row[1], Clue(row[2]), tuple(row[3].split("|")) if len(row) == 4 else ())
        for row in patterns
    )
