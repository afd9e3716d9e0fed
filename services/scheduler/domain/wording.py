"""Times as people say them, for the ear: "tomorrow at 9 AM", "every Monday at 6 PM"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.units import format_unit

# The languages in which notifier has texts; elsewhere a time in another language would stand in
# the middle of an English sentence.
SPOKEN = frozenset({"en"})
_HOUR = timedelta(hours=1)
# With the commas, blanks and quoted words ("de") before it.
_YEAR_AT_THE_END = re.compile(r"(?:[,\s]|'[^']*')*y+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a language says around dates and times; `{}` is where they go."""

    today: str
    tomorrow: str
    yesterday: str
    at: str
    on: str
    within: str


_WORDS = {
    "en": Words(
        today="today",
        tomorrow="tomorrow",
        yesterday="yesterday",
        at="at {}",
        on="on {}",
        within="in {}",
    ),
    "de": Words(
        today="heute",
        tomorrow="morgen",
        yesterday="gestern",
        at="um {}",
        on="am {}",
        within="in {}",
    ),
    "es": Words(
        today="hoy",
        tomorrow="mañana",
        yesterday="ayer",
        at="a las {}",
        on="el {}",
        within="en {}",
    ),
    "fr": Words(
        today="aujourd’hui",  # noqa: RUF001 - French writes it so
        tomorrow="demain",
        yesterday="hier",
        at="à {}",
        on="le {}",
        within="dans {}",
    ),
    "pt": Words(
        today="hoje",
        tomorrow="amanhã",
        yesterday="ontem",
        at="às {}",
        # "na" or "no", as the weekday has it; without is right for all of them.
        on="{}",
        within="em {}",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How times are said to one person."""

    locale: Locale
    words: Words

    @property
    def is_english(self) -> bool:
        """Whether it speaks English."""
        return bool(self.locale.language == "en")

    def clock(self, local: datetime) -> str:
        """The time of day: "6 PM", "6:05 PM", "18:05"."""
        pattern = self.locale.time_formats["short"].pattern
        if "a" in pattern:
            pattern = "h:mm a" if local.minute else "h a"
        return str(format_time(local.time(), pattern, locale=self.locale))

    def day(self, day: date, today: date) -> str:
        """The date with its weekday, and its year where it is another one."""
        pattern = self.locale.date_formats["full"].pattern
        if day.year == today.year:
            pattern = _YEAR_AT_THE_END.sub("", pattern)
        return str(format_date(day, pattern, locale=self.locale))

    def named_day(self, day: date, today: date) -> str:
        """ "today", "tomorrow", "yesterday", or nothing."""
        names = {0: self.words.today, 1: self.words.tomorrow, -1: self.words.yesterday}
        return names.get((day - today).days, "")


@lru_cache(maxsize=256)
def voice(tag: str, *, spoken: frozenset[str] = SPOKEN) -> Voice:
    """The voice for a BCP 47 tag; English with the region's clock where it is not spoken."""
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        locale = Locale("en", "US")
    if locale.language in spoken and locale.language in _WORDS:
        return Voice(locale=locale, words=_WORDS[locale.language])
    has_24_hours = "a" not in locale.time_formats["short"].pattern
    return Voice(locale=Locale("en", "GB" if has_24_hours else "US"), words=_WORDS["en"])


def is_locale(tag: str) -> bool:
    """Whether this is a BCP 47 tag of a known locale."""
    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        return False
    return True


def point(local: datetime, now: datetime, *, all_day: bool, by: Voice) -> str:
    """A time to follow "for" or "to": "today at 6 PM", "Thursday, November 26 at 6 PM".

    `local` and `now` are the person's wall-clock times.
    """
    named = by.named_day(local.date(), now.date())
    day = named or by.day(local.date(), now.date())
    return day if all_day else f"{day} {by.words.at.format(by.clock(local))}"


def adverb(local: datetime, now: datetime, *, all_day: bool, by: Voice) -> str:
    """A time to follow a verb: "at 6 PM" for today, "tomorrow at 9 AM", "on Thursday, …"."""
    clock = by.words.at.format(by.clock(local))
    if local.date() == now.date():
        return by.words.today if all_day else clock
    named = by.named_day(local.date(), now.date())
    day = named or by.words.on.format(by.day(local.date(), now.date()))
    return day if all_day else f"{day} {clock}"


def soon(delay: timedelta, by: Voice) -> str:
    """ "in 1 minute", "in 2 minutes and 30 seconds"; empty from an hour on."""
    if not timedelta() < delay < _HOUR:
        return ""
    minutes, seconds = divmod(round(delay.total_seconds()), 60)
    amounts = ((minutes, "duration-minute"), (seconds, "duration-second"))
    said = [
        format_unit(amount, unit, "long", locale=by.locale) for amount, unit in amounts if amount
    ]
    return by.words.within.format(format_list(said, locale=by.locale))
