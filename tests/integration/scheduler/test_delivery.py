"""Notices reach notifier once each: at their time, after crashes, outages and changes."""

from __future__ import annotations

from datetime import timedelta

from services.scheduler.domain.notice import request_id
from tests.integration.scheduler.conftest import World
from tests.integration.scheduler.said import cancel, done, event, move, task, when, zone


async def test_a_confirmation_goes_out_once_although_the_process_dies_before_settling(
    world: World,
) -> None:
    first = await world.scheduler()
    ada = world.person(first)
    # notifier takes it, and the process dies while it waits for the answer.
    world.notifier.answers.clear()
    answer = await ada.says(task("call Ada"))
    await world.notifier.wait_for(1)
    await first.kill()
    world.notifier.answers.set()

    await world.scheduler()
    await world.settled(1)

    assert list(world.notifier.accepted) == [answer.confirmation_request_id]
    assert world.notifier.deliveries >= 2


async def test_a_lost_answer_is_asked_for_again_and_counts_once(world: World) -> None:
    ada = world.person(await world.scheduler())
    world.notifier.accepts_but_loses_answers = 2

    await ada.says(task("call Ada"))
    await world.settled(1)

    assert len(world.notifier.accepted) == 1
    assert world.notifier.deliveries == 3


async def test_an_outage_of_notifier_uses_no_attempt(world: World) -> None:
    ada = world.person(await world.scheduler())
    world.notifier.outages = 5

    await ada.says(task("call Ada"))
    await world.settled(1)

    assert len(world.notifier.accepted) == 1
    (row,) = await world.query("SELECT attempts, postponements FROM scheduler.notices")
    assert (row["attempts"], row["postponements"]) == (0, 5)


async def test_what_notifier_refuses_for_good_is_buried_with_the_reason(world: World) -> None:
    ada = world.person(await world.scheduler())
    world.notifier.refused_templates = {"task_created"}

    await ada.says(task("call Ada"))
    await world.settled(1)

    (row,) = await world.query("SELECT buried_reason FROM scheduler.notices")
    assert row["buried_reason"] == "TEMPLATE_NOT_FOUND"


