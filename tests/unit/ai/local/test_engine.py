"""What the local engine makes of whole requests."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from services.ai.domain.intent import (
    AddEvent,
    AddTask,
    Cancel,
    CompleteTask,
    Help,
    Intent,
    ItemReference,
    Language,
    Move,
    RemindMe,
    SetTimeZone,
    ShowAgenda,
    ShowTasks,
    SmallTalk,
    Snooze,
    Undo,
    Unknown,
    Utterance,
)
from services.ai.local.engine import interpret

NOW = datetime(2026, 11, 18, 9)  # a Wednesday


def understood(text: str) -> list[Intent]:
    return list(interpret(Utterance(text=text, now=NOW, time_zone="Europe/Berlin")).intents)


def reminder(text: str) -> RemindMe:
    (intent,) = understood(text)
    assert isinstance(intent, RemindMe)
    return intent


def test_a_reminder_in_a_minute_is_elapsed_time() -> None:
    intent = reminder("remind me to call Ada in 1 minute")
    assert intent.title == "call Ada"
    assert intent.when is not None
    assert intent.when.start == NOW + timedelta(minutes=1)
    assert intent.when.instant_offset == timedelta(minutes=1)


def test_a_bare_hour_is_assumed_and_the_assumption_is_told() -> None:
    when = reminder("remind me to call Ada at six").when
    assert when is not None
    assert when.start == datetime(2026, 11, 18, 18)
    assert when.assumed == ("pm",)


def test_a_time_before_what_is_to_be_done_is_no_part_of_the_title() -> None:
    intent = reminder("remind me tomorrow at 9 to take the bins out")
    assert intent.title == "take the bins out"


def test_a_repeated_reminder_has_a_rule_and_a_first_time() -> None:
    when = reminder("remind me every other Tuesday at 9 to water the plants").when
    assert when is not None
    assert when.rrule == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"
    assert when.start == datetime(2026, 11, 24, 9)


def test_milk_and_eggs_are_two_items_of_a_list() -> None:
    assert understood("add milk and eggs to my shopping list") == [
        AddTask(title="milk", list_name="shopping"),
        AddTask(title="eggs", list_name="shopping"),
    ]


def test_a_lunch_has_people_a_place_and_a_time() -> None:
    (intent,) = understood("lunch with Ada on Thursday at noon at Nopa")
    assert isinstance(intent, AddEvent)
    assert (intent.title, intent.people, intent.place) == ("lunch", ("Ada",), "Nopa")
    assert intent.when is not None
    assert intent.when.start == datetime(2026, 11, 19, 12)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("what's on today", date(2026, 11, 18), date(2026, 11, 18)),
        ("what's on tomorrow?", date(2026, 11, 19), date(2026, 11, 19)),
        ("what's on this week", date(2026, 11, 16), date(2026, 11, 22)),
    ],
)
def test_the_agenda_is_asked_for_by_days(text: str, start: date, end: date) -> None:
    assert understood(text) == [ShowAgenda(start=start, end=end)]


def test_several_tasks_are_done_at_once() -> None:
    assert understood("done 1 and 4") == [
        CompleteTask(item=ItemReference(number=1)),
        CompleteTask(item=ItemReference(number=4)),
    ]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("done 3", CompleteTask(item=ItemReference(number=3))),
        ("cancel the dentist", Cancel(item=ItemReference(words="dentist"))),
        ("delete task 2", Cancel(item=ItemReference(number=2))),
        ("undo", Undo()),
        ("help", Help()),
        ("thanks", SmallTalk(kind="thanks")),
        ("what's on my shopping list", ShowTasks(list_name="shopping")),
        ("what's the weather in Oslo", Unknown()),
    ],
)
def test_short_requests_are_understood(text: str, intent: Intent) -> None:
    assert understood(text) == [intent]


def test_a_move_names_the_item_and_the_new_time() -> None:
    (intent,) = understood("move the dentist to Friday at 10")
    assert isinstance(intent, Move)
    assert intent.item.words == "dentist"
    assert intent.when is not None
    assert intent.when.start == datetime(2026, 11, 20, 10)


def test_snoozing_is_about_the_last_reminder() -> None:
    (intent,) = understood("remind me again in ten minutes")
    assert isinstance(intent, Snooze)
    assert intent.item.is_last
    assert intent.when is not None
    assert intent.when.start == NOW + timedelta(minutes=10)


def test_what_is_missing_is_named() -> None:
    answer = interpret(Utterance(text="remind me to call Ada", now=NOW, time_zone="UTC"))
    assert answer.missing == ["when"]


def test_confidence_is_a_probability() -> None:
    for text in ("remind me at six to call Ada", "hmm", "", "friday", "?", "x" * 4000):
        answer = interpret(Utterance(text=text, now=NOW, time_zone="UTC"))
        assert 0 <= answer.confidence <= 1


def test_two_requests_in_one_sentence_are_two_intents() -> None:
    first, second = understood("remind me to call Ada at 5 and add milk to my shopping list")
    assert isinstance(first, RemindMe)
    assert first.title == "call Ada"
    assert second == AddTask(title="milk", list_name="shopping")


def test_a_city_becomes_a_time_zone() -> None:
    assert understood("I'm in Lisbon") == [SetTimeZone(time_zone="Europe/Lisbon")]


def test_an_unknown_city_is_asked_about() -> None:
    answer = interpret(Utterance(text="I'm in Zzyzx", now=NOW, time_zone="UTC"))
    assert answer.missing == ["time_zone"]


@pytest.mark.parametrize(
    ("language", "text", "title"),
    [
        (Language.SPANISH, "recuérdame mañana a las nueve llamar a Ada", "llamar a Ada"),
        (Language.GERMAN, "erinnere mich morgen um 9 an Milch", "Milch"),
        (Language.FRENCH, "rappelle-moi demain à 9h d'appeler Ada", "appeler Ada"),
        (Language.PORTUGUESE, "me lembre amanhã às nove de ligar para Ada", "ligar para Ada"),
    ],
)
def test_reminders_are_understood_in_other_languages(
    language: Language, text: str, title: str
) -> None:
    said = Utterance(text=text, now=NOW, time_zone="UTC", language=language)
    (intent,) = interpret(said).intents
    assert isinstance(intent, RemindMe)
    assert intent.title == title
    assert intent.when is not None
    assert intent.when.start == datetime(2026, 11, 19, 9)
