"""What a tap or a reaction asks for."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.ai.domain.intent import (
    CompleteTask,
    Confirm,
    Intent,
    ItemReference,
    ReopenTask,
    SmallTalk,
    Snooze,
    Undo,
    When,
)
from services.ai.domain.payload import Payload
from services.ai.domain.plan import SNOOZE
from services.ai.domain.thread import Thread
from services.ai.domain.turn import Question, Slot

# Skin tones and the selector that makes a sign colourful say nothing.
_DRESS = dict.fromkeys([0xFE0F, *range(0x1F3FB, 0x1F400)])
_YES = frozenset("👍✅✔☑💯👌🆗")
_NO = frozenset("👎❌✖🚫")


def tapped(payload: Payload, now: datetime) -> Intent | None:
    """What a button under a reminder or a confirmation asks for; None for answers to a question."""
    item = ItemReference(id=f"{payload.kind}:{payload.id}")
    match payload.action, payload.kind:
        case "done", "task":
            return CompleteTask(item=item)
        case "done", _:
            return SmallTalk(kind="okay")
        case "snooze", "task" | "event":
            later = timedelta(seconds=payload.number) if payload.number else SNOOZE
            return Snooze(item=item, when=When(start=now + later, instant_offset=later))
        case "undo", "change":
            return Undo(change=payload.id)
    return None


def picked(payload: Payload, question: Question) -> tuple[Intent, ...] | None:
    """What the tapped answer to a question leads to; None where there is no such answer."""
    options = question.options
    match payload.action:
        case "yes" | "no" if question.slot is Slot.CONFIRM:
            chosen = options[0 if payload.action == "yes" else 1]
        case "pick" if payload.number and payload.number <= len(options):
            chosen = options[payload.number - 1]
        case _:
            return None
    return tuple(chosen.intents) or (SmallTalk(kind="dismissed"),)


def reacted(emoji: str, thread: Thread) -> Intent | None:
    """What a reaction to a message of Hark's asks for: thumbs up for "done" and for "yes"."""
    bare = emoji.translate(_DRESS)
    question = thread.question
    if question is not None and question.slot is Slot.CONFIRM and bare in _YES | _NO:
        return Confirm(accepted=bare in _YES)
    tasks = [each for each in thread.quoted_ids if each.startswith("task:")]
    if len(tasks) != 1:
        return None
    item = ItemReference(id=tasks[0])
    if not bare:
        return ReopenTask(item=item)
    return CompleteTask(item=item) if bare in _YES else None
