"""Intents as the scheduler's changes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from services.ai.clients.change import to_proto
from services.ai.domain.intent import AddEvent, AddTask, Cancel, ItemReference, Move, RemindMe, When

NOON = When(start=datetime(2026, 11, 26, 12, 0))


@pytest.mark.parametrize(
    ("people", "title"),
    [
        ((), "dinner"),
        (("Grace",), "dinner with Grace"),
        (("Ada", "Grace"), "dinner with Ada and Grace"),
        (("Ada", "Bo", "Grace"), "dinner with Ada, Bo and Grace"),
    ],
)
def test_an_event_keeps_the_people_in_its_name(people: tuple[str, ...], title: str) -> None:
    made = to_proto(AddEvent(title="dinner", when=NOON, people=people)).add_event
    assert made.title == title
    assert list(made.participants) == list(people)


def test_people_who_stand_in_the_title_are_not_said_twice() -> None:
    event = AddEvent(title="dinner with Grace", when=NOON, people=("Grace",))
    assert to_proto(event).add_event.title == "dinner with Grace"


def test_a_wall_time_a_day_and_an_elapsed_time_stay_what_they_are() -> None:
    at = to_proto(RemindMe(title="x", when=NOON)).add_task.when
    assert at.local_time == "2026-11-26T12:00:00"
    day = When(start=datetime(2026, 11, 26), time_of_day=False)
    assert to_proto(AddTask(title="x", when=day)).add_task.when.local_date == "2026-11-26"
    soon = When(start=datetime(2026, 11, 26), instant_offset=timedelta(minutes=20))
    assert to_proto(RemindMe(title="x", when=soon)).add_task.when.after.seconds == 1200


def test_a_task_without_a_time_has_none() -> None:
    assert not to_proto(AddTask(title="milk", list_name="shopping")).add_task.HasField("when")


def test_a_reference_says_what_the_person_said() -> None:
    cancel = to_proto(Cancel(item=ItemReference(number=3))).cancel_item
    assert cancel.item.number == 3
    move = to_proto(Move(item=ItemReference(words="dentist"), when=NOON)).move_item
    assert move.item.words == "dentist"
    assert move.when.local_time == "2026-11-26T12:00:00"
