"""Feasts of calendars that follow the moon fall on the days that almanacs print."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

import pytest

from services.ai.domain.intent import Language
from services.ai.local.conventions import DEFAULT, for_language
from services.ai.local.languages.catalog import LEXICONS
from services.ai.local.temporal import holidays, observances
from services.ai.local.temporal.calendars import hebrew, islamic_month
from services.ai.local.temporal.find import find
from services.ai.local.temporal.select import choose
from services.ai.local.text import read

NOW = datetime(2026, 11, 18, 9)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("rosh_hashanah", "2026-09-11"),
        ("yom_kippur", "2026-09-20"),
        ("hanukkah", "2026-12-04"),
        ("passover", "2027-04-21"),
        ("purim", "2027-03-22"),
        ("yom_haatzmaut", "2026-04-21"),
        ("ramadan", "2026-02-18"),
        ("eid_al_fitr", "2026-03-20"),
        ("eid_al_adha", "2026-05-27"),
        ("chinese_new_year", "2027-02-06"),
        ("diwali", "2026-11-08"),
        ("holi", "2027-03-22"),
        ("raksha_bandhan", "2026-08-28"),
        ("orthodox_easter", "2027-05-02"),
        ("easter", "2027-03-28"),
        ("gobind_singh", "2025-01-06"),
    ],
)
def test_a_feast_falls_on_the_day_of_the_almanac(name: str, day: str) -> None:
    assert str(holidays.on(name, int(day[:4]))) == day


def test_every_feast_that_has_a_name_can_be_computed() -> None:
    for name in observances.NAMES:
        assert any(observances.begins(name, year) for year in (2026, 2027)), name


def test_a_month_of_fasting_lasts_until_the_feast() -> None:
    first = observances.begins("ramadan", 2026)
    assert first is not None
    assert (observances.ends("ramadan", first) - first).days in (29, 30)


def test_hebrew_years_and_islamic_months_follow_each_other() -> None:
    for year in range(1900, 2100):
        assert hebrew(year, 9, 25).year == year
        months = [islamic_month(year - 579, month) for month in range(1, 13)]
        gaps = {(later - one).days for one, later in pairwise(months)}
        assert gaps <= {29, 30}


@pytest.mark.parametrize(
    ("language", "said", "day"),
    [
        (Language.ENGLISH, "dinner for Diwali 2027", "2027-10-29"),
        (Language.GERMAN, "Opferfest 2026", "2026-05-27"),
        (Language.GERMAN, "am Ostermontag", "2027-03-29"),
        (Language.SPANISH, "el viernes santo", "2027-03-26"),
        (Language.FRENCH, "le nouvel an chinois", "2027-02-06"),
        (Language.PORTUGUESE, "na sexta-feira santa", "2027-03-26"),
    ],
)
def test_feasts_are_known_by_their_names(language: Language, said: str, day: str) -> None:
    rules = for_language(DEFAULT, english=language is Language.ENGLISH)
    chosen = choose(find(read(said), NOW, LEXICONS[language], rules))
    assert chosen is not None
    assert chosen.time.start is not None
    assert str(chosen.time.start.date()) == day
