"""How webhooks reach the business: at least once, signed, and disturbed as switched on."""

from __future__ import annotations

import asyncio

import orjson
import pytest

from simulator.domain.wire import signature
from tests.integration.simulator.world import ADA, BOB, World


async def switch_on(outside: World, name: str, **options) -> None:
    await outside.control("POST", "/faults", {"name": name, **options})


async def test_anything_but_200_is_tried_again_with_the_same_bytes(outside: World) -> None:
    outside.business.answers = [500, 202, 404]

    first = await outside.do(ADA, text="hi")
    hooks = await outside.business.until(4)

    assert first["webhook_status"] == 500
    assert [hook.answered for hook in hooks] == [500, 202, 404, 200]
    assert len({hook.body for hook in hooks}) == 1
    log = await outside.log(kind="webhook")
    assert [entry["attempt"] for entry in log][:3] == [1, 2, 3]
    assert len({entry["delivery"] for entry in log}) == 1


async def test_the_second_tick_comes_when_the_business_took_it(outside: World) -> None:
    outside.business.answers = [503]

    await outside.do(ADA, text="hi")
    before = (await outside.phone(ADA))[0]["state"]
    changed = (await outside.phone(ADA))[0]["changed"]
    after = await outside.http.get(
        f"/control/people/{ADA}/transcript", params={"after": changed, "wait": 10}
    )

    assert before == "pending"
    assert after.json()["messages"][0]["state"] == "delivered"


async def test_it_gives_up_after_the_last_attempt_and_counts_that(outside: World) -> None:
    await outside.control("PATCH", "/settings", {"retry_attempts": 3})
    outside.business.answers = [500] * 10

    await outside.do(ADA, text="hi")
    await outside.business.until(3)
    await outside.say(BOB, "are you there?")

    async with asyncio.timeout(10):
        while not outside.simulator.outside.sender.dropped:
            await outside.control("GET", "/state")
    assert [hook.answered for hook in outside.business.hooks].count(500) >= 3


async def test_gaps_between_tries_grow(outside: World) -> None:
    await outside.control("PATCH", "/settings", {"retry_first_ms": 20, "retry_factor": 3.0})
    outside.business.answers = [500, 500]

    await outside.do(ADA, text="hi")
    await outside.business.until(3)

    times = [entry["monotonic"] for entry in await outside.log(kind="webhook")]
    while len(times) < 3:
        times = [entry["monotonic"] for entry in await outside.log(kind="webhook")]
    assert times[1] - times[0] >= 0.019
    assert times[2] - times[1] >= 0.058


async def test_any_bytes_can_be_posted_with_any_signature(outside: World) -> None:
    body = {"object": "whatsapp_business_account", "entry": []}
    for signed in ("right", "wrong", "none", "sha256=00"):
        await outside.control("POST", "/webhooks", {"body": body, "signed": signed})
    await outside.control("POST", "/webhooks", {"json": "not json at all"})

    hooks = outside.business.hooks
    right = signature("test_app_secret", hooks[0].body)
    assert [hook.signature for hook in hooks[:4]][0::2] == [right, None]
    assert hooks[1].signature not in {right, None}
    assert hooks[3].signature == "sha256=00"
    assert hooks[4].body == b"not json at all"


async def test_the_handshake_is_played_as_meta_does(outside: World) -> None:
    right = await outside.control("POST", "/webhooks/verify", {})
    wrong = await outside.control("POST", "/webhooks/verify", {"verify_token": "x"})

    assert right == {"verified": True, "status": 200}
    assert wrong == {"verified": False, "status": 403}


async def test_f1_the_same_webhook_comes_again(outside: World) -> None:
    await switch_on(outside, "webhook_doubled", copies=2, limit=1)

    await outside.say(ADA, "hi")
    hooks = await outside.business.until(3)

    assert len({hook.body for hook in hooks}) == 1


async def test_a_fault_can_strike_messages_only(outside: World) -> None:
    await switch_on(outside, "webhook_doubled", only="messages")

    await outside.say(ADA, "hi")
    await outside.send()
    statuses = await outside.business.statuses(3)

    assert [status["status"] for status in statuses] == ["sent", "delivered", "read"]
    texts = [p["id"] for hook in outside.business.hooks for p in hook.parts if "text" in p]
    assert len(texts) == 2
    assert len(set(texts)) == 1


async def test_f2_the_same_message_comes_again_in_another_batch(outside: World) -> None:
    await switch_on(outside, "webhook_rebatched", limit=1)

    wamid = await outside.say(ADA, "hi")
    first, second = await outside.business.until(2)

    assert first.body != second.body
    assert [part["id"] for part in first.parts] == [wamid]
    assert wamid in [part["id"] for part in second.parts]
    assert len(second.parts) == 2


