"""The plain resource RPCs: the same write path, no word to the person."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from google.protobuf.duration_pb2 import Duration

from chassis.errors import Code, RemoteError
from hark.scheduler.v1 import scheduler_service_pb2 as pb
from hark.scheduler.v1.event_pb2 import Event
from hark.scheduler.v1.preferences_pb2 import Preferences
from hark.scheduler.v1.task_pb2 import Task
from tests.integration.scheduler.conftest import Person, World, titles
from tests.integration.scheduler.said import event, task, when, zone


def fresh() -> str:
    return str(uuid.uuid4())


async def preferences(person: Person, **given: Any) -> Preferences:
    request = pb.GetPreferencesRequest(user_id=person.user_id, **given)
    answer = await person.call(person.stub.GetPreferences, request)
    found: Preferences = answer.preferences
    return found


async def test_an_event_is_created_read_and_called_off(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T12:00:00Z"))
    request = pb.CreateEventRequest(
        user_id=ada.user_id,
        event=Event(
            title="Lunch",
            place="Nopa",
            participants=["Ada"],
            recurrence="FREQ=WEEKLY",
            reminder_leads=[Duration(seconds=3600), Duration(seconds=300)],
        ),
        when=when(local_time="2026-11-26T12:00:00", local_end="2026-11-26T13:00:00"),
        request_id=fresh(),
    )
    made = (await ada.call(ada.stub.CreateEvent, request)).event
    assert (await ada.call(ada.stub.CreateEvent, request)).event == made
    which = pb.GetEventRequest(user_id=ada.user_id, event_id=made.event_id)
    assert (await ada.call(ada.stub.GetEvent, which)).event == made
    assert made.time_text == "every Thursday at 12 PM"
    assert made.place == "Nopa"
    assert list(made.participants) == ["Ada"]

    off = pb.CancelEventRequest(user_id=ada.user_id, event_id=made.event_id, request_id=fresh())
    gone = (await ada.call(ada.stub.CancelEvent, off)).event

    assert gone.state == Event.STATE_CANCELLED
    assert await world.query("SELECT 1 FROM scheduler.notices WHERE settled_time IS NULL") == []
    assert world.notifier.accepted == {}


async def test_a_task_is_created_completed_and_deleted(world: World) -> None:
    ada = world.person(await world.scheduler())
    request = pb.CreateTaskRequest(
        user_id=ada.user_id, task=Task(title="buy milk", list_name="shopping"), request_id=fresh()
    )
    made = (await ada.call(ada.stub.CreateTask, request)).task
    assert (made.number, made.list_name, made.state) == (1, "shopping", Task.STATE_OPEN)

    done = pb.CompleteTaskRequest(user_id=ada.user_id, task_id=made.task_id, request_id=fresh())
    assert (await ada.call(ada.stub.CompleteTask, done)).task.state == Task.STATE_COMPLETED
    away = pb.DeleteTaskRequest(user_id=ada.user_id, task_id=made.task_id, request_id=fresh())
    assert (await ada.call(ada.stub.DeleteTask, away)).task.state == Task.STATE_DELETED

    again = pb.CompleteTaskRequest(user_id=ada.user_id, task_id=made.task_id, request_id=fresh())
    with pytest.raises(RemoteError) as refused:
        await ada.call(ada.stub.CompleteTask, again)
    assert refused.value.remote_reason == "TASK_NOT_FOUND"


async def test_what_is_not_there_is_not_found(world: World) -> None:
    ada = world.person(await world.scheduler())
    who, which = ada.user_id, fresh()
    calls = [
        (ada.stub.GetEvent, pb.GetEventRequest(user_id=who, event_id=which)),
        (ada.stub.GetTask, pb.GetTaskRequest(user_id=who, task_id=which)),
        (
            ada.stub.CancelEvent,
            pb.CancelEventRequest(user_id=who, event_id=which, request_id=fresh()),
        ),
        (
            ada.stub.CompleteTask,
            pb.CompleteTaskRequest(user_id=who, task_id=which, request_id=fresh()),
        ),
        (
            ada.stub.DeleteTask,
            pb.DeleteTaskRequest(user_id=who, task_id=which, request_id=fresh()),
        ),
    ]
    for method, request in calls:
        with pytest.raises(RemoteError) as refused:
            await ada.call(method, request)
        assert refused.value.remote_code is Code.NOT_FOUND
        assert refused.value.remote_reason in ("EVENT_NOT_FOUND", "TASK_NOT_FOUND")


async def test_lists_come_page_by_page(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T12:00:00Z"))
    await ada.says(*(task(f"task {n}", "Shopping" if n % 2 else "") for n in range(1, 8)))
    await ada.says(
        *(event(f"event {n}", local_time=f"2026-12-0{9 - n}T10:00:00") for n in range(1, 6))
    )

    tasks: list[Any] = []
    request = pb.ListTasksRequest(user_id=ada.user_id, page_size=3)
    while True:
        page = await ada.call(ada.stub.ListTasks, request)
        tasks += page.tasks
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert [each.number for each in tasks] == [1, 2, 3, 4, 5, 6, 7]

    shopping = pb.ListTasksRequest(user_id=ada.user_id, list_name="shopping")
    page = await ada.call(ada.stub.ListTasks, shopping)
    assert [each.number for each in page.tasks] == [1, 3, 5, 7]

    events: list[Any] = []
    asked = pb.ListEventsRequest(user_id=ada.user_id, page_size=2)
    while True:
        listed = await ada.call(ada.stub.ListEvents, asked)
        events += listed.events
        if not listed.next_page_token:
            break
        asked.page_token = listed.next_page_token
    assert titles(events) == ["event 5", "event 4", "event 3", "event 2", "event 1"]


async def test_an_agenda_has_occurrences_and_due_tasks_by_time(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T12:00:00Z"))
    await ada.says(zone("America/New_York"))
    await ada.says(
        event("Standup", local_time="2026-11-23T09:00:00", recurrence="FREQ=DAILY"),
        event("Holiday", local_date="2026-11-24"),
        task("call Ada", local_time="2026-11-24T08:00:00"),
        task("no time"),
    )

    request = pb.ListAgendaRequest(
        user_id=ada.user_id, start_date="2026-11-23", end_date="2026-11-24"
    )
    answer = await ada.call(ada.stub.ListAgenda, request)

    told = [(i.task.title or i.event.title, i.time_text) for i in answer.items]
    assert told == [
        ("Standup", "tomorrow at 9 AM"),
        ("Holiday", "on Tuesday, November 24"),
        ("call Ada", "on Tuesday, November 24 at 8 AM"),
        ("Standup", "on Tuesday, November 24 at 9 AM"),
    ]
    request.start_date = "2026-11-24"
    one_day = await ada.call(ada.stub.ListAgenda, request)
    assert [line.time_text for line in one_day.items] == ["", "at 8 AM", "at 9 AM"]
    request.start_date = "2026-11-23"
    request.page_size = 2
    assert (await ada.call(ada.stub.ListAgenda, request)).has_more
    request.end_date = "2026-11-22"
    with pytest.raises(RemoteError) as refused:
        await ada.call(ada.stub.ListAgenda, request)
    assert "end_date" in refused.value.violations


async def test_a_guess_of_the_zone_gives_way_to_the_persons_word(world: World) -> None:
    ada = world.person(await world.scheduler())
    assert (await preferences(ada)).time_zone == "UTC"
    guessed = await preferences(ada, time_zone_guess="Europe/Lisbon", locale_guess="pt-PT")
    assert (guessed.time_zone, guessed.time_zone_confirmed) == ("Europe/Lisbon", False)
    assert guessed.locale == "pt-PT"
    assert (await preferences(ada, time_zone_guess="Asia/Tokyo")).time_zone == "Europe/Lisbon"

    await ada.says(zone("Europe/Madrid"))

    word = await preferences(ada, time_zone_guess="Asia/Tokyo")
    assert (word.time_zone, word.time_zone_confirmed) == ("Europe/Madrid", True)


async def test_a_senseless_guess_is_none(world: World) -> None:
    ada = world.person(await world.scheduler())
    assert (
        await preferences(ada, time_zone_guess="Mars/Base", locale_guess="xx")
    ).time_zone == "UTC"


async def test_preferences_are_set_field_by_field(world: World) -> None:
    ada = world.person(await world.scheduler())
    request = pb.UpdatePreferencesRequest(
        user_id=ada.user_id,
        preferences=Preferences(reminder_leads=[Duration(seconds=1800)]),
        request_id=fresh(),
    )
    await ada.call(ada.stub.UpdatePreferences, request)
    request = pb.UpdatePreferencesRequest(
        user_id=ada.user_id, preferences=Preferences(locale="en-GB"), request_id=fresh()
    )

    found = (await ada.call(ada.stub.UpdatePreferences, request)).preferences

    assert (found.locale, found.time_zone) == ("en-GB", "UTC")
    assert [lead.seconds for lead in found.reminder_leads] == [1800]
    assert world.notifier.accepted == {}


async def test_nothing_a_person_wrote_is_readable_in_the_database(world: World) -> None:
    ada = world.person(await world.scheduler())
    await ada.says(
        task("zanzibar", "quixotic"),
        event("zanzibar", "xylophone hall", ("wilhelmina",), local_date="2026-12-01"),
        answer="zanzibar",
    )
    await world.settled(1)
    for table in ("people", "events", "tasks", "notices", "changes", "person_keys"):
        for row in await world.query(f"SELECT t::text AS line FROM scheduler.{table} AS t"):
            for word in ("zanzibar", "quixotic", "xylophone", "wilhelmina"):
                assert word not in row["line"]
                assert word.encode().hex() not in row["line"]


async def test_events_of_a_range_are_those_that_stand_in_it(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T08:00:00Z"))
    await ada.says(
        event("before", local_time="2026-11-23T09:00:00"),
        event("within", local_time="2026-11-24T09:00:00"),
        event("series", local_time="2026-11-22T09:00:00", recurrence="FREQ=DAILY"),
        event("after", local_time="2026-11-26T09:00:00"),
    )
    request = pb.ListEventsRequest(user_id=ada.user_id)
    request.range_start_time.FromJsonString("2026-11-24T00:00:00Z")
    request.range_end_time.FromJsonString("2026-11-25T00:00:00Z")
    found = await ada.call(ada.stub.ListEvents, request)
    assert titles(found.events) == ["series", "within"]
