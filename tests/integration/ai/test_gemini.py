"""The model behind its port, by the real SDK against the simulator's wire."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from services.ai.clients.gemini import GeminiModel
from services.ai.domain.intent import Interpretation, RemindMe, Unknown, Utterance
from services.ai.domain.message import Medium
from services.ai.domain.model import Circuit, ModelFailure, Prompt, Surroundings, Trouble
from services.ai.usecases import understanding
from services.ai.usecases.understanding import Heard, Mode, Understander
from tests.integration.simulator.world import World
from tests.unit.ai.fakes import (
    CountedAllowance,
    FixedClock,
    RecordedFigures,
    ScriptedUnderstanding,
)
from tests.unit.ai.scene import NOW

WALL = datetime(2026, 11, 22, 12, 0)
PROMPT = Prompt(orders="Obey.", surroundings='{"now": "2026-11-22T12:00"}', message="call Ada")
CALL_ADA = {
    "intents": [
        {
            "kind": "remind_me",
            "slots": {"title": "call Ada", "when": {"start": "2026-11-22T18:00"}},
        }
    ],
    "language": "en",
    "confidence": 0.97,
}
GUESS = Interpretation(intents=(Unknown(),), confidence=0.4)


@pytest_asyncio.fixture(loop_scope="session")
async def model(outside: World) -> AsyncIterator[GeminiModel]:
    """The SDK, speaking to the simulator in this process."""
    made = GeminiModel(
        key="test_gemini_key",
        model="gemini-3.5-flash",
        url="http://127.0.0.1:8090",
        transport=httpx2.ASGITransport(app=outside.simulator.app),
    )
    await made.start()
    yield made
    await made.stop()


async def script(outside: World, answer: Any, **which: Any) -> None:
    await outside.control("POST", "/gemini", {"answer": answer, **which})


async def fault(outside: World, name: str, **how: Any) -> None:
    await outside.control("POST", "/faults", {"name": name, **how})


async def around() -> Surroundings:
    return Surroundings(now=WALL, time_zone="UTC")


def heard(text: str = "could you get me to ring Ada at six", **more: Any) -> Heard:
    utterance = Utterance(text=text, now=WALL, time_zone="UTC")
    return Heard(user_id="u1", utterance=utterance, surroundings=around, **more)


class Side:
    """An understander over the real client, and what it counted."""

    def __init__(self, model: GeminiModel, *, calls: int = 100, circuit: Circuit | None = None):
        self.figures = RecordedFigures()
        self.allowance = CountedAllowance(calls=calls)
        self.understander = Understander(
            local=ScriptedUnderstanding(GUESS),
            model=model,
            allowance=self.allowance,
            figures=self.figures,
            clock=FixedClock(NOW),
            mode=Mode.AUTO,
            threshold=0.95,
            circuit=circuit,
        )

    async def words(self, found: Interpretation = GUESS) -> Interpretation:
        return await self.understander.words(heard(), found)


async def test_the_request_carries_schema_orders_and_surroundings_apart(
    outside: World, model: GeminiModel
) -> None:
    await script(outside, CALL_ADA)
    reply = await model.ask(PROMPT, timeout=5)
    assert (reply.input_tokens > 0, reply.output_tokens > 0) == (True, True)
    (entry,) = await outside.log(kind="gemini")
    body = entry["body"]
    assert entry["path"].endswith("/models/gemini-3.5-flash:generateContent")
    assert body["systemInstruction"]["parts"][0]["text"] == "Obey."
    assert [each["role"] for each in body["contents"]] == ["user", "user"]
    assert body["contents"][0]["parts"][0]["text"] == PROMPT.surroundings
    config = body["generationConfig"]
    assert config["responseMimeType"] == "application/json"
    kinds = config["responseJsonSchema"]["properties"]["intents"]["items"]["properties"]["kind"]
    assert "remind_me" in kinds["enum"]


async def test_a_voice_note_goes_along_as_it_is(outside: World, model: GeminiModel) -> None:
    await script(outside, CALL_ADA, media="audio/ogg")
    note = Medium(mime_type="audio/ogg; codecs=opus", data=b"OggS" * 100, is_voice=True)
    prompt = Prompt(orders="Obey.", surroundings="{}", message="", medium=note)
    assert "call Ada" in (await model.ask(prompt, timeout=5)).text


@pytest.mark.parametrize(
    ("name", "trouble"),
    [
        ("model_429", Trouble.RATE_LIMITED),
        ("model_503", Trouble.UNAVAILABLE),
        ("model_refusal", Trouble.REFUSED),
    ],
)
async def test_a_failure_is_told_apart_and_the_sdk_does_not_try_again(
    outside: World, model: GeminiModel, name: str, trouble: Trouble
) -> None:
    await script(outside, CALL_ADA)
    await fault(outside, name)
    with pytest.raises(ModelFailure) as failed:
        await model.ask(PROMPT, timeout=5)
    assert failed.value.trouble is trouble
    assert len(await outside.log(kind="gemini")) == 1


async def test_the_model_says_how_long_it_wants_to_be_left_alone(
    outside: World, model: GeminiModel
) -> None:
    await script(outside, CALL_ADA)
    await fault(outside, "model_429", retry_after=9)
    with pytest.raises(ModelFailure) as failed:
        await model.ask(PROMPT, timeout=5)
    assert failed.value.retry_after == 9.0


async def test_a_slow_model_is_given_up_in_time(outside: World, model: GeminiModel) -> None:
    await script(outside, CALL_ADA)
    await fault(outside, "model_slow", delay_ms=60_000)
    with pytest.raises(ModelFailure) as failed:
        await model.ask(PROMPT, timeout=0.2)
    assert failed.value.trouble is Trouble.TIMED_OUT


async def test_a_wrong_key_is_the_operators_to_mend(outside: World) -> None:
    made = GeminiModel(
        key="wrong",
        model="gemini-3.5-flash",
        url="http://127.0.0.1:8090",
        transport=httpx2.ASGITransport(app=outside.simulator.app),
    )
    await made.start()
    with pytest.raises(ModelFailure) as failed:
        await made.ask(PROMPT, timeout=5)
    await made.stop()
    assert failed.value.trouble is Trouble.REJECTED


async def test_an_unsure_engine_asks_the_model(outside: World, model: GeminiModel) -> None:
    await script(outside, CALL_ADA, contains="ring ada")
    side = Side(model)
    found = await side.words()
    assert [type(each) for each in found.intents] == [RemindMe]
    assert (found.engine, found.path, side.figures.paths) == ("gemini", "gemini", ["gemini"])
    assert len(side.allowance.settled) == 1


async def test_i9_what_the_local_engine_is_sure_of_never_reaches_the_model(
    outside: World, model: GeminiModel
) -> None:
    sure = Interpretation(intents=(RemindMe(title="call Ada"),), confidence=0.99)
    found = await Side(model).words(sure)
    assert (found.engine, found.path) == ("local", "local")
    assert await outside.log(kind="gemini") == []


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("model_429", "local_rate_limited"),
        ("model_503", "local_unavailable"),
        ("model_bad_json", "local_nonsense"),
        ("model_wrong_schema", "local_nonsense"),
        ("model_refusal", "local_refused"),
    ],
)
async def test_f23_whatever_the_model_does_the_local_engine_answers(
    outside: World, model: GeminiModel, name: str, path: str
) -> None:
    await script(outside, CALL_ADA)
    await fault(outside, name)
    side = Side(model)
    found = await side.words()
    assert (found.intents, found.path) == (GUESS.intents, path)
    assert len(await outside.log(kind="gemini")) <= 2


async def test_f23_a_slow_model_leaves_time_for_the_answer(
    outside: World, model: GeminiModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(understanding, "TEXT_SECONDS", 1.0)
    await script(outside, CALL_ADA)
    await fault(outside, "model_slow", delay_ms=60_000)
    side = Side(model)
    assert (await side.words()).path == "local_timed_out"
    # It may have been paid for.
    assert (len(side.allowance.reserved), side.allowance.settled) == (1, [])


@pytest.mark.parametrize("name", ["model_wrong_schema", "model_bad_json"])
async def test_an_answer_of_the_wrong_shape_is_repaired_once(
    outside: World, model: GeminiModel, name: str
) -> None:
    await script(outside, CALL_ADA)
    await fault(outside, name, limit=1)
    found = await Side(model).words()
    assert found.path == "gemini_repaired"
    first, second = await outside.log(kind="gemini")
    assert len(second["body"]["contents"]) == len(first["body"]["contents"]) + 2
    assert "does not fit" in second["body"]["contents"][-1]["parts"][0]["text"]


async def test_a_passing_failure_is_tried_once_more(outside: World, model: GeminiModel) -> None:
    await script(outside, CALL_ADA)
    await fault(outside, "model_503", limit=1)
    assert (await Side(model).words()).path == "gemini"


async def test_after_many_failures_the_model_is_left_alone(
    outside: World, model: GeminiModel
) -> None:
    await fault(outside, "model_503")
    side = Side(model, circuit=Circuit(failures=2))
    assert (await side.words()).path == "local_unavailable"
    assert (await side.words()).path == "local_open"
    assert len(await outside.log(kind="gemini")) == 2


async def test_over_budget_nothing_is_asked(outside: World, model: GeminiModel) -> None:
    await script(outside, CALL_ADA)
    side = Side(model, calls=1)
    assert (await side.words()).path == "gemini"
    assert (await side.words()).path == "local_over_budget"
    assert len(await outside.log(kind="gemini")) == 1


async def test_what_was_forwarded_is_marked_as_somebody_elses(
    outside: World, model: GeminiModel
) -> None:
    await script(outside, CALL_ADA, contains="somebody else's words")
    found = await Side(model).understander.words(heard(is_forwarded=True), GUESS)
    assert found.path == "gemini"
