"""A text's words, times and purpose, before it is turned into intents."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from services.ai.domain.intent import Language
from services.ai.local.commands import clues, slots
from services.ai.local.commands.decide import decide
from services.ai.local.conventions import Conventions
from services.ai.local.survey import look
from services.ai.local.temporal.find import Reading
from services.ai.local.temporal.select import Chosen
from services.ai.local.text import Text


class Analysis(NamedTuple):
    """Everything that was found out about a text before it is turned into intents."""

    text: Text
    reading: Reading
    chosen: Chosen | None
    spans: tuple[tuple[int, int], ...]
    verdict: clues.Verdict

    @property
    def bare(self) -> str:
        """The text in lower case without its times and the prepositions that lead to them."""
        left = slots.without(self.text.lower, self.spans).replace("\x00", " ")
        return " ".join(left.split()).strip(" .,!?;:-")


def analyse(text: str, now: datetime, language: Language, settings: Conventions) -> Analysis:
    """Words, times and the kind of request."""
    seen = look(text, now, language, settings)
    time = seen.chosen.time if seen.chosen else None
    appointed = time is not None and time.has_date and time.has_time and not time.elapsed
    verdict = decide(seen.text, seen.spans, seen.ruled, appointed=appointed)
    return Analysis(seen.text, seen.reading, seen.chosen, seen.spans, verdict)


def title(analysis: Analysis) -> str:
    """What the text is about, as an event or a reminder would be called."""
    if analysis.verdict.intent == clues.REMIND:
        return slots.reminder_title(analysis.text.original, analysis.spans)
    return slots.event_slots(analysis.text.original, analysis.spans).title
