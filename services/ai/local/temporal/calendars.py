"""Days of other calendars in a Gregorian year: Hebrew, Islamic, Chinese, Indian, Julian Easter.

Hebrew days are named by the evening they begin on. Islamic months begin the day after a conjunction
before sunset in Mecca, as the computed calendar of Umm al-Qura does within a day. Indian days are
found by the moon's phase at the hour their rite asks for, as seen from Ujjain.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from services.ai.local.temporal.heavens import (
    crossing,
    day_of,
    julian,
    moon,
    new_moon,
    new_moon_after,
    phase,
    sidereal,
    sun,
)

_HEBREW_EPOCH = -1373427  # ordinal of 1 Tishri of year 1, less one
_HEBREW_BEFORE_TISHRI = (30, 29, 30, 29, 30, 29)  # Nisan to Elul
_INDIA = 5.5
_MECCA_SUNSET = 15.0  # universal time
_HIJRA_NUMBER = (2018, 9, 8)  # a day before the conjunction that began 1440
FIRST_YEAR, LAST_YEAR = 1900, 2100
"""The years in which moon and sun are placed well enough."""


def _hebrew_elapsed(year: int) -> int:
    months = (235 * year - 234) // 19
    parts = 12084 + 13753 * months
    days = months * 29 + parts // 25920
    return days + (3 * (days + 1) % 7 < 3)


def _hebrew_new_year(year: int) -> int:
    before, now, after = (_hebrew_elapsed(year + step) for step in (-1, 0, 1))
    late = 2 if after - now == 356 else 1 if now - before == 382 else 0
    return _HEBREW_EPOCH + now + late


def hebrew(year: int, month: int, dom: int) -> date:
    """A day of the Hebrew calendar that falls in a Gregorian year; months count from Nisan.

    12 is the last month before Nisan (Adar, in leap years the second), 11 is Shevat.
    """
    tishri = _hebrew_new_year(year + 3761)
    if month == 11:
        leap = (7 * (year + 3760) + 1) % 19 < 7
        return date.fromordinal(_nisan(year) - (59 if leap else 29) - 30 + dom - 1)
    if month == 12:
        return date.fromordinal(_nisan(year) - 29 + dom - 1)
    if month == 9:  # Kislev: after Tishri (30) and Heshvan (29 or 30)
        length = _hebrew_new_year(year + 3762) - tishri
        return date.fromordinal(tishri + 59 + (length % 10 == 5) + dom - 1)
    if month == 7:
        return date.fromordinal(tishri + dom - 1)
    return date.fromordinal(_nisan(year) + sum(_HEBREW_BEFORE_TISHRI[: month - 1]) + dom - 1)


def _nisan(year: int) -> int:
    return _hebrew_new_year(year + 3761) - sum(_HEBREW_BEFORE_TISHRI)


def hebrew_eve(year: int, month: int, dom: int) -> date:
    """The Gregorian day in whose evening a Hebrew day begins."""
    return hebrew(year, month, dom) - timedelta(days=1)


def _islamic_number() -> int:
    return new_moon_after(julian(date(*_HIJRA_NUMBER)))


@lru_cache(maxsize=256)
def islamic_month(hijri: int, month: int) -> date:
    """The first day of an Islamic month."""
    number = _islamic_number() + (hijri - 1440) * 12 + month - 1
    return day_of(new_moon(number), 24 - _MECCA_SUNSET) + timedelta(days=1)


def islamic(year: int, month: int, dom: int) -> date | None:
    """The first such day of the Islamic calendar in a Gregorian year."""
    around = int((year - 622) * 33 / 32)
    for hijri in range(around - 1, around + 4):
        day = islamic_month(hijri, month) + timedelta(days=dom - 1)
        if day.year == year:
            return day
    return None


def chinese_new_year(year: int) -> date:
    """The new moon between 21 January and 20 February, in Beijing."""
    number = new_moon_after(julian(date(year, 1, 21), -8))
    return day_of(new_moon(number), 8)


def orthodox_easter(year: int) -> date:
    """Easter by the Julian calendar, as a Gregorian date of 1900 to 2099."""
    a, b, c = year % 4, year % 7, year % 19
    d = (19 * c + 15) % 30
    e = (2 * a + 4 * b - d + 34) % 7
    month, dom = divmod(d + e + 114, 31)
    return date(year, month, dom + 1) + timedelta(days=13)


class Rite(NamedTuple):
    """A lunar day of an Indian month and the hour (Indian time) at which it must hold.

    Months count from Chaitra as 0 and begin at new moon; tithi 15 is full moon, 30 new moon.
    """

    month: int
    tithi: int
    hour: float = 6.2


@lru_cache(maxsize=128)
def _indian_month(year: int, month: int) -> float | None:
    """The new moon that begins a month (not a leap one) around its place in a Gregorian year."""
    sign = (11 + month) % 12
    number = new_moon_after(
        julian(date(year, 3, 8)) + 29.53 * (month if month < 10 else month - 13)
    )
    for step in range(3):
        first, following = new_moon(number + step), new_moon(number + step + 1)
        if _sign(first) == sign != _sign(following):
            return first
    return None


def _sign(moment: float) -> int:
    return int(sidereal(sun(moment), moment) // 30)


@lru_cache(maxsize=256)
def indian(year: int, rite: Rite) -> date | None:
    """The day of an Indian lunar festival in a Gregorian year."""
    for around in (year - 1, year):
        begins = _indian_month(around, rite.month)
        if begins is None:
            continue
        middle = begins + (rite.tithi - 0.5) * 29.53 / 30
        middle = crossing(phase, (12 * (rite.tithi - 0.5)) % 360, middle, 12.19)
        day = day_of(middle, _INDIA)
        for offset in (-1, 0, 1):
            candidate = day + timedelta(days=offset)
            if _tithi(julian(candidate, rite.hour - _INDIA)) == rite.tithi:
                day = candidate
                break
        if day.year == year:
            return day
    return None


def _tithi(moment: float) -> int:
    return int(phase(moment) // 12) + 1


@lru_cache(maxsize=128)
def sankranti(year: int, degrees: int) -> date:
    """The day the sun enters a sidereal sign, the next one if it is after sunset in India."""
    month = (degrees // 30 + 3) % 12 + 1
    near = julian(date(year, month, 14))
    moment = crossing(lambda at: sidereal(sun(at), at), degrees, near, 0.9856)
    return day_of(moment, _INDIA + 6)


def onam(year: int) -> date | None:
    """The moon in Shravana while the sun is in Leo."""
    first = sankranti(year, 120)
    for offset in range(32):
        day = first + timedelta(days=offset)
        sunrise = julian(day, 6.2 - _INDIA)
        if 280 <= sidereal(moon(sunrise), sunrise) < 293.34:
            return day
    return None
