"""What an interpretation amounts to: what to change, what to look up, what to say, what to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.ai.domain.ambiguity import half_of_day
from services.ai.domain.describe import described, is_addition
from services.ai.domain.intent import (
    AddEvent,
    AddTask,
    Amend,
    CalendarLink,
    Cancel,
    Choose,
    CompleteTask,
    Confirm,
    DeleteData,
    EditItem,
    ExportData,
    FindFreeTime,
    Help,
    Intent,
    Interpretation,
    ItemReference,
    Move,
    RemindMe,
    ReopenTask,
    SetPreferences,
    SetTimeZone,
    ShowAgenda,
    ShowTasks,
    SmallTalk,
    Snooze,
    StartMessages,
    StopMessages,
    Undo,
    Unknown,
    When,
)
from services.ai.domain.turn import Option, Question, Slot
from services.ai.domain.wording import Wording

Change = (
    RemindMe
    | AddTask
    | AddEvent
    | CompleteTask
    | ReopenTask
    | Cancel
    | Move
    | EditItem
    | Snooze
    | SetTimeZone
    | SetPreferences
    | Undo
)
Query = ShowAgenda | ShowTasks | FindFreeTime
Effect = StopMessages | StartMessages | ExportData | DeleteData | CalendarLink

SNOOZE = timedelta(minutes=10)
"""How long "snooze" is where nobody says."""
UNSURE = 0.6
"""Below this confidence a change is asked about first."""
UNSURE_TO_DESTROY = 0.8
"""The same for what takes something away."""
_TALK = frozenset({"greeting", "thanks", "farewell", "okay", "dismissed", "question_over"})
_DESTROYING = (Cancel, CompleteTask, StopMessages, Undo)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Changes go to the scheduler in one `Apply`; everything else becomes the answer beside it."""

    changes: Sequence[Change] = ()
    queries: Sequence[Query] = ()
    effects: Sequence[Effect] = ()
    texts: Sequence[str] = ()
    question: Question | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """How a message was said: in whose words, at what wall-clock time, to be answered how."""

    wording: Wording
    now: datetime
    is_own_word: bool = True


def plan(found: Interpretation, hearing: Hearing) -> Plan:
    """Sorts intents; asks where something is missing, ambiguous, doubtful or another's word."""
    made = Plan()
    doubtful: list[Intent] = []
    for intent in found.intents:
        if found.answer and isinstance(intent, SmallTalk):
            continue
        if _is_doubtful(intent, found.confidence, hearing):
            doubtful.append(intent)
        else:
            made = _with(made, intent, hearing)
    if doubtful:
        made = _asking(made, _doubt(doubtful, hearing))
    if not (made.changes or made.queries or made.effects or made.texts):
        return Plan(texts=(found.answer or hearing.wording("unknown"),))
    if found.answer and not made.texts:
        return replace(made, texts=(found.answer,))
    return made


def _is_doubtful(intent: Intent, confidence: float, hearing: Hearing) -> bool:
    if not isinstance(intent, Change | Effect) or not _is_complete(intent):
        return False
    if not hearing.is_own_word and not is_addition(intent):
        return True
    return confidence < (UNSURE_TO_DESTROY if isinstance(intent, _DESTROYING) else UNSURE)


def _is_complete(intent: Intent) -> bool:
    """Whether nothing has to be asked for before it could be done."""
    match intent:
        case AddEvent(when=None) | Move(when=None, by_minutes=None) | SetTimeZone(time_zone=""):
            return False
        case RemindMe(title="") | AddTask(title=""):
            return False
        case AddEvent(title="", people=()):
            return False
    return True


def _doubt(intents: Sequence[Intent], hearing: Hearing) -> Question:
    wording = hearing.wording
    key = "ask_doubt" if hearing.is_own_word else "ask_foreign"
    return confirmation(wording(key, what=described(intents, wording)), intents, wording)


def confirmation(text: str, intents: Sequence[Intent], wording: Wording) -> Question:
    """A yes-or-no question about `intents`."""
    return Question(
        slot=Slot.CONFIRM,
        text=text,
        options=(
            Option(title=wording("yes"), intents=tuple(intents)),
            Option(title=wording("no")),
        ),
    )


def _with(made: Plan, intent: Intent, hearing: Hearing) -> Plan:
    question = _missing(intent, hearing) or half_of_day(intent, hearing.now, hearing.wording)
    if question is not None:
        return _asking(made, question)
    wording = hearing.wording
    match intent:
        case RemindMe(when=None):
            waiting = Move(item=ItemReference(is_last=True))
            later = Question(slot=Slot.WHEN, text=wording("ask_reminder_time"), intents=(waiting,))
            return _asking(replace(made, changes=(*made.changes, intent)), later)
        case Snooze(when=None):
            ten = When(start=hearing.now + SNOOZE, instant_offset=SNOOZE)
            return replace(made, changes=(*made.changes, replace(intent, when=ten)))
        case DeleteData(confirmed=False):
            sure = (DeleteData(confirmed=True),)
            return _asking(made, confirmation(wording("ask_delete_data"), sure, wording))
        case ShowAgenda() | ShowTasks() | FindFreeTime():
            return replace(made, queries=(*made.queries, intent))
        case StopMessages() | StartMessages() | ExportData() | DeleteData() | CalendarLink():
            return replace(made, effects=(*made.effects, intent))
        case Help():
            return replace(made, texts=(*made.texts, wording("help")))
        case SmallTalk(kind=kind):
            return replace(made, texts=(*made.texts, wording(kind if kind in _TALK else "okay")))
        case Unknown() | Amend() | Confirm() | Choose():
            return made
    return replace(made, changes=(*made.changes, intent))


def _missing(intent: Intent, hearing: Hearing) -> Question | None:
    wording = hearing.wording
    match intent:
        case AddEvent(title="", people=()):
            return Question(slot=Slot.WHAT, text=wording("ask_title"), intents=(intent,))
        case RemindMe(title=""):
            return Question(slot=Slot.WHAT, text=wording("ask_reminder_title"), intents=(intent,))
        case AddTask(title=""):
            return Question(slot=Slot.WHAT, text=wording("ask_task_title"), intents=(intent,))
        case AddEvent(when=None):
            return Question(slot=Slot.WHEN, text=wording("ask_event_time"), intents=(intent,))
        case Move(when=None, by_minutes=None):
            return Question(slot=Slot.WHEN, text=wording("ask_move_time"), intents=(intent,))
        case SetTimeZone(time_zone=""):
            return Question(slot=Slot.TIME_ZONE, text=wording("zone_unknown"))
    return None


def _asking(made: Plan, question: Question) -> Plan:
    """One question at a time: a second one is left for the person to bring up again."""
    if made.question is not None:
        return made
    return replace(made, question=question, texts=(*made.texts, question.text))
