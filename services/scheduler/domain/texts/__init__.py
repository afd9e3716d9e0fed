"""What scheduler says, as data: one module a language, each with every text."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from services.scheduler.domain.texts import de, en, es, fr, pt
from services.scheduler.domain.texts.form import Texts

LANGUAGES: Mapping[str, Texts] = MappingProxyType(
    {"en": en.TEXTS, "es": es.TEXTS, "pt": pt.TEXTS, "de": de.TEXTS, "fr": fr.TEXTS}
)
DEFAULT_LANGUAGE = "en"
