"""One look at a text: its words, its times, and what rules and model make of its purpose."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from services.ai.domain.intent import Language
from services.ai.local.commands import rules, slots
from services.ai.local.commands.clues import Verdict
from services.ai.local.conventions import Conventions, for_language
from services.ai.local.languages.catalog import LEXICONS
from services.ai.local.temporal.find import Reading, survey
from services.ai.local.temporal.select import Chosen, choose, in_context
from services.ai.local.text import Text, read


class Look(NamedTuple):
    """Everything that is known about a text before its intent is decided."""

    text: Text
    reading: Reading
    chosen: Chosen | None
    spans: tuple[tuple[int, int], ...]
    ruled: Verdict


def look(text: str, now: datetime, language: Language, settings: Conventions) -> Look:
    """Words, times and what the rules say."""
    tokens = read(text)
    lexicon = LEXICONS.get(language, LEXICONS[Language.ENGLISH])
    settings = for_language(settings, english=language is Language.ENGLISH)
    reading = survey(tokens, now, lexicon, settings)
    if settings.bare_hour == "usual":
        reading = reading._replace(found=in_context(reading.found, tokens.lower))
    spans = _spans(tokens, reading)
    bare = slots.without(tokens.lower, spans).replace("\x00", " ").strip(" .,!?")
    ruled = rules.judge(tokens.lower.strip(), has_time=bool(spans), time_only=not bare)
    return Look(tokens, reading, choose(reading.found), spans, ruled)


def _spans(text: Text, reading: Reading) -> tuple[tuple[int, int], ...]:
    spans = [(one.first, one.last) for one in reading.found]
    if recurring := reading.recurring:
        first, last = text.tokens[recurring.first], text.tokens[recurring.last - 1]
        spans.append((first.first, last.last))
    return tuple(sorted(spans))
