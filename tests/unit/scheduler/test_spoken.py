"""Confirmations, reminders and late marks are said in the person's language, zone and hours."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from services.notifier.catalogue import load
from services.notifier.domain.notification import Content as Part
from services.scheduler.domain.change import AddEvent, AddTask, SetPreferences
from services.scheduler.domain.confirmation import due
from services.scheduler.domain.item import Event
from services.scheduler.domain.notice import Content
from services.scheduler.domain.plan import State, plan
from services.scheduler.domain.preferences import HourCycle, Preferences, QuietHours
from services.scheduler.domain.when import When
from tests.unit.scheduler.calendars import USER

# A Sunday, 13:00 in Berlin and 9:00 in São Paulo.
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ZONES = {"en": "Europe/London", "de": "Europe/Berlin", "es": "Europe/Madrid", "fr": "Europe/Paris"}


def rendered(content: Content, locale: str) -> str:
    """The content as notifier says it."""
    return load(locale).render([Part(template=content.template, parameters=content.parameters)])


def person(locale: str, **given: Any) -> Preferences:
    zone = "America/Sao_Paulo" if locale == "pt-BR" else ZONES[locale]
    tag = {"en": "en-GB", "de": "de-DE", "es": "es-ES", "fr": "fr-FR"}.get(locale, locale)
    return Preferences(time_zone=zone, is_guess=False, locale=tag, **given)


def said(locale: str, *changes: Any, **given: Any) -> list[str]:
    state = State(
        user_id="0f8f3f3a-2b4c-4a7e-9a53-2d0f5a7a0001", preferences=person(locale, **given)
    )
    made = plan(state, changes, said=NOW, now=NOW, new_id=lambda: "id")
    return [rendered(content, locale) for content in made.contents]


@pytest.mark.parametrize(
    ("locale", "event", "series"),
    [
        (
            "en",
            "Event 'Zoo' scheduled for tomorrow at 18:00",
            "Event 'Zoo' scheduled for every other Tuesday at 18:00",
        ),
        (
            "de",
            "Termin 'Zoo' eingetragen: morgen um 18:00",
            "Termin 'Zoo' eingetragen: jeden zweiten Dienstag um 18:00",
        ),
        (
            "es",
            "Evento 'Zoo' programado para mañana a las 18:00",
            "Evento 'Zoo' programado para cada dos semanas, el martes a las 18:00",
        ),
        (
            "fr",
            "Événement 'Zoo' prévu : demain à 18:00",
            "Événement 'Zoo' prévu : toutes les deux semaines, le mardi à 18:00",
        ),
        (
            "pt-BR",
            "Evento 'Zoo' marcado para amanhã às 18:00",
            "Evento 'Zoo' marcado para a cada duas semanas, na terça-feira às 18:00",
        ),
    ],
)
def test_an_event_is_confirmed_in_every_language(locale: str, event: str, series: str) -> None:
    tomorrow = AddEvent(title="Zoo", when=When(local_time=datetime(2026, 11, 23, 18)))
    rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"
    often = AddEvent(title="Zoo", when=When(local_time=datetime(2026, 11, 24, 18), recurrence=rule))
    assert said(locale, tomorrow) == [event]
    assert said(locale, often) == [series]


@pytest.mark.parametrize(
    ("locale", "timed", "listed"),
    [
        ("en", "I'll remind you to Zoo in 20 minutes", "Task 1: Zoo added to tasks"),
        ("de", "Ich erinnere dich in 20 Minuten: Zoo", "Aufgabe 1: Zoo zu Aufgaben hinzugefügt"),
        ("es", "Te lo recordaré en 20 minutos: Zoo", "Tarea 1: Zoo añadida a tareas"),
        ("fr", "Rappel prévu dans 20 minutes : Zoo", "Tâche 1 : Zoo ajoutée à tâches"),
        ("pt-BR", "Vou lembrar você em 20 minutos: Zoo", "Tarefa 1: Zoo adicionada a tarefas"),
    ],
)
def test_a_task_is_confirmed_in_every_language(locale: str, timed: str, listed: str) -> None:
    soon = AddTask(title="Zoo", when=When(after=timedelta(minutes=20)))
    assert said(locale, soon) == [timed]
    assert said(locale, AddTask(title="Zoo")) == [listed]


@pytest.mark.parametrize(
    ("locale", "on_time", "late"),
    [
        ("en", "Zoo starts at 18:00", "Late reminder, it was to start at 18:00: Zoo"),
        ("de", "Zoo beginnt um 18:00", "Verspätete Erinnerung, Beginn war um 18:00: Zoo"),
        ("es", "Zoo empieza a las 18:00", "Recordatorio tardío, iba a empezar a las 18:00: Zoo"),
        (
            "fr",
            "Zoo commence à 18:00",
            "Rappel en retard, cela devait commencer à 18:00 : Zoo",
        ),
        (
            "pt-BR",
            "Zoo começa às 18:00",
            "Lembrete atrasado, era para começar às 18:00: Zoo",
        ),
    ],
)
def test_reminders_are_said_in_every_language_and_say_when_they_are_late(
    locale: str, on_time: str, late: str
) -> None:
    preferences = person(locale)
    state = State(user_id=USER, preferences=preferences)
    change = AddEvent(title="Zoo", when=When(local_time=datetime(2026, 11, 23, 18)))
    made = plan(state, [change], said=NOW, now=NOW, new_id=lambda: "id")
    (event,) = made.items
    (notice,) = made.notices
    assert isinstance(event, Event)
    start = event.schedule.instant
    told = due(event, notice, start, preferences, notice.due_time)
    assert rendered(told, locale) == on_time
    belated = due(event, notice, start, preferences, notice.due_time + timedelta(minutes=5))
    assert rendered(belated, locale) == late


@pytest.mark.parametrize("locale", ["en", "de", "es", "fr", "pt-BR"])
def test_nothing_is_ever_said_in_utc(locale: str) -> None:
    """Six in the evening is said as such, whatever it is in London."""
    for hours, clock in ((HourCycle.H24, "18:00"), (HourCycle.H12, "6")):
        (text,) = said(
            locale,
            AddEvent(title="Zoo", when=When(local_time=datetime(2026, 11, 23, 18))),
            hour_cycle=hours,
        )
        assert clock in text
        assert not {"UTC", "17:00", "21:00"} & set(text.split())


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "Your time zone is now Lisbon"),
        ("de", "Deine Zeitzone ist jetzt Lissabon"),
        ("es", "Tu zona horaria es ahora Lisboa"),
        ("fr", "Votre fuseau horaire est maintenant Lisbonne"),
        ("pt-BR", "Seu fuso horário agora é Lisboa"),
    ],
)
def test_a_city_has_its_name_in_the_persons_language(locale: str, text: str) -> None:
    change = SetPreferences(
        values=Preferences(time_zone="Europe/Lisbon"), names=frozenset({"time_zone"})
    )
    assert said(locale, change) == [text]


def test_quiet_hours_are_confirmed_with_what_still_comes() -> None:
    change = SetPreferences(
        values=Preferences(quiet_hours=QuietHours(start=time(22), end=time(7))),
        names=frozenset({"quiet_hours"}),
    )
    assert said("en", change) == [
        "Quiet hours are from 22:00 to 07:00. Reminders you time yourself still come."
    ]
