"""Requests beside the everyday ones: corrections, choices, settings, one's own data, series."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from services.ai.domain.intent import (
    AddEvent,
    AddTask,
    Amend,
    CalendarLink,
    Cancel,
    Choose,
    Confirm,
    DeleteData,
    EditItem,
    ExportData,
    FindFreeTime,
    Intent,
    ItemReference,
    Language,
    Move,
    RemindMe,
    SetPreferences,
    Snooze,
    StartMessages,
    StopMessages,
    Utterance,
    When,
)
from services.ai.local.engine import interpret

NOW = datetime(2026, 11, 18, 9)  # a Wednesday


def understood(text: str, language: Language | None = None) -> Intent:
    said = Utterance(text=text, now=NOW, time_zone="Europe/Berlin", language=language)
    (intent,) = interpret(said).intents
    return intent


def named(words: str) -> ItemReference:
    return ItemReference(words=words)


def time_of(intent: Intent) -> When:
    assert isinstance(intent, Amend | Move | Snooze | RemindMe | AddEvent | AddTask)
    assert intent.when is not None
    return intent.when


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("yes", Confirm(accepted=True)),
        ("Yes please!", Confirm(accepted=True)),
        ("👍", Confirm(accepted=True)),
        ("no thanks", Confirm(accepted=False)),
        ("never mind", Confirm(accepted=False)),
        ("the second one", Choose(number=2)),
        ("2", Choose(number=2)),
        ("option three", Choose(number=3)),
        ("the last one", Choose(number=-1)),
        ("all of them", Choose(number=0)),
        ("stop messaging me", StopMessages()),
        ("start again", StartMessages()),
        ("delete all my data", DeleteData()),
        ("forget me", DeleteData()),
        ("export my data", ExportData(what="everything")),
        ("send me a copy of my data", ExportData(what="everything")),
        ("export my calendar", ExportData(what="calendar")),
        ("give me a calendar link", CalendarLink()),
        ("revoke my calendar link", CalendarLink(revoked=True)),
    ],
)
def test_whole_phrases_are_understood(said: str, meant: Intent) -> None:
    assert understood(said) == meant


@pytest.mark.parametrize(
    ("language", "said", "meant"),
    [
        (Language.GERMAN, "ja, bitte", Confirm(accepted=True)),
        (Language.GERMAN, "die zweite", Choose(number=2)),
        (Language.SPANISH, "sí", Confirm(accepted=True)),
        (Language.SPANISH, "no gracias", Confirm(accepted=False)),
        (Language.FRENCH, "le dernier", Choose(number=-1)),
        (Language.PORTUGUESE, "apaga todos os meus dados", DeleteData()),
    ],
)
def test_whole_phrases_are_understood_in_other_languages(
    language: Language, said: str, meant: Intent
) -> None:
    assert understood(said, language) == meant


@pytest.mark.parametrize(
    ("said", "start", "has_date"),
    [
        ("make it 7", "2026-11-18 19:00", False),
        ("no, Thursday", "2026-11-19 00:00", True),
        ("sorry, I meant 8 pm", "2026-11-18 20:00", False),
        ("actually tomorrow at 5", "2026-11-19 17:00", True),
        ("tomorrow at 5", "2026-11-19 17:00", True),
    ],
)
def test_a_correction_says_which_part_of_the_time_it_corrects(
    said: str, start: str, has_date: bool
) -> None:
    intent = understood(said)
    assert isinstance(intent, Amend)
    when = time_of(intent)
    assert (when.start.strftime("%Y-%m-%d %H:%M"), when.has_date) == (start, has_date)


def test_another_name_is_a_correction_too() -> None:
    assert understood("I meant the vet") == Amend(title="vet")


@pytest.mark.parametrize(
    ("said", "words", "minutes"),
    [
        ("push the dentist back an hour", "dentist", 60),
        ("postpone the meeting by two hours", "meeting", 120),
        ("bring the call forward 15 minutes", "call", -15),
        ("push it back by an hour and a half", "", 90),
        ("make it 30 minutes later", "", 30),
        ("make it an hour earlier", "", -60),
    ],
)
def test_a_shift_is_counted_in_minutes(said: str, words: str, minutes: int) -> None:
    intent = understood(said)
    assert isinstance(intent, Move)
    assert (intent.item.words, intent.by_minutes, intent.when) == (words, minutes, None)
    assert intent.item.is_last == (not words)


def test_what_is_moved_keeps_its_own_time_as_a_description() -> None:
    intent = understood("move tomorrow's standup to friday")
    assert isinstance(intent, Move)
    assert intent.item.words == "standup"
    assert intent.item.when is not None
    assert intent.item.when.start == datetime(2026, 11, 19)
    assert time_of(intent).start == datetime(2026, 11, 20)


def test_an_hour_by_itself_is_where_something_moves_to() -> None:
    intent = understood("move my dentist appointment to 4")
    assert isinstance(intent, Move)
    assert intent.item.words == "dentist appointment"
    assert (time_of(intent).start.hour, time_of(intent).has_date) == (16, False)


def test_what_is_cancelled_may_be_named_by_its_time() -> None:
    intent = understood("cancel my 3pm meeting tomorrow")
    assert isinstance(intent, Cancel)
    assert intent.item.words == "meeting"
    assert intent.item.when is not None
    assert intent.item.when.start == datetime(2026, 11, 19, 15)


@pytest.mark.parametrize(
    ("said", "words", "scope"),
    [
        ("cancel the whole series of yoga", "yoga", "all"),
        ("cancel yoga just this week", "yoga", "this"),
        ("cancel this and all following standups", "standups", "following"),
        ("cancel yoga", "yoga", ""),
    ],
)
def test_how_much_of_a_series_is_meant_is_heard(said: str, words: str, scope: str) -> None:
    intent = understood(said)
    assert intent == Cancel(item=ItemReference(words=words), scope=scope)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("rename the dentist to checkup", EditItem(item=named("dentist"), title="checkup")),
        ("rename task 3 to buy milk", EditItem(item=ItemReference(number=3), title="buy milk")),
        ("change the location of lunch to Nopa", EditItem(item=named("lunch"), place="Nopa")),
        ("invite Bob and Ada to the lunch", EditItem(item=named("lunch"), people=("Bob", "Ada"))),
        ("mark task 3 as urgent", EditItem(item=ItemReference(number=3), priority="high")),
        ("move milk to my shopping list", EditItem(item=named("milk"), list_name="shopping")),
    ],
)
def test_other_things_than_times_are_changed(said: str, meant: Intent) -> None:
    assert understood(said) == meant


def test_my_tasks_are_a_place_and_no_part_of_the_title() -> None:
    assert understood("add milk to my tasks") == AddTask(title="milk")
    assert understood("add milk to my to-do list") == AddTask(title="milk")
    assert understood("put milk on the shopping list") == AddTask(
        title="milk", list_name="shopping"
    )


def test_asides_are_no_part_of_the_title() -> None:
    event = understood("dentist tomorrow at 3, remind me an hour before")
    assert isinstance(event, AddEvent)
    assert (event.title, event.reminder_minutes) == ("dentist", (60,))
    task = understood("add buy flowers to my tasks, high priority")
    assert task == AddTask(title="buy flowers", priority="high")
    reminder = understood("remind me to take my pills every 10 minutes until i do it")
    assert isinstance(reminder, RemindMe)
    assert (reminder.title, reminder.nag_minutes) == ("take my pills", 10)
    assert time_of(reminder).instant_offset == timedelta(minutes=10)


def test_a_repetition_may_count_from_completion() -> None:
    task = understood("add water the plants every 3 days after i finish it to my tasks")
    assert isinstance(task, AddTask)
    assert task.repeats_after_completion
    assert time_of(task).rrule == "FREQ=DAILY;INTERVAL=3"


@pytest.mark.parametrize(
    ("said", "start", "end", "minutes"),
    [
        ("when am i free tomorrow afternoon", "2026-11-19 13:00", "2026-11-19 17:00", 0),
        ("am i free on friday at 3?", "2026-11-20 15:00", "2026-11-20 16:00", 0),
        ("find me an hour tomorrow", "2026-11-19 00:00", "2026-11-20 00:00", 60),
        ("find a free slot for 30 minutes next week", "2026-11-23 00:00", "2026-11-30 00:00", 30),
    ],
)
def test_free_time_is_looked_for_in_a_window(said: str, start: str, end: str, minutes: int) -> None:
    intent = understood(said)
    assert isinstance(intent, FindFreeTime)
    assert intent.start is not None
    assert intent.end is not None
    window = (intent.start.strftime("%Y-%m-%d %H:%M"), intent.end.strftime("%Y-%m-%d %H:%M"))
    assert (*window, intent.length_minutes) == (start, end, minutes)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("send me my digest at 7", SetPreferences(digest_time="07:00")),
        ("send the daily summary at 8pm", SetPreferences(digest_time="20:00")),
        ("stop the daily summary", SetPreferences(digest_time="off")),
        ("turn on the weekly summary", SetPreferences(weekly_digest="on")),
        ("quiet hours from 22 to 7", SetPreferences(quiet_from="22:00", quiet_until="07:00")),
        (
            "don't message me between 10pm and 8am",
            SetPreferences(quiet_from="22:00", quiet_until="08:00"),
        ),
        ("turn off quiet hours", SetPreferences(quiet_from="off")),
        ("answer in Spanish", SetPreferences(language="es")),
        ("use 24 hour format", SetPreferences(hour_cycle=24)),
        ("my week starts on Sunday", SetPreferences(first_day_of_week="sunday")),
    ],
)
def test_settings_are_said_in_words(said: str, meant: Intent) -> None:
    assert understood(said) == meant


@pytest.mark.parametrize(
    ("said", "minutes"),
    [("snooze for 20 minutes", 20), ("ten more minutes", 10), ("remind me again in an hour", 60)],
)
def test_snoozing_takes_a_length(said: str, minutes: int) -> None:
    intent = understood(said)
    assert isinstance(intent, Snooze)
    assert intent.item.is_last
    assert time_of(intent).instant_offset == timedelta(minutes=minutes)


def test_snoozing_takes_an_hour() -> None:
    assert time_of(understood("snooze until 5")).start == datetime(2026, 11, 18, 17)


@pytest.mark.parametrize(
    "said",
    [
        "remind me to say yes to Ada tomorrow",
        "stop by the bakery tomorrow at 9",
        "no meetings on Friday",
        "forget me not flowers to the shopping list",
        "the second half of the game is at 8",
        "add Bob's birthday to my calendar on March 3",
    ],
)
def test_longer_sentences_are_not_taken_for_whole_phrases(said: str) -> None:
    whole = Confirm | Choose | StopMessages | StartMessages | DeleteData | Amend | EditItem
    assert not isinstance(understood(said), whole)
