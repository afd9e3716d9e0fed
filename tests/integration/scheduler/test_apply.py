"""`Apply` end to end: one transaction, one confirmation, once."""

from __future__ import annotations

import asyncio

import pytest

from chassis.errors import Code, RemoteError
from hark.scheduler.v1.scheduler_service_pb2 import ListEventsRequest, ListTasksRequest
from tests.integration.scheduler.conftest import Person, World, titles
from tests.integration.scheduler.said import cancel, done, event, move, reopen, task, when, zone


async def tasks_of(person: Person, **given: object) -> list[object]:
    request = ListTasksRequest(user_id=person.user_id, **given)  # type: ignore[arg-type]
    return list((await person.call(person.stub.ListTasks, request)).tasks)


async def test_a_reminder_is_confirmed_at_once_and_comes_when_it_is_due(world: World) -> None:
    ada = world.person(await world.scheduler())

    answer = await ada.says(task("call Ada", after=60))

    assert answer.results[0].task.number == 1
    (confirmation,) = await world.notifier.wait_for(1)
    assert confirmation.request_id == answer.confirmation_request_id
    assert [c.template for c in confirmation.contents] == ["reminder_set"]
    assert confirmation.contents[0].parameters == {
        "title": "call Ada",
        "time": "in 1 minute",
        "number": "1",
    }
    world.move(seconds=60)
    _, reminder = await world.notifier.wait_for(2)
    assert reminder.kind == "task_due"
    assert dict(reminder.contents[0].parameters) == {
        "title": "call Ada",
        "number": "1",
        "item": f"task:{answer.results[0].task.task_id}",
    }


async def test_several_changes_and_an_answer_go_out_as_one_bubble(world: World) -> None:
    ada = world.person(await world.scheduler())
    await ada.says(zone("America/New_York"))
    await world.notifier.wait_for(1)

    request = ada.request(
        event("Lunch with Ada", local_time="2026-11-26T12:00:00"),
        task("buy milk", list_name="shopping"),
        answer="You have nothing tomorrow.",
    )
    await ada.call(ada.stub.Apply, request)

    _, confirmation = await world.notifier.wait_for(2)
    assert confirmation.reply_to_message_id == request.message_id
    assert confirmation.kind == "reply"
    assert [(c.template, dict(c.parameters)) for c in confirmation.contents] == [
        ("event_created", {"title": "Lunch with Ada", "time": "Thursday, November 26 at 12 PM"}),
        ("task_created", {"number": "1", "title": "buy milk", "list": "shopping"}),
        ("reply", {"text": "You have nothing tomorrow."}),
    ]


async def test_the_same_request_again_changes_nothing_and_answers_the_same(world: World) -> None:
    ada = world.person(await world.scheduler())
    request = ada.request(task("call Ada", after=60), event("Lunch", local_date="2026-11-30"))

    first = await ada.call(ada.stub.Apply, request)
    again = await ada.call(ada.stub.Apply, request)

    assert again == first
    assert len(await tasks_of(ada)) == 1
    await world.notifier.wait_for(1)
    assert len(world.notifier.accepted) == 1


async def test_the_same_request_id_with_another_body_is_refused(world: World) -> None:
    ada = world.person(await world.scheduler())
    request = ada.request(task("call Ada"))
    await ada.call(ada.stub.Apply, request)
    request.changes[0].add_task.title = "call Bob"

    with pytest.raises(RemoteError) as refused:
        await ada.call(ada.stub.Apply, request)

    assert refused.value.remote_reason == "REQUEST_ID_REUSED"
    assert titles(await tasks_of(ada)) == ["call Ada"]


async def test_the_same_request_at_two_replicas_at_once_takes_effect_once(world: World) -> None:
    one, two = await world.scheduler(), await world.scheduler()
    ada = world.person(one)
    there = world.person(two)
    request = ada.request(task("call Ada"))

    answers = await asyncio.gather(
        *(each.call(each.stub.Apply, request) for each in (ada, there, ada, there))
    )

    assert all(answer == answers[0] for answer in answers)
    assert len(await tasks_of(ada)) == 1


