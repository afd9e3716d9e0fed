"""What an interpretation amounts to: what to change, what to look up, what to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from services.ai.domain import answer
from services.ai.domain.intent import (
    AddEvent,
    AddTask,
    Cancel,
    CompleteTask,
    Help,
    Interpretation,
    Move,
    RemindMe,
    ReopenTask,
    SetTimeZone,
    ShowAgenda,
    ShowTasks,
    SmallTalk,
    Snooze,
    Undo,
    Unknown,
)

Change = RemindMe | AddTask | AddEvent | CompleteTask | ReopenTask | Cancel | Move | SetTimeZone
Query = ShowAgenda | ShowTasks

ASK_EVENT_TIME = "When is it?"
ASK_MOVE_TIME = "When shall I move it to?"
NO_TIME_YET = "Say when, and I'll remind you."


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Changes go to the scheduler in one `Apply`; queries and texts become the answer beside it.

    `is_question` says that the texts ask for something that is missing.
    """

    changes: Sequence[Change] = ()
    queries: Sequence[Query] = ()
    texts: Sequence[str] = ()
    is_question: bool = False


def plan(interpretation: Interpretation) -> Plan:
    """Sorts intents into changes, queries and texts; asks where a change lacks its time."""
    made = Plan()
    for intent in interpretation.intents:
        match intent:
            case AddEvent(when=None):
                made = _asking(made, ASK_EVENT_TIME)
            case Move(when=None):
                made = _asking(made, ASK_MOVE_TIME)
            case SetTimeZone(time_zone=""):
                made = _asking(made, answer.TIME_ZONE_UNKNOWN)
            case RemindMe(when=None):
                made = replace(
                    made, changes=(*made.changes, intent), texts=(*made.texts, NO_TIME_YET)
                )
            case (
                RemindMe()
                | AddTask()
                | AddEvent()
                | CompleteTask()
                | ReopenTask()
                | Cancel()
                | Move()
                | SetTimeZone()
            ):
                made = replace(made, changes=(*made.changes, intent))
            case ShowAgenda() | ShowTasks():
                made = replace(made, queries=(*made.queries, intent))
            case Undo():
                made = replace(made, texts=(*made.texts, answer.UNDO_UNAVAILABLE))
            case Snooze():
                made = replace(made, texts=(*made.texts, answer.SNOOZE_UNAVAILABLE))
            case Help():
                made = replace(made, texts=(*made.texts, answer.HELP))
            case SmallTalk(kind=kind):
                made = replace(made, texts=(*made.texts, answer.SMALL_TALK[kind]))
            case Unknown():
                made = replace(made, texts=(*made.texts, answer.UNKNOWN))
            case _:
                assert_never(intent)
    if not (made.changes or made.queries or made.texts):
        return Plan(texts=(answer.UNKNOWN,))
    return made


def _asking(made: Plan, question: str) -> Plan:
    return replace(made, texts=(*made.texts, question), is_question=True)
