"""The local engine: an utterance in, intents out; no I/O, no clock, bounded time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

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
    SetTimeZone,
    ShowAgenda,
    ShowTasks,
    SmallTalk,
    Snooze,
    Undo,
    Unknown,
    Utterance,
    When,
)
from services.ai.local.commands import clues, foreign, slots
from services.ai.local.commands.decide import decide
from services.ai.local.commands.zones import zone_of
from services.ai.local.conventions import DEFAULT, Conventions
from services.ai.local.survey import look
from services.ai.local.temporal.find import Reading
from services.ai.local.temporal.select import Chosen, timed
from services.ai.local.text import Text


class Analysis(NamedTuple):
    """Everything that was found out about a text before it is turned into intents."""

    text: Text
    reading: Reading
    chosen: Chosen | None
    spans: tuple[tuple[int, int], ...]
    verdict: clues.Verdict


def analyse(text: str, now: datetime, language: Language, settings: Conventions) -> Analysis:
    """Words, times and the kind of request."""
    seen = look(text, now, language, settings)
    verdict = decide(seen.text, seen.spans, seen.ruled)
    return Analysis(seen.text, seen.reading, seen.chosen, seen.spans, verdict)


def interpret(utterance: Utterance, settings: Conventions = DEFAULT) -> Interpretation:
    """What the person wants, with an estimate of how sure that is."""
    language = utterance.language or Language.ENGLISH
    if language is not Language.ENGLISH:
        return _interpret_foreign(utterance, language, settings)
    analyses = _clauses(utterance, settings)
    intents: list[Intent] = []
    missing: list[str] = []
    for analysis in analyses:
        some, lacking = _intents(analysis, utterance)
        intents.extend(some)
        missing.extend(lacking)
    confidence = min(analysis.verdict.trust for analysis in analyses)
    return Interpretation(
        intents=intents, confidence=max(0.0, confidence), language=language, missing=missing
    )


_JOINT = re.compile(
    r"(?:[,;.!]\s+(?:and\s+|then\s+|also\s+)*|\s+and\s+(?:then\s+|also\s+)?)"
    r"(?=(?:please\s+)?(?:remind me (?:to|about|that|at|in|on)|add .{1,60} (?:to|on) (?:my|the)|"
    r"put .{1,60} on (?:my|the)|cancel (?:my|the)|delete (?:my|the|task)|schedule an?|book an?|"
    r"set an? (?:alarm|timer|reminder)|move (?:my|the)|mark task|what's on)\b)",
    re.I,
)
_SURE = 0.85
_CLAUSE_LIMIT = 4


def _clauses(utterance: Utterance, settings: Conventions) -> list[Analysis]:
    """The text as one request, or as several where every part is clearly one by itself."""
    whole = analyse(utterance.text, utterance.now, Language.ENGLISH, settings)
    parts = [part for part in _JOINT.split(whole.text.original) if part.strip()]
    if not 2 <= len(parts) <= _CLAUSE_LIMIT:
        return [whole]
    each = [analyse(part, utterance.now, Language.ENGLISH, settings) for part in parts]
    vague = any(
        one.verdict.trust < _SURE or one.verdict.intent in (clues.OTHER, clues.TALK) for one in each
    )
    return [whole] if vague else each


def _interpret_foreign(
    utterance: Utterance, language: Language, settings: Conventions
) -> Interpretation:
    """Other languages: times by their own lexicon, the request by its first words."""
    seen = look(utterance.text, utterance.now, language, settings)
    heard = foreign.judge(seen.text.lower, language, has_time=bool(seen.spans))
    asked = Text(seen.text.original[heard.after :], seen.text.lower[heard.after :], ())
    spans = tuple(
        (max(0, first - heard.after), last - heard.after)
        for first, last in seen.spans
        if last > heard.after
    )
    analysis = Analysis(asked, seen.reading, seen.chosen, spans, heard.verdict)
    intents, missing = _intents(analysis, utterance)
    if heard.verdict.intent == clues.TASK:
        things, name = foreign.items(asked.original)
        intents = [AddTask(title=thing, list_name=name) for thing in things] or intents
    return Interpretation(
        intents=[_plain(intent) for intent in intents],
        confidence=heard.verdict.trust,
        language=language,
        missing=missing,
    )


def _plain(intent: Intent) -> Intent:
    """Its title without a leading particle of another language."""
    if isinstance(intent, RemindMe | AddEvent):
        return replace(intent, title=foreign.title(intent.title))
    return intent


def _when(analysis: Analysis, utterance: Utterance) -> When | None:
    repeat = timed(analysis.reading)
    if repeat is not None:
        start = repeat.first(utterance.now)
        clocked = bool(repeat.clocks) or repeat.part_hour is not None
        return When(
            start=start,
            end=repeat.until_on(start),
            grain=Grain.MINUTE if clocked else Grain.DAY,
            time_of_day=clocked or repeat.is_sub_daily,
            rrule=repeat.rule(clocks=False),
        )
    if analysis.chosen is None:
        return None
    time = analysis.chosen.time
    moment = time.start or time.end
    if moment is None:
        return None
    end = time.end if time.start else None
    if not time.has_time and end is not None and end - moment <= timedelta(days=1):
        end = None
    return When(
        start=moment,
        end=end,
        grain=Grain(time.grain),
        time_of_day=time.has_time,
        instant_offset=moment - utterance.now if time.elapsed else None,
        assumed=time.assumed,
    )


def _intents(analysis: Analysis, utterance: Utterance) -> tuple[Sequence[Intent], Sequence[str]]:
    kind, text = analysis.verdict.intent, analysis.text
    spans = analysis.spans
    when = _when(analysis, utterance)
    if kind == clues.REMIND:
        title = slots.reminder_title(text.original, spans)
        missing = [name for name, lacks in (("what", not title), ("when", when is None)) if lacks]
        return [RemindMe(title=title, when=when)], missing
    if kind == clues.EVENT:
        parts = slots.event_slots(text.original, spans)
        missing = [
            name
            for name, lacks in (
                ("what", not parts.title and not parts.people),
                ("when", when is None),
            )
            if lacks
        ]
        event = AddEvent(title=parts.title, when=when, place=parts.place, people=parts.people)
        return [event], missing
    if kind == clues.TASK:
        items, name = slots.list_items(text.original, spans)
        tasks = [AddTask(title=item, when=when, list_name=name) for item in items]
        return (tasks, []) if tasks else ([AddTask(title="", list_name=name)], ["what"])
    return _other_intents(kind, text, spans, when)


def title(analysis: Analysis) -> str:
    """What the text is about, as an event or a reminder would be called."""
    if analysis.verdict.intent == clues.REMIND:
        return slots.reminder_title(analysis.text.original, analysis.spans)
    return slots.event_slots(analysis.text.original, analysis.spans).title


def _other_intents(
    kind: str, text: Text, spans: Sequence[tuple[int, int]], when: When | None
) -> tuple[Sequence[Intent], Sequence[str]]:
    if kind == clues.AGENDA:
        return [_agenda(text, when)], []
    if kind == clues.TASKS:
        _, name = slots.list_items(text.original, [])
        return [ShowTasks(list_name=name)], []
    if kind == clues.ZONE:
        zone = zone_of(text.original)
        return [SetTimeZone(time_zone=zone)], [] if zone else ["time_zone"]
    if kind == clues.UNDO:
        return [Undo()], []
    if kind == clues.HELP:
        return [Help()], []
    if kind == clues.TALK:
        return [SmallTalk(kind=_talk(text.lower))], []
    if kind in (clues.CANCEL, clues.MOVE, clues.SNOOZE, clues.DONE, clues.REOPEN):
        return _changes(kind, text, spans, when)
    return [Unknown()], []


def _talk(lower: str) -> str:
    if re.search(r"\b(?:than|thx|ty|cheers|dank|grac|merc|obrig|appreciat)", lower):
        return "thanks"
    leaving = re.search(r"bye|night|see you|nacht|adi[oó]s|tsch|revoir|tchau|adeus|later", lower)
    return "farewell" if leaving else "greeting"


def _agenda(text: Text, when: When | None) -> ShowAgenda:
    free = any(word in text.lower for word in ("free", "available", "availability"))
    if when is None:
        return ShowAgenda(free_time=free)
    last = (when.end - timedelta(seconds=1)).date() if when.end else when.start.date()
    return ShowAgenda(start=when.start.date(), end=max(last, when.start.date()), free_time=free)


def _changes(
    kind: str, text: Text, spans: Sequence[tuple[int, int]], when: When | None
) -> tuple[Sequence[Intent], Sequence[str]]:
    which = slots.reference(text.original, spans)
    items = [ItemReference(number=number) for number in which.numbers] or [
        ItemReference(words=which.words, is_last=which.is_last)
    ]
    if kind == clues.DONE:
        return [CompleteTask(item=item) for item in items], []
    if kind == clues.REOPEN:
        return [ReopenTask(item=item) for item in items], []
    if kind == clues.CANCEL:
        return [Cancel(item=item) for item in items], []
    if kind == clues.SNOOZE:
        return [Snooze(item=items[0], when=when)], []
    return [Move(item=items[0], when=when)], [] if when else ["when"]
