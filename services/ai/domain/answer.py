"""What Hark says when something was looked up. Written for the ear.

The first sentence is short and complete, without markup; a list comes behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.ai.domain.describe import list_name as named
from services.ai.domain.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaLine:
    """One thing that takes place or falls due."""

    title: str
    time_text: str
    is_task: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """One thing to do; `time_text` is empty without a due time."""

    number: int
    title: str
    time_text: str
    id: str = ""


def tasks(lines: Sequence[TaskLine], list_name: str, wording: Wording) -> str:
    """The answer to "what's on my list?"."""
    name = named(list_name, wording)
    if not lines:
        return wording("list_empty", list=name)
    said = "; ".join(f"{line.number}, {line.title} {line.time_text}".strip() for line in lines)
    return wording("list_one" if len(lines) == 1 else "list_many", list=name, items=said)


def agenda(text: str, lines: Sequence[AgendaLine], has_more: bool, wording: Wording) -> str:
    """The answer to "what's on …?": the scheduler's words, or where it has none, line by line."""
    if text:
        return text
    if not lines:
        return wording("agenda_empty")
    said = "; ".join(f"{line.title} {line.time_text}".strip() for line in lines)
    more = f" {wording('agenda_more')}" if has_more else ""
    return f"{wording('agenda', items=said)}{more}"
