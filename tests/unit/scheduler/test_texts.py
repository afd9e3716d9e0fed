"""Every language has every text, with the same places in it."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import time, timedelta
from typing import Any

import pytest

from services.scheduler.domain.ical.incoming import Skip
from services.scheduler.domain.preferences import (
    HourCycle,
    Preferences,
    QuietHours,
    WeeklyDigest,
)
from services.scheduler.domain.setting import setting
from services.scheduler.domain.texts import LANGUAGES

# Portuguese says the article with the day, so its weekdays need no "{day}" of their own.
_FREE = {"series.weekly_days", "series.spaced_days", "series.nth_days", "series.weekly"}


def _texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name), f"{path}.{field.name}".strip("."))
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _texts(each, f"{path}[{key}]")
    elif isinstance(value, tuple):
        for index, each in enumerate(value):
            yield from _texts(each, f"{path}[{index}]")
    elif isinstance(value, str):
        yield path, value


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_each_language_has_every_text(language: str) -> None:
    ours, english = dict(_texts(LANGUAGES[language])), dict(_texts(LANGUAGES["en"]))
    assert ours.keys() == english.keys()
    assert [path for path, text in ours.items() if not text.strip()] == []


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_each_text_has_the_places_of_the_english_one(language: str) -> None:
    ours, english = dict(_texts(LANGUAGES[language])), dict(_texts(LANGUAGES["en"]))
    wrong = {
        path: (text, english[path])
        for path, text in ours.items()
        if _places(text) != _places(english[path]) and path.partition("[")[0] not in _FREE
    }
    assert wrong == {}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_what_is_said_is_not_left_in_english(language: str) -> None:
    if language == "en":
        return
    ours, english = dict(_texts(LANGUAGES[language])), dict(_texts(LANGUAGES["en"]))
    same = {path for path, text in ours.items() if text == english[path] and " " in text}
    # "in 5 minutes" is "in 5 Minuten"; a minute is one in French, too.
    same -= {"days.within", *(f"days.lengths[2][{index}]" for index in (0, 1))}
    assert same == set()


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_reason_to_leave_something_out_has_a_text(language: str) -> None:
    assert {skip.name for skip in Skip} == LANGUAGES[language].calendar.skipped.keys()


_ALL = Preferences(
    time_zone="Europe/Lisbon",
    reminder_leads=(timedelta(), timedelta(hours=1), timedelta(days=1)),
    first_day=6,
    hour_cycle=HourCycle.H24,
    quiet_hours=QuietHours(start=time(22), end=time(7)),
    digest_time=time(7, 30),
    weekly_digest=WeeklyDigest(day=6, at=time(18)),
)


@pytest.mark.parametrize(
    ("tag", "digest", "weekly", "first_day", "leads"),
    [
        (
            "en-US",
            "You'll get an overview of each day at 07:30.",
            "You'll get an overview of the week every Sunday at 18:00.",
            "Your week begins on Sunday now.",
            "I'll remind you of events when they start, 1 hour before, and 1 day before.",
        ),
        (
            "de-DE",
            "Du bekommst jeden Tag um 07:30 einen Überblick.",
            "Du bekommst jeden Sonntag um 18:00 einen Überblick über die Woche.",
            "Deine Woche beginnt jetzt am Sonntag.",
            "Ich erinnere dich an Termine zum Beginn, 1 Stunde vorher und 1 Tag vorher.",
        ),
        (
            "es-ES",
            "Recibirás un resumen cada día a las 7:30.",
            "Recibirás un resumen de la semana todos los domingos a las 18:00.",
            "Tu semana empieza ahora el domingo.",
            "Te recordaré los eventos cuando empiecen, 1 hora antes y 1 día antes.",
        ),
        (
            "fr-FR",
            "Vous recevrez un aperçu de chaque journée à 07:30.",
            "Vous recevrez un aperçu de la semaine tous les dimanches à 18:00.",
            "Votre semaine commence maintenant le dimanche.",
            "Je vous rappellerai les événements à leur début, 1 heure avant et 1 jour avant.",
        ),
        (
            "pt-BR",
            "Você vai receber um resumo de cada dia às 07:30.",
            "Você vai receber um resumo da semana todo domingo às 18:00.",
            "Sua semana agora começa no domingo.",
            "Vou lembrar você dos eventos quando começarem, 1 hora antes e 1 dia antes.",
        ),
    ],
)
def test_what_was_set_is_confirmed_in_the_persons_language(
    tag: str, digest: str, weekly: str, first_day: str, leads: str
) -> None:
    preferences = Preferences(
        locale=tag,
        reminder_leads=_ALL.reminder_leads,
        first_day=6,
        hour_cycle=HourCycle.H24,
        digest_time=_ALL.digest_time,
        weekly_digest=_ALL.weekly_digest,
    )

    def said(name: str) -> str:
        return setting(frozenset({name}), preferences).parameters["text"]

    assert said("digest_time") == digest
    assert said("weekly_digest") == weekly
    assert said("first_day") == first_day
    assert said("reminder_leads") == leads
