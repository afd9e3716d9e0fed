"""Feasts of moving calendars by name: when they begin in a year, and how many days they last."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from services.ai.local.temporal.calendars import (
    FIRST_YEAR,
    LAST_YEAR,
    Rite,
    chinese_new_year,
    hebrew_eve,
    indian,
    islamic,
    onam,
    orthodox_easter,
    sankranti,
)

# (month from Nisan, day of the month)
_HEBREW = {
    "purim": (12, 14),
    "shushan_purim": (12, 15),
    "passover": (1, 15),
    "lag_baomer": (2, 18),
    "shavuot": (3, 6),
    "tisha_bav": (5, 9),
    "rosh_hashanah": (7, 1),
    "yom_kippur": (7, 10),
    "sukkot": (7, 15),
    "shemini_atzeret": (7, 22),
    "simchat_torah": (7, 23),
    "hanukkah": (9, 25),
    "tu_bishvat": (11, 15),
}
_ISLAMIC = {
    "islamic_new_year": (1, 1),
    "ashura": (1, 10),
    "mawlid": (3, 12),
    "isra_miraj": (7, 27),
    "ramadan": (9, 1),
    "laylat_al_qadr": (9, 27),
    "eid_al_fitr": (10, 1),
    "eid_al_adha": (12, 10),
}
_SUNSET, _NIGHT, _NOON, _EVENING = 17.8, 24.0, 12.0, 20.0
_INDIAN = {
    "gudi_padwa": Rite(0, 1),
    "rama_navami": Rite(0, 9, _NOON),
    "mahavir_jayanti": Rite(0, 13),
    "hanuman_jayanti": Rite(0, 15),
    "akshaya_tritiya": Rite(1, 3, _NOON),
    "vesak": Rite(1, 15, _NOON),
    "ratha_yatra": Rite(3, 2),
    "guru_purnima": Rite(3, 15),
    "raksha_bandhan": Rite(4, 15),
    "janmashtami": Rite(4, 23, _NIGHT),
    "ganesh_chaturthi": Rite(5, 4, _NOON),
    "navaratri": Rite(6, 1),
    "maha_saptami": Rite(6, 7),
    "maha_ashtami": Rite(6, 8),
    "maha_navami": Rite(6, 9),
    "dussehra": Rite(6, 10, 14.5),
    "sharad_purnima": Rite(6, 15),
    "karva_chauth": Rite(6, 19, _EVENING),
    "dhanteras": Rite(6, 28, 19.5),
    "choti_diwali": Rite(6, 29, _SUNSET),
    "diwali": Rite(6, 30, _SUNSET),
    "bhai_dooj": Rite(7, 2, 14.0),
    "chhath": Rite(7, 6, _SUNSET),
    "guru_nanak": Rite(7, 15),
    "gobind_singh": Rite(9, 7),
    "vasant_panchami": Rite(10, 5, 9.0),
    "ravidas": Rite(10, 15),
    "dayananda": Rite(10, 25),
    "maha_shivaratri": Rite(10, 29, _NIGHT),
    "holika": Rite(11, 15, 18.5),
}
_AFTER_SANKRANTI = {
    "lohri": (270, -1),
    "bhogi": (270, -1),
    "sankranti": (270, 0),
    "mattu_pongal": (270, 1),
    "kaanum_pongal": (270, 2),
    "vaisakhi": (0, 0),
    "rabindra": (0, 25),
}
_AFTER_ORTHODOX = {
    "orthodox_lent": -48,
    "clean_monday": -48,
    "orthodox_lazarus": -8,
    "orthodox_palm_sunday": -7,
    "orthodox_good_friday": -2,
    "orthodox_saturday": -1,
    "orthodox_easter": 0,
    "orthodox_easter_monday": 1,
    "orthodox_ascension": 39,
    "orthodox_pentecost": 49,
    "orthodox_whit_monday": 50,
}
LENGTHS: Mapping[str, int] = MappingProxyType(
    {
        "passover": 9,
        "rosh_hashanah": 3,
        "sukkot": 9,
        "shavuot": 3,
        "hanukkah": 8,
        "navaratri": 9,
        "orthodox_lent": 40,
        "lent": 46,
    }
)
"""Days that a feast lasts, where it is more than one."""


def _holocaust_day(year: int) -> date:
    return _off_sabbath(hebrew_eve(year, 1, 27), {3: -1, 5: 1})


def _independence_day(year: int) -> date:
    return _off_sabbath(hebrew_eve(year, 2, 5), {3: -1, 4: -2, 6: 1})


def _off_sabbath(eve: date, moves: Mapping[int, int]) -> date:
    """An eve moved so that the day does not touch the sabbath; `moves` by weekday of the eve."""
    return eve + timedelta(days=moves.get(eve.weekday(), 0))


def _last_friday(year: int) -> date | None:
    """The last Friday of Ramadan."""
    feast = islamic(year, 10, 1)
    return feast and feast - timedelta(days=(feast.weekday() - 5) % 7 + 1)


def _holi(year: int) -> date | None:
    eve = indian(year, _INDIAN["holika"])
    return eve and eve + timedelta(days=1)


def _parsi_new_year(year: int) -> date:
    """Five days short of the solar year's leap days: a calendar without them."""
    return date(2019, 8, 17) + timedelta(days=365 * (year - 2019))


def _boss_day(year: int) -> date:
    """16 October, on a weekend the working day nearest to it."""
    day = date(year, 10, 16)
    return day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))


_COMPUTED: Mapping[str, Callable[[int], date | None]] = MappingProxyType(
    {
        "chinese_new_year": chinese_new_year,
        "yom_hashoah": _holocaust_day,
        "yom_haatzmaut": _independence_day,
        "jumuat_al_wida": _last_friday,
        "boss": _boss_day,
        "holi": _holi,
        "onam": onam,
        "parsi_new_year": _parsi_new_year,
    }
)
NAMES = frozenset({*_HEBREW, *_ISLAMIC, *_INDIAN, *_AFTER_SANKRANTI, *_AFTER_ORTHODOX, *_COMPUTED})
"""Every feast that `begins` knows."""


def begins(name: str, year: int) -> date | None:
    """The day a feast begins in a Gregorian year; None outside the years that can be computed."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if name in _HEBREW:
        return hebrew_eve(year, *_HEBREW[name])
    if name in _ISLAMIC:
        return islamic(year, *_ISLAMIC[name])
    if name in _INDIAN:
        return indian(year, _INDIAN[name])
    if name in _AFTER_SANKRANTI:
        degrees, days = _AFTER_SANKRANTI[name]
        return sankranti(year, degrees) + timedelta(days=days)
    if name in _AFTER_ORTHODOX:
        return orthodox_easter(year) + timedelta(days=_AFTER_ORTHODOX[name])
    compute = _COMPUTED.get(name)
    return compute(year) if compute else None


def ends(name: str, first: date) -> date:
    """The day after the last one of a feast that begins on `first`."""
    if name == "ramadan":
        feast = islamic(first.year, 10, 1) or islamic(first.year + 1, 10, 1)
        if feast is not None and feast > first:
            return feast
    return first + timedelta(days=LENGTHS.get(name, 1))
