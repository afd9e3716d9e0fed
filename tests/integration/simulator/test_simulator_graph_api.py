"""The Graph API: who may call it, what it sends, what it refuses."""

from __future__ import annotations

import pytest

from tests.integration.simulator.world import ADA, BOB, TEMPLATE, World, template


async def test_a_message_is_accepted_shown_and_followed_by_its_statuses(outside: World) -> None:
    await outside.say(ADA, "hi")

    sent = (await outside.send(biz_opaque_callback_data="token 7")).json()
    statuses = await outside.business.statuses(3)

    assert sent["messaging_product"] == "whatsapp"
    assert sent["contacts"] == [{"input": ADA, "wa_id": "15550100001"}]
    wamid = sent["messages"][0]["id"]
    assert [status["status"] for status in statuses] == ["sent", "delivered", "read"]
    assert {status["id"] for status in statuses} == {wamid}
    assert {status["biz_opaque_callback_data"] for status in statuses} == {"token 7"}
    assert {status["recipient_id"] for status in statuses} == {"15550100001"}
    assert statuses[0]["pricing"]["category"] == "service"
    shown = (await outside.phone(ADA))[-1]
    assert (shown["wamid"], shown["text_shown"], shown["author"]) == (wamid, "hello", "business")
    assert shown["state"] == "read"


@pytest.mark.parametrize(
    ("headers", "code", "status"),
    [
        ({}, 104, 401),
        ({"Authorization": "Bearer wrong"}, 190, 401),
        ({"Authorization": "Basic dGVzdA=="}, 104, 401),
        ({"Authorization": "Bearer " + "x" * 10_000}, 190, 401),
    ],
)
@pytest.mark.parametrize("path", ["test_phone_id/messages", "test_phone_id/media"])
async def test_an_unknown_token_is_refused(outside: World, headers, code, status, path) -> None:
    response = await outside.http.post(f"/v26.0/{path}", headers=headers, json={})

    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert response.headers["www-authenticate"].startswith("OAuth")


async def test_the_token_may_stand_in_the_query(outside: World) -> None:
    response = await outside.http.get("/v26.0/test_phone_id?access_token=test_auth_token")

    assert response.json()["id"] == "test_phone_id"


@pytest.mark.parametrize("version", ["v16.0", "v27.0", "v26", "26.0"])
async def test_only_the_versions_that_meta_serves_are_there(outside: World, version) -> None:
    headers = {"Authorization": "Bearer test_auth_token"}

    response = await outside.http.get(f"/{version}/test_phone_id", headers=headers)

    assert response.json()["error"]["code"] == 2500


async def test_unknown_objects_paths_and_methods_are_refused_in_metas_shape(outside: World) -> None:
    message = await outside.graph("POST", "123456/messages", json={})
    thing = await outside.graph("GET", "123456")
    path = await outside.graph("GET", "test_phone_id/weather")
    method = await outside.graph("PUT", "test_phone_id/messages")

    assert (message.status_code, message.json()["error"]["error_subcode"]) == (400, 33)
    assert (thing.status_code, thing.json()["error"]["code"]) == (400, 100)
    assert path.json()["error"]["code"] == method.json()["error"]["code"] == 2500


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"\xff"])
async def test_a_body_that_is_no_object_is_refused(outside: World, body: bytes) -> None:
    response = await outside.graph("POST", "test_phone_id/messages", content=body)

    assert response.status_code == 400
    assert response.json()["error"]["code"] in {100, 131009}


async def test_a_body_beyond_3_mib_is_refused(outside: World) -> None:
    response = await outside.graph(
        "POST", "test_phone_id/messages", content=b" " * (3 * 1024**2 + 1)
    )

    assert response.status_code == 413