async def test_f3_the_next_one_overtakes(outside: World) -> None:
    await switch_on(outside, "webhook_reordered", limit=1)

    first = await outside.say(ADA, "one")
    second = await outside.say(ADA, "two")
    hooks = await outside.business.until(2)

    assert [part["id"] for hook in hooks for part in hook.parts] == [second, first]


async def test_f3_without_a_next_one_it_comes_in_the_end(outside: World) -> None:
    await switch_on(outside, "webhook_reordered", limit=1, hold_ms=10)

    wamid = await outside.say(ADA, "one")
    (hook,) = await outside.business.until(1)

    assert hook.parts[0]["id"] == wamid


async def test_f4_it_comes_late_with_its_old_timestamp(outside: World) -> None:
    await switch_on(outside, "webhook_delayed", limit=1, delay_ms=20)

    answer = await outside.do(ADA, text="hi")
    outside.clock.move(hours=2)
    (hook,) = await outside.business.until(1)

    assert answer["webhook_error"] == "delayed"
    assert hook.parts[0]["timestamp"] == "1795348800"


async def test_f5_many_parts_come_in_one_post_over_several_entries(outside: World) -> None:
    await outside.say(BOB, "hi")
    await switch_on(outside, "webhook_batched", parts=6, entries=3, within_ms=5000)
    wamids = [await outside.say(ADA, f"{n}") for n in range(3)]
    sent = await outside.send(to=BOB)

    hook = (await outside.business.until(2))[1]

    body = orjson.loads(hook.body)
    assert len(body["entry"]) == 3
    ids = [part["id"] for part in hook.parts]
    assert ids == [*wamids, *[sent.json()["messages"][0]["id"]] * 3]


async def test_f6_odd_bodies_come_too_and_are_signed(outside: World) -> None:
    for name in ("unknown_type", "malformed", "nested"):
        await switch_on(outside, f"webhook_{name}", limit=1)
    await switch_on(outside, "webhook_huge", limit=1, bytes=3_000_000)

    wamid = await outside.say(ADA, "hi")
    hooks = await outside.business.until(5)

    assert all(hook.signature == signature("test_app_secret", hook.body) for hook in hooks)
    sizes = sorted(len(hook.body) for hook in hooks)
    assert 2_999_000 < sizes[-1] <= 3_000_000
    assert sizes[-2] > 10_000
    assert sum(b'"hologram"' in hook.body for hook in hooks) == 2
    (cut_off,) = [hook for hook in hooks if not hook.body.endswith(b"}")]
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(cut_off.body)
    assert any(wamid.encode() in hook.body.replace(b"\\/", b"/") for hook in hooks)


@pytest.mark.parametrize(
    ("name", "secret"),
    [("webhook_forged", "not the secret"), ("webhook_old_secret", "an_old_secret")],
)
async def test_f7_forged_copies_would_show_if_they_were_taken(outside, name, secret) -> None:
    await switch_on(outside, name, limit=1)

    wamid = await outside.say(ADA, "hi")
    hooks = await outside.business.until(2)

    (forged,) = [h for h in hooks if h.signature != signature("test_app_secret", h.body)]
    assert forged.signature == signature(secret, forged.body)
    assert forged.parts[0]["id"] != wamid
    assert forged.parts[0]["text"] == {"body": "hi"}


async def test_a_lost_webhook_is_written_down_and_never_comes(outside: World) -> None:
    await switch_on(outside, "webhook_lost", limit=1)

    lost = await outside.do(ADA, text="one")
    await outside.say(ADA, "two")

    assert (lost["webhook_status"], lost["webhook_error"]) == (None, "lost")
    assert len(outside.business.hooks) == 1
    assert [entry["fault"] for entry in await outside.log(kind="webhook")] == [
        "webhook_lost",
        None,
    ]


async def test_f12_accepted_but_not_answered(outside: World) -> None:
    await outside.say(ADA, "hi")
    await switch_on(outside, "timeout_after_accept", hold_ms=10, limit=1)

    answer = await outside.send(biz_opaque_callback_data="token")
    statuses = await outside.business.statuses(3)

    assert answer.status_code == 504
    assert {status["biz_opaque_callback_data"] for status in statuses} == {"token"}
    entry = (await outside.log(kind="api"))[-1]
    assert (entry["fault"], entry["status"]) == ("timeout_after_accept", None)
    assert entry["wamid"] == statuses[0]["id"]


