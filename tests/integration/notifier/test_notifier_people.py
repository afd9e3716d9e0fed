"""What people quote, what they are called, how they want to be written to, and forgetting them."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from chassis.errors import InvalidArgument
from hark.notifier.v1.contact_pb2 import QuietHours
from hark.notifier.v1.inbound_pb2 import Sender
from hark.notifier.v1.notification_pb2 import Content, Notification
from hark.notifier.v1.notifier_service_pb2 import (
    EraseUserRequest,
    RecordIdentityChangeRequest,
    RecordInboundRequest,
    SetContactPreferencesRequest,
    ShowTypingRequest,
)
from services.notifier.domain.contact import (
    GenerationOutdated,
    MessageNotFound,
    UserErased,
    UserNotFound,
    UserStopped,
)
from tests.integration.notifier.graph import Reply, ScriptedGraph
from tests.integration.notifier.house import House, a_request, send, stamp

HOUR = timedelta(hours=1)


def an_id() -> str:
    return str(uuid.uuid4())


async def reply(house: House, user_id: str, message_id: str = "m_1", **fields: Any) -> Any:
    request = a_request(
        user_id,
        type=Notification.TYPE_CONFIRMATION,
        contents=[Content(template="reply", parameters={"text": "Hello"})],
        reply_to_message_id=message_id,
        **fields,
    )
    return await send(house, request)


async def prefer(house: House, user_id: str, /, **fields: Any) -> Any:
    values: dict[str, Any] = {"user_id": user_id, "request_id": an_id()}
    request = SetContactPreferencesRequest(**values | fields)
    return (await house.call("SetContactPreferences", request, client="ingress")).preferences


async def erase(house: House, user_id: str, generation: int = 1, **fields: Any) -> int:
    request = EraseUserRequest(user_id=user_id, generation=generation, request_id=an_id(), **fields)
    return (await house.call("EraseUser", request, client="ingress")).cancelled_count


async def rename(house: House, old: Sender, new: Sender, **fields: Any) -> Any:
    values: dict[str, Any] = {"message_id": "m_sys", "change_time": stamp(house.clock.now())}
    request = RecordIdentityChangeRequest(old_sender=old, new_sender=new, **values | fields)
    return await house.call("RecordIdentityChange", request, client="ingress")


async def test_what_somebody_replies_to_is_named_by_its_request(
    house: House, graph: ScriptedGraph
) -> None:
    person = await house.record()
    sent = await reply(house, person.user_id)
    await house.in_state(sent.notification_id, Notification.STATE_SENT)

    async def quoting(wamid: str, sender: str = "15550100001") -> Any:
        request = RecordInboundRequest(
            sender=Sender(wa_id=sender),
            message_id=f"m_{uuid.uuid4().hex}",
            provider_message_id=f"wamid.{uuid.uuid4().hex}",
            message_time=stamp(house.clock.now()),
            quoted_provider_message_id=wamid,
        )
        return await house.call("RecordInbound", request, client="ingress")

    ours = await quoting("wamid.1")
    assert ours.quoted_request_id == sent.request_id
    assert ours.quoted_notification_id == sent.notification_id
    assert (await quoting("wamid.unknown")).quoted_request_id == ""
    # Somebody else's notification is nobody's business.
    assert (await quoting("wamid.1", sender="15550100002")).quoted_request_id == ""


async def test_typing_is_shown_for_a_message_that_came_in(
    house: House, graph: ScriptedGraph
) -> None:
    await house.record(wamid="wamid.in-7", message_id="m_7")
    await house.call("ShowTyping", ShowTypingRequest(message_id="m_7"), client="ai")
    await graph.read(1)
    assert graph.reads[0]["message_id"] == "wamid.in-7"
    assert graph.reads[0]["typing_indicator"] == {"type": "text"}
    with pytest.raises(MessageNotFound):
        await house.call("ShowTyping", ShowTypingRequest(message_id="m_8"), client="ai")
    with pytest.raises(InvalidArgument):
        await house.call("ShowTyping", ShowTypingRequest(), client="ai")


async def test_who_changes_their_number_stays_the_same_person(
    house: House, graph: ScriptedGraph
) -> None:
    person = await house.record("15550100001", business_user_id="US.old", at=house.clock.now())
    new = Sender(wa_id="15550100009", business_user_id="US.new")
    old = Sender(wa_id="15550100001", business_user_id="US.old")
    for _time in range(2):
        renamed = await rename(house, old, new)
        assert (renamed.user_id, renamed.is_conflict) == (person.user_id, False)
    await reply(house, person.user_id)
    await graph.sent(1)
    assert graph.sends[0]["to"] == "+15550100009"
    later = house.clock.now() + timedelta(seconds=5)
    by_new = await house.record("15550100009", message_id="m_2", at=later)
    assert by_new.user_id == person.user_id
    # A number that is given to somebody else leads to somebody else.
    stranger = await house.record("15550100001", message_id="m_3", at=later)
    assert stranger.user_id != person.user_id


async def test_a_message_from_before_the_change_does_not_bring_the_old_number_back(
    house: House, graph: ScriptedGraph
) -> None:
    before = house.clock.now() - HOUR
    person = await house.record("15550100001", business_user_id="US.old", at=before)
    old = Sender(wa_id="15550100001", business_user_id="US.old")
    await rename(house, old, Sender(wa_id="15550100009"))
    late = await house.record("15550100001", business_user_id="US.old", message_id="m_2", at=before)
    assert late.user_id == person.user_id
    await reply(house, person.user_id)
    await graph.sent(1)
    assert graph.sends[0]["to"] == "+15550100009"


async def test_names_that_are_somebody_elses_are_a_conflict_and_nobody_is_merged(
    house: House, database_url: str
) -> None:
    ada = await house.record("15550100001", message_id="m_1")
    bo = await house.record("15550100002", message_id="m_2")
    renamed = await rename(house, Sender(wa_id="15550100001"), Sender(wa_id="15550100002"))
    assert renamed.is_conflict
    assert renamed.user_id == ada.user_id
    assert (await house.record("15550100001", message_id="m_3")).user_id == ada.user_id
    assert (await house.record("15550100002", message_id="m_4")).user_id == bo.user_id
    connection = await asyncpg.connect(database_url)
    try:
        found = await connection.fetchval(
            "SELECT other_user_id FROM notifier.identity_conflicts WHERE user_id = $1", ada.user_id
        )
    finally:
        await connection.close()
    assert found == bo.user_id


async def test_a_change_of_somebody_unknown_is_refused(house: House) -> None:
    with pytest.raises(UserNotFound):
        await rename(house, Sender(wa_id="15550100001"), Sender(wa_id="15550100002"))
    with pytest.raises(InvalidArgument):
        await rename(house, Sender(), Sender(wa_id="15550100002"))


async def test_who_stops_is_told_so_once_and_hears_nothing_but_replies(
    house: House, graph: ScriptedGraph
) -> None:
    person = await house.record()
    request_id = an_id()
    for _time in range(2):
        preferences = await prefer(
            house,
            person.user_id,
            is_stopped=True,
            reply_to_message_id="m_1",
            request_id=request_id,
        )
        assert preferences.is_stopped
    # Another message that says STOP changes nothing, and is not answered by us.
    await prefer(house, person.user_id, is_stopped=True, reply_to_message_id="m_1")
    await graph.sent(1)
    assert "will not hear from Hark" in graph.sends[0]["text"]["body"]
    with pytest.raises(UserStopped):
        await send(house, a_request(person.user_id))
    assert (await house.record(message_id="m_2")).is_stopped
    await reply(house, person.user_id, "m_2")
    await graph.sent(2)
    await prefer(house, person.user_id, is_stopped=False, reply_to_message_id="m_2")
    await graph.sent(3)
    assert graph.sends[2]["text"]["body"] == "You will hear from Hark again."
    await send(house, a_request(person.user_id))
    await graph.sent(4)
    assert len(graph.sends) == 4


async def test_a_person_is_written_to_in_the_language_they_chose(
    house: House, graph: ScriptedGraph
) -> None:
    person = await house.record()
    told = await prefer(
        house,
        person.user_id,
        locale="pt-BR",
        time_zone="America/Sao_Paulo",
        quiet_hours=QuietHours(start_time="22:00", end_time="07:30"),
        is_spoken=False,
    )
    assert (told.locale, told.time_zone) == ("pt-BR", "America/Sao_Paulo")
    assert (told.quiet_hours.start_time, told.quiet_hours.end_time) == ("22:00", "07:30")
    item = {"title": "Ada", "number": "1", "item": "task:7"}
    accepted = await send(
        house, a_request(person.user_id, contents=[Content(template="task_due", parameters=item)])
    )
    assert accepted.locale == "pt-BR"
    await graph.sent(1)
    interactive = graph.sends[0]["interactive"]
    assert interactive["body"]["text"] == "Lembrete: Ada"
    buttons = [each["reply"] for each in interactive["action"]["buttons"]]
    assert buttons == [
        {"id": "v1:done:task:7", "title": "Feito"},
        {"id": "v1:snooze:task:7:600", "title": "Adiar 10 min"},
    ]
    cleared = await prefer(house, person.user_id, quiet_hours=QuietHours(), locale="")
    assert not cleared.HasField("quiet_hours")
    # What is not known any more is guessed again from the number.
    assert cleared.locale == "en-US"


@pytest.mark.parametrize(
    "fields",
    [
        {"time_zone": "Mars/Olympus"},
        {"locale": "not a locale"},
        {"quiet_hours": QuietHours(start_time="22:00")},
        {"quiet_hours": QuietHours(start_time="25:00", end_time="07:00")},
        {"quiet_hours": QuietHours(start_time="07:00", end_time="07:00")},
        {"request_id": "7"},
        {"user_id": "Ada"},
        {"reply_to_message_id": "two words"},
    ],
)
async def test_preferences_that_mean_nothing_change_nothing(
    house: House, fields: dict[str, Any]
) -> None:
    person = await house.record()
    with pytest.raises(InvalidArgument):
        await prefer(house, person.user_id, **fields)


async def test_preferences_of_nobody_are_refused(house: House) -> None:
    with pytest.raises(UserNotFound):
        await prefer(house, an_id(), is_stopped=True)


async def test_erasing_cancels_what_waits_and_leaves_nothing_that_could_be_read(
    house: House, graph: ScriptedGraph, database_url: str
) -> None:
    person = await house.record(display_name="Ada Lovelace")
    sent = await reply(house, person.user_id)
    await house.in_state(sent.notification_id, Notification.STATE_SENT)
    later = stamp(house.clock.now() + HOUR)
    waiting = await send(house, a_request(person.user_id, due_time=later))
    assert await erase(house, person.user_id) == 1
    assert await erase(house, person.user_id) == 0
    shown = await house.get(waiting.notification_id)
    assert (shown.state, shown.state_reason) == (Notification.STATE_CANCELLED, "USER_ERASED")
    assert not shown.contents
    assert not (await house.get(sent.notification_id)).contents
    connection = await asyncpg.connect(database_url)
    try:
        for table in ("person_keys", "contacts", "aliases", "inbound_messages", "documents"):
            left = f"SELECT count(*) FROM notifier.{table} WHERE user_id = $1"
            assert await connection.fetchval(left, person.user_id) == 0, table
        bodies = "SELECT bool_and(body = ''::bytea) FROM notifier.notifications WHERE user_id = $1"
        assert await connection.fetchval(bodies, person.user_id)
        wamids = "SELECT count(*) FROM notifier.attempts WHERE wamid IS NOT NULL"
        assert await connection.fetchval(wamids) == 0
    finally:
        await connection.close()
    with pytest.raises(UserNotFound):
        await send(house, a_request(person.user_id))


async def test_nothing_that_comes_late_makes_an_erased_person_known_again(house: House) -> None:
    before = house.clock.now() - timedelta(seconds=10)
    person = await house.record(at=before)
    await erase(house, person.user_id)
    with pytest.raises(UserErased):
        await house.record(message_id="m_2", at=before)
    with pytest.raises(UserNotFound):
        await prefer(house, person.user_id, locale="de")
    # Who writes again afterwards is somebody new.
    again = await house.record(message_id="m_3", at=house.clock.now() + timedelta(seconds=1))
    assert again.user_id != person.user_id
    assert again.is_first_contact


async def test_that_somebody_stopped_us_outlives_their_erasure(house: House) -> None:
    before = house.clock.now() - timedelta(seconds=10)
    person = await house.record(at=before)
    await prefer(house, person.user_id, is_stopped=True)
    await erase(house, person.user_id)
    after = house.clock.now() + timedelta(seconds=1)
    again = await house.record(message_id="m_2", at=after)
    assert again.is_stopped
    with pytest.raises(UserStopped):
        await send(house, a_request(again.user_id))
    await prefer(house, again.user_id, is_stopped=False)
    await erase(house, again.user_id)
    fresh = await house.record(message_id="m_3", at=house.clock.now() + timedelta(seconds=2))
    assert not fresh.is_stopped


async def test_an_erasure_of_an_older_generation_is_refused(
    house: House, database_url: str
) -> None:
    person = await house.record()
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("UPDATE notifier.contacts SET generation = 2")
    finally:
        await connection.close()
    with pytest.raises(GenerationOutdated):
        await erase(house, person.user_id, generation=1)
    assert (await house.record(message_id="m_2")).user_id == person.user_id


async def test_what_is_under_way_when_somebody_is_erased_is_not_sent_again(
    house: House, graph: ScriptedGraph
) -> None:
    graph.script.append(Reply(waits=True))
    person = await house.record()
    sent = await reply(house, person.user_id)
    await graph.sent(1)
    assert await erase(house, person.user_id) == 0
    graph.release.set()
    shown = await house.in_state(sent.notification_id, Notification.STATE_SENT)
    assert not shown.contents
    assert len(graph.sends) == 1
