"""What an utterance amounts to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

import pytest

from chassis.errors import InvalidArgument
from services.scheduler.domain.change import (
    AddEvent,
    AddTask,
    CancelItem,
    Change,
    CompleteTask,
    MoveItem,
    SetPreferences,
)
from services.scheduler.domain.confirmation import MOST_PARTS, bubble
from services.scheduler.domain.errors import ItemAmbiguous, ItemNotFound, TimeInPast
from services.scheduler.domain.item import Event, Item, Task, TaskState
from services.scheduler.domain.notice import Content, following, reminders, told_occurrence
from services.scheduler.domain.plan import Plan, State, plan
from services.scheduler.domain.preferences import Preferences
from services.scheduler.domain.reference import Reference, best
from services.scheduler.domain.when import When

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
ZONE = "America/New_York"
ADA = State(user_id="ada", preferences=Preferences(time_zone=ZONE, is_guess=False))


def ids() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"id-{next(numbers)}"


def made(*changes: Change, state: State = ADA, now: datetime = NOW) -> Plan:
    return plan(state, changes, said=NOW, now=now, new_id=ids())


def task_in(done: Plan) -> Task:
    (found,) = done.items
    assert isinstance(found, Task)
    return found


def event_in(done: Plan) -> Event:
    (found,) = done.items
    assert isinstance(found, Event)
    return found


def state_with(*items: Item) -> State:
    return replace(ADA, items=items, version=1)


def local(text: str, **given: str) -> When:
    return When(local_time=datetime.fromisoformat(text), recurrence=given.get("rule", ""))


def test_a_later_change_sees_what_an_earlier_one_did() -> None:
    done = made(AddTask(title="buy milk"), CompleteTask(item=Reference(is_last=True)))
    assert task_in(done).state is TaskState.COMPLETED
    assert [content.template for content in done.contents] == ["task_created", "task_completed"]


def test_a_day_without_a_time_reminds_at_nine_and_says_so() -> None:
    done = made(AddTask(title="pay rent", when=When(local_date=date(2026, 11, 23))))
    (notice,) = done.notices
    assert notice.due_time == datetime(2026, 11, 23, 14, tzinfo=UTC)
    assert done.contents[0].parameters["time"] == "tomorrow at 9 AM"


def test_a_task_for_today_reminds_later_today() -> None:
    done = made(AddTask(title="pay rent", when=When(local_date=date(2026, 11, 22))))
    assert done.contents[0].parameters["time"] == "at 1 PM"


def test_every_lead_has_its_reminder_but_for_those_that_are_past() -> None:
    leads = (timedelta(hours=2), timedelta(minutes=10), timedelta(minutes=10))
    done = made(AddEvent(title="Lunch", when=local("2026-11-22T13:00"), leads=leads))
    assert [notice.lead for notice in done.notices] == [timedelta(minutes=10)]


def test_a_time_now_is_not_in_the_past_and_one_long_before_is() -> None:
    task_in(made(AddTask(title="now", when=local("2026-11-22T12:00"))))
    with pytest.raises(TimeInPast):
        made(AddTask(title="past", when=local("2026-11-22T11:58")))
    with pytest.raises(TimeInPast):
        made(AddEvent(title="past", when=When(local_date=date(2026, 11, 21))))
    with pytest.raises(TimeInPast):
        made(AddTask(title="over", when=local("2026-11-01T09:00", rule="FREQ=DAILY;COUNT=3")))


def test_a_time_of_day_alone_keeps_the_day_and_a_day_alone_the_time() -> None:
    state = state_with(task_in(made(AddTask(title="call Ada", when=local("2026-11-25T09:00")))))
    which = Reference(words="ada")
    later = task_in(made(MoveItem(item=which, when=When(time_of_day=time(18))), state=state))
    assert later.schedule
    assert later.schedule.local_start == datetime(2026, 11, 25, 18)
    day = When(local_date=date(2026, 11, 27))
    other = task_in(made(MoveItem(item=which, when=day), state=state))
    assert other.schedule
    assert other.schedule.local_start == datetime(2026, 11, 27, 9)


def test_a_series_moves_as_a_whole() -> None:
    rule = "FREQ=WEEKLY;BYDAY=TU"
    state = state_with(
        event_in(made(AddEvent(title="Standup", when=local("2026-11-24T09:00", rule=rule))))
    )
    which = Reference(words="standup")
    when = local("2026-11-25T10:00")
    moved = event_in(made(MoveItem(item=which, when=when), state=state))
    assert moved.schedule.recurrence == "FREQ=WEEKLY;BYDAY=WE"
    assert moved.schedule.local_start == datetime(2026, 11, 25, 10)

    rule = "FREQ=WEEKLY;BYDAY=TU,TH"
    state = state_with(
        event_in(made(AddEvent(title="Standup", when=local("2026-11-24T09:00", rule=rule))))
    )
    with pytest.raises(InvalidArgument):
        made(MoveItem(item=which, when=when), state=state)


def test_a_new_zone_takes_the_wall_clock_of_series_and_whole_days_along() -> None:
    daily = task_in(made(AddTask(title="a", when=local("2026-11-23T09:00", rule="FREQ=DAILY"))))
    single = task_in(made(AddTask(title="b", when=local("2026-11-23T09:00"))))
    single = replace(single, task_id="id-2")
    done = made(zone_set("Europe/Lisbon"), state=state_with(daily, single))
    assert task_in(done).due_time == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert done.contents[0].parameters == {"time_zone": "Lisbon"}


def test_a_completed_series_goes_on_and_ends_with_its_rule() -> None:
    rule = "FREQ=DAILY;COUNT=2"
    item = task_in(made(AddTask(title="pills", when=local("2026-11-22T13:00", rule=rule))))
    item = item.completed(NOW)
    assert item.is_open
    assert item.due_time == datetime(2026, 11, 23, 18, tzinfo=UTC)
    assert not item.completed(NOW).is_open


def test_after_a_fired_reminder_comes_the_next_and_what_was_missed_is_skipped() -> None:
    item = task_in(made(AddTask(title="pills", when=local("2026-11-22T13:00", rule="FREQ=DAILY"))))
    (fired,) = reminders(item, since=NOW)
    (next_one,) = following(item, fired, now=fired.due_time)
    assert next_one.due_time - fired.due_time == timedelta(days=1)
    much_later = fired.due_time + timedelta(days=5, hours=1)
    (after_downtime,) = following(item, fired, now=much_later)
    assert after_downtime.due_time - fired.due_time == timedelta(days=6)
    told = told_occurrence(item, fired, now=much_later)
    assert told == fired.due_time + timedelta(days=5)


def test_a_repeated_step_makes_the_same_notice() -> None:
    item = task_in(made(AddTask(title="x", when=local("2026-11-22T13:00", rule="FREQ=DAILY"))))
    (one,) = reminders(item, since=NOW)
    (two,) = reminders(item, since=NOW)
    assert one == two
    (moved,) = reminders(replace(item, version=item.version + 1), since=NOW)
    assert moved.request_id != one.request_id


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("the dentist", "Dentist"),
        ("Ada", "Call Ada"),
        ("ada's call", "Call Ada"),
        ("buy milk", "Buy milk"),
        ("oat milks", "Buy oat milk"),
        ("cafe", "Café with Bob"),
    ],
)
def test_words_find_the_one_item_they_fit(words: str, found: str) -> None:
    titles = ("Dentist", "Call Ada", "Buy milk", "Buy oat milk", "Café with Bob")
    items = made(*(AddTask(title=title) for title in titles)).items
    fitting = best(Reference(words=words), items, last_id="", time_zone=ZONE)
    assert fitting.title == found


def test_words_that_fit_several_are_ambiguous_and_name_at_most_five() -> None:
    items = made(*(AddTask(title=f"Milk {n} litres") for n in range(7))).items
    with pytest.raises(ItemAmbiguous) as refused:
        best(Reference(words="milk"), items, last_id="", time_zone=ZONE)
    assert refused.value.metadata["candidates"].count("task:") == 5


def test_a_day_tells_two_apart() -> None:
    items = made(
        AddEvent(title="Gym", when=local("2026-11-24T09:00")),
        AddEvent(title="Gym", when=local("2026-11-25T09:00")),
    ).items
    day = When(local_date=date(2026, 11, 25))
    found = best(Reference(words="gym", when=day), items, last_id="", time_zone=ZONE)
    assert isinstance(found, Event)
    assert found.schedule.local_start.day == 25
    never = When(local_date=date(2026, 11, 26))
    with pytest.raises(ItemNotFound):
        best(Reference(words="gym", when=never), items, last_id="", time_zone=ZONE)


def test_a_deleted_task_cannot_be_completed() -> None:
    item = task_in(made(AddTask(title="x"))).deleted(NOW)
    with pytest.raises(ItemNotFound):
        made(CompleteTask(item=Reference(task_id=item.task_id)), state=state_with(item))
    again = made(CancelItem(item=Reference(task_id=item.task_id)), state=state_with(item))
    assert again.items == []


def test_a_bubble_keeps_within_what_notifier_takes() -> None:
    long = [Content(template="task_created", parameters={"title": "x" * 500})] * 20
    parts = bubble(long, "y" * 2000, Preferences())
    assert len(parts) == MOST_PARTS
    assert parts[-2].parameters["text"] == "And 12 more changes."
    rendered = sum(len(value) + 60 for part in parts for value in part.parameters.values())
    assert rendered <= 4096


def test_half_of_the_words_do_not_complete_something_else() -> None:
    other = task_in(made(AddTask(title="sort the photos")))
    with pytest.raises(ItemNotFound):
        best(Reference(words="sort tomukunono"), [other], last_id="", time_zone=ZONE)


def test_more_words_than_the_title_has_still_name_it() -> None:
    milk = task_in(made(AddTask(title="milk")))
    found = best(Reference(words="bought the milk today"), [milk], last_id="", time_zone=ZONE)
    assert found is milk


def zone_set(name: str) -> SetPreferences:
    return SetPreferences(values=Preferences(time_zone=name), names=frozenset({"time_zone"}))
