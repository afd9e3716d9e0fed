"""What the webhook's address answers, to whomever."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import httpx2
import pytest

from tests.integration.ingress.house import (
    OLD_SECRET,
    VERIFY_TOKEN,
    House,
    signed,
    text_message,
    webhook,
)

BODY = webhook(text_message("hello"))


def problem(answer: httpx2.Response) -> tuple[int, str]:
    error = answer.json()["error"]
    assert error["code"] == answer.status_code
    assert len(error["message"]) > 20
    return answer.status_code, error["reason"]


async def test_the_handshake_echoes_the_challenge_as_plain_text(house: House) -> None:
    answer = await house.web.get("/webhook", params=handshake("1158201444"))
    assert answer.status_code == 200
    assert answer.content == b"1158201444"
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_handshake_with_the_wrong_token_is_forbidden(house: House) -> None:
    answer = await house.web.get("/webhook", params=handshake("1") | {"hub.verify_token": "no"})
    assert problem(answer) == (403, "HANDSHAKE_REFUSED")


async def test_a_handshake_without_parameters_is_told_what_it_lacks(house: House) -> None:
    assert problem(await house.web.get("/webhook")) == (400, "HANDSHAKE_INCOMPLETE")


async def test_a_body_signed_with_the_secret_before_is_accepted_while_rotating(
    house: House,
) -> None:
    answer = await house.post(BODY, x_hub_signature_256=signed(BODY, OLD_SECRET))
    assert answer.status_code == 200


async def test_the_answer_to_a_webhook_is_exactly_what_was_promised(house: House) -> None:
    answer = await house.post(BODY)
    assert (answer.status_code, answer.content) == (200, b'{"status": "processing"}')
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"x_hub_signature_256": signed(BODY, "not_the_secret")}, (403, "SIGNATURE_MISMATCH")),
        ({"x_hub_signature_256": signed(BODY + b" ")}, (403, "SIGNATURE_MISMATCH")),
        ({"x_hub_signature_256": "sha256=abc"}, (401, "SIGNATURE_MISSING")),
        ({"x_hub_signature_256": ""}, (401, "SIGNATURE_MISSING")),
        ({"content_type": "text/plain"}, (415, "CONTENT_TYPE_WRONG")),
        ({"content_type": "application/x-www-form-urlencoded"}, (415, "CONTENT_TYPE_WRONG")),
    ],
)
async def test_what_is_not_authentic_changes_nothing(
    house: House, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    assert problem(await house.post(BODY, **headers)) == expected
    assert await house.count() == 0


async def test_a_webhook_without_a_signature_is_unauthorized(house: House) -> None:
    answer = await house.web.post("/webhook", json={"object": "whatsapp_business_account"})
    assert problem(answer) == (401, "SIGNATURE_MISSING")


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON"])
async def test_the_content_type_may_be_written_in_any_way(house: House, content_type: str) -> None:
    assert (await house.post(BODY, content_type=content_type)).status_code == 200


async def test_other_methods_and_paths_are_told_where_to_go(house: House) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        answer = await house.web.request(method, "/webhook", content=BODY)
        assert problem(answer) == (405, "METHOD_WRONG")
        assert "POST" in answer.headers["allow"]
    for path in ("/", "/webhook/", "/webhooks", "/healthz/x"):
        assert problem(await house.web.post(path, content=BODY)) == (404, "PATH_UNKNOWN")


async def test_three_megabytes_are_taken_and_a_little_more_is_not(house: House) -> None:
    filler = {"type": "x", "id": "wamid.filler", "from": "1", "filler": "x" * (3 * 1024 * 1024)}
    large = webhook(text_message("hello"), filler)
    assert len(large) > 3 * 1024 * 1024
    assert (await house.post(large)).status_code == 200
    assert await house.count() == 2

    too_large = large + b" " * (64 * 1024)
    assert problem(await house.post(too_large)) == (413, "BODY_TOO_LARGE")


async def test_a_body_of_unsaid_length_is_counted_as_it_comes(house: House) -> None:
    async def chunks(total: int) -> AsyncIterator[bytes]:
        for _ in range(total):
            yield b" " * 65536

    body = b" " * 65536 * 4
    headers = {"x-hub-signature-256": signed(body), "content-type": "application/json"}
    answer = await house.web.post("/webhook", content=chunks(4), headers=headers)
    assert answer.status_code == 200
    answer = await house.web.post("/webhook", content=chunks(60), headers=headers)
    assert problem(answer) == (413, "BODY_TOO_LARGE")


async def test_an_authentic_body_that_is_no_json_is_answered_200_and_buried(house: House) -> None:
    for body in (b"{", b"", b"[" * 10_000 + b"]" * 10_000, b"\xff\x00"):
        assert (await house.post(body)).status_code == 200
    await house.settled()
    rows = await house.connection.fetch("SELECT buried_reason FROM ingress.inbox")
    assert {row["buried_reason"] for row in rows} == {"NOT_JSON"}
    assert len(rows) == 4


async def test_the_probes_answer(house: House) -> None:
    assert (await house.web.get("/healthz")).text == "ok\n"
    assert (await house.web.get("/readyz")).text == "ready\n"


async def test_a_nul_in_a_text_is_stored_and_the_text_handled_without_it(house: House) -> None:
    message = text_message("call\0 Ada")
    body = webhook(message)
    assert json.dumps("\0").strip('"').encode() in body
    assert (await house.post(body)).status_code == 200
    await house.settled()
    assert house.serving.ai.texts() == ["call Ada"]


def handshake(challenge: str) -> dict[str, str]:
    return {
        "hub.mode": "subscribe",
        "hub.challenge": challenge,
        "hub.verify_token": VERIFY_TOKEN,
    }
