"""The Graph API beside sending: templates, files, the account."""

from __future__ import annotations

import pytest

from tests.integration.simulator.world import ACCOUNT, ADA, TEMPLATE, World, template


async def test_templates_are_created_listed_and_deleted_over_the_api(outside: World) -> None:
    made = await outside.graph("POST", f"{ACCOUNT}/message_templates", json=TEMPLATE)
    listed = await outside.graph("GET", f"{ACCOUNT}/message_templates?name=reminder")
    one = await outside.graph("GET", made.json()["id"])
    again = await outside.graph("POST", f"{ACCOUNT}/message_templates", json=TEMPLATE)
    wrong = await outside.graph(
        "POST", f"{ACCOUNT}/message_templates", json=TEMPLATE | {"name": "No Good"}
    )
    deleted = await outside.graph("DELETE", f"{ACCOUNT}/message_templates?name=reminder")
    gone = await outside.code(type="template", template=template("tea"))

    assert made.json()["status"] == "APPROVED"
    assert [found["id"] for found in listed.json()["data"]] == [made.json()["id"]]
    assert one.json()["name"] == "reminder"
    assert again.json()["error"]["error_subcode"] == 2388024
    assert wrong.json()["error"]["code"] == 100
    assert deleted.json() == {"success": True}
    assert gone == 132001


async def test_templates_are_listed_in_pages(outside: World) -> None:
    for number in range(4):
        await outside.control("PUT", "/templates", TEMPLATE | {"name": f"t{number}"})
    names, after = [], "0"
    for _ in range(3):
        page = await outside.graph("GET", f"{ACCOUNT}/message_templates?limit=2&after={after}")
        names += [found["name"] for found in page.json()["data"]]
        after = page.json().get("paging", {}).get("cursors", {}).get("after", "")

    assert names == ["hello_world", "t0", "t1", "t2", "t3"]


async def test_a_paused_template_is_refused_told_about_and_can_be_resumed(outside: World) -> None:
    made = await outside.control("PUT", "/templates", TEMPLATE)
    await outside.control("PATCH", "/templates/reminder", {"status": "PAUSED"})
    (hook,) = await outside.business.until(1)
    paused = await outside.code(type="template", template=template("tea"))
    await outside.graph("POST", f"{made['id']}/unpause")
    resumed = await outside.send(type="template", template=template("tea"))

    assert hook.values[0]["event"] == "PAUSED"
    assert hook.values[0]["message_template_id"] == int(made["id"])
    assert paused == 132015
    assert resumed.status_code == 200


async def upload(outside: World, content: bytes, mime_type: str, **fields: str):
    files = {"file": ("a.bin", content, mime_type)}
    data = {"messaging_product": "whatsapp"} | fields
    return await outside.graph("POST", "test_phone_id/media", data=data, files=files)


async def test_an_uploaded_file_is_sent_described_fetched_and_deleted(outside: World) -> None:
    await outside.say(ADA, "hi")
    media_id = (await upload(outside, b"OggS sound", "audio/ogg; codecs=opus")).json()["id"]

    sent = await outside.send(type="audio", audio={"id": media_id, "voice": True})
    described = (await outside.graph("GET", media_id)).json()
    headers = {"Authorization": "Bearer test_auth_token"}
    fetched = await outside.http.get(described["url"], headers=headers)
    stranger = await outside.http.get(described["url"])
    deleted = await outside.graph("DELETE", media_id)
    gone = await outside.graph("GET", media_id)

    assert sent.status_code == 200
    assert described["mime_type"] == "audio/ogg; codecs=opus"
    assert described["file_size"] == 10
    assert len(described["sha256"]) == 64
    assert fetched.content == b"OggS sound"
    assert stranger.status_code == 401
    assert deleted.json() == {"success": True}
    assert gone.json()["error"]["code"] == 100


async def test_links_live_5_minutes_and_uploads_30_days(outside: World) -> None:
    media_id = (await upload(outside, b"x", "image/png")).json()["id"]
    headers = {"Authorization": "Bearer test_auth_token"}
    url = (await outside.graph("GET", media_id)).json()["url"]
    forged = url.replace("hash=", "hash=0")

    assert (await outside.http.get(forged, headers=headers)).status_code == 404
    outside.clock.move(minutes=5, seconds=1)
    assert (await outside.http.get(url, headers=headers)).status_code == 404
    fresh = (await outside.graph("GET", media_id)).json()["url"]
    assert (await outside.http.get(fresh, headers=headers)).status_code == 200
    outside.clock.move(days=30)
    assert (await outside.graph("GET", media_id)).json()["error"]["code"] == 100


