"""The local engine: an utterance in, intents out; no I/O, no clock, bounded time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.ai.domain.intent import (
    AddEvent,
    AddTask,
    Amend,
    Cancel,
    FindFreeTime,
    Intent,
    Interpretation,
    ItemReference,
    Language,
    Move,
    RemindMe,
    Snooze,
    Utterance,
)
from services.ai.local.analysis import Analysis, analyse
from services.ai.local.commands import clues, foreign
from services.ai.local.commands.edits import edit
from services.ai.local.commands.extras import Extras, asks_for_gap, extras, gap_length, series
from services.ai.local.commands.preferences import preferences
from services.ai.local.commands.replies import reply
from services.ai.local.conventions import DEFAULT, Conventions
from services.ai.local.corrections import bare_time, correction, move, snoozed
from services.ai.local.meaning import Made, free_time, intents_of, when_of
from services.ai.local.survey import look
from services.ai.local.text import CHARACTER_LIMIT, Text, plain

_CERTAIN, _CLEAR = 0.97, 0.92


def interpret(utterance: Utterance, settings: Conventions = DEFAULT) -> Interpretation:
    """What the person wants, with an estimate of how sure that is."""
    language = utterance.language or Language.ENGLISH
    text = plain(utterance.text[:CHARACTER_LIMIT])
    if (said := reply(text.lower())) is not None:
        return Interpretation(intents=[said], confidence=_CERTAIN, language=language)
    if corrected := correction(text, utterance.now, language, settings):
        return Interpretation(
            intents=[corrected.intent], confidence=corrected.confidence, language=language
        )
    if language is not Language.ENGLISH:
        return _interpret_foreign(utterance, language, settings)
    return _interpret_english(text, utterance.now, settings)


def _interpret_english(text: str, now: datetime, settings: Conventions) -> Interpretation:
    aside = extras(text)
    intents: list[Intent] = []
    missing: list[str] = []
    confidence = 1.0
    for analysis in _clauses(aside.text, now, settings):
        made, sure = _meant(analysis, now, aside, settings)
        intents.extend(made.intents)
        missing.extend(made.missing)
        confidence = min(confidence, sure)
    return Interpretation(intents=intents, confidence=max(0.0, confidence), missing=missing)


def _meant(
    analysis: Analysis, now: datetime, aside: Extras, settings: Conventions
) -> tuple[Made, float]:
    """What one clause asks for: settings and edits first, which are said in set phrases."""
    kind, trust = analysis.verdict
    text = analysis.text
    if when := bare_time(analysis, now):
        return Made([Amend(when=when)]), _FAIR
    if wanted := preferences(text.lower, analysis.reading.found):
        return Made([wanted]), _CLEAR
    if kind in _EDITABLE and (edited := edit(text.original, has_time=bool(analysis.spans))):
        return Made([edited]), _CLEAR
    if kind in _MAYBE_GAP and asks_for_gap(text.lower):
        return Made([_gap(analysis, now, settings)]), _CLEAR
    if kind in (clues.CANCEL, clues.MOVE):
        return _changed(analysis, now, settings), trust
    if kind == clues.SNOOZE:
        return _snooze(analysis, now, settings), trust
    if kind == clues.OTHER and aside.priority and text.tokens:
        task = clues.REMIND if analysis.spans else clues.TASK
        analysis = analysis._replace(verdict=clues.Verdict(task, _FAIR))
        trust = _FAIR
    return intents_of(analysis, now, aside), trust


_FAIR = 0.75
_MAYBE_GAP = frozenset({clues.EVENT, clues.OTHER, clues.AGENDA})
_EDITABLE = _MAYBE_GAP | {
    clues.MOVE,
    clues.TASK,
    clues.TASKS,
    clues.DONE,
    clues.REOPEN,
    clues.REMIND,
}


def _gap(analysis: Analysis, now: datetime, settings: Conventions) -> FindFreeTime:
    rest, minutes = gap_length(analysis.text.original)
    if minutes:
        analysis = analyse(rest, now, Language.ENGLISH, settings)
    found = free_time(analysis, when_of(analysis, now))
    return replace(found, length_minutes=minutes) if minutes else found


def _snooze(analysis: Analysis, now: datetime, settings: Conventions) -> Made:
    when = snoozed(analysis.text.original, now, settings)
    made = intents_of(analysis, now)
    named = _NAMED.search(analysis.text.lower)
    if when is None and named:
        return made
    return Made(
        [
            replace(one, when=when, item=one.item if named else ItemReference(is_last=True))
            if isinstance(one, Snooze)
            else one
            for one in made.intents
        ]
    )


_NAMED = re.compile(
    r"\b(?:snooze|postpone|delay|about|of) (?:the|my|our|task|number) (?!alarm\b|reminder\b)"
)


def _changed(analysis: Analysis, now: datetime, settings: Conventions) -> Made:
    """A move or a cancellation, with what is said about a series taken out of it."""
    rest, scope = series(analysis.text.original)
    if analysis.verdict.intent == clues.MOVE and (moved := move(rest, now, settings)):
        return Made([replace(moved, scope=scope)])
    if scope:
        again = analyse(rest, now, Language.ENGLISH, settings)
        analysis = again._replace(verdict=analysis.verdict)
    made = intents_of(analysis, now)
    scoped: list[Intent] = [
        replace(one, scope=scope) if isinstance(one, Move | Cancel) else one for one in made.intents
    ]
    return Made(scoped, made.missing)


_JOINT = re.compile(
    r"(?:[,;.!]\s+(?:and\s+|then\s+|also\s+)*|\s+and\s+(?:then\s+|also\s+)?)"
    r"(?=(?:please\s+)?(?:remind me (?:to|about|that|at|in|on)|add .{1,60} (?:to|on) (?:my|the)|"
    r"put .{1,60} on (?:my|the)|cancel (?:my|the)|delete (?:my|the|task)|schedule an?|book an?|"
    r"set an? (?:alarm|timer|reminder)|move (?:my|the)|mark task|what's on)\b)",
    re.I,
)
_SURE = 0.85
_CLAUSE_LIMIT = 4


def _clauses(text: str, now: datetime, settings: Conventions) -> list[Analysis]:
    """The text as one request, or as several where every part is clearly one by itself."""
    parts = [part for part in _JOINT.split(text) if part.strip()]
    if 2 <= len(parts) <= _CLAUSE_LIMIT:
        each: list[Analysis] = []
        for part in parts:
            one = analyse(part, now, Language.ENGLISH, settings)
            if one.verdict.trust < _SURE or one.verdict.intent in (clues.OTHER, clues.TALK):
                break
            each.append(one)
        else:
            return each
    return [analyse(text, now, Language.ENGLISH, settings)]


def _interpret_foreign(
    utterance: Utterance, language: Language, settings: Conventions
) -> Interpretation:
    """Other languages: times by their own lexicon, the request by its first words."""
    seen = look(utterance.text, utterance.now, language, settings)
    if wanted := preferences(seen.text.lower, seen.reading.found):
        return Interpretation(intents=[wanted], confidence=_CLEAR, language=language)
    times = Analysis(seen.text, seen.reading, seen.chosen, seen.spans, seen.ruled)
    if when := bare_time(times, utterance.now):
        return Interpretation(intents=[Amend(when=when)], confidence=_FAIR, language=language)
    heard = foreign.judge(seen.text.lower, language, has_time=bool(seen.spans))
    asked = Text(seen.text.original[heard.after :], seen.text.lower[heard.after :], ())
    spans = tuple(
        (max(0, first - heard.after), last - heard.after)
        for first, last in seen.spans
        if last > heard.after
    )
    analysis = Analysis(asked, seen.reading, seen.chosen, spans, heard.verdict)
    made = intents_of(analysis, utterance.now)
    intents: Sequence[Intent] = made.intents
    if heard.verdict.intent == clues.TASK:
        things, name = foreign.items(asked.original)
        intents = [AddTask(title=thing, list_name=name) for thing in things] or intents
    return Interpretation(
        intents=[_plain(intent) for intent in intents],
        confidence=heard.verdict.trust,
        language=language,
        missing=made.missing,
    )


def _plain(intent: Intent) -> Intent:
    """Its title without a leading particle of another language."""
    if isinstance(intent, RemindMe | AddEvent):
        return replace(intent, title=foreign.title(intent.title))
    return intent
