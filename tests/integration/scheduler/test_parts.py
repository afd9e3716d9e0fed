"""Parts of something recurring change without the rest: this one, this and following, all."""

from __future__ import annotations

import pytest

from chassis.errors import RemoteError
from chassis.ids import new_id
from hark.scheduler.v1.scheduler_service_pb2 import ListAgendaRequest, UpdateEventRequest
from tests.integration.scheduler.conftest import Person, World
from tests.integration.scheduler.said import (
    cancel,
    edit,
    event,
    from_then_on,
    move,
    task,
    this,
    undo,
    when,
)

DAILY = {"local_time": "2026-11-23T09:00:00", "recurrence": "FREQ=DAILY"}


async def agenda(person: Person, first: str, last: str) -> list[tuple[str, str]]:
    """Title and start of all that stands there."""
    request = ListAgendaRequest(user_id=person.user_id, start_date=first, end_date=last)
    items = (await person.call(person.stub.ListAgenda, request)).items
    return [
        (
            (each.event if each.HasField("event") else each.task).title,
            each.start_time.ToDatetime().strftime("%d %H:%M"),
        )
        for each in items
    ]


async def test_one_occurrence_is_called_off_and_the_others_stay(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T12:00:00Z"))
    await ada.says(event("Standup", **DAILY))

    await ada.says(cancel(this("2026-11-24"), words="standup"))

    assert await agenda(ada, "2026-11-23", "2026-11-26") == [
        ("Standup", "23 09:00"),
        ("Standup", "25 09:00"),
        ("Standup", "26 09:00"),
    ]
    told = [template for template, _ in (await said(world, 2))]
    assert told == ["event_created", "occurrence_cancelled"]


async def said(world: World, count: int) -> list[tuple[str, dict[str, str]]]:
    await world.notifier.wait_for(count)
    return world.notifier.said()


async def test_a_cancelled_occurrence_is_not_reminded_of_and_the_next_one_is(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T12:00:00Z"))
    await ada.says(event("Standup", **DAILY))
    await ada.says(cancel(this("2026-11-23"), words="standup"))

    world.move(days=1)
    world.move(days=1)
    await world.notifier.wait_for(3)
    await world.settled(4)

    due = [said for said in world.notifier.said() if said[0].startswith("event_due")]
    assert due == [("event_due_late", {"title": "Standup", "time": "at 9 AM"})]


async def test_one_occurrence_moves_and_the_others_stay(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T12:00:00Z"))
    answer = await ada.says(event("Standup", **DAILY))

    moved = await ada.says(
        move(when(local_time="2026-11-24T11:30:00"), this("2026-11-24"), words="standup")
    )

    assert await agenda(ada, "2026-11-23", "2026-11-25") == [
        ("Standup", "23 09:00"),
        ("Standup", "24 11:30"),
        ("Standup", "25 09:00"),
    ]
    apart = moved.results[0].event
    assert apart.series_id == answer.results[0].event.event_id
    assert apart.series_start_time.ToJsonString() == "2026-11-24T09:00:00Z"


async def test_this_and_following_move_and_what_was_before_stays(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T12:00:00Z"))
    await ada.says(
        event("Standup", local_time="2026-11-23T09:00:00", recurrence="FREQ=DAILY;COUNT=4")
    )

    await ada.says(move(when(local_time="10:00"), from_then_on("2026-11-25"), words="standup"))

    assert await agenda(ada, "2026-11-23", "2026-11-30") == [
        ("Standup", "23 09:00"),
        ("Standup", "24 09:00"),
        ("Standup", "25 10:00"),
        ("Standup", "26 10:00"),
    ]


async def test_all_move_and_an_exception_stays_one(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T12:00:00Z"))
    await ada.says(event("Standup", **DAILY))
    await ada.says(
        move(when(local_time="2026-11-24T11:30:00"), this("2026-11-24"), words="standup")
    )
    await ada.says(cancel(this("2026-11-26"), words="standup"))

    await ada.says(move(when(local_time="08:00"), words="standup"))

    assert await agenda(ada, "2026-11-23", "2026-11-27") == [
        ("Standup", "23 08:00"),
        ("Standup", "24 11:30"),
        ("Standup", "25 08:00"),
        ("Standup", "27 08:00"),
    ]


async def test_a_whole_series_goes_with_its_exceptions(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T12:00:00Z"))
    await ada.says(event("Standup", **DAILY))
    await ada.says(
        move(when(local_time="2026-11-24T11:30:00"), this("2026-11-24"), words="standup")
    )

    await ada.says(cancel(words="standup"))
    assert await agenda(ada, "2026-11-23", "2026-11-30") == []

    await ada.says(undo())
    assert await agenda(ada, "2026-11-23", "2026-11-24") == [
        ("Standup", "23 09:00"),
        ("Standup", "24 11:30"),
    ]


async def test_this_and_following_are_called_off(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T12:00:00Z"))
    await ada.says(event("Standup", **DAILY))

    await ada.says(cancel(from_then_on("2026-11-25"), words="standup"))

    assert await agenda(ada, "2026-11-23", "2026-12-30") == [
        ("Standup", "23 09:00"),
        ("Standup", "24 09:00"),
    ]


async def test_one_occurrence_of_a_task_is_skipped(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T12:00:00Z"))
    await ada.says(task("Pills", **DAILY))

    answer = await ada.says(cancel(this("2026-11-23"), words="pills"))

    assert answer.results[0].task.local_due == "2026-11-24T09:00:00"


async def test_one_occurrence_gets_other_words(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T12:00:00Z"))
    await ada.says(event("Standup", **DAILY))

    await ada.says(
        edit({"title": "Review", "place": "Room 4"}, this("2026-11-24"), words="standup")
    )

    assert await agenda(ada, "2026-11-23", "2026-11-25") == [
        ("Standup", "23 09:00"),
        ("Review", "24 09:00"),
        ("Standup", "25 09:00"),
    ]


async def test_a_day_on_which_it_does_not_stand_is_refused(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T12:00:00Z"))
    await ada.says(event("Standup", local_time="2026-11-23T09:00:00", recurrence="FREQ=WEEKLY"))
    with pytest.raises(RemoteError) as refused:
        await ada.says(cancel(this("2026-11-24"), words="standup"))
    assert refused.value.remote_reason == "OCCURRENCE_NOT_FOUND"


async def test_other_words_do_not_touch_the_reminders(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T12:00:00Z"))
    await ada.says(event("Dentist", local_time="2026-11-22T13:00:00"))
    world.notifier.held.clear()
    world.move(minutes=55)
    await world.found("SELECT 1 FROM scheduler.notices WHERE kind = 'event_due' AND fence > 0")
    await ada.says(edit({"title": "Doctor"}, words="dentist"))
    world.notifier.held.set()
    await world.settled(3)
    rows = await world.query("SELECT withdrawn_reason FROM scheduler.notices")
    assert [row["withdrawn_reason"] for row in rows] == [None, None, None]


async def test_an_update_with_another_etag_is_refused(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T12:00:00Z"))
    made = (await ada.says(event("Dentist", local_time="2026-11-23T13:00:00"))).results[0].event

    def update(title: str, etag: str) -> UpdateEventRequest:
        request = UpdateEventRequest(user_id=ada.user_id, request_id=new_id())
        request.event.event_id, request.event.title, request.event.etag = made.event_id, title, etag
        request.update_mask.paths.append("title")
        return request

    changed = (await ada.call(ada.stub.UpdateEvent, update("Doctor", made.etag))).event
    assert (changed.title, changed.local_start) == ("Doctor", made.local_start)
    with pytest.raises(RemoteError) as refused:
        await ada.call(ada.stub.UpdateEvent, update("Barber", made.etag))
    assert refused.value.remote_reason == "ETAG_MISMATCH"
    assert (await ada.call(ada.stub.UpdateEvent, update("Barber", changed.etag))).event.title == (
        "Barber"
    )
