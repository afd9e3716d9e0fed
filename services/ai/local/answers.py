"""What the engine understood, as plain values for measuring tools and for diagnosis."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from services.ai.domain.intent import Language
from services.ai.local.analysis import analyse, title
from services.ai.local.commands import clues as commands
from services.ai.local.conventions import Conventions, for_language
from services.ai.local.languages.catalog import LEXICONS
from services.ai.local.temporal.find import Reading, find
from services.ai.local.temporal.select import choose, timed
from services.ai.local.temporal.values import Found
from services.ai.local.text import read

_UNSAID = frozenset({commands.UNDO, commands.TALK, commands.REOPEN})
"""Intents that no outside corpus knows; there they are "other"."""

_UNKNOWN_ELSEWHERE = re.compile(
    r"\btimers?\b.*\b(?:every|each|hourly) ?(?:\d|half|few|other|\w+ (?:sec|min|hour)|sec|min|hour)"
)
"""Timers that start again by themselves: Hark reminds repeatedly, other assistants refuse."""


def answer(
    text: str, *, now: datetime, language: Language, task: str, rules: Conventions
) -> dict[str, Any]:
    """The answer to one row: see `hark understand --help` for its fields."""
    if task == "datetime":
        lexicon = LEXICONS.get(language, LEXICONS[Language.ENGLISH])
        settings = for_language(rules, english=language is Language.ENGLISH)
        return _time(find(read(text), now, lexicon, settings))
    analysis = analyse(text, now, language, rules)
    if task == "recurrence":
        return _rule(analysis.reading, now)
    kind = analysis.verdict.intent
    if task == "intent":
        unknown = kind in _UNSAID or _UNKNOWN_ELSEWHERE.search(analysis.text.lower)
        return {"intent": commands.OTHER if unknown else kind}
    return {"intent": kind, **_time(analysis.reading.found), "title": title(analysis)}


def _rule(reading: Reading, now: datetime) -> dict[str, Any]:
    recurring = timed(reading)
    if recurring is None:
        return {"rrule": None}
    return {"rrule": recurring.rule(clocks=True), "start": _iso(recurring.first(now))}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat()[:19] if moment else None


def _time(found: list[Found]) -> dict[str, Any]:
    chosen = choose(found)
    if chosen is None:
        return {"start": None, "end": None}
    time = chosen.time
    answer: dict[str, Any] = {
        "start": _iso(time.start),
        "end": _iso(time.end),
        "grain": time.grain,
    }
    clock = time.start or time.end
    if not time.has_date and clock is not None:
        answer["time_only"] = clock.strftime("%H:%M:%S")
    return answer
