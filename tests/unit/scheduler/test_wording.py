"""Times as people say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.scheduler.domain.preferences import HourCycle
from services.scheduler.domain.schedule import Schedule
from services.scheduler.domain.series import series
from services.scheduler.domain.wording import adverb, point, soon, voice

NOW = datetime(2026, 11, 22, 12, 0)


@pytest.mark.parametrize(
    ("when", "all_day", "as_point", "as_adverb"),
    [
        ("2026-11-22T18:05", False, "today at 6:05 PM", "at 6:05 PM"),
        ("2026-11-23T09:00", False, "tomorrow at 9 AM", "tomorrow at 9 AM"),
        ("2026-11-21T09:00", False, "yesterday at 9 AM", "yesterday at 9 AM"),
        (
            "2026-11-26T12:00",
            False,
            "Thursday, November 26 at 12 PM",
            "on Thursday, November 26 at 12 PM",
        ),
        (
            "2027-01-04T00:00",
            False,
            "Monday, January 4, 2027 at 12 AM",
            "on Monday, January 4, 2027 at 12 AM",
        ),
        ("2026-11-22T00:00", True, "today", "today"),
        ("2026-11-26T00:00", True, "Thursday, November 26", "on Thursday, November 26"),
    ],
)
def test_times_are_said_for_the_ear(
    when: str, all_day: bool, as_point: str, as_adverb: str
) -> None:
    local, by = datetime.fromisoformat(when), voice("en-US")
    assert point(local, NOW, all_day=all_day, by=by) == as_point
    assert adverb(local, NOW, all_day=all_day, by=by) == as_adverb


@pytest.mark.parametrize(
    ("tag", "point_said", "adverb_said"),
    [
        (
            "en-US",
            "Thursday, November 26 at 6:05 PM",
            "on Thursday, November 26 at 6:05 PM",
        ),
        ("en-GB", "Thursday, 26 November at 18:05", "on Thursday, 26 November at 18:05"),
        (
            "de-DE",
            "Donnerstag, 26. November um 18:05",
            "am Donnerstag, 26. November um 18:05",
        ),
        ("fr-FR", "le jeudi 26 novembre à 18:05", "le jeudi 26 novembre à 18:05"),
        (
            "es-ES",
            "el jueves, 26 de noviembre a las 18:05",
            "el jueves, 26 de noviembre a las 18:05",
        ),
        (
            "pt-BR",
            "quinta-feira, 26 de novembro às 18:05",
            "na quinta-feira, 26 de novembro às 18:05",
        ),
    ],
)
def test_each_language_has_its_own_pattern(tag: str, point_said: str, adverb_said: str) -> None:
    local = datetime(2026, 11, 26, 18, 5)
    assert point(local, NOW, all_day=False, by=voice(tag)) == point_said
    assert adverb(local, NOW, all_day=False, by=voice(tag)) == adverb_said


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("en-US", "on Monday, January 4, 2027"),
        ("de-DE", "am Montag, 4. Januar 2027"),
        ("fr-FR", "le lundi 4 janvier 2027"),
        ("es-MX", "el lunes, 4 de enero de 2027"),
        ("pt-BR", "na segunda-feira, 4 de janeiro de 2027"),
    ],
)
def test_another_year_is_said(tag: str, said: str) -> None:
    assert adverb(datetime(2027, 1, 4), NOW, all_day=True, by=voice(tag)) == said
    assert "2026" not in adverb(datetime(2026, 12, 4), NOW, all_day=True, by=voice(tag))


@pytest.mark.parametrize(
    ("tag", "tomorrow"),
    [
        ("en-US", "tomorrow at 1 PM"),
        ("de-DE", "morgen um 1 PM"),
        ("fr-FR", "demain à 1 PM"),
        ("es-ES", "mañana a la 1 p.\u202fm."),
        ("pt-BR", "amanhã à 1 PM"),
    ],
)
def test_twelve_hours_are_said_where_somebody_asks_for_them(tag: str, tomorrow: str) -> None:
    by = voice(tag, HourCycle.H12)
    said = adverb(datetime(2026, 11, 23, 13), NOW, all_day=False, by=by)
    assert said == tomorrow


@pytest.mark.parametrize(
    ("tag", "tomorrow"),
    [
        ("en-US", "tomorrow at 13:00"),
        ("es-MX", "mañana a las 13:00"),
        ("de-DE", "morgen um 13:00"),
        ("es-ES", "mañana a las 13:00"),
    ],
)
def test_24_hours_are_said_where_somebody_asks_for_them(tag: str, tomorrow: str) -> None:
    by = voice(tag, HourCycle.H24)
    assert adverb(datetime(2026, 11, 23, 13), NOW, all_day=False, by=by) == tomorrow


def test_one_o_clock_has_its_own_word() -> None:
    one = datetime(2026, 11, 23, 1, 30)
    assert adverb(one, NOW, all_day=False, by=voice("es-ES")) == "mañana a la 1:30"
    assert adverb(one, NOW, all_day=False, by=voice("pt-BR")) == "amanhã à 01:30"


def test_where_a_language_is_not_spoken_english_keeps_the_clock_of_the_region() -> None:
    local = datetime(2026, 11, 23, 18, 0)
    assert adverb(local, NOW, all_day=False, by=voice("nl-NL")) == "tomorrow at 18:00"
    assert adverb(local, NOW, all_day=False, by=voice("hi-IN")) == "tomorrow at 6 PM"
    assert adverb(local, NOW, all_day=False, by=voice("nonsense")) == "tomorrow at 6 PM"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (60, "in 1 minute"),
        (1, "in 1 second"),
        (150, "in 2 minutes and 30 seconds"),
        (1200, "in 20 minutes"),
        (3600, ""),
        (0, ""),
    ],
)
def test_what_is_soon_is_said_as_a_delay(seconds: int, said: str) -> None:
    assert soon(timedelta(seconds=seconds), voice("en-US")) == said


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=DAILY", "every day at 9 AM"),
        ("FREQ=DAILY;INTERVAL=3", "every 3 days at 9 AM"),
        ("FREQ=WEEKLY", "every Thursday at 9 AM"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday at 9 AM"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "every other Tuesday at 9 AM"),
        ("FREQ=WEEKLY;BYDAY=SA,SU", "every Saturday and Sunday at 9 AM"),
        ("FREQ=MONTHLY;BYDAY=1TH,3TH", "on the first and third Thursday of every month at 9 AM"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "on the last day of every month at 9 AM"),
        ("FREQ=MONTHLY", "on the 26th of every month at 9 AM"),
        ("FREQ=YEARLY", "every year on November 26 at 9 AM"),
        ("FREQ=HOURLY;INTERVAL=2", "every other hour"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", ""),
    ],
)
def test_a_series_is_said_as_people_say_it(rule: str, said: str) -> None:
    schedule = Schedule(
        instant=datetime(2026, 11, 26, 9, tzinfo=UTC),
        local_start=datetime(2026, 11, 26, 9),
        time_zone="UTC",
        recurrence=rule,
    )
    assert series(schedule, voice("en-US")) == said


@pytest.mark.parametrize(
    ("tag", "rule", "said"),
    [
        ("de-DE", "FREQ=DAILY", "jeden Tag um 09:00"),
        ("de-DE", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "jeden zweiten Dienstag um 09:00"),
        ("de-DE", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "Montag bis Freitag um 09:00"),
        (
            "de-DE",
            "FREQ=MONTHLY;BYDAY=1TH,3TH",
            "am ersten und dritten Donnerstag jedes Monats um 09:00",
        ),
        ("de-DE", "FREQ=YEARLY", "jedes Jahr am 26. November um 09:00"),
        ("es-ES", "FREQ=WEEKLY;BYDAY=SA,SU", "todos los sábados y domingos a las 9:00"),
        ("es-ES", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "cada dos semanas, el martes a las 9:00"),
        ("es-ES", "FREQ=MONTHLY;BYMONTHDAY=-1", "el último día de cada mes a las 9:00"),
        ("es-ES", "FREQ=YEARLY", "todos los años el 26 de noviembre a las 9:00"),
        ("fr-FR", "FREQ=WEEKLY", "tous les jeudis à 09:00"),
        ("fr-FR", "FREQ=DAILY;INTERVAL=3", "tous les 3 jours à 09:00"),
        ("fr-FR", "FREQ=MONTHLY;BYMONTHDAY=1", "le 1er de chaque mois à 09:00"),
        ("fr-FR", "FREQ=HOURLY;INTERVAL=2", "toutes les deux heures"),
        ("pt-BR", "FREQ=WEEKLY;BYDAY=MO,SA", "toda segunda-feira e todo sábado às 09:00"),
        ("pt-BR", "FREQ=MONTHLY;BYDAY=1SA", "no primeiro sábado de cada mês às 09:00"),
        ("pt-BR", "FREQ=MONTHLY;BYDAY=-1FR", "na última sexta-feira de cada mês às 09:00"),
        ("pt-BR", "FREQ=WEEKLY;INTERVAL=3", "a cada 3 semanas, na quinta-feira às 09:00"),
    ],
)
def test_a_series_is_said_in_every_language(tag: str, rule: str, said: str) -> None:
    schedule = Schedule(
        instant=datetime(2026, 11, 26, 9, tzinfo=UTC),
        local_start=datetime(2026, 11, 26, 9),
        time_zone="UTC",
        recurrence=rule,
    )
    assert series(schedule, voice(tag)) == said
