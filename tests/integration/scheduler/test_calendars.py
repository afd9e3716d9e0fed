"""Calendars given away and taken over: files, feeds, free times."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import httpx2
import icalendar
import pytest
from google.protobuf.duration_pb2 import Duration

from chassis.errors import RemoteError
from hark.scheduler.v1 import change_pb2
from hark.scheduler.v1.calendar_pb2 import ImportSkip
from hark.scheduler.v1.preferences_pb2 import Preferences
from hark.scheduler.v1.scheduler_service_pb2 import (
    CreateCalendarFeedRequest,
    CreateCalendarFeedResponse,
    ExportCalendarRequest,
    FindFreeTimeRequest,
    FindFreeTimeResponse,
    GetCalendarFeedRequest,
    ImportCalendarRequest,
    ImportCalendarResponse,
    ListAgendaRequest,
    ListAgendaResponse,
    ReadCalendarFeedRequest,
    ReadCalendarFeedResponse,
    RevokeCalendarFeedRequest,
)
from services.ingress.clients.calendars import CalendarsClient
from services.ingress.web.calendar import calendar_routes
from services.ingress.web.pages import pages
from tests.integration.scheduler import said
from tests.integration.scheduler.conftest import Person, World
from tests.integration.scheduler.test_preferences import update
from tests.unit.scheduler.calendars import starts_by_ical, starts_by_icalendar
from tests.unit.scheduler.test_ical_in import file, vevent

pytestmark = pytest.mark.postgres
FIRST, LAST = datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)


async def resident(world: World) -> Person:
    person = world.person(await world.scheduler())
    await update(person, Preferences(time_zone="Europe/Lisbon", locale="en-GB"))
    return person


async def imported(person: Person, content: bytes, request_id: str = "") -> ImportCalendarResponse:
    request = ImportCalendarRequest(
        user_id=person.user_id, content=content, request_id=request_id or str(uuid.uuid4())
    )
    answer: ImportCalendarResponse = await person.call(person.stub.ImportCalendar, request)
    return answer


async def exported(person: Person) -> bytes:
    request = ExportCalendarRequest(user_id=person.user_id)
    content: bytes = (await person.call(person.stub.ExportCalendar, request)).content
    return content


async def agenda(person: Person, period: ListAgendaRequest.Period.ValueType) -> ListAgendaResponse:
    request = ListAgendaRequest(user_id=person.user_id, period=period)
    answer: ListAgendaResponse = await person.call(person.stub.ListAgenda, request)
    return answer


def counts(answer: ImportCalendarResponse) -> tuple[int, int, int]:
    return answer.imported_count, answer.updated_count, answer.unchanged_count


async def test_an_export_shows_two_parsers_what_the_agenda_shows(world: World) -> None:
    person = await resident(world)
    await person.says(
        said.event("Choir", local_time="2026-11-25T19:00:00", recurrence="FREQ=WEEKLY;COUNT=6"),
        said.event("Fair", local_date="2026-11-28"),
        said.task("call Ada", local_time="2026-11-24T18:00:00"),
    )
    await person.says(
        change_pb2.Change(
            cancel_item=change_pb2.CancelItem(
                item=said.item(words="choir"),
                scope=change_pb2.SCOPE_THIS,
                occurrence=change_pb2.When(local_date="2026-12-02"),
            )
        )
    )
    await person.says(
        change_pb2.Change(
            move_item=change_pb2.MoveItem(
                item=said.item(words="choir"),
                when=change_pb2.When(local_time="2026-12-09T20:30:00"),
                scope=change_pb2.SCOPE_THIS,
                occurrence=change_pb2.When(local_date="2026-12-09"),
            )
        )
    )
    request = ListAgendaRequest(
        user_id=person.user_id, start_date="2026-11-23", end_date="2027-01-31"
    )
    answer = await person.call(person.stub.ListAgenda, request)
    shown = [
        (item.event.title, item.start_time.ToDatetime(tzinfo=UTC))
        for item in answer.items
        if item.HasField("event")
    ]
    assert len(shown) == 6
    content = await exported(person)
    assert starts_by_icalendar(content, FIRST, LAST) == shown
    assert starts_by_ical(content, FIRST, LAST) == shown
    (todo,) = icalendar.Calendar.from_ical(content).walk("VTODO")
    assert str(todo["SUMMARY"]) == "call Ada"


async def test_an_import_is_taken_once_and_reminds(world: World) -> None:
    person = await resident(world)
    content = file(
        vevent(
            "SUMMARY:Lecture",
            "RRULE:FREQ=WEEKLY;COUNT=3",
            start="DTSTART;TZID=Europe/Berlin:20261123T100000",
        ),
        vevent("SUMMARY:Long ago", uid="b@other", start="DTSTART:20200101T090000Z"),
        vevent("SUMMARY:Odd", "RRULE:FREQ=SECONDLY", uid="c@other"),
    )
    request_id = str(uuid.uuid4())
    first = await imported(person, content, request_id)
    assert counts(first) == (1, 0, 0)
    assert [(each.reason, each.count) for each in first.skipped] == [
        (ImportSkip.REASON_OVER, 1),
        (ImportSkip.REASON_RULE_UNSUPPORTED, 1),
    ]
    assert first.text.startswith("I added one event. ")
    assert await imported(person, content, request_id) == first
    assert counts(await imported(person, content)) == (0, 0, 1)
    (line,) = (await agenda(person, ListAgendaRequest.PERIOD_TOMORROW)).items
    assert (line.event.title, line.time_text) == ("Lecture", "at 09:00")
    world.move(hours=20, minutes=50, seconds=1)
    (reminder,) = await world.notifier.wait_for(1)
    assert dict(reminder.contents[0].parameters)["title"] == "Lecture"


async def test_a_file_that_has_changed_moves_the_reminder(world: World) -> None:
    person = await resident(world)
    await imported(person, file(vevent("SUMMARY:x", start="DTSTART:20261123T090000Z")))
    later = await imported(person, file(vevent("SUMMARY:x", start="DTSTART:20261123T110000Z")))
    assert counts(later) == (0, 1, 0)
    rows = await world.query(
        "SELECT due_time FROM scheduler.notices WHERE kind = 'event_due' AND settled_time IS NULL"
    )
    assert [f"{row['due_time']:%H:%M}" for row in rows] == ["10:50"]


async def test_an_import_into_another_account_is_of_no_concern_to_the_first(world: World) -> None:
    ada, grace = await resident(world), await resident(world)
    await ada.says(said.event("Secret", local_time="2026-11-25T19:00:00"))
    content = await exported(ada)
    assert counts(await imported(grace, content)) == (1, 0, 0)
    assert counts(await imported(ada, content)) == (0, 0, 1)


async def test_the_same_request_with_another_file_is_refused(world: World) -> None:
    person = await resident(world)
    request_id = str(uuid.uuid4())
    await imported(person, file(vevent("SUMMARY:x")), request_id)
    with pytest.raises(RemoteError) as refused:
        await imported(person, file(vevent("SUMMARY:y")), request_id)
    assert refused.value.remote_reason == "REQUEST_ID_REUSED"


async def test_what_is_no_calendar_is_refused(world: World) -> None:
    person = await resident(world)
    with pytest.raises(RemoteError) as refused:
        await imported(person, b"PK\x03\x04")
    assert refused.value.remote_reason == "CALENDAR_UNREADABLE"


async def new_feed(person: Person, request_id: str = "") -> CreateCalendarFeedResponse:
    request = CreateCalendarFeedRequest(
        user_id=person.user_id, request_id=request_id or str(uuid.uuid4())
    )
    answer: CreateCalendarFeedResponse = await person.call(person.stub.CreateCalendarFeed, request)
    return answer


async def feed_content(
    world: World, person: Person, token: str, etag: str = ""
) -> ReadCalendarFeedResponse:
    ingress = world.person(person.scheduler, token="i" * 32)
    request = ReadCalendarFeedRequest(token=token, etag=etag)
    answer: ReadCalendarFeedResponse = await ingress.call(ingress.stub.ReadCalendarFeed, request)
    return answer


async def test_a_feed_changes_its_etag_when_the_calendar_does(world: World) -> None:
    person = await resident(world)
    await person.says(said.event("Choir", local_time="2026-11-25T19:00:00"))
    made = await new_feed(person)
    assert made.url.endswith(f"/calendar/{made.token}.ics")
    first = await feed_content(world, person, made.token)
    assert starts_by_ical(first.content, FIRST, LAST) == [
        ("Choir", datetime(2026, 11, 25, 19, tzinfo=UTC))
    ]
    again = await feed_content(world, person, made.token, first.etag)
    assert (again.not_modified, again.content, again.etag) == (True, b"", first.etag)
    await person.says(said.cancel(words="choir"))
    changed = await feed_content(world, person, made.token, first.etag)
    assert not changed.not_modified
    assert changed.etag != first.etag
    assert starts_by_ical(changed.content, FIRST, LAST) == []


async def test_a_revoked_feed_answers_nobody(world: World) -> None:
    person = await resident(world)
    made = await new_feed(person)
    revoked = await person.call(
        person.stub.RevokeCalendarFeed, RevokeCalendarFeedRequest(user_id=person.user_id)
    )
    assert revoked.feed.HasField("revoke_time")
    for token in (made.token, made.token[:-1] + "x", "", "x" * 500):
        with pytest.raises(RemoteError) as refused:
            await feed_content(world, person, token)
        assert refused.value.remote_reason == "CALENDAR_FEED_NOT_FOUND"


async def test_a_new_feed_takes_the_place_of_the_old_one(world: World) -> None:
    person = await resident(world)
    request_id = str(uuid.uuid4())
    first = await new_feed(person, request_id)
    assert (await new_feed(person, request_id)).token == first.token
    second = await new_feed(person)
    assert second.token != first.token
    with pytest.raises(RemoteError):
        await feed_content(world, person, first.token)
    # A late repeat of the first request brings nothing back to life.
    assert (await new_feed(person, request_id)).feed.HasField("revoke_time")
    assert (await feed_content(world, person, second.token)).content
    got = await person.call(
        person.stub.GetCalendarFeed, GetCalendarFeedRequest(user_id=person.user_id)
    )
    assert got.feed.HasField("read_time")


async def test_the_table_does_not_tell_the_token(world: World) -> None:
    person = await resident(world)
    made = await new_feed(person)
    (row,) = await world.query("SELECT feeds::text AS text, token_hash FROM scheduler.feeds")
    assert made.token not in row["text"]
    assert made.token.encode() not in bytes(row["token_hash"])


async def test_who_never_had_a_feed_is_told_so(world: World) -> None:
    person = await resident(world)
    with pytest.raises(RemoteError) as refused:
        await person.call(
            person.stub.GetCalendarFeed, GetCalendarFeedRequest(user_id=person.user_id)
        )
    assert refused.value.remote_reason == "CALENDAR_FEED_NOT_FOUND"


async def free(person: Person, minutes: int, **given: str) -> FindFreeTimeResponse:
    request = FindFreeTimeRequest(
        user_id=person.user_id, duration=Duration(seconds=60 * minutes), **given
    )
    answer: FindFreeTimeResponse = await person.call(person.stub.FindFreeTime, request)
    return answer


async def test_the_next_free_time_lies_between_events(world: World) -> None:
    person = await resident(world)
    await person.says(
        said.event("Long", local_time="2026-11-23T09:00:00", local_end="2026-11-23T14:00:00"),
        said.event("No end", local_time="2026-11-23T15:00:00"),
        said.event("Fair", local_date="2026-11-23"),
        said.task("call Ada", local_time="2026-11-23T14:30:00"),
    )
    found = await free(person, 60, start_date="2026-11-23", end_date="2026-11-23")
    assert [
        (each.start_time.ToJsonString(), each.end_time.ToJsonString()) for each in found.free_times
    ] == [
        ("2026-11-23T14:00:00Z", "2026-11-23T15:00:00Z"),
        ("2026-11-23T16:00:00Z", "2026-11-23T18:00:00Z"),
    ]
    assert found.text == "You are free tomorrow at 14:00, until 15:00."
    none = await free(person, 180, start_date="2026-11-23", end_date="2026-11-23")
    assert (list(none.free_times), none.text) == (
        [],
        "You have no free time of that length then.",
    )


async def test_no_free_time_lies_in_the_past(world: World) -> None:
    person = await resident(world)
    found = await free(person, 30, day_start_time="00:00", day_end_time="24:00")
    assert found.free_times[0].start_time.ToDatetime(tzinfo=UTC) >= world.running[0].clock.now()


async def test_days_are_named_as_people_do(world: World) -> None:
    person = await resident(world)
    await person.says(
        said.event("Dentist", local_time="2026-11-23T09:00:00"),
        said.event("Choir", local_time="2026-11-29T19:00:00"),
    )
    today = await agenda(person, ListAgendaRequest.PERIOD_TODAY)
    assert today.text == "You have nothing today."
    tomorrow = await agenda(person, ListAgendaRequest.PERIOD_TOMORROW)
    assert tomorrow.text == "You have one thing tomorrow.\nDentist at 09:00."
    # Sunday is the last day of a week that begins on Monday, and the first of another.
    assert (await agenda(person, ListAgendaRequest.PERIOD_THIS_WEEK)).items == []
    following = await agenda(person, ListAgendaRequest.PERIOD_NEXT_WEEK)
    assert [item.event.title for item in following.items] == ["Dentist", "Choir"]
    await update(person, Preferences(first_day_of_week=7))
    week = await agenda(person, ListAgendaRequest.PERIOD_THIS_WEEK)
    assert week.text == "You have one thing this week.\nTomorrow: Dentist at 09:00."


async def test_a_calendar_program_reads_the_feed_through_ingress(world: World) -> None:
    person = await resident(world)
    await person.says(said.event("Choir", local_time="2026-11-25T19:00:00"))
    made = await new_feed(person)
    peer = world.person(person.scheduler, token="i" * 32).peer
    app = pages(
        verify_token="v",
        ready=lambda: True,
        refused=lambda _reason: None,
        more=calendar_routes(CalendarsClient(peer), monotonic=lambda: 0.0),
    )
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://hark") as client:
        path = made.url[made.url.index("/calendar/") :]
        first = await client.get(path)
        assert starts_by_ical(first.content, FIRST, LAST) == [
            ("Choir", datetime(2026, 11, 25, 19, tzinfo=UTC))
        ]
        again = await client.get(path, headers={"if-none-match": first.headers["etag"]})
        assert again.status_code == 304
        await person.call(
            person.stub.RevokeCalendarFeed, RevokeCalendarFeedRequest(user_id=person.user_id)
        )
        assert (await client.get(path)).status_code == 404
