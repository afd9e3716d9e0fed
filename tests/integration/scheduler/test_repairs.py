"""What people take back, put off, and want to be told again; and what is told at creation."""

from __future__ import annotations

import pytest
from google.protobuf.duration_pb2 import Duration

from chassis.errors import RemoteError
from chassis.ids import new_id
from hark.scheduler.v1 import change_pb2 as pb
from hark.scheduler.v1.scheduler_service_pb2 import (
    ListTasksRequest,
    SnoozeReminderRequest,
    UndoChangeRequest,
)
from tests.integration.scheduler.conftest import Person, World, titles
from tests.integration.scheduler.said import (
    cancel,
    done,
    event,
    move,
    snooze,
    task,
    undo,
    when,
    zone,
)


async def open_tasks(person: Person) -> list[str]:
    request = ListTasksRequest(user_id=person.user_id)
    return titles((await person.call(person.stub.ListTasks, request)).tasks)


def due(world: World) -> list[str]:
    """The titles of all reminders that came, in order."""
    kinds = ("task_due", "event_due", "task_due_late", "event_due_late")
    return [given["title"] for template, given in world.notifier.said() if template in kinds]


async def test_a_snoozed_reminder_comes_again_and_the_series_stays(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T08:00:00Z"))
    await ada.says(
        task("pills", local_time="2026-11-22T09:00:00", recurrence="FREQ=DAILY"),
    )
    world.move(hours=1)
    await world.notifier.wait_for(2)
    await world.settled(2)

    await ada.says(snooze(when(after=600), is_last=True))
    world.move(minutes=10)
    await world.notifier.wait_for(4)
    await world.settled(4)

    assert due(world) == ["pills", "pills"]
    assert (
        "reminder_snoozed",
        {"title": "pills", "time": "in 10 minutes"},
    ) in world.notifier.said()
    (row,) = await world.query(
        "SELECT due_time FROM scheduler.notices WHERE settled_time IS NULL AND kind = 'task_due'"
    )
    assert row["due_time"].isoformat() == "2026-11-23T09:00:00+00:00"


async def test_what_is_put_off_before_it_came_does_not_come_earlier(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T08:00:00Z"))
    made = await ada.says(event("Dentist", local_time="2026-11-22T09:00:00"))

    request = SnoozeReminderRequest(user_id=ada.user_id, request_id=new_id())
    request.item.event_id = made.results[0].event.event_id
    request.when.local_time = "2026-11-22T08:55:00"
    answer = await ada.call(ada.stub.SnoozeReminder, request)
    assert answer.reminder_time.ToJsonString() == "2026-11-22T08:55:00Z"
    again = await ada.call(ada.stub.SnoozeReminder, request)
    assert again.reminder_time == answer.reminder_time

    world.move(minutes=51)
    world.move(minutes=4)
    await world.notifier.wait_for(2)
    assert due(world) == ["Dentist"]


async def test_a_snooze_takes_back_what_notifier_holds_and_says_if_it_had_started(
    world: World,
) -> None:
    ada = world.person(await world.scheduler("2026-11-22T08:00:00Z"))
    await ada.says(task("pills", local_time="2026-11-22T09:00:00"))
    world.move(hours=1)
    _, reminder = await world.notifier.wait_for(2)
    world.notifier.started.add(reminder.request_id)

    answer = await ada.says(snooze(when(after=600), is_last=True))

    assert answer.started_reminder_count == 1


async def test_what_is_done_cannot_be_put_off(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T08:00:00Z"))
    made = await ada.says(task("pills", local_time="2026-11-22T09:00:00"), done(is_last=True))
    with pytest.raises(RemoteError) as refused:
        await ada.says(snooze(when(after=600), task_id=made.results[0].task.task_id))
    assert refused.value.remote_reason == "NOTHING_TO_SNOOZE"


async def test_a_new_task_is_taken_back(world: World) -> None:
    ada = world.person(await world.scheduler())
    made = await ada.says(task("buy milk", after=600))

    await ada.says(undo(made.change_request_id))
    assert await open_tasks(ada) == []
    # Twice is once.
    await ada.says(undo(made.change_request_id))
    world.move(minutes=11)
    await world.settled(4)

    said = world.notifier.said()
    assert [template for template, _ in said] == [
        "reminder_set",
        "creation_undone",
        "creation_undone",
    ]


async def test_a_cancelled_reminder_that_came_due_meanwhile_comes_late_when_taken_back(
    world: World,
) -> None:
    ada = world.person(await world.scheduler())
    await ada.says(task("call Ada", after=60))
    await ada.says(cancel(words="call ada"))
    world.move(minutes=5)

    await ada.says(undo())

    await world.notifier.wait_for(4)
    assert due(world) == ["call Ada"]
    assert world.notifier.said()[-1][0] in ("task_due_late", "change_undone")


async def test_a_moved_event_is_where_it_was_and_moves_again(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T08:00:00Z"))
    await ada.says(event("Dentist", local_time="2026-11-22T09:00:00"))
    to_ten = move(when(local_time="10:00"), words="dentist")
    await ada.says(to_ten)

    request = UndoChangeRequest(user_id=ada.user_id, request_id=new_id())
    answer = await ada.call(ada.stub.UndoChange, request)
    assert answer.results[0].event.local_start == "2026-11-22T09:00:00"
    moved = await ada.says(to_ten)
    assert moved.results[0].event.local_start == "2026-11-22T10:00:00"

    world.move(hours=2)
    await world.notifier.wait_for(4)
    assert due(world) == ["Dentist"]


async def test_taking_back_goes_on_change_by_change_and_ends_after_ten_minutes(
    world: World,
) -> None:
    ada = world.person(await world.scheduler())
    await ada.says(task("one"))
    world.move(minutes=6)
    await ada.says(task("two"))
    await ada.says(undo())
    await ada.says(undo())
    assert await open_tasks(ada) == []

    await ada.says(task("three"))
    world.move(minutes=11)
    with pytest.raises(RemoteError) as refused:
        await ada.says(undo())
    assert refused.value.remote_reason == "UNDO_TOO_LATE"


async def test_only_the_last_change_can_be_named(world: World) -> None:
    ada = world.person(await world.scheduler())
    first = await ada.says(task("one"))
    await ada.says(task("two"))
    with pytest.raises(RemoteError) as refused:
        await ada.says(undo(first.change_request_id))
    assert refused.value.remote_reason == "NOTHING_TO_UNDO"


async def test_a_zone_is_taken_back_with_what_it_took_along(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T08:00:00Z"))
    await ada.says(task("pills", local_time="2026-11-23T09:00:00", recurrence="FREQ=DAILY"))
    await ada.says(zone("Asia/Tokyo"))
    await ada.says(undo())
    (row,) = await world.query(
        "SELECT due_time FROM scheduler.notices WHERE settled_time IS NULL AND kind = 'task_due'"
    )
    assert row["due_time"].isoformat() == "2026-11-23T09:00:00+00:00"


async def test_a_task_nags_until_it_is_done(world: World) -> None:
    ada = world.person(await world.scheduler())
    nagging = pb.AddTask(title="pills", when=when(after=60), nag=Duration(seconds=300))
    await ada.says(pb.Change(add_task=nagging))
    for minutes in (1, 5, 5):
        world.move(minutes=minutes)
        await world.settled(len(due(world)) + 2)
    assert due(world) == ["pills"] * 3

    await ada.says(done(words="pills"))
    world.move(minutes=30)
    await world.settled(6)
    assert due(world) == ["pills"] * 3


async def test_a_task_repeats_after_it_was_done(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T08:00:00Z"))
    weekly = when(local_time="2026-11-23T09:00:00", recurrence="FREQ=DAILY;INTERVAL=3")
    plants = pb.AddTask(title="water plants", when=weekly, repeats_after_completion=True)
    await ada.says(pb.Change(add_task=plants))
    world.move(days=3)
    answer = await ada.says(done(words="plants"))
    assert answer.results[0].task.local_due == "2026-11-28T09:00:00"


async def test_an_overlap_is_told_at_creation(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T08:00:00Z"))
    await ada.says(event("Dentist", local_time="2026-11-23T15:00:00"))

    answer = await ada.says(event("Call", local_time="2026-11-23T15:15:00"))

    (overlap,) = answer.results[0].overlaps
    assert (overlap.title, overlap.time_text) == ("Dentist", "tomorrow at 3 PM")
    await world.notifier.wait_for(2)
    assert world.notifier.said()[-1] == (
        "overlap",
        {"title": "Dentist", "time": "tomorrow at 3 PM"},
    )
    later = await ada.says(event("Tea", local_time="2026-11-23T16:15:00"))
    assert not later.results[0].overlaps


async def test_a_full_day_is_told_at_creation(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T08:00:00Z"))
    for _ in range(2):
        answer = await ada.says(*(task("x", local_time="2026-11-23T09:00:00") for _ in range(12)))
        assert not any(result.is_day_full for result in answer.results)
    one_more = await ada.says(task("y", local_time="2026-11-23T09:00:00"))
    assert one_more.results[0].is_day_full
    await world.notifier.wait_for(3)
    assert world.notifier.said()[-1] == ("day_full", {"number": "24"})
    other_day = await ada.says(task("z", local_time="2026-11-24T09:00:00"))
    assert not other_day.results[0].is_day_full
