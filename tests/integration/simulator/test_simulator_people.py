"""What people do with their phones, as the business hears of it."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import pytest

from simulator.domain.wire import signature
from tests.integration.simulator.world import ADA, BOB, Hook, World

SOUND = base64.b64encode(b"OggS sound").decode()


async def heard(outside: World, /, **what: Any) -> dict[str, Any]:
    """The message that the business hears when Ada does this."""
    before = len(outside.business.hooks)
    answer = await outside.do(ADA, **what)
    hook = (await outside.business.until(before + 1))[before]
    assert answer["webhook_status"] == 200
    (part,) = hook.parts
    assert part["id"] == answer["wamid"]
    return part


async def offer(outside: World, kind: str, content: dict[str, Any]) -> str:
    """The business sends something to tap; its id."""
    await outside.say(ADA, "hi")
    sent = await outside.send(type=kind, **{kind: content})
    await outside.business.statuses(3)
    return sent.json()["messages"][0]["id"]


async def test_a_text_comes_signed_and_in_metas_envelope(outside: World) -> None:
    await outside.control("PATCH", f"/people/{ADA}", {"name": "Ada L."})

    await outside.say(ADA, "café / 😀")

    hook: Hook = outside.business.hooks[0]
    assert hook.signature == signature("test_app_secret", hook.body)
    assert b"caf\\u00e9 \\/ \\ud83d\\ude00" in hook.body
    assert b": " not in hook.body
    (value,) = hook.values
    person = await outside.control("GET", f"/people/{ADA}")
    assert value == {
        "messaging_product": "whatsapp",
        "metadata": {
            "display_phone_number": "15550000000",
            "phone_number_id": "test_phone_id",
        },
        "contacts": [
            {
                "profile": {"name": "Ada L."},
                "wa_id": "15550100001",
                "user_id": person["user_id"],
            }
        ],
        "messages": [
            {
                "from": "15550100001",
                "from_user_id": person["user_id"],
                "id": (await outside.phone(ADA))[0]["wamid"],
                "timestamp": "1795348800",
                "type": "text",
                "text": {"body": "café / 😀"},
            }
        ],
    }


async def test_a_voice_note_can_be_fetched_by_its_id_and_by_its_link(outside: World) -> None:
    part = await heard(outside, type="voice", data=SOUND)

    audio = part["audio"]
    headers = {"Authorization": "Bearer test_auth_token"}
    described = (await outside.graph("GET", audio["id"])).json()
    fetched = await outside.http.get(audio["url"], headers=headers)
    assert part["type"] == "audio"
    assert audio["voice"] is True
    assert audio["mime_type"] == "audio/ogg; codecs=opus"
    assert base64.b64decode(audio["sha256"]).hex() == described["sha256"]
    assert fetched.content == b"OggS sound"
    outside.clock.move(days=7)
    assert (await outside.graph("GET", audio["id"])).json()["error"]["code"] == 100


@pytest.mark.parametrize(
    ("kind", "mime_type", "extra"),
    [
        ("image", "image/png", {"caption": "my list"}),
        ("video", "video/mp4", {}),
        ("document", "application/pdf", {"filename": "../../plan.pdf"}),
        ("sticker", "image/webp", {}),
        ("audio", "audio/mpeg", {}),
    ],
)
async def test_every_kind_of_file_can_be_sent(outside: World, kind, mime_type, extra) -> None:
    part = await heard(outside, type=kind, data=SOUND, mime_type=mime_type, **extra)

    assert part["type"] == kind
    assert part[kind].items() >= ({"mime_type": mime_type} | extra).items()
    assert "voice" not in part[kind]


async def test_a_large_file_is_put_down_first(outside: World) -> None:
    content = b"x" * (4 * 1024**2)
    put = await outside.http.post(
        "/control/media", content=content, headers={"Content-Type": "image/jpeg"}
    )

    part = await heard(outside, type="image", media=put.json()["media"])

    assert part["image"]["mime_type"] == "image/jpeg"
    assert (await outside.graph("GET", part["image"]["id"])).json()["file_size"] == len(content)


async def test_a_place_and_a_contact_card(outside: World) -> None:
    place = await heard(outside, type="location", latitude=48.1, longitude=11.6, name="Home")
    cards = [{"name": {"formatted_name": "Bob"}, "phones": [{"phone": BOB}]}]
    card = await heard(outside, type="contacts", contacts=cards)

    assert place["location"] == {"latitude": 48.1, "longitude": 11.6, "name": "Home"}
    assert card["contacts"] == cards


async def test_replies_and_forwards_say_so(outside: World) -> None:
    first = await outside.say(ADA, "one")
    reply = await heard(outside, text="about that", reply_to=first)
    forwarded = await heard(outside, text="look", forwarded=True)

    assert reply["context"] == {"from": "15550000000", "id": first}
    assert forwarded["context"] == {"forwarded": True}


async def test_a_tapped_button(outside: World) -> None:
    reply = {"id": "undo 7", "title": "Undo"}
    content = {
        "type": "button",
        "body": {"text": "Done"},
        "action": {"buttons": [{"type": "reply", "reply": reply}]},
    }
    wamid = await offer(outside, "interactive", content)

    part = await heard(outside, type="tap", message=wamid, choice="Undo")

    assert part["interactive"] == {"type": "button_reply", "button_reply": reply}
    assert part["context"]["id"] == wamid


async def test_a_chosen_row(outside: World) -> None:
    row = {"id": "r1", "title": "Tea", "description": "hot"}
    content = {
        "type": "list",
        "body": {"text": "What?"},
        "action": {"button": "Open", "sections": [{"rows": [row]}]},
    }
    wamid = await offer(outside, "interactive", content)

    part = await heard(outside, type="list_reply", message=wamid, choice="r1")

    assert part["interactive"] == {"type": "list_reply", "list_reply": row}


async def test_reactions_come_and_go(outside: World) -> None:
    wamid = await outside.say(ADA, "hi")

    put = await heard(outside, type="reaction", message=wamid, emoji="👍")
    gone = await heard(outside, type="reaction", message=wamid, emoji="")

    assert put["reaction"] == {"message_id": wamid, "emoji": "👍"}
    assert gone["reaction"] == {"message_id": wamid}


async def test_an_edit_and_a_deletion_name_the_original(outside: World) -> None:
    wamid = await outside.say(ADA, "at six")

    edit = await heard(outside, type="edit", message=wamid, text="at seven")
    revoke = await heard(outside, type="revoke", message=wamid)

    assert edit["edit"] == {
        "original_message_id": wamid,
        "message": {"type": "text", "text": {"body": "at seven"}},
    }
    assert revoke["revoke"] == {"original_message_id": wamid}
    (shown,) = await outside.phone(ADA)
    assert shown["revoked"]
    assert shown["text"] == {}


async def test_a_message_can_be_edited_for_15_minutes(outside: World) -> None:
    wamid = await outside.say(ADA, "at six")
    outside.clock.move(minutes=16)

    late = await outside.http.post(
        f"/control/people/{ADA}/messages",
        json={"type": "edit", "message": wamid, "text": "at seven"},
    )

    assert late.status_code == 400


async def test_what_the_api_cannot_hand_on_comes_as_unsupported(outside: World) -> None:
    part = await heard(outside, type="unsupported", what="poll")

    assert part["errors"][0]["code"] == 131051
    assert part["unsupported"] == {"type": "poll"}


async def test_a_new_number_brings_a_new_user_id_and_keeps_the_chat(outside: World) -> None:
    await outside.say(ADA, "hi")
    before = await outside.control("GET", f"/people/{ADA}")

    part = await heard(outside, type="number_changed", number="+15550100077")

    after = await outside.control("GET", "/people/+15550100077")
    assert part["from"] == "15550100001"
    assert part["system"]["type"] == "user_changed_number"
    assert part["system"]["wa_id"] == "15550100077"
    assert part["system"]["previous_user_id"] == before["user_id"]
    assert part["system"]["user_id"] == after["user_id"] != before["user_id"]
    assert [m["text_shown"] for m in await outside.phone("+15550100077")] == ["hi"]
    assert "contacts" not in outside.business.hooks[-1].values[0]


async def test_somebody_who_hides_their_number_is_known_by_user_id_only(outside: World) -> None:
    person = await outside.control("PATCH", f"/people/{ADA}", {"hides_number": True})

    part = await heard(outside, text="hi")

    assert "from" not in part
    assert part["from_user_id"] == person["user_id"]
    (contact,) = outside.business.hooks[0].values[0]["contacts"]
    assert contact == {
        "profile": {"name": "Person 0001", "username": "person.0001"},
        "user_id": person["user_id"],
    }


async def test_any_odd_shape_can_be_sent(outside: World) -> None:
    part = await heard(outside, type="raw", payload={"type": "order", "order": {"items": 3}})

    assert part["order"] == {"items": 3}


async def test_the_transcript_waits_for_the_answer(outside: World) -> None:
    said = await outside.do(ADA, text="hi")
    first = await outside.control("GET", f"/people/{ADA}/transcript?after={said['sequence']}")
    waiting = outside.http.get(
        f"/control/people/{ADA}/transcript", params={"after": first["next"], "wait": 10}
    )

    async def answer() -> None:
        await outside.send()

    got, _ = await asyncio.gather(waiting, answer())

    new = [m for m in got.json()["messages"] if m["author"] == "business"]
    assert [m["text_shown"] for m in new] == ["hello"]
    assert new[0]["created"] > said["sequence"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/people/Ada/messages", {"text": "x"}),
        (f"/people/{ADA}/messages", {}),
        (f"/people/{ADA}/messages", {"type": "telepathy"}),
        (f"/people/{ADA}/messages", {"text": 7}),
        (f"/people/{ADA}/messages", {"text": "x", "reply_to": 7}),
        (f"/people/{ADA}/messages", {"type": "image", "data": "%%%"}),
        (f"/people/{ADA}/messages", {"type": "location", "latitude": 1}),
        (f"/people/{ADA}/messages", {"type": "contacts", "contacts": []}),
        (f"/people/{ADA}/messages", {"type": "reaction", "message": "unknown"}),
        ("/webhooks", {}),
        ("/webhooks", {"body": {}, "signed": "maybe"}),
        ("/settings", {"speed": 1}),
        ("/faults", {"name": "earthquake"}),
        ("/gemini", {}),
        ("/templates", {"name": "x"}),
    ],
)
async def test_a_wrong_call_of_the_control_api_says_what_is_wrong(outside, path, body) -> None:
    response = await outside.http.post("/control" + path, json=body)

    assert response.status_code in {400, 404}
    assert response.json()["error"]


@pytest.mark.parametrize(
    "change",
    [{"name": ""}, {"time_zone": "Mars/Base"}, {"username": "A"}, {"shoe": 1}, {"on_whatsapp": 1}],
)
async def test_a_wrong_description_of_a_person_is_refused(outside: World, change) -> None:
    response = await outside.http.patch(f"/control/people/{ADA}", json=change)

    assert response.status_code == 400


async def test_another_web_page_cannot_use_the_control_api(outside: World) -> None:
    response = await outside.http.post(
        f"/control/people/{ADA}/messages",
        json={"text": "x"},
        headers={"Origin": "https://evil.example"},
    )

    assert response.status_code == 403
    assert outside.business.hooks == []


async def test_after_a_reset_nobody_has_ever_written(outside: World) -> None:
    await outside.say(ADA, "hi")
    await outside.control("POST", "/faults", {"name": "http_500"})
    await outside.control("POST", "/reset")

    assert (await outside.control("GET", "/people"))["people"] == []
    assert (await outside.control("GET", "/faults"))["on"] == []
    assert await outside.log() == []
    assert await outside.code() == 131047
