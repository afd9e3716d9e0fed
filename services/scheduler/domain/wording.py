"""Times as people say them, for the ear: "tomorrow at 9 AM", "every Monday at 6 PM"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.lists import format_list

from services.scheduler.domain.preferences import HourCycle, Preferences
from services.scheduler.domain.texts import DEFAULT_LANGUAGE, LANGUAGES
from services.scheduler.domain.texts.form import Counted, Texts

_HOUR = timedelta(hours=1)
# With the commas, blanks and quoted words ("de") before it.
_YEAR_AT_THE_END = re.compile(r"(?:[,\s]|'[^']*')*y+$")
_SECONDS = (86_400, 3_600, 60, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How one person is spoken to."""

    locale: Locale
    texts: Texts
    hour_cycle: HourCycle = HourCycle.LOCALE

    @property
    def has_12_hours(self) -> bool:
        """Whether times are said with AM and PM."""
        if self.hour_cycle is HourCycle.LOCALE:
            return "a" in self.locale.time_formats["short"].pattern
        return self.hour_cycle is HourCycle.H12

    @property
    def first_day(self) -> int:
        """The day on which the week begins where the person lives; 0 for Monday."""
        return int(self.locale.first_week_day)

    def clock(self, local: datetime) -> str:
        """The time of day: "6 PM", "6:05 PM", "18:05"."""
        pattern = self.locale.time_formats["short"].pattern
        if self.has_12_hours:
            pattern = "h:mm a" if local.minute else "h a"
        elif "a" in pattern:
            pattern = "HH:mm"
        return str(format_time(local.time(), pattern, locale=self.locale))

    def at(self, local: datetime) -> str:
        """The time of day behind its word: "at 6 PM", "a la 1:30", "um 18:00"."""
        days = self.texts.days
        return (days.at_one if self._is_one(local) else days.at).format(time=self.clock(local))

    def until(self, local: datetime) -> str:
        """The time of day as an end: "until 6 PM"."""
        days = self.texts.days
        text = days.until_one if self._is_one(local) else days.until
        return text.format(time=self.clock(local))

    def day(self, day: date, today: date) -> str:
        """The date with its weekday, and its year where it is another one."""
        pattern = self.locale.date_formats["full"].pattern
        if day.year == today.year:
            pattern = _YEAR_AT_THE_END.sub("", pattern)
        return str(format_date(day, pattern, locale=self.locale))

    def on(self, day: date, today: date) -> str:
        """A day to follow a verb: "on Thursday, November 26"."""
        return self.texts.days.on[day.weekday()].format(day=self.day(day, today))

    def named_day(self, day: date, today: date) -> str:
        """ "today", "tomorrow", "yesterday", or nothing."""
        days = self.texts.days
        return {0: days.today, 1: days.tomorrow, -1: days.yesterday}.get((day - today).days, "")

    def joined(self, parts: list[str]) -> str:
        """A list in words: "one, two and three"."""
        return str(format_list(parts, locale=self.locale))

    def length(self, span: timedelta) -> str:
        """A span of time in its two largest units: "1 hour and 30 minutes"."""
        left, said = round(span.total_seconds()), []
        # Our own words: babel has none for days in Portuguese.
        for text, seconds in zip(self.texts.days.lengths, _SECONDS, strict=True):
            amount, left = divmod(left, seconds)
            if amount:
                said.append(counted(text, amount))
        return self.joined(said[:2])

    def _is_one(self, local: datetime) -> bool:
        return (local.hour % 12 if self.has_12_hours else local.hour) == 1


@lru_cache(maxsize=512)
def voice(tag: str, hour_cycle: HourCycle = HourCycle.LOCALE) -> Voice:
    """The voice for a BCP 47 tag; English with the region's clock where it is not spoken."""
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        locale = Locale("en", "US")
    texts = LANGUAGES.get(locale.language)
    if texts is None:
        has_24_hours = "a" not in locale.time_formats["short"].pattern
        locale = Locale("en", "GB" if has_24_hours else "US")
        texts = LANGUAGES[DEFAULT_LANGUAGE]
    return Voice(locale=locale, texts=texts, hour_cycle=hour_cycle)


def voice_of(preferences: Preferences) -> Voice:
    """The voice that speaks to this person."""
    return voice(preferences.locale, preferences.hour_cycle)


def counted(text: Counted, number: int) -> str:
    """The text for so many."""
    return text[0 if number == 1 else 1].format(n=number)


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
    day = by.named_day(local.date(), now.date())
    if not day:
        day = by.texts.days.point.format(day=by.day(local.date(), now.date()))
    return day if all_day else f"{day} {by.at(local)}"


def adverb(local: datetime, now: datetime, *, all_day: bool, by: Voice) -> str:
    """A time to follow a verb: "at 6 PM" for today, "tomorrow at 9 AM", "on Thursday, …"."""
    if local.date() == now.date():
        return by.texts.days.today if all_day else by.at(local)
    day = by.named_day(local.date(), now.date()) or by.on(local.date(), now.date())
    return day if all_day else f"{day} {by.at(local)}"


def soon(delay: timedelta, by: Voice) -> str:
    """ "in 1 minute", "in 2 minutes and 30 seconds"; empty from an hour on."""
    if not timedelta() < delay < _HOUR:
        return ""
    return by.texts.days.within.format(span=by.length(delay))
