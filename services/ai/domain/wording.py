"""Phrases by language; what people wrote is put in as it is and never interpreted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from types import MappingProxyType

from babel.dates import format_date, format_time

from services.ai.domain.intent import Language, When
from services.ai.domain.languages import english, french, german, portuguese, spanish

_LONGEST_LIST = 10
_TABLES: Mapping[Language, Mapping[str, str]] = MappingProxyType(
    {
        Language.ENGLISH: english.PHRASES,
        Language.SPANISH: spanish.PHRASES,
        Language.GERMAN: german.PHRASES,
        Language.FRENCH: french.PHRASES,
        Language.PORTUGUESE: portuguese.PHRASES,
    }
)

# A day for the ear: nothing abbreviated, and no year.
_DAYS: Mapping[Language, str] = MappingProxyType(
    {
        Language.ENGLISH: "EEEE, MMMM d",
        Language.SPANISH: "EEEE, d 'de' MMMM",
        Language.GERMAN: "EEEE, d. MMMM",
        Language.FRENCH: "EEEE d MMMM",
        Language.PORTUGUESE: "EEEE, d 'de' MMMM",
    }
)


def language_of(locale: str) -> Language:
    """The language of a BCP 47 locale, where Hark speaks it; English otherwise."""
    tag = locale.replace("_", "-").partition("-")[0].lower()
    return next((each for each in Language if each.value == tag), Language.ENGLISH)


@dataclass(frozen=True, slots=True)
class Wording:
    """How Hark speaks to one person."""

    language: Language = Language.ENGLISH

    def __call__(self, key: str, **values: str | int) -> str:
        """The phrase, filled. Raises KeyError for a phrase that does not exist."""
        return _TABLES[self.language][key].format_map(values)

    def has(self, key: str) -> bool:
        """Whether there is such a phrase."""
        return key in _TABLES[self.language]

    def any_of(self, names: Sequence[str]) -> str:
        """ "a, b or c"."""
        return self._joined(names, self("or"))

    def all_of(self, names: Sequence[str]) -> str:
        """ "a, b and c"."""
        return self._joined(names, self("and"))

    def _joined(self, names: Sequence[str], word: str) -> str:
        shown = [each for each in names[:_LONGEST_LIST] if each]
        if len(shown) < 2:
            return "".join(shown)
        return f"{', '.join(shown[:-1])} {word} {shown[-1]}"

    def day(self, day: date) -> str:
        """ "Thursday, November 26"."""
        return str(format_date(day, _DAYS[self.language], locale=self.language.value))

    def clock(self, moment: time | datetime) -> str:
        """ "6:00 PM", "18:00"."""
        return str(format_time(moment, "short", locale=self.language.value)).replace("\u202f", " ")

    def when(self, when: When) -> str:
        """A time as it is read out in a question."""
        if when.instant_offset is not None:
            minutes = max(1, round(when.instant_offset.total_seconds() / 60))
            return self("in_minutes", minutes=minutes)
        day = self.day(when.start.date())
        said = f"{day}, {self.clock(when.start)}" if when.time_of_day else day
        return f"{said} ({self('repeats')})" if when.rrule else said