async def test_a_refused_occurrence_does_not_end_its_series(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T12:00:00Z"))
    world.notifier.refused_templates = {"task_due"}
    await ada.says(task("stretch", local_time="2026-11-22T13:00:00", recurrence="FREQ=DAILY"))
    world.move(hours=1)
    await world.settled(2)
    world.notifier.refused_templates = set()

    world.move(days=1)
    await world.notifier.wait_for(2)

    assert [r.kind for r in world.notifier.accepted.values()][1:] == ["task_due"]


async def test_nothing_is_early_and_nothing_that_is_on_time_is_called_late(world: World) -> None:
    ada = world.person(await world.scheduler())
    await ada.says(*(task(f"thing {n}", after=n) for n in range(1, 4)))

    await world.notifier.wait_for(4)

    rows = await world.query("SELECT notice_id, occurrence, due_time FROM scheduler.notices")
    due = {request_id(str(row["notice_id"]), row["occurrence"]): row["due_time"] for row in rows}
    late = [world.notifier.arrived[each] - due[each] for each in due]
    assert len(late) == 4
    assert timedelta() <= min(late)
    assert max(late) < timedelta(seconds=2)
    assert all(not template.endswith("_late") for template, _ in world.notifier.said())


async def test_what_was_missed_while_down_comes_once_and_late(world: World) -> None:
    first = await world.scheduler("2026-11-22T12:00:00Z")
    ada = world.person(first)
    await ada.says(zone("America/New_York"))
    await ada.says(
        task("stretch", local_time="2026-11-22T09:00:00", recurrence="FREQ=DAILY"),
        event("Lunch", local_time="2026-11-23T12:00:00"),
    )
    await world.settled(2)
    await first.stop()
    world.running.clear()

    second = await world.scheduler("2026-11-25T20:00:00Z")
    await world.notifier.wait_for(4)
    await world.settled(4)

    late = [said for said in world.notifier.said() if said[0].endswith("_late")]
    assert sorted(late) == [
        ("event_due_late", {"title": "Lunch", "time": "on Monday, November 23 at 12 PM"}),
        # Of the four mornings that were missed, the last one is told.
        ("task_due_late", {"title": "stretch", "time": "at 9 AM"}),
    ]
    (following,) = await world.query(
        "SELECT due_time FROM scheduler.notices WHERE settled_time IS NULL"
    )
    assert following["due_time"].isoformat() == "2026-11-26T14:00:00+00:00"
    assert second.clock.now() < following["due_time"]


async def test_a_series_keeps_its_wall_clock_time_when_the_clocks_change(world: World) -> None:
    # Clocks go back in New York on 2026-11-01.
    ada = world.person(await world.scheduler("2026-10-31T04:00:00Z"))
    await ada.says(zone("America/New_York"))
    await ada.says(task("stretch", local_time="2026-10-31T09:00:00", recurrence="FREQ=DAILY"))

    told = "SELECT 1 FROM scheduler.notices WHERE kind = 'task_due' AND settled_time IS NOT NULL"
    for count in (1, 2):
        world.move(days=1)
        await world.found(f"{told} OFFSET $1", count - 1)

    rows = await world.query(
        "SELECT due_time FROM scheduler.notices WHERE kind = 'task_due' ORDER BY due_time"
    )
    assert [f"{row['due_time']:%d %H:%M}" for row in rows] == ["31 13:00", "01 14:00", "02 14:00"]


async def test_a_change_takes_back_what_was_handed_over_before_it_answers(world: World) -> None:
    ada = world.person(await world.scheduler())
    await ada.says(task("call Ada", after=60))
    world.move(seconds=60)
    *_, reminder = await world.notifier.wait_for(2)
    await world.settled(2)

    await ada.says(done(number=1))

    assert world.notifier.cancelled[0] == reminder.request_id


async def test_the_answer_says_that_a_reminder_had_just_started(world: World) -> None:
    ada = world.person(await world.scheduler())
    await ada.says(task("call Ada", after=60))
    world.move(seconds=60)
    *_, reminder = await world.notifier.wait_for(2)
    await world.settled(2)
    world.notifier.started.add(reminder.request_id)

    answer = await ada.says(done(number=1))

    assert answer.started_reminder_count == 1


async def test_a_reminder_on_its_way_is_taken_back_although_it_arrives_later(
    world: World,
) -> None:
    ada = world.person(await world.scheduler())
    await ada.says(task("call Ada", after=60))
    await world.notifier.wait_for(1)
    await world.settled(1)
    # The reminder is claimed and waits at notifier's door while the person cancels.
    world.notifier.held.clear()
    world.move(seconds=60)
    await world.found(
        "SELECT 1 FROM scheduler.notices WHERE settled_time IS NULL AND lease_until > now()"
    )
    await ada.says(cancel(number=1))
    assert world.notifier.cancelled == []

    world.notifier.held.set()
    await world.notifier.wait_for_cancellation()

    (reminder,) = [r for r in world.notifier.accepted.values() if r.kind == "task_due"]
    assert world.notifier.cancelled == [reminder.request_id]


async def test_moving_replaces_the_reminder(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T12:00:00Z"))
    await ada.says(task("call Ada", local_time="2026-11-22T13:00:00"))
    await ada.says(move(when(local_time="2026-11-22T15:00:00"), number=1))
    await world.settled(3)

    world.move(hours=2)
    await ada.says(task("another", after=3600))
    await world.settled(4)
    assert [r.kind for r in world.notifier.accepted.values()] == ["reply"] * 3

    world.move(hours=1)
    *_, reminder = await world.notifier.wait_for(4)
    assert reminder.kind == "task_due"


async def test_completing_a_series_moves_it_to_its_next_time(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T12:00:00Z"))
    await ada.says(task("stretch", local_time="2026-11-22T13:00:00", recurrence="FREQ=DAILY"))

    answer = await ada.says(done(words="stretch"))

    assert answer.results[0].task.local_due == "2026-11-23T13:00:00"
    rows = await world.query(
        "SELECT due_time FROM scheduler.notices WHERE settled_time IS NULL AND kind = 'task_due'"
    )
    assert [row["due_time"].isoformat() for row in rows] == ["2026-11-23T13:00:00+00:00"]


async def test_many_that_are_due_at_once_cross_in_batches(world: World) -> None:
    scheduler = await world.scheduler("2026-11-22T12:00:00Z")
    people = [world.person(scheduler) for _ in range(10)]
    for person in people:
        person.peer = people[0].peer
        person.stub = people[0].stub
        await person.says(*(task(f"thing {n}", after=600) for n in range(20)))
    await world.settled(10)

    world.move(minutes=10)
    await world.notifier.wait_for(210)

    assert len(world.notifier.batches) < 30


async def test_two_replicas_hand_each_over_once(world: World) -> None:
    one, two = await world.scheduler(), await world.scheduler()
    ada, bob = world.person(one), world.person(two)
    for n in range(5):
        await ada.says(*(task(f"thing {n} {m}", after=600) for m in range(20)))
        await bob.says(*(task(f"thing {n} {m}", after=600) for m in range(20)))
    world.move(minutes=10)
    await world.settled(210)
    assert len(world.notifier.accepted) == world.notifier.deliveries == 210


async def test_an_event_nearer_than_its_lead_reminds_of_nothing(world: World) -> None:
    ada = world.person(await world.scheduler("2026-11-22T12:00:00Z"))
    await ada.says(event("Lunch", local_time="2026-11-22T12:05:00"))
    await world.settled(1)
    assert await world.query("SELECT 1 FROM scheduler.notices WHERE settled_time IS NULL") == []