async def test_numbers_have_no_gaps_under_concurrent_changes_on_two_replicas(world: World) -> None:
    one, two = await world.scheduler(), await world.scheduler()
    ada, there = world.person(one), world.person(two)
    there.user_id = ada.user_id
    requests = [ada.request(task(f"thing {n}")) for n in range(20)]

    await asyncio.gather(
        *(
            (ada if n % 2 else there).call(ada.stub.Apply if n % 2 else there.stub.Apply, request)
            for n, request in enumerate(requests)
        )
    )

    found = await tasks_of(ada)
    assert [each.number for each in found] == list(range(1, 21))  # type: ignore[attr-defined]


async def test_a_time_before_the_message_is_refused_and_nothing_changes(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T12:00:00Z"))

    with pytest.raises(RemoteError) as refused:
        await ada.says(task("buy milk"), event("Lunch", local_time="2026-11-22T11:00:00"))

    assert refused.value.remote_code is Code.INVALID_ARGUMENT
    assert refused.value.remote_reason == "TIME_IN_PAST"
    assert await tasks_of(ada) == []
    assert world.notifier.accepted == {}


async def test_a_delayed_message_whose_time_has_passed_since_reminds_at_once_as_late(
    world: World,
) -> None:
    scheduler = await world.scheduler("2026-11-22T12:00:00Z")
    ada = world.person(scheduler)
    said = scheduler.clock.now()
    world.move(hours=3)

    await ada.says(task("call Ada", after=60), said=said)

    await world.notifier.wait_for(2)
    (late,) = [r for r in world.notifier.accepted.values() if r.kind == "task_due_late"]
    assert late.contents[0].parameters["time"] == "at 12:01 PM"


async def test_words_that_fit_two_items_are_answered_with_both(world: World) -> None:
    ada = world.person(await world.scheduler())
    made = await ada.says(task("buy oat milk"), task("return the milk"))
    ids = {each.task.task_id for each in made.results}

    with pytest.raises(RemoteError) as refused:
        await ada.says(done(words="the milk"))

    assert refused.value.remote_reason == "ITEM_AMBIGUOUS"
    named = refused.value.metadata["candidates"].split(",")
    assert {each.removeprefix("task:") for each in named} == ids
    await ada.says(done(words="oat milk"))
    assert titles(await tasks_of(ada)) == ["return the milk"]


async def test_words_that_fit_nothing_are_refused(world: World) -> None:
    ada = world.person(await world.scheduler())
    await ada.says(task("buy milk"))

    for change in (cancel(words="dentist"), done(number=7), done(is_last=True, words="violin")):
        with pytest.raises(RemoteError) as refused:
            await ada.says(change)
        assert refused.value.remote_reason == "ITEM_NOT_FOUND"


async def test_it_means_what_was_last_spoken_of(world: World) -> None:
    ada = world.person(await world.scheduler())
    await ada.says(task("buy milk"))
    await ada.says(task("call Ada", after=60))
    await ada.says(done(number=1))

    answer = await ada.says(reopen(is_last=True))
    assert answer.results[0].task.title == "buy milk"

    # The reminder of "call Ada" speaks of it again.
    world.move(seconds=60)
    await world.settled(5)
    answer = await ada.says(done(is_last=True))
    assert answer.results[0].task.title == "call Ada"


async def test_people_cannot_reach_each_others_things(world: World) -> None:
    scheduler = await world.scheduler()
    ada, bob = world.person(scheduler), world.person(scheduler)
    made = (await ada.says(task("buy milk"))).results[0].task

    with pytest.raises(RemoteError) as refused:
        await bob.says(cancel(task_id=made.task_id))

    assert refused.value.remote_reason == "ITEM_NOT_FOUND"
    assert titles(await tasks_of(ada)) == ["buy milk"]


async def test_an_event_moves_with_its_length_and_its_reminder(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T12:00:00Z"))
    await ada.says(
        event("Dentist", local_time="2026-11-23T10:00:00", local_end="2026-11-23T10:30:00")
    )

    moved = await ada.says(move(when(local_date="2026-11-24"), words="dentist"))

    found = moved.results[0].event
    assert found.local_start == "2026-11-24T10:00:00"
    assert (found.end_time.seconds - found.start_time.seconds) == 30 * 60
    await world.notifier.wait_for(2)
    world.move(days=1)
    assert len(world.notifier.accepted) == 2
    world.move(hours=22)
    *_, reminder = await world.notifier.wait_for(3)
    assert reminder.kind in ("event_due", "event_due_late")


async def test_a_cancelled_event_reminds_of_nothing(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T12:00:00Z"))
    await ada.says(event("Dentist", local_time="2026-11-22T13:00:00"))
    await ada.says(cancel(words="the dentist"))
    await world.notifier.wait_for(2)

    world.move(hours=2)
    await ada.says(task("a later thing", after=30))
    world.move(seconds=30)
    await world.notifier.wait_for(4)

    kinds = [request.kind for request in world.notifier.accepted.values()]
    assert kinds.count("event_due") == kinds.count("event_due_late") == 0
    listed = ListEventsRequest(user_id=ada.user_id)
    assert (await ada.call(ada.stub.ListEvents, listed)).events == []
    listed.include_cancelled = True
    (kept,) = (await ada.call(ada.stub.ListEvents, listed)).events
    assert kept.state == kept.STATE_CANCELLED


async def test_a_series_keeps_its_wall_clock_time_over_a_change_of_zone(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T12:00:00Z"))
    await ada.says(zone("Europe/London"))
    await ada.says(
        task("stretch", local_time="2026-11-23T09:00:00", recurrence="FREQ=DAILY"),
        task("call Ada", local_time="2026-11-23T09:00:00"),
    )

    await ada.says(zone("America/New_York"))

    stretch, call = await tasks_of(ada)
    assert stretch.local_due == "2026-11-23T09:00:00"  # type: ignore[attr-defined]
    assert stretch.due_time.ToJsonString() == "2026-11-23T14:00:00Z"  # type: ignore[attr-defined]
    assert call.due_time.ToJsonString() == "2026-11-23T09:00:00Z"  # type: ignore[attr-defined]
    assert call.local_due == "2026-11-23T04:00:00"  # type: ignore[attr-defined]


async def test_every_bad_field_is_named_and_nothing_changes(world: World) -> None:
    ada = world.person(await world.scheduler())
    request = ada.request(
        task(""),
        task("x" * 501),
        task("ok", local_time="2026-13-01T00:00:00"),
        event("no time"),
        cancel(),
        answer="y" * 2001,
    )
    request.user_id, request.request_id, request.message_id = "nobody", "nothing", ""
    request.ClearField("message_time")

    with pytest.raises(RemoteError) as refused:
        await ada.call(ada.stub.Apply, request)

    assert refused.value.remote_code is Code.INVALID_ARGUMENT
    assert set(refused.value.violations) == {
        "user_id",
        "request_id",
        "message_id",
        "message_time",
        "answer",
        "changes[0].add_task.title",
        "changes[1].add_task.title",
        "changes[2].add_task.when.local_time",
        "changes[3].add_event.when",
        "changes[4].cancel_item.item",
    }


async def test_an_unknown_zone_is_refused(world: World) -> None:
    ada = world.person(await world.scheduler())
    for name in ("Mars/Olympus", "../etc/passwd", ""):
        with pytest.raises(RemoteError) as refused:
            await ada.says(zone(name))
        assert refused.value.remote_reason == "TIME_ZONE_UNKNOWN"


@pytest.mark.parametrize("token", ["i" * 32, "s" * 32, "x" * 32])
async def test_only_ai_and_the_operator_may_call(world: World, token: str) -> None:
    stranger = world.person(await world.scheduler(), token=token)
    with pytest.raises(RemoteError) as refused:
        await stranger.says(task("buy milk"))
    expected = Code.UNAUTHENTICATED if token[0] == "x" else Code.PERMISSION_DENIED
    assert refused.value.remote_code is expected