async def test_outside_24_hours_only_a_template_goes_out(outside: World) -> None:
    await outside.control("PUT", "/templates", TEMPLATE)
    never_wrote = await outside.code()
    await outside.say(ADA, "hi")
    outside.clock.move(hours=23, minutes=59)
    inside = await outside.send()
    outside.clock.move(minutes=2)
    too_late = await outside.send()
    by_template = await outside.send(type="template", template=template("tea"))

    assert never_wrote == 131047
    assert inside.status_code == 200
    assert (too_late.status_code, too_late.json()["error"]["code"]) == (400, 131047)
    assert by_template.json()["messages"][0]["message_status"] == "accepted"


async def test_a_template_shows_filled_and_its_statuses_say_its_category(outside: World) -> None:
    await outside.control("PUT", "/templates", TEMPLATE)

    await outside.send(type="template", template=template("tea"))
    statuses = await outside.business.statuses(3)

    shown = (await outside.phone(ADA))[-1]
    assert shown["text_shown"] == "It is time for tea. Reply here to change it."
    assert shown["rendered"]["buttons"] == [{"type": "QUICK_REPLY", "text": "Done"}]
    assert statuses[0]["pricing"]["category"] == "utility"


@pytest.mark.parametrize(
    ("code", "content"),
    [
        (132001, template("tea", name="unheard_of")),
        (132000, template()),
        (132018, template("two\nlines")),
        (131008, {"language": {"code": "en"}}),
    ],
)
async def test_a_wrong_template_is_refused(outside: World, code, content) -> None:
    await outside.control("PUT", "/templates", TEMPLATE)

    assert await outside.code(type="template", template=content) == code


async def test_an_authentication_template_needs_a_phone_number(outside: World) -> None:
    await outside.control("PUT", "/templates", TEMPLATE | {"category": "AUTHENTICATION"})
    person = await outside.control("GET", f"/people/{ADA}")

    code = await outside.code(
        to=None, recipient=person["user_id"], type="template", template=template("tea")
    )

    assert code == 131062


async def test_more_than_45_messages_at_once_to_one_person_are_refused(outside: World) -> None:
    await outside.say(ADA, "hi")
    await outside.say(BOB, "hi")
    await outside.control("PATCH", "/settings", {"throughput_per_second": 0})

    burst = [(await outside.send()).status_code for _ in range(46)]
    other = await outside.send(to=BOB)

    assert burst == [200] * 45 + [400]
    assert await outside.code() == 131056
    assert other.status_code == 200


async def test_more_than_the_throughput_is_refused(outside: World) -> None:
    await outside.control(
        "PATCH", "/settings", {"throughput_per_second": 3, "window_enforced": False}
    )

    answers = [await outside.send(to=f"+1555020{n:04}") for n in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].json()["error"]["code"] == 130429


async def test_the_sender_cannot_be_the_recipient(outside: World) -> None:
    assert await outside.code(to="+15550000000") == 131021


async def test_only_individuals_can_be_written_to(outside: World) -> None:
    assert await outside.code(recipient_type="group") == 100


async def test_somebody_without_whatsapp_gets_a_200_and_a_failed_status(outside: World) -> None:
    await outside.say(ADA, "hi")
    await outside.control("PATCH", f"/people/{ADA}", {"on_whatsapp": False})

    sent = await outside.send()
    (status,) = await outside.business.statuses(1)

    assert sent.status_code == 200
    assert status["status"] == "failed"
    assert status["errors"][0]["code"] == 131026
    assert (await outside.phone(ADA))[-1]["state"] == "failed"


async def test_read_receipts_can_be_off(outside: World) -> None:
    await outside.say(ADA, "hi")
    await outside.control("PATCH", f"/people/{ADA}", {"read_receipts": False})
    await outside.send()
    await outside.business.statuses(2)
    await outside.say(ADA, "are you there?")
    await outside.business.until(4)

    assert [s["status"] for s in await outside.business.statuses(2)] == ["sent", "delivered"]


