"""Overviews of a day and of a week: at the chosen time, once, and only where there is something."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hark.notifier.v1.notification_pb2 import Notification
from hark.notifier.v1.notifier_service_pb2 import SendNotificationRequest
from hark.scheduler.v1.preferences_pb2 import DAY_OF_WEEK_SUNDAY, Preferences, WeeklyDigest
from tests.integration.scheduler import said
from tests.integration.scheduler.conftest import Person, World
from tests.integration.scheduler.test_preferences import update

pytestmark = pytest.mark.postgres


def overviews(world: World) -> list[SendNotificationRequest]:
    return [each for each in world.notifier.accepted.values() if each.kind == "digest"]


async def morning_person(world: World) -> Person:
    """Someone in Berlin, at 13:00 their time, who wants an overview at 07:30."""
    person = world.person(await world.scheduler())
    await update(
        person, Preferences(time_zone="Europe/Berlin", locale="en-GB", digest_time="07:30")
    )
    await world.notifier.wait_until_told(1)
    return person


async def next_due(world: World) -> list[str]:
    rows = await world.query(
        "SELECT due_time FROM scheduler.notices"
        " WHERE kind LIKE '%digest' AND settled_time IS NULL ORDER BY due_time"
    )
    return [f"{row['due_time']:%m-%d %H:%M}" for row in rows]


async def test_the_overview_of_the_day_comes_at_the_chosen_time(world: World) -> None:
    person = await morning_person(world)
    await person.says(
        said.event("Dentist", local_time="2026-11-23T09:00:00"),
        said.task("call Ada", local_time="2026-11-23T18:00:00"),
        said.event("Fair", local_date="2026-11-23"),
        said.event("Not today", local_time="2026-11-24T09:00:00"),
    )
    await world.notifier.wait_for(1)
    assert await next_due(world) == ["11-23 06:30"]
    world.move(hours=18, minutes=30, seconds=1)
    await world.notifier.wait_for(2)
    (overview,) = overviews(world)
    assert overview.type == Notification.TYPE_STATUS_UPDATE
    (content,) = overview.contents
    assert content.parameters["text"] == (
        "Good morning. You have 3 things today.\n"
        "Fair, all day.\nDentist at 09:00.\ncall Ada at 18:00."
    )
    await world.found("SELECT 1 FROM scheduler.notices WHERE kind = 'digest' OFFSET 1")
    assert await next_due(world) == ["11-24 06:30"]


async def test_nobody_hears_of_a_day_with_nothing_in_it(world: World) -> None:
    await morning_person(world)
    world.move(hours=18, minutes=30, seconds=1)
    await world.found("SELECT 1 FROM scheduler.notices WHERE withdrawn_reason = 'NOTHING_PLANNED'")
    await world.found("SELECT 1 FROM scheduler.notices WHERE kind = 'digest' OFFSET 1")
    assert overviews(world) == []
    assert await next_due(world) == ["11-24 06:30"]


async def test_what_is_over_is_not_told(world: World) -> None:
    person = await morning_person(world)
    await person.says(
        said.event("Early", local_time="2026-11-23T06:00:00"),
        said.event("Late", local_time="2026-11-23T22:00:00"),
    )
    world.move(hours=18, minutes=30, seconds=1)
    await world.notifier.wait_for(3)
    (overview,) = overviews(world)
    assert overview.contents[0].parameters["text"] == (
        "Good morning. You have one thing today.\nLate at 22:00."
    )


async def test_the_overview_of_the_week_names_its_days(world: World) -> None:
    person = world.person(await world.scheduler())
    weekly = WeeklyDigest(day=DAY_OF_WEEK_SUNDAY, time="18:00")
    await update(
        person, Preferences(time_zone="Europe/Berlin", locale="de-DE", weekly_digest=weekly)
    )
    await person.says(
        said.event("Zahnarzt", local_time="2026-11-23T09:00:00"),
        said.event("Chor", local_time="2026-11-25T19:00:00"),
        said.task("Ada anrufen", local_time="2026-11-25T20:00:00"),
    )
    await world.notifier.wait_for(1)
    world.move(hours=5, seconds=1)
    await world.notifier.wait_for(2)
    (overview,) = overviews(world)
    assert overview.contents[0].parameters["text"] == (
        "Guten Abend. Du hast in den nächsten sieben Tagen 3 Einträge.\n"
        "Morgen: Zahnarzt um 09:00.\n"
        "Mittwoch, 25. November: Chor um 19:00; Ada anrufen um 20:00."
    )
    await world.found("SELECT 1 FROM scheduler.notices WHERE kind = 'weekly_digest' OFFSET 1")
    assert await next_due(world) == ["11-29 17:00"]


async def test_another_time_takes_the_place_of_the_first(world: World) -> None:
    person = await morning_person(world)
    await update(person, Preferences(digest_time="08:00"))
    assert await next_due(world) == ["11-23 07:00"]
    await update(person, Preferences(digest_time="07:30"))
    assert await next_due(world) == ["11-23 06:30"]
    await update(person, Preferences(time_zone="America/New_York"))
    assert await next_due(world) == ["11-22 12:30"]
    await update(person, Preferences(), "digest_time")
    assert await next_due(world) == []


async def test_the_overview_keeps_its_wall_clock_when_the_clocks_change(world: World) -> None:
    scheduler = await world.scheduler("2026-10-24T12:00:00Z")
    person = world.person(scheduler)
    await update(person, Preferences(time_zone="Europe/Berlin", digest_time="07:30"))
    assert await next_due(world) == ["10-25 06:30"]
    await person.says(said.event("Choir", local_time="2026-10-25T19:00:00"))
    world.move(hours=18, minutes=30, seconds=1)
    await world.notifier.wait_for(2)
    assert len(overviews(world)) == 1
    await world.found("SELECT 1 FROM scheduler.notices WHERE kind = 'digest' OFFSET 1")
    assert await next_due(world) == ["10-26 06:30"]


async def test_after_a_long_night_an_overview_is_left_out_and_the_next_one_comes(
    world: World,
) -> None:
    person = await morning_person(world)
    await person.says(said.event("Dinner", local_time="2026-11-23T20:00:00"))
    await world.notifier.wait_for(1)
    await world.running[0].kill()
    world.running[0].clock.move(timedelta(hours=23))
    await world.scheduler()
    await world.found("SELECT 1 FROM scheduler.notices WHERE withdrawn_reason = 'MISSED'")
    await world.found("SELECT 1 FROM scheduler.notices WHERE kind = 'digest' OFFSET 1")
    assert overviews(world) == []
    assert await next_due(world) == ["11-24 06:30"]


async def test_an_overview_is_given_once_although_answers_are_lost_and_replicas_race(
    world: World,
) -> None:
    person = await morning_person(world)
    await world.scheduler()
    await person.says(said.event("Dentist", local_time="2026-11-23T09:00:00"))
    await world.notifier.wait_for(1)
    world.notifier.accepts_but_loses_answers = 2
    world.move(hours=18, minutes=30, seconds=1)
    await world.found("SELECT 1 FROM scheduler.notices WHERE kind = 'digest' OFFSET 1")
    assert len(overviews(world)) == 1
    assert await next_due(world) == ["11-24 06:30"]
