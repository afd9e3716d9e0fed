"""The local engine: an utterance in, intents out; no I/O, no clock, bounded time."""

from __future__ import annotations

from collections.abc import Sequence

from services.ai.domain.intent import (
    AddEvent,
    AddTask,
    Cancel,
    CompleteTask,
    Grain,
    Help,
    Intent,
    Interpretation,
    ItemReference,
    Language,
    Move,
    RemindMe,
    ReopenTask,
    ShowAgenda,
    ShowTasks,
    SmallTalk,
    Snooze,
    Undo,
    Unknown,
    Utterance,
    When,
)
from datetime import timedelta
from services.ai.local.commands import rules, slots
from services.ai.local.conventions import DEFAULT, Conventions
from services.ai.local.languages.catalog import LEXICONS
from services.ai.local.temporal.find import find
from services.ai.local.temporal.values import Found
from services.ai.local.text import Text, read


def interpret(utterance: Utterance, settings: Conventions = DEFAULT) -> Interpretation:
    """What the person wants, with an estimate of how sure that is."""
    language = utterance.language or Language.ENGLISH
    text = read(utterance.text)
    found = find(text, utterance.now, LEXICONS.get(language, LEXICONS[Language.ENGLISH]), settings)
    spans = [(one.first, one.last) for one in found]
    bare = slots.without(text.lower, spans).replace("\x00", " ").strip(" .,!?")
    times = [one for one in found if one.kind != "duration"]
    verdict = rules.judge(text.lower.strip(), has_time=bool(times), time_only=not bare)
    intents, missing = _intents(verdict.intent, text, found, utterance)
    return Interpretation(
        intents=intents, confidence=verdict.trust, language=language, missing=missing
    )


def _when(found: Sequence[Found], utterance: Utterance) -> When | None:
    """The time that a text is about: its first date, and the time of day said apart from it."""
    times = [one for one in found if one.kind != "duration" and (one.start or one.end)]
    if not times:
        return None
    main = times[0]
    start = main.start or main.end
    if start is None:
        return None
    has_time, end, grain = main.has_time, main.end if main.start else None, main.grain
    for other in times[1:]:
        if main.has_date and not main.has_time and other.has_time and not other.has_date:
            if other.start is not None:
                start = start.replace(hour=other.start.hour, minute=other.start.minute)
                has_time, grain = True, other.grain
                end = start + (other.end - other.start) if other.end else None
                break
        if main.has_time and not main.has_date and other.has_date and not other.has_time:
            if other.start is not None:
                start = other.start.replace(hour=start.hour, minute=start.minute)
                end = start + (main.end - main.start) if main.end and main.start else None
                break
    if not has_time and grain == "day":
        end = None if end is None or end - start <= timedelta(days=1) else end
    return When(
        start=start,
        end=end,
        grain=Grain(grain),
        time_of_day=has_time,
        instant_offset=start - utterance.now if main.elapsed else None,
        assumed=main.assumed,
    )


def _intents(
    kind: str, text: Text, found: Sequence[Found], utterance: Utterance
) -> tuple[Sequence[Intent], Sequence[str]]:
    spans = [(one.first, one.last) for one in found]
    when = _when(found, utterance)
    if kind == rules.REMIND:
        title = slots.reminder_title(text.original, spans)
        missing = [name for name, lacks in (("what", not title), ("when", when is None)) if lacks]
        return [RemindMe(title=title, when=when)], missing
    if kind == rules.EVENT:
        parts = slots.event_slots(text.original, spans)
        missing = [
            name
            for name, lacks in (("what", not parts.title and not parts.people), ("when", when is None))
            if lacks
        ]
        event = AddEvent(title=parts.title, when=when, place=parts.place, people=parts.people)
        return [event], missing
    if kind == rules.TASK:
        items, name = slots.list_items(text.original, spans)
        tasks = [AddTask(title=item, when=when, list_name=name) for item in items]
        return (tasks, []) if tasks else ([AddTask(title="", list_name=name)], ["what"])
    return _other_intents(kind, text, found, when)


def _other_intents(
    kind: str, text: Text, found: Sequence[Found], when: When | None
) -> tuple[Sequence[Intent], Sequence[str]]:
    if kind == rules.AGENDA:
        return [_agenda(text, when)], []
    if kind == rules.TASKS:
        _, name = slots.list_items(text.original, [])
        return [ShowTasks(list_name=name)], []
    if kind == rules.UNDO:
        return [Undo()], []
    if kind == rules.HELP:
        return [Help()], []
    if kind == rules.TALK:
        return [SmallTalk(kind=_talk(text.lower))], []
    if kind in (rules.CANCEL, rules.MOVE, rules.SNOOZE, rules.DONE, rules.REOPEN):
        return _changes(kind, text, found, when)
    return [Unknown()], []


def _talk(lower: str) -> str:
    if "than" in lower or lower.startswith(("ty", "cheers")):
        return "thanks"
    return "farewell" if "bye" in lower or "night" in lower or "see you" in lower else "greeting"


def _agenda(text: Text, when: When | None) -> ShowAgenda:
    free = any(word in text.lower for word in ("free", "available", "availability"))
    if when is None:
        return ShowAgenda(free_time=free)
    last = (when.end - timedelta(seconds=1)).date() if when.end else when.start.date()
    return ShowAgenda(start=when.start.date(), end=max(last, when.start.date()), free_time=free)


def _changes(
    kind: str, text: Text, found: Sequence[Found], when: When | None
) -> tuple[Sequence[Intent], Sequence[str]]:
    spans = [(one.first, one.last) for one in found]
    which = slots.reference(text.original, spans)
    items = [ItemReference(number=number) for number in which.numbers] or [
        ItemReference(words=which.words, is_last=which.is_last)
    ]
    if kind == rules.DONE:
        return [CompleteTask(item=item) for item in items], []
    if kind == rules.REOPEN:
        return [ReopenTask(item=item) for item in items], []
    if kind == rules.CANCEL:
        return [Cancel(item=item) for item in items], []
    if kind == rules.SNOOZE:
        return [Snooze(item=items[0], when=when)], []
    return [Move(item=items[0], when=when)], [] if when else ["when"]