async def test_somebody_without_a_number_is_reached_by_their_user_id(outside: World) -> None:
    await outside.say(ADA, "hi")
    person = await outside.control("PATCH", f"/people/{ADA}", {"hides_number": True})

    sent = await outside.send(to=None, recipient=person["user_id"])
    statuses = await outside.business.statuses(3)

    assert sent.json()["contacts"] == [{"input": person["user_id"], "user_id": person["user_id"]}]
    assert all("recipient_id" not in status for status in statuses)
    assert {status["recipient_user_id"] for status in statuses} == {person["user_id"]}


async def test_a_user_id_that_nobody_has_is_refused(outside: World) -> None:
    assert await outside.code(to=None, recipient="US.1") == 131009


async def test_marking_as_read_covers_earlier_messages_and_shows_typing(outside: World) -> None:
    await outside.say(ADA, "one")
    second = await outside.say(ADA, "two")
    third = await outside.say(ADA, "three")

    answer = await outside.graph(
        "POST",
        "test_phone_id/messages",
        json={
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": second,
            "typing_indicator": {"type": "text"},
        },
    )
    shown = await outside.control("GET", f"/people/{ADA}/transcript")
    await outside.send()
    after = await outside.control("GET", f"/people/{ADA}/transcript")

    assert answer.json() == {"success": True}
    assert [m["state"] for m in shown["messages"]] == ["read", "read", "delivered"]
    assert shown["messages"][2]["wamid"] == third
    assert shown["typing"]
    assert not after["typing"]


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        (131009, {"message_id": "wamid.unknown"}),
        (131009, {"message_id": None}),
        (131009, {"status": "delivered"}),
        (131009, {"typing_indicator": {"type": "voice"}}),
        (100, {"messaging_product": "messenger"}),
    ],
)
async def test_a_wrong_read_mark_is_refused(outside: World, code, wrong) -> None:
    wamid = await outside.say(ADA, "hi")
    mark = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid} | wrong

    answer = await outside.graph("POST", "test_phone_id/messages", json=mark)

    assert answer.json()["error"]["code"] == code


async def test_the_business_reacts_to_a_message_and_takes_it_back(outside: World) -> None:
    wamid = await outside.say(ADA, "done")
    await outside.send(type="reaction", reaction={"message_id": wamid, "emoji": "👍"})
    with_it = (await outside.phone(ADA))[0]
    await outside.send(type="reaction", reaction={"message_id": wamid, "emoji": ""})
    without = (await outside.phone(ADA))[0]

    assert with_it["reactions"] == {"business": "👍"}
    assert "reactions" not in without
    assert len(await outside.phone(ADA)) == 1


async def test_every_call_is_written_down_with_its_answer(outside: World) -> None:
    await outside.say(ADA, "hi")
    await outside.send(biz_opaque_callback_data="token 7")
    await outside.send(text={"body": ""})

    taken, refused = await outside.log(kind="api")

    assert (taken["to"], taken["type"], taken["status"]) == ("15550100001", "text", 200)
    assert taken["biz_opaque_callback_data"] == "token 7"
    assert taken["body"]["text"] == {"body": "hello"}
    assert taken["answer"]["messages"][0]["id"] == taken["wamid"]
    assert taken["time"].startswith("2026-11-22T12:00:00")
    assert (refused["status"], refused["answer"]["error"]["code"]) == (400, 131008)


@pytest.mark.parametrize("kind", ["reaction", "unsupported"])
async def test_what_is_no_message_of_its_own_can_be_marked_as_read_too(outside, kind) -> None:
    wamid = await outside.say(ADA, "hi")
    event = (await outside.do(ADA, type=kind, message=wamid, emoji="👍"))["wamid"]
    mark = {"messaging_product": "whatsapp", "status": "read", "message_id": event}

    answer = await outside.graph("POST", "test_phone_id/messages", json=mark)

    assert answer.json() == {"success": True}
    assert (await outside.phone(ADA))[0]["state"] == "read"
