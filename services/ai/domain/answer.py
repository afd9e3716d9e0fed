"""What Hark says when nothing is to be changed. Written for the ear.

The first sentence is short and complete, without markup; a list comes behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

HELP = (
    "I keep your reminders, tasks and events. "
    "Say “remind me to call Ada at six”, “add milk to my shopping list”, "
    "“lunch with Ada on Thursday at noon”, “what's on tomorrow”, “done 3” or “cancel the dentist”."
)
UNKNOWN = (
    "I didn't understand that. "
    "Try “remind me to call Ada at six” or “what's on today”, or say “help”."
)
UNDO_UNAVAILABLE = "I can't undo yet. Say “cancel” or “delete” with what you mean."
SNOOZE_UNAVAILABLE = "I can't snooze yet. Say “remind me again in ten minutes to” and what it is."
TIME_PASSED = "That time has already passed. Please say a time in the future."
NOT_FOUND = "I couldn't find that. Say “what's on this week” or “my tasks” to hear what there is."
TIME_ZONE_UNKNOWN = "I don't know that time zone. Please name a larger city near you."
SMALL_TALK = {
    "greeting": "Hello. What shall I remind you of?",
    "thanks": "You're welcome.",
    "farewell": "Goodbye.",
}
UNSUPPORTED = {
    "audio": "I can't listen to voice notes yet. Please write it to me.",
    "image": "I can't look at pictures yet. Please write it to me.",
    "video": "I can't watch videos. Please write it to me.",
    "document": "I can't read documents yet. Please write it to me.",
    "sticker": "That's a nice sticker, but I only understand words so far.",
    "location": "I can't use locations yet. Please write the name of the place.",
    "contacts": "I can't use contact cards yet. Please write it to me.",
}
UNSUPPORTED_OTHERWISE = "I can't read this kind of message yet. Please write it to me."


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


def unsupported(type_name: str) -> str:
    """What to say to a message of a kind that cannot be read."""
    return UNSUPPORTED.get(type_name, UNSUPPORTED_OTHERWISE)


def day_name(start: date, end: date, today: date) -> str:
    """How people call a span of days: "today", "tomorrow", "on Thursday", "this week"."""
    if start == end:
        if start == today:
            return "today"
        if start == today + timedelta(days=1):
            return "tomorrow"
        if today < start < today + timedelta(days=7):
            return f"on {start:%A}"
        return f"on {start:%A, %B} {start.day}"
    return f"from {start:%A, %B} {start.day} to {end:%A, %B} {end.day}"


def _count(number: int, noun: str) -> str:
    return f"one {noun}" if number == 1 else f"{number} {noun}s"


def agenda(lines: Sequence[AgendaLine], days: str, *, has_more: bool) -> str:
    """The answer to "what's on …?"."""
    if not lines:
        return f"You have nothing {days}."
    said = "; ".join(f"{line.title} {line.time_text}".strip() for line in lines)
    more = " There is more." if has_more else ""
    return f"You have {_count(len(lines), 'thing')} {days}: {said}.{more}"


def tasks(lines: Sequence[TaskLine], list_name: str) -> str:
    """The answer to "what's on my list?"."""
    name = f"your {list_name} list" if list_name else "your list"
    if not lines:
        return f"There is nothing on {name}."
    said = "; ".join(f"{line.number}, {line.title} {line.time_text}".strip() for line in lines)
    return f"There is {said} on {name}." if len(lines) == 1 else f"On {name}: {said}."


def which(candidates: Sequence[str]) -> str:
    """The question when several items fit."""
    if len(candidates) < 2:
        return "Which one do you mean?"
    return f"Which one do you mean: {', '.join(candidates[:-1])} or {candidates[-1]}?"
