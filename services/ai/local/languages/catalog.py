"""The lexicons by language, built once at import."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from services.ai.domain.intent import Language
from services.ai.local.languages.english import ENGLISH
from services.ai.local.languages.french import FRENCH
from services.ai.local.languages.german import GERMAN
from services.ai.local.languages.lexicon import Lexicon
from services.ai.local.languages.portuguese import PORTUGUESE
from services.ai.local.languages.spanish import SPANISH

LEXICONS: Mapping[Language, Lexicon] = MappingProxyType(
    {
        Language.ENGLISH: Lexicon(ENGLISH),
        Language.SPANISH: Lexicon(SPANISH),
        Language.GERMAN: Lexicon(GERMAN),
        Language.FRENCH: Lexicon(FRENCH),
        Language.PORTUGUESE: Lexicon(PORTUGUESE),
    }
)
"""Every language that the engine reads."""
