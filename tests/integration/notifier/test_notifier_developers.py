"""What other teams call: watching, trying again, looking before sending, buttons and files."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from chassis.errors import InvalidArgument
from hark.notifier.v1.inbound_pb2 import DeliveryStatus
from hark.notifier.v1.notification_pb2 import Button, Content, Document, Notification
from hark.notifier.v1.notifier_service_pb2 import (
    CancelNotificationRequest,
    ListTemplatesRequest,
    PreviewNotificationRequest,
    RedriveNotificationRequest,
    WatchNotificationRequest,
)
from services.notifier.domain.contact import UserNotFound
from services.notifier.domain.notification import (
    NotificationNotFound,
    NotificationNotRedrivable,
)
from services.notifier.domain.template import TemplateNotFound
from tests.integration.notifier.graph import Reply, ScriptedGraph, error
from tests.integration.notifier.house import House, a_request, notifier, send, stamp

CALENDAR = Document(file_name="ada.ics", mime_type="text/calendar", content=b"BEGIN:VCALENDAR")


def answer(user_id: str, **fields: Any) -> Any:
    values: dict[str, Any] = {
        "type": Notification.TYPE_CONFIRMATION,
        "contents": [Content(template="reply", parameters={"text": "Here you are"})],
        "reply_to_message_id": "m_1",
    }
    return a_request(user_id, **values | fields)


def watch(house: House, *, timeout: float = 20.0, **which: str) -> AsyncIterator[Any]:
    stub = house.stubs["operator"]
    request = WatchNotificationRequest(**which)
    return house.peers["operator"].stream(stub.WatchNotification, request, timeout=timeout)


async def redrive(house: House, notification_id: str) -> Notification:
    request = RedriveNotificationRequest(notification_id=notification_id)
    redriven: Notification = (await house.call("RedriveNotification", request)).notification
    return redriven


async def preview(house: House, request: Any, locale: str = "") -> Any:
    asked = PreviewNotificationRequest(notification=request, locale=locale)
    return await house.call("PreviewNotification", asked, client="ai")


async def test_a_watch_tells_every_standing_and_ends_with_the_last(
    house: House, graph: ScriptedGraph
) -> None:
    person = await house.record()
    request = a_request(person.user_id, due_time=stamp(house.clock.now() + timedelta(hours=1)))
    waiting = await send(house, request)
    states = []
    async for response in watch(house, request_id=request.request_id):
        states.append(response.notification.state)
        if len(states) == 1:
            cancel = CancelNotificationRequest(notification_id=waiting.notification_id)
            await house.call("CancelNotification", cancel)
    assert states == [Notification.STATE_QUEUED, Notification.STATE_CANCELLED]


async def test_a_watch_follows_a_send_to_its_statuses(house: House, graph: ScriptedGraph) -> None:
    person = await house.record()
    graph.script.append(Reply(waits=True))
    sent = await send(house, answer(person.user_id))
    states: list[int] = []
    async for response in watch(house, notification_id=sent.notification_id):
        state = response.notification.state
        states.append(state)
        if state in (Notification.STATE_QUEUED, Notification.STATE_SENDING):
            graph.release.set()
        if state == Notification.STATE_SENT:
            token = graph.sends[0]["biz_opaque_callback_data"]
            await house.status(
                DeliveryStatus(
                    provider_message_id="wamid.1",
                    status="played",
                    callback_data=token,
                    event_time=stamp(house.clock.now()),
                )
            )
    assert states[-2:] == [Notification.STATE_SENT, Notification.STATE_PLAYED]
    assert states == sorted(states)


async def test_a_watch_in_another_replica_hears_of_it(
    database_url: str, graph: ScriptedGraph, house: House
) -> None:
    person = await house.record()
    request = a_request(person.user_id, due_time=stamp(house.clock.now() + timedelta(hours=1)))
    waiting = await send(house, request)
    async with notifier(database_url, graph.url) as other:
        states = []
        async for response in watch(other, notification_id=waiting.notification_id):
            states.append(response.notification.state)
            if len(states) == 1:
                cancel = CancelNotificationRequest(notification_id=waiting.notification_id)
                await house.call("CancelNotification", cancel)
    assert states[-1] == Notification.STATE_CANCELLED


async def test_a_watch_ends_well_just_before_its_callers_deadline(house: House) -> None:
    person = await house.record()
    request = a_request(person.user_id, due_time=stamp(house.clock.now() + timedelta(hours=1)))
    waiting = await send(house, request)
    shown = [
        each async for each in watch(house, timeout=1.0, notification_id=waiting.notification_id)
    ]
    assert len(shown) == 1
    with pytest.raises(NotificationNotFound):
        async for _ in watch(house, notification_id=str(uuid.uuid4())):
            pass


async def test_watchers_do_not_keep_a_server_from_stopping(
    database_url: str, graph: ScriptedGraph
) -> None:
    seen = asyncio.Event()

    async def follow(house: House, notification_id: str) -> None:
        async for _ in watch(house, notification_id=notification_id):
            seen.set()

    async with notifier(database_url, graph.url) as house:
        person = await house.record()
        request = a_request(person.user_id, due_time=stamp(house.clock.now() + timedelta(hours=1)))
        waiting = await send(house, request)
        following = asyncio.create_task(follow(house, waiting.notification_id))
        async with asyncio.timeout(20):
            await seen.wait()
        watching = next(each for each in house.components if each.name == "notifier watching")
        await watching.stop()
        async with asyncio.timeout(20):
            await following


async def test_a_dead_letter_keeps_all_about_it_and_redriving_it_twice_sends_it_once(
    house: House, graph: ScriptedGraph
) -> None:
    person = await house.record()
    graph.script.append(error(131008))
    sent = await send(house, answer(person.user_id))
    failed = await house.in_state(sent.notification_id, Notification.STATE_FAILED)
    assert failed.contents[0].parameters["text"] == "Here you are"
    assert [attempt.provider_code for attempt in failed.attempts] == [131008]
    redriven, _again = await asyncio.gather(
        redrive(house, sent.notification_id), redrive(house, sent.notification_id)
    )
    assert redriven.notification_id == sent.notification_id
    await house.in_state(sent.notification_id, Notification.STATE_SENT)
    # It has gone out: a third time answers so, and nothing more is sent.
    assert (await redrive(house, sent.notification_id)).state == Notification.STATE_SENT
    shown = await house.get(sent.notification_id)
    assert [attempt.number for attempt in shown.attempts] == [1, 2]
    assert len(graph.sends) == 2


async def test_what_was_taken_back_is_not_redriven(house: House) -> None:
    person = await house.record()
    due = stamp(house.clock.now() + timedelta(hours=1))
    waiting = await send(house, a_request(person.user_id, due_time=due))
    assert (await redrive(house, waiting.notification_id)).state == Notification.STATE_QUEUED
    cancel = CancelNotificationRequest(notification_id=waiting.notification_id)
    await house.call("CancelNotification", cancel)
    with pytest.raises(NotificationNotRedrivable):
        await redrive(house, waiting.notification_id)
    with pytest.raises(NotificationNotFound):
        await redrive(house, str(uuid.uuid4()))


async def test_templates_are_listed_page_by_page(house: House) -> None:
    found, token = [], ""
    while True:
        request = ListTemplatesRequest(page_size=7, page_token=token)
        page = await house.call("ListTemplates", request, client="ai")
        assert 1 <= len(page.templates) <= 7
        found += [(each.name, each.locale) for each in page.templates]
        token = page.next_page_token
        if not token:
            break
    assert found == sorted(set(found))
    assert {locale for _, locale in found} == {"en", "es", "pt-BR", "de", "fr"}
    english = await house.call("ListTemplates", ListTemplatesRequest(locale="en"), client="ai")
    due = next(each for each in english.templates if each.name == "task_due")
    assert due.text == "Reminder: {title}"
    assert due.spoken_text == "It is time: {title}."
    assert [(p.name, p.type, p.is_optional) for p in due.parameters] == [
        ("item", "item", True),
        ("number", "number", False),
        ("title", "text", False),
    ]
    assert [button.payload for button in due.buttons] == [
        "v1:done:{item}",
        "v1:snooze:{item}:600",
    ]
    assert (due.approved_template, due.is_approved_usable) == ("hark_task_due", True)
    for wrong in ({"locale": "xx"}, {"page_size": 201}, {"page_token": "no"}):
        with pytest.raises(InvalidArgument):
            await house.call("ListTemplates", ListTemplatesRequest(**wrong), client="ai")


async def test_a_preview_shows_both_forms_and_keeps_nothing(
    house: House, graph: ScriptedGraph
) -> None:
    person = await house.record()
    parameters = {"title": "Ada", "number": "1", "item": "task:7"}
    request = a_request(
        person.user_id, contents=[Content(template="task_due", parameters=parameters)]
    )
    shown = await preview(house, request)
    assert shown.inside_window.text == "Reminder: Ada"
    assert [button.title for button in shown.inside_window.buttons] == ["Done", "Snooze 10 min"]
    outside = shown.outside_window
    assert outside.approved_template == "hark_task_due"
    assert outside.text == "Reminder: Ada (reply here when it is done, or to change it)"
    assert dict(outside.parameters) == {"title": "Ada"}
    assert shown.is_window_open
    assert shown.kind == "task_due"
    german = await preview(house, a_request(contents=request.contents), locale="de")
    assert german.inside_window.text == "Erinnerung: Ada"
    assert german.outside_window.approved_language == "de"
    assert not german.HasField("is_window_open")
    with pytest.raises(NotificationNotFound):
        async for _ in watch(house, request_id=request.request_id):
            pass
    assert graph.sends == []


@pytest.mark.parametrize(
    ("fields", "locale", "refusal"),
    [
        ({"contents": [Content(template="nope")]}, "en", TemplateNotFound),
        ({"contents": [Content(template="task_due")]}, "en", InvalidArgument),
        ({"user_id": str(uuid.uuid4())}, "", UserNotFound),
        ({"phone_number": "+15550100099"}, "", UserNotFound),
        ({}, "xx", InvalidArgument),
        ({}, "", InvalidArgument),
        ({"type": 0}, "en", InvalidArgument),
    ],
)
async def test_a_preview_refuses_what_sending_would(
    house: House, fields: dict[str, Any], locale: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await preview(house, a_request(**fields), locale=locale)


async def test_buttons_go_out_as_buttons_and_more_than_three_as_a_list(
    house: House, graph: ScriptedGraph
) -> None:
    person = await house.record()
    few = [Button(title=f"Pick {n}", payload=f"v1:pick:turn:m_1:{n}") for n in range(3)]
    many = [Button(title=f"Pick {n}", payload=f"v1:pick:turn:m_1:{n}") for n in range(4)]
    accepted = await send(house, answer(person.user_id, buttons=few))
    assert [each.title for each in accepted.buttons] == ["Pick 0", "Pick 1", "Pick 2"]
    await graph.sent(1)
    assert [b["reply"]["id"] for b in graph.sends[0]["interactive"]["action"]["buttons"]] == [
        "v1:pick:turn:m_1:0",
        "v1:pick:turn:m_1:1",
        "v1:pick:turn:m_1:2",
    ]
    await send(house, answer(person.user_id, buttons=many))
    await graph.sent(2)
    listed = graph.sends[1]["interactive"]
    assert listed["type"] == "list"
    assert len(listed["action"]["sections"][0]["rows"]) == 4
    with pytest.raises(InvalidArgument):
        await send(house, answer(person.user_id, buttons=[few[0], few[0]]))


async def test_a_file_is_uploaded_once_however_often_its_message_is_tried(
    house: House, graph: ScriptedGraph
) -> None:
    person = await house.record()
    graph.upload_script.append(error(131000, status=500))
    graph.script.append(error(131056))
    accepted = await send(house, answer(person.user_id, document=CALENDAR))
    assert (accepted.document.file_name, accepted.document.content) == ("ada.ics", b"")
    # Refused by the upload, then by the pair's pace; and then it goes out.
    shown = await house.in_state(accepted.notification_id, Notification.STATE_SENT, 30.0)
    assert [attempt.outcome for attempt in shown.attempts] == [2, 2, 1]
    assert len(graph.uploads) == 2
    assert b"BEGIN:VCALENDAR" in graph.uploads[1]
    assert b'name="messaging_product"' in graph.uploads[1]
    assert len(graph.sends) == 2
    assert graph.sends[1]["document"] == {
        "id": "media-2",
        "filename": "ada.ics",
        "caption": "Here you are",
    }


async def test_a_file_that_waits_is_unreadable_at_rest(house: House, database_url: str) -> None:
    import asyncpg

    person = await house.record()
    due = stamp(house.clock.now() + timedelta(hours=1))
    accepted = await send(house, answer(person.user_id, document=CALENDAR, due_time=due))
    connection = await asyncpg.connect(database_url)
    try:
        content = await connection.fetchval("SELECT content FROM notifier.documents")
        dump = await connection.fetchval("SELECT body FROM notifier.notifications")
    finally:
        await connection.close()
    assert b"VCALENDAR" not in content
    assert b"ada.ics" not in dump
    assert (await house.get(accepted.notification_id)).document.file_name == "ada.ics"