async def test_f13_neither_accepted_nor_answered(outside: World) -> None:
    await outside.say(ADA, "hi")
    await switch_on(outside, "timeout_before_accept", hold_ms=10, limit=1)

    answer = await outside.send()

    assert answer.status_code == 504
    assert len(await outside.phone(ADA)) == 1
    entry = (await outside.log(kind="api"))[-1]
    assert (entry["fault"], entry["wamid"]) == ("timeout_before_accept", None)


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("http_429", 429, 130429),
        ("pair_limited", 400, 131056),
        ("http_500", 500, 131000),
        ("http_503", 503, 131016),
    ],
)
async def test_f14_refusals_with_and_without_retry_after(outside, name, status, code) -> None:
    await outside.say(ADA, "hi")
    await switch_on(outside, name, limit=1, retry_after=7)
    with_it = await outside.send()
    await switch_on(outside, name, limit=1)
    without = await outside.send()

    assert (with_it.status_code, with_it.json()["error"]["code"]) == (status, code)
    assert with_it.headers["retry-after"] == "7"
    assert "retry-after" not in without.headers
    assert len(await outside.phone(ADA)) == 1
    assert (await outside.log(kind="api"))[-1]["fault"] == name


async def test_any_code_can_be_chosen(outside: World) -> None:
    await outside.say(ADA, "hi")
    await switch_on(outside, "refused", code=131031, limit=1)

    answer = await outside.send()

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, 131031)


async def test_f15_a_200_that_does_not_say_which_message(outside: World) -> None:
    await outside.say(ADA, "hi")
    await switch_on(outside, "answer_without_id", limit=1)
    without_id = await outside.send()
    await switch_on(outside, "answer_truncated", limit=1)
    truncated = await outside.send()

    assert without_id.status_code == truncated.status_code == 200
    assert "messages" not in without_id.json()
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(truncated.content)
    assert len(await outside.phone(ADA)) == 3


async def test_f16_the_first_status_comes_before_the_answer(outside: World) -> None:
    await outside.say(ADA, "hi")
    await outside.control("PATCH", "/settings", {"sent_ms": 60_000})
    await switch_on(outside, "status_overtakes", limit=1)

    answer = await outside.send()

    early = outside.business.hooks[1].parts[0]
    assert early["status"] == "sent"
    assert early["id"] == answer.json()["messages"][0]["id"]


async def test_f17_a_status_never_comes(outside: World) -> None:
    await outside.say(ADA, "hi")
    await switch_on(outside, "status_lost", limit=1)

    await outside.send()

    assert [s["status"] for s in await outside.business.statuses(2)] == ["delivered", "read"]


async def test_f18_statuses_come_twice(outside: World) -> None:
    await outside.say(ADA, "hi")
    await switch_on(outside, "status_doubled", limit=1)
    await outside.send()

    states = [status["status"] for status in await outside.business.statuses(6)]

    assert states == ["sent", "sent", "delivered", "delivered", "read", "read"]


async def test_f18_read_comes_before_delivered(outside: World) -> None:
    await outside.say(ADA, "hi")
    await switch_on(outside, "read_before_delivered", limit=1)
    await outside.send()

    states = [status["status"] for status in await outside.business.statuses(3)]

    assert states == ["sent", "read", "delivered"]


async def test_f18_sent_and_then_failed(outside: World) -> None:
    await outside.say(ADA, "hi")
    await switch_on(outside, "failed_after_sent", limit=1, code=131049)
    await outside.send()

    sent, failed = await outside.business.statuses(2)

    assert (sent["status"], failed["status"]) == ("sent", "failed")
    assert failed["errors"][0]["code"] == 131049


async def test_files_can_be_gone_or_other_than_announced(outside: World) -> None:
    answer = await outside.do(ADA, type="image", data="AAEC", mime_type="image/png")
    assert answer["webhook_status"] == 200
    url = outside.business.hooks[0].parts[0]["image"]["url"]
    headers = {"Authorization": "Bearer test_auth_token"}
    await switch_on(outside, "media_gone", limit=1)
    gone = await outside.http.get(url, headers=headers)
    await switch_on(outside, "media_corrupt", limit=1)
    corrupt = await outside.http.get(url, headers=headers)
    right = await outside.http.get(url, headers=headers)

    assert gone.status_code == 404
    assert (corrupt.content, right.content) == (b"\x02\x01\x00", b"\x00\x01\x02")


async def test_what_waits_while_all_senders_are_busy_can_go_out_together(outside: World) -> None:
    await outside.control("PATCH", "/settings", {"webhook_batch": 50, "window_enforced": False})

    await asyncio.gather(*(outside.send(to=f"+1555030{n:04}") for n in range(40)))
    statuses = await outside.business.statuses(120)

    assert len(outside.business.hooks) < 120
    assert len({(s["id"], s["status"]) for s in statuses}) == 120


async def test_switched_off_means_undisturbed(outside: World) -> None:
    await switch_on(outside, "webhook_lost")
    await switch_on(outside, "http_500")
    await outside.control("DELETE", "/faults/webhook_lost")
    one_left = await outside.control("GET", "/faults")
    await outside.control("DELETE", "/faults")
    await outside.say(ADA, "hi")

    assert [fault["name"] for fault in one_left["on"]] == ["http_500"]
    assert (await outside.send()).status_code == 200
