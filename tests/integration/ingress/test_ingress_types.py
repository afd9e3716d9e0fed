"""Every type of message, from a signed webhook to what the peers are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chassis.clock import SystemClock
from hark.ingress.v1.part_pb2 import Part
from services.ingress.domain.names import message_id
from services.ingress.wiring import make_names
from tests.integration.ingress.house import House, text_message, webhook
from tests.integration.ingress.peers import Serving

NAMES = make_names(b"h" * 32)


def ours(wamid: str) -> str:
    return message_id(NAMES.message(wamid))


def message(kind: str, content: Any, **more: Any) -> dict[str, Any]:
    made = text_message("", wamid="wamid.this") | {"type": kind, kind: content} | more
    if kind != "text":
        del made["text"]
    return made


async def told(house: House, sent: dict[str, Any]) -> Any:
    await house.post(webhook(sent))
    await house.settled()
    (request,) = house.serving.ai.handled
    return request


async def test_a_tapped_button_carries_its_payload_and_what_it_is_under(house: House) -> None:
    house.serving.notifier.ours["wamid.reminder"] = "request-1"
    tapped = {"type": "button_reply", "button_reply": {"id": "v1:done:task:7", "title": "Done"}}
    request = await told(
        house, message("interactive", tapped, context={"id": "wamid.reminder", "from": "1"})
    )
    assert (request.button.payload, request.button.title) == ("v1:done:task:7", "Done")
    assert request.context.quoted_request_id == "request-1"
    assert request.context.quoted_message_id == ""
    assert not request.context.is_forwarded


async def test_a_reaction_to_a_reminder_is_told_with_the_reminder(house: House) -> None:
    house.serving.notifier.ours["wamid.reminder"] = "request-1"
    reaction = {"message_id": "wamid.reminder", "emoji": "👍"}
    request = await told(house, message("reaction", reaction))
    assert request.WhichOneof("content") == "reaction"
    assert (request.reaction.emoji, request.context.quoted_request_id) == ("👍", "request-1")


async def test_a_reaction_that_was_taken_away_is_told_too(house: House) -> None:
    house.serving.notifier.ours["wamid.reminder"] = "request-1"
    request = await told(house, message("reaction", {"message_id": "wamid.reminder"}))
    assert request.WhichOneof("content") == "reaction"
    assert request.reaction.emoji == ""


async def test_an_edit_names_the_message_by_our_name(house: House) -> None:
    edit = {
        "original_message_id": "wamid.before",
        "message": {"type": "text", "text": {"body": "at seven"}},
    }
    request = await told(house, message("edit", edit))
    assert request.edit.text == "at seven"
    assert request.edit.original_message_id == ours("wamid.before")


async def test_a_message_that_was_taken_back_is_told_by_our_name(house: House) -> None:
    request = await told(house, message("revoke", {"original_message_id": "wamid.before"}))
    assert request.revoke.original_message_id == ours("wamid.before")


async def test_a_location_is_told_in_degrees(house: House) -> None:
    place = {"latitude": 52.52, "longitude": 13.405, "name": "Berlin", "url": "https://x"}
    request = await told(house, message("location", place))
    assert (request.location.latitude, request.location.longitude) == (52.52, 13.405)
    assert request.location.name == "Berlin"


async def test_a_forward_says_so_and_a_reply_names_what_it_replies_to(house: House) -> None:
    context = {"forwarded": True, "id": "wamid.before"}
    request = await told(house, message("text", {"body": "hello"}, context=context))
    assert request.context.is_forwarded
    assert request.context.quoted_message_id == ours("wamid.before")


@pytest.mark.parametrize("kind", ["video", "sticker", "document", "contacts", "order", "poll"])
async def test_what_cannot_be_read_is_told_about(house: House, kind: str) -> None:
    request = await told(house, message(kind, {"id": "1"}))
    assert request.unsupported.type == kind


async def test_a_number_change_goes_to_the_notifier(house: House) -> None:
    system = {
        "type": "user_changed_number",
        "wa_id": "15550100002",
        "user_id": "US.2",
        "previous_user_id": "US.1",
    }
    await house.post(webhook(message("system", system)))
    await house.settled()
    (change,) = house.serving.notifier.identities
    assert change.old_sender.wa_id == "15550100001"
    assert change.old_sender.business_user_id == "US.1"
    assert change.new_sender.wa_id == "15550100002"
    assert change.new_sender.business_user_id == "US.2"
    assert change.message_id == ours("wamid.this")
    assert house.serving.ai.handled == []


async def test_a_paused_template_goes_to_the_notifier_once(house: House) -> None:
    change = {"event": "PAUSED", "message_template_id": 2**60, "message_template_name": "x"}
    body = webhook(field="message_template_status_update", value=change)
    for _ in range(2):
        await house.post(body)
    await house.settled()
    (account,) = house.serving.notifier.accounts
    assert account.field == "message_template_status_update"
    assert str(2**60).encode() in account.value_json
    assert account.change_id.startswith("m_")


async def test_stop_goes_straight_to_the_notifier(house: House) -> None:
    await house.say("Stop.")
    await house.settled()
    (wish,) = house.serving.notifier.preferences
    assert wish.is_stopped
    assert wish.reply_to_message_id == house.serving.notifier.inbound[0].message_id
    assert house.serving.ai.handled == []


async def test_a_stranger_reaches_nobody(database_url: str, serving: Serving) -> None:
    async with House(database_url, serving, allowed="+15550100009") as house:
        await house.say("hello")
        await house.say("hello", sender="15550100009")
        await house.settled()
        (skipped,) = (await house.list(states=[Part.STATE_SKIPPED])).parts
        assert skipped.reason == "NOT_ALLOWED"
        assert len(serving.ai.handled) == len(serving.notifier.inbound) == 1


async def test_a_message_that_comes_days_late_keeps_its_own_time_and_is_told_to_be_late(
    house: House,
) -> None:
    now = SystemClock().now()
    written = (now - timedelta(days=5)).replace(microsecond=0)
    old = text_message("tomorrow", wamid="wamid.old", timestamp=str(int(written.timestamp())))
    new = text_message("tomorrow", wamid="wamid.new", timestamp=str(int(now.timestamp())))
    await house.post(webhook(old, new))
    await house.settled()
    late, fresh = house.serving.ai.handled
    assert late.message_time.ToDatetime(tzinfo=UTC) == written
    assert (late.context.is_late, fresh.context.is_late) == (True, False)
    assert datetime.now(UTC) - fresh.message_time.ToDatetime(tzinfo=UTC) < timedelta(hours=1)