async def test_a_wrong_upload_is_refused(outside: World) -> None:
    kind = await upload(outside, b"GIF89a", "image/gif")
    large = await upload(outside, b"x" * (5 * 1024**2 + 1), "image/png")
    product = await upload(outside, b"x", "image/png", messaging_product="messenger")
    no_file = await outside.graph(
        "POST", "test_phone_id/media", files={"messaging_product": (None, "whatsapp")}
    )

    codes = [answer.json()["error"]["code"] for answer in (kind, large, product, no_file)]
    assert codes == [100, 131053, 100, 131008]


@pytest.mark.parametrize(
    ("code", "kind", "content"),
    [
        (131009, "image", {}),
        (131009, "image", {"id": "1", "link": "https://a.b/c.png"}),
        (131053, "image", {"id": "123"}),
        (131009, "image", {"link": "ftp://a.b/c.png"}),
        (131009, "image", {"link": "https://a.b/c.png", "caption": "x" * 1025}),
        (131009, "audio", {"link": "https://a.b/c.ogg", "caption": "x"}),
        (131009, "image", {"link": "https://a.b/c.png", "filename": "c.png"}),
    ],
)
async def test_a_wrong_file_message_is_refused(outside: World, code, kind, content) -> None:
    await outside.say(ADA, "hi")

    assert await outside.code(type=kind, **{kind: content}) == code


async def test_a_file_is_sent_as_what_it_is(outside: World) -> None:
    await outside.say(ADA, "hi")
    image = (await upload(outside, b"x", "image/png")).json()["id"]
    sound = (await upload(outside, b"x", "audio/mpeg")).json()["id"]

    assert await outside.code(type="audio", audio={"id": image}) == 131053
    assert await outside.code(type="audio", audio={"id": sound, "voice": True}) == 131053
    by_link = await outside.send(type="image", image={"link": "https://a.b/c.png"})
    assert by_link.status_code == 200


async def test_the_account_answers_what_a_doctor_asks(outside: World) -> None:
    number = (await outside.graph("GET", "test_phone_id?fields=quality_rating,status")).json()
    account = (await outside.graph("GET", ACCOUNT)).json()
    numbers = (await outside.graph("GET", f"{ACCOUNT}/phone_numbers")).json()
    right = (await outside.graph("GET", "debug_token?input_token=test_auth_token")).json()
    wrong = (await outside.graph("GET", "debug_token?input_token=x")).json()
    unknown = await outside.graph("GET", "test_phone_id?fields=shoe_size")
    subscribed = (await outside.graph("GET", f"{ACCOUNT}/subscribed_apps")).json()

    assert number == {"id": "test_phone_id", "quality_rating": "GREEN", "status": "CONNECTED"}
    assert account["id"] == ACCOUNT
    assert numbers["data"][0]["id"] == "test_phone_id"
    assert right["data"]["granular_scopes"][0]["target_ids"] == [ACCOUNT]
    assert not wrong["data"]["is_valid"]
    assert unknown.json()["error"]["code"] == 100
    assert len(subscribed["data"]) == 1


async def test_without_the_subscription_of_the_account_no_webhook_ever_comes(
    outside: World,
) -> None:
    await outside.graph("DELETE", f"{ACCOUNT}/subscribed_apps")
    silent = await outside.do(ADA, text="hi")
    await outside.graph("POST", f"{ACCOUNT}/subscribed_apps", json={})
    heard = await outside.do(ADA, text="hi")

    assert (silent["webhook_status"], silent["webhook_error"]) == (None, "not subscribed")
    assert heard["webhook_status"] == 200
    assert len(outside.business.hooks) == 1


async def test_the_profile_and_the_registration_have_their_limits(outside: World) -> None:
    profile = "test_phone_id/whatsapp_business_profile"
    await outside.graph("POST", profile, json={"about": "Hark listens"})
    long = await outside.graph("POST", profile, json={"about": "x" * 140})
    pin = await outside.graph("POST", "test_phone_id/register", json={"pin": "12345"})

    assert (await outside.graph("GET", profile)).json()["data"][0]["about"] == "Hark listens"
    assert long.json()["error"]["code"] == pin.json()["error"]["code"] == 131009
