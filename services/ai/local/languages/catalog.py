"""The lexicons by language, built once at import."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from services.ai.domain.intent import Language
from services.ai.local.languages.english import ENGLISH
from services.ai.local.languages.lexicon import Lexicon

LEXICONS: Mapping[Language, Lexicon] = MappingProxyType({Language.ENGLISH: Lexicon(ENGLISH)})
"""Every language that the engine reads."""
