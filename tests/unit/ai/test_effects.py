"""What takes effect beside the scheduler's changes, and what a medium leads to without a model."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import date, datetime

import orjson
import pytest

from services.ai.domain.intent import (
    AddTask,
    CalendarLink,
    DeleteData,
    ExportData,
    FindFreeTime,
    Interpretation,
    ItemReference,
    Move,
    ShowAgenda,
    StartMessages,
    StopMessages,
    Unknown,
    When,
)
from services.ai.domain.message import Circumstance, Medium, Message, Tap, Words
from services.ai.domain.model import ModelFailure, Prompt, Reply, Trouble
from services.ai.domain.wording import Wording
from tests.unit.ai.fakes import CountedAllowance, RecordingPlanner, ScriptedModel
from tests.unit.ai.scene import NOW, USER, Scene

SAYS = Wording()
NOTE = Medium(mime_type="audio/ogg; codecs=opus", data=b"ogg", is_voice=True)
PHOTO = Medium(mime_type="image/jpeg", data=b"jpeg")


async def test_stop_is_told_by_the_notifier_and_start_by_us() -> None:
    scene = Scene(intents=(StopMessages(),))
    await scene.hears("stop messaging me")
    assert (scene.mouth.stopped, scene.mouth.said) == ([True], [])
    scene.understands(StartMessages())
    await scene.hears("start messaging me again")
    assert (scene.mouth.stopped, scene.said) == ([True, False], SAYS("started"))


async def test_everything_that_is_kept_is_exported() -> None:
    scene = Scene(intents=(AddTask(title="milk"),))
    await scene.hears("add milk")
    scene.understands(ExportData())
    await scene.hears("export my data")
    (document,) = scene.mouth.documents
    assert (scene.said, document.file_name) == (SAYS("exported"), "hark.json")
    kept = orjson.loads(document.content)
    assert kept["time_zone"] == "Europe/Lisbon"
    assert kept["calendar"].startswith("BEGIN:VCALENDAR")
    assert "add milk" in [each["you"] for each in kept["messages"]]


async def test_the_calendar_alone_is_exported() -> None:
    scene = Scene(intents=(ExportData(what="calendar"),))
    await scene.hears("send me my calendar")
    assert [each.file_name for each in scene.mouth.documents] == ["hark.ics"]


async def test_a_calendar_address_is_given_and_taken_away() -> None:
    scene = Scene(intents=(CalendarLink(),))
    await scene.hears("calendar link")
    assert "https://hark.example" in scene.said
    scene.understands(CalendarLink(revoked=True))
    await scene.hears("revoke it")
    assert scene.said == SAYS("link_revoked")
    await scene.hears("revoke it")
    assert scene.said == SAYS("link_none")


async def test_erasing_needs_a_yes() -> None:
    scene = Scene(intents=(DeleteData(),))
    await scene.hears("delete my data")
    assert scene.oblivion.erased == []
    await scene.hears(Tap(payload="v1:yes:turn:m_1"))
    assert (scene.oblivion.erased, scene.said) == ([USER], SAYS("erasing"))


async def test_free_time_is_looked_up_in_the_window_that_was_said() -> None:
    scene = Scene(intents=(ShowAgenda(start=date(2026, 11, 27), free_time=True),))
    await scene.hears("when am I free on Friday")
    friday = FindFreeTime(start=datetime(2026, 11, 27), end=datetime(2026, 11, 28))
    assert scene.planner.free_asked == [friday]
    assert scene.said == "You are free tomorrow at 2 PM."


async def test_pushing_back_counts_from_when_it_stands() -> None:
    three = When(start=datetime(2026, 11, 26, 15, 0))
    scene = Scene(planner=RecordingPlanner(stands=three))
    scene.understands(Move(item=ItemReference(words="dentist"), by_minutes=120))
    await scene.hears("push the dentist back by two hours")
    (move,) = scene.changes
    assert (move.when.start, move.by_minutes) == (datetime(2026, 11, 26, 17, 0), None)


async def test_pushing_back_what_nobody_knows_is_asked_about() -> None:
    scene = Scene(intents=(Move(item=ItemReference(words="opera"), by_minutes=120),))
    await scene.hears("push the opera back by two hours")
    assert scene.said == SAYS("ask_move_time")


async def test_a_late_message_is_acted_on_and_its_lateness_said() -> None:
    scene = Scene(intents=(AddTask(title="milk"),))
    message = Message(
        user_id=USER,
        message_id="m_1",
        message_time=NOW,
        content=Words(text="add milk"),
        circumstance=Circumstance(is_late=True),
    )
    await scene.usecases.handle(message)
    assert "reached me only now" in scene.planner.applied[-1][2]


@pytest.mark.parametrize(("medium", "said"), [(NOTE, "audio"), (PHOTO, "image")])
async def test_without_a_model_a_medium_is_answered_kindly(medium: Medium, said: str) -> None:
    scene = Scene()
    await scene.hears(medium)
    assert scene.said == SAYS(f"unsupported_{said}")


async def test_without_a_model_a_caption_is_understood() -> None:
    scene = Scene(intents=(AddTask(title="this"),))
    await scene.hears(Medium(mime_type="image/png", data=b"png", caption="add this to my list"))
    assert scene.changes == (AddTask(title="this"),)


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (Trouble.UNAVAILABLE, SAYS("model_down_audio")),
        (Trouble.RATE_LIMITED, SAYS("model_down_audio")),
        (Trouble.TIMED_OUT, SAYS("late")),
        (Trouble.REFUSED, SAYS("nothing_seen")),
    ],
)
async def test_f23_a_voice_note_is_answered_whatever_the_model_does(trouble, said: str) -> None:
    scene = Scene(model=ScriptedModel(answers=[ModelFailure(trouble)] * 2))
    await scene.hears(NOTE)
    assert scene.said == said


async def test_over_budget_says_so() -> None:
    scene = Scene(model=ScriptedModel(), allowance=CountedAllowance(calls=0))
    await scene.hears(NOTE)
    assert scene.said == f"{SAYS('over_budget')} {SAYS('model_down_audio')}"
    scene.understands(Unknown(), confidence=0.2)
    await scene.hears("something odd")
    assert scene.said == f"{SAYS('unknown')}\n{SAYS('over_budget')}"


@dataclass
class SlowModel:
    """Answers when the test lets it."""

    answer: str
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self, prompt: Prompt, *, timeout: float) -> Reply:
        await self.may_answer.wait()
        return Reply(text=self.answer, input_tokens=1, output_tokens=1)


async def test_a_long_voice_note_gets_a_sign_of_life_and_then_its_answer() -> None:
    answer = {"intents": [{"kind": "help", "slots": {}}], "language": "en", "confidence": 0.9}
    model = SlowModel(orjson.dumps(answer).decode())
    scene = Scene(model=model, sign_seconds=0.0)  # type: ignore[arg-type]

    class Listening(list[str]):
        def append(self, text: str) -> None:
            super().append(text)
            model.may_answer.set()

    scene.mouth.signs = Listening()
    async with asyncio.timeout(20):
        await scene.hears(NOTE)
    assert (list(scene.mouth.signs), scene.said) == ([SAYS("listening")], SAYS("help"))


async def test_a_quick_answer_needs_no_sign_of_life() -> None:
    answer = {"intents": [{"kind": "help", "slots": {}}], "language": "en", "confidence": 0.9}
    scene = Scene(model=ScriptedModel(answers=[orjson.dumps(answer).decode()]))
    await scene.hears(NOTE)
    assert scene.mouth.signs == []


async def test_a_sure_engine_is_believed_and_a_model_not_asked() -> None:
    scene = Scene(intents=(AddTask(title="milk"),), model=ScriptedModel())
    await scene.hears("add milk")
    assert scene.figures.paths == ["local"]


async def test_the_model_is_told_of_the_conversation_as_data() -> None:
    answer = Interpretation(intents=(AddTask(title="milk"),), confidence=0.99)
    scene = Scene(model=ScriptedModel(answers=['{"intents": 1}', '{"intents": 1}']))
    scene.understanding.by_text["add milk"] = answer
    await scene.hears("add milk")
    await scene.hears("something odd")
    around = orjson.loads(scene.model.asked[0].surroundings)
    assert around["conversation"] == [{"person": "add milk", "hark": ""}]
    assert (around["now"], around["time_zone"]) == ("2026-11-22T12:00", "Europe/Lisbon")
