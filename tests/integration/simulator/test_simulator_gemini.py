"""Gemini's wire, as the SDK speaks it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.simulator.world import World

PROMPT = {
    "contents": [{"role": "user", "parts": [{"text": "remind me to call Ada"}]}],
    "generationConfig": {
        "responseMimeType": "application/json",
        "responseSchema": {"type": "OBJECT", "properties": {"intent": {"type": "STRING"}}},
    },
}
PATH = "/v1beta/models/gemini-3.5-flash:generateContent"


async def ask(outside: World, prompt: Any = PROMPT, path: str = PATH, key="test_gemini_key"):
    headers = {"x-goog-api-key": key} if key else {}
    return await outside.http.post(path, json=prompt, headers=headers)


async def script(outside: World) -> None:
    await outside.control("POST", "/gemini", {"contains": "ada", "answer": {"intent": "task"}})


@pytest.mark.parametrize("version", ["v1", "v1beta"])
async def test_a_script_answers_with_tokens_counted(outside: World, version) -> None:
    await script(outside)

    answer = (await ask(outside, path=PATH.replace("v1beta", version))).json()

    (candidate,) = answer["candidates"]
    assert candidate["content"]["parts"] == [{"text": '{"intent":"task"}'}]
    assert candidate["finishReason"] == "STOP"
    assert answer["usageMetadata"] == {
        "promptTokenCount": 6,
        "candidatesTokenCount": 5,
        "totalTokenCount": 11,
    }
    (entry,) = await outside.log(kind="gemini")
    assert entry["body"]["contents"] == PROMPT["contents"]


async def test_without_a_fitting_script_the_model_is_not_available(outside: World) -> None:
    answer = await ask(outside)

    assert answer.status_code == 503
    assert answer.json()["error"]["status"] == "UNAVAILABLE"
    assert (await outside.control("GET", "/gemini"))["unanswered"] == 1


@pytest.mark.parametrize(
    ("fault", "status", "name"),
    [("model_429", 429, "RESOURCE_EXHAUSTED"), ("model_503", 503, "UNAVAILABLE")],
)
async def test_f23_errors(outside: World, fault, status, name) -> None:
    await script(outside)
    await outside.control("POST", "/faults", {"name": fault, "limit": 1})

    answer = await ask(outside)

    assert (answer.status_code, answer.json()["error"]["status"]) == (status, name)
    assert (await ask(outside)).status_code == 200


async def test_f23_the_quota_says_when_to_come_back(outside: World) -> None:
    await outside.control("POST", "/faults", {"name": "model_429", "retry_after": 9})

    (details,) = (await ask(outside)).json()["error"]["details"]

    assert details["retryDelay"] == "9s"


async def test_f23_bad_answers(outside: World) -> None:
    await script(outside)
    texts, reasons = [], []
    for fault in ("model_bad_json", "model_wrong_schema"):
        await outside.control("POST", "/faults", {"name": fault, "limit": 1})
        (candidate,) = (await ask(outside)).json()["candidates"]
        texts.append(candidate["content"]["parts"][0]["text"])
        reasons.append(candidate["finishReason"])
    await outside.control("POST", "/faults", {"name": "model_refusal", "limit": 1})
    refusal = (await ask(outside)).json()

    assert texts == ['{"intent', '{"unexpected": ["shape", 1, null]}']
    assert reasons == ["MAX_TOKENS", "STOP"]
    assert refusal["promptFeedback"] == {"blockReason": "PROHIBITED_CONTENT"}
    assert "candidates" not in refusal


async def test_a_slow_model_answers_in_the_end(outside: World) -> None:
    await script(outside)
    await outside.control("POST", "/faults", {"name": "model_slow", "delay_ms": 30})

    assert (await ask(outside)).status_code == 200
    assert (await outside.log(kind="gemini"))[0]["duration_ms"] >= 29


@pytest.mark.parametrize(("key", "status"), [("", 403), ("wrong", 400)])
async def test_an_unknown_key_is_refused(outside: World, key, status) -> None:
    answer = await ask(outside, key=key)

    assert answer.status_code == status


async def test_unknown_models_and_wrong_prompts_are_refused(outside: World) -> None:
    model = await ask(outside, path="/v1beta/models/parrot:generateContent")
    prompt = await ask(outside, prompt={"contents": []})

    assert (model.status_code, model.json()["error"]["status"]) == (404, "NOT_FOUND")
    assert prompt.json()["error"]["status"] == "INVALID_ARGUMENT"


async def test_tokens_are_counted_and_models_described(outside: World) -> None:
    count = await ask(outside, path=PATH.replace("generateContent", "countTokens"))
    headers = {"x-goog-api-key": "test_gemini_key"}
    model = await outside.http.get("/v1beta/models/gemini-3.5-flash", headers=headers)
    models = await outside.http.get("/v1beta/models", headers=headers)

    assert count.json() == {"totalTokens": 6}
    assert model.json()["name"] == "models/gemini-3.5-flash"
    assert models.json()["models"]
