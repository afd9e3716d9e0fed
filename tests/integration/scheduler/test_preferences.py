"""How people like to be served: set, kept, confirmed, told to notifier, and asked for on time."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask

from chassis.errors import RemoteError
from hark.scheduler.v1 import change_pb2
from hark.scheduler.v1.preferences_pb2 import (
    DAY_OF_WEEK_SUNDAY,
    Preferences,
    QuietHours,
    WeeklyDigest,
)
from hark.scheduler.v1.scheduler_service_pb2 import (
    GetPreferencesRequest,
    UpdatePreferencesRequest,
)
from tests.integration.scheduler import said
from tests.integration.scheduler.conftest import Person, World

pytestmark = pytest.mark.postgres
ALL = Preferences(
    time_zone="Europe/Lisbon",
    locale="pt-BR",
    reminder_leads=[Duration(seconds=3600), Duration(seconds=0)],
    first_day_of_week=DAY_OF_WEEK_SUNDAY,
    hour_cycle=Preferences.HOUR_CYCLE_H12,
    quiet_hours=QuietHours(start_time="22:00", end_time="07:00"),
    digest_time="07:30",
    weekly_digest=WeeklyDigest(day=DAY_OF_WEEK_SUNDAY, time="18:00"),
)


async def update(person: Person, given: Preferences, *paths: str) -> Preferences:
    request = UpdatePreferencesRequest(
        user_id=person.user_id,
        preferences=given,
        request_id=str(uuid.uuid4()),
        update_mask=FieldMask(paths=paths),
    )
    answer = await person.call(person.stub.UpdatePreferences, request)
    found: Preferences = answer.preferences
    return found


async def current(person: Person) -> Preferences:
    request = GetPreferencesRequest(user_id=person.user_id)
    found: Preferences = (await person.call(person.stub.GetPreferences, request)).preferences
    return found


def sets(given: Preferences, *paths: str) -> change_pb2.Change:
    mask = FieldMask(paths=paths)
    return change_pb2.Change(
        set_preferences=change_pb2.SetPreferences(preferences=given, update_mask=mask)
    )


async def test_everything_that_is_set_is_kept(world: World) -> None:
    person = world.person(await world.scheduler())
    answered = await update(person, ALL)
    expected = Preferences(user_id=person.user_id, time_zone_confirmed=True)
    expected.MergeFrom(ALL)
    assert answered == expected
    assert await current(person) == expected


async def test_a_mask_takes_things_away_and_leaves_the_rest(world: World) -> None:
    person = world.person(await world.scheduler())
    await update(person, ALL)
    cleared = await update(
        person, Preferences(), "quiet_hours", "digest_time", "weekly_digest", "reminder_leads"
    )
    assert not cleared.HasField("quiet_hours")
    assert not cleared.HasField("weekly_digest")
    assert (cleared.digest_time, list(cleared.reminder_leads)) == ("", [])
    assert (cleared.locale, cleared.hour_cycle) == ("pt-BR", Preferences.HOUR_CYCLE_H12)


async def test_notifier_is_told_although_it_is_down_at_first(world: World) -> None:
    person = world.person(await world.scheduler())
    world.notifier.deaf = 2
    await update(person, ALL)
    (told,) = await world.notifier.wait_until_told(1)
    assert (told.user_id, told.time_zone, told.locale) == (
        person.user_id,
        "Europe/Lisbon",
        "pt-BR",
    )
    assert (told.quiet_hours.start_time, told.quiet_hours.end_time) == ("22:00", "07:00")
    await update(person, Preferences(), "quiet_hours")
    told = (await world.notifier.wait_until_told(2))[1]
    assert told.HasField("quiet_hours")
    assert (told.quiet_hours.start_time, told.quiet_hours.end_time) == ("", "")


async def test_what_notifier_need_not_know_is_not_told(world: World) -> None:
    person = world.person(await world.scheduler())
    await update(person, Preferences(hour_cycle=Preferences.HOUR_CYCLE_H24))
    rows = await world.query("SELECT kind FROM scheduler.notices")
    assert rows == []


async def test_a_guessed_zone_does_not_take_the_place_of_notifiers_own(world: World) -> None:
    person = world.person(await world.scheduler())
    await update(person, Preferences(quiet_hours=ALL.quiet_hours))
    (told,) = await world.notifier.wait_until_told(1)
    assert not told.HasField("time_zone")


@pytest.mark.parametrize(
    ("given", "paths", "field"),
    [
        (Preferences(), (), "preferences"),
        (Preferences(), ("user_id",), "update_mask"),
        (Preferences(locale="nonsense"), (), "preferences.locale"),
        (Preferences(digest_time="7:30"), (), "preferences.digest_time"),
        (Preferences(digest_time="24:00"), (), "preferences.digest_time"),
        (
            Preferences(quiet_hours=QuietHours(start_time="22:00", end_time="22:00")),
            (),
            "preferences.quiet_hours.end_time",
        ),
        (
            Preferences(quiet_hours=QuietHours(start_time="22:00")),
            (),
            "preferences.quiet_hours.end_time",
        ),
        (
            Preferences(weekly_digest=WeeklyDigest(time="18:00")),
            (),
            "preferences.weekly_digest.day",
        ),
        (Preferences(reminder_leads=[Duration(seconds=60)] * 6), (), "preferences.reminder_leads"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    world: World, given: Preferences, paths: tuple[str, ...], field: str
) -> None:
    person = world.person(await world.scheduler())
    with pytest.raises(RemoteError) as refused:
        await update(person, given, *paths)
    assert list(refused.value.violations) == [field]


async def test_an_unknown_zone_is_refused(world: World) -> None:
    person = world.person(await world.scheduler())
    with pytest.raises(RemoteError) as refused:
        await update(person, Preferences(time_zone="Middle/Earth"))
    assert refused.value.remote_reason == "TIME_ZONE_UNKNOWN"


async def test_by_words_it_is_confirmed_in_the_language_it_sets(world: World) -> None:
    person = world.person(await world.scheduler())
    given = Preferences(locale="de-DE", digest_time="07:30")
    await person.says(sets(given, "locale", "digest_time"))
    (answer,) = await world.notifier.wait_for(1)
    (content,) = answer.contents
    assert content.template == "reply"
    assert content.parameters["text"] == (
        "Du bekommst jeden Tag um 07:30 einen Überblick. Ich spreche jetzt Deutsch mit dir."
    )


async def test_reminders_and_confirmations_speak_the_persons_language(world: World) -> None:
    person = world.person(await world.scheduler())
    await update(person, Preferences(time_zone="Europe/Berlin", locale="de-DE"))
    await person.says(said.event("Zahnarzt", local_time="2026-11-23T09:00:00"))
    (confirmed,) = await world.notifier.wait_for(1)
    assert dict(confirmed.contents[0].parameters)["time"] == "morgen um 09:00"
    world.move(hours=19, minutes=50, seconds=1)
    reminded = (await world.notifier.wait_for(2))[1]
    assert reminded.kind == "event_due"
    assert dict(reminded.contents[0].parameters)["time"] == "um 09:00"


async def test_a_leading_time_of_ones_own_is_used_for_new_events(world: World) -> None:
    person = world.person(await world.scheduler())
    await update(person, Preferences(reminder_leads=[Duration(seconds=3600)]))
    answer: Any = await person.says(said.event("Dentist", local_time="2026-11-23T09:00:00"))
    assert [each.seconds for each in answer.results[0].event.reminder_leads] == [3600]
