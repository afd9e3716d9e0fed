"""What the local engine understands by expressions of time."""

from __future__ import annotations

from datetime import datetime

import pytest

from services.ai.domain.intent import Language
from services.ai.local.conventions import DEFAULT, PROFILES, Conventions, for_language
from services.ai.local.languages.catalog import LEXICONS
from services.ai.local.temporal.find import find
from services.ai.local.temporal.select import choose
from services.ai.local.text import read

NOW = datetime(2026, 11, 18, 9)  # a Wednesday


def start_of(
    text: str,
    settings: Conventions = DEFAULT,
    language: Language = Language.ENGLISH,
    now: datetime = NOW,
) -> str | None:
    rules = for_language(settings, english=language is Language.ENGLISH)
    chosen = choose(find(read(text), now, LEXICONS[language], rules))
    if chosen is None:
        return None
    moment = chosen.time.start or chosen.time.end
    assert moment is not None
    return moment.strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("in an hour and a half", "2026-11-18 10:30"),
        ("in 20 minutes", "2026-11-18 09:20"),
        ("at half seven", "2026-11-18 19:30"),
        ("twenty past four", "2026-11-18 16:20"),
        ("quarter to six tomorrow morning", "2026-11-19 05:45"),
        ("ten thirty am on Friday", "2026-11-20 10:30"),
        ("tommorow at 9", "2026-11-19 09:00"),
        ("on wendesday at noon", "2026-11-25 12:00"),
        ("day after tomorrow at 18:15", "2026-11-20 18:15"),
        ("Friday the 27th at 3", "2026-11-27 15:00"),
        ("the first Monday of next month", "2026-12-07 00:00"),
        ("the last day of February", "2027-02-28 00:00"),
        ("2 weeks from Friday", "2026-12-04 00:00"),
        ("from 3 to 5pm tomorrow", "2026-11-19 15:00"),
        ("tonight at 8", "2026-11-18 20:00"),
        ("by Friday", "2026-11-20 00:00"),
        ("an hour before noon on Saturday", "2026-11-21 11:00"),
        ("24.12. um 18 Uhr", "2026-12-24 00:00"),
        ("Christmas Eve", "2026-12-24 00:00"),
        ("next Friday", "2026-11-20 00:00"),
        ("I am free in march", "2027-03-01 00:00"),
        ("on the second", "2026-12-02 00:00"),
        ("dinner for 4 people at 8", "2026-11-18 20:00"),
        ("good, tomorrow morning", "2026-11-19 09:00"),
        ("q1 2027", "2027-01-01 00:00"),
        ("from 2008 to 2010", "2008-01-01 00:00"),
    ],
)
def test_a_time_is_placed_where_people_mean_it(said: str, meant: str) -> None:
    assert start_of(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "call me at (206) 555-1212",
        "the code is 133-03-03-2020",
        "it may or may not be right",
        "good morning Paul",
        "A4 A5",
        "$DEC is up",
        "I have twenty-one coins",
        "march forward",
        "on second thought",
        "the first of many",
        "is 13/32/2015 a date?",
        "the form says 2015-13-45",
        "chapter 4.2",
        "between 3 and 10 items",
        "from two to four people",
        "they won 2-1",
        "3 1/2 cups of flour",
        "3/4 inch",
        "call me at 555-1212",
        "order 2020-11-22-333",
        "have a nice evening",
        "april is my friend",
        "they were wed",
        "man of the year",
        "the christmas tree",
        "2000 people",
    ],
)
def test_a_text_without_a_time_is_left_alone(said: str) -> None:
    assert start_of(said) is None


def test_conventions_decide_what_next_friday_means() -> None:
    coming = start_of("next Friday", DEFAULT)
    of_next_week = start_of("next Friday", PROFILES["duckling"])
    assert (coming, of_next_week) == ("2026-11-20 00:00", "2026-11-27 00:00")


def test_conventions_decide_the_order_of_day_and_month() -> None:
    assert start_of("on 2/3") == "2027-02-03 00:00"
    assert start_of("on 2/3", PROFILES["ctparse"]) == "2027-03-02 00:00"


def test_an_impossible_date_is_no_time() -> None:
    assert start_of("on 31 February") != "2027-02-31 00:00"


@pytest.mark.parametrize(
    ("language", "said", "meant"),
    [
        (Language.SPANISH, "mañana a las once", "2026-11-19 11:00"),
        (
            Language.SPANISH,
            "el próximo viernes a las tres y cuarto de la tarde",
            "2026-11-20 15:15",
        ),
        (Language.GERMAN, "übermorgen um halb vier", "2026-11-20 15:30"),
        (Language.GERMAN, "am 24. Dezember um 18 Uhr", "2026-12-24 18:00"),
        (Language.GERMAN, "14.10. - 15.10.", "2027-10-14 00:00"),
        (Language.GERMAN, "abends um 8 Uhr einen Tropfen", "2026-11-18 20:00"),
        (Language.GERMAN, "Freitagabend", "2026-11-20 18:00"),
        (Language.FRENCH, "demain à 9h30", "2026-11-19 09:30"),
        (Language.FRENCH, "le 26 à 18h", "2026-11-26 18:00"),
        (Language.FRENCH, "vendredi 27 à 16h", "2026-11-27 16:00"),
        (Language.FRENCH, "vendredi prochain à midi", "2026-11-20 12:00"),
        (Language.PORTUGUESE, "amanhã às oito da noite", "2026-11-19 20:00"),
        (Language.PORTUGUESE, "sexta-feira às 15h", "2026-11-20 15:00"),
    ],
)
def test_other_languages_have_the_same_grammar(language: Language, said: str, meant: str) -> None:
    assert start_of(said, language=language) == meant
