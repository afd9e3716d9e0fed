"""The lexicons by language, built once at import."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from services.ai.domain.intent import Language
from services.ai.local.languages.english import ENGLISH
from services.ai.local.languages.french import FRENCH
from services.ai.local.languages.german import GERMAN
from services.ai.local.languages.lexicon import Entries, Lexicon
from services.ai.local.languages.observances import OBSERVANCES
from services.ai.local.languages.portuguese import PORTUGUESE
from services.ai.local.languages.spanish import SPANISH


def _lexicon(entries: Entries) -> Lexicon:
    """The language's own words and the feasts that are called the same everywhere."""
    holidays = {**OBSERVANCES, **entries.words.get("HOLIDAY", {})}
    for name in OBSERVANCES.keys() & entries.words.get("HOLIDAY", {}).keys():
        holidays[name] = f"{OBSERVANCES[name]}; {entries.words['HOLIDAY'][name]}"
    return Lexicon(entries._replace(words={**entries.words, "HOLIDAY": holidays}))


LEXICONS: Mapping[Language, Lexicon] = MappingProxyType(
    {
        Language.ENGLISH: _lexicon(ENGLISH),
        Language.SPANISH: _lexicon(SPANISH),
        Language.GERMAN: _lexicon(GERMAN),
        Language.FRENCH: _lexicon(FRENCH),
        Language.PORTUGUESE: _lexicon(PORTUGUESE),
    }
)
"""Every language that the engine reads."""
