"""Whose word it is: what came in a forward, a file or an image destroys nothing by itself (I8)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
import pytest

from services.ai.domain.intent import (
    AddEvent,
    AddTask,
    Cancel,
    Confirm,
    DeleteData,
    Intent,
    ItemReference,
    RemindMe,
    SetPreferences,
    StopMessages,
    When,
)
from services.ai.domain.message import Medium, Tap
from services.ai.domain.turn import TurnState
from services.ai.domain.wording import Wording
from tests.unit.ai.fakes import ScriptedModel
from tests.unit.ai.scene import Scene

SAYS = Wording()
NOON = When(start=datetime(2026, 11, 26, 12, 0))
DENTIST = Cancel(item=ItemReference(words="dentist"))
PHOTO = Medium(mime_type="image/jpeg", data=b"jpeg")
FILE = Medium(mime_type="application/pdf", data=b"pdf", file_name="orders.pdf")
NOTE = Medium(mime_type="audio/ogg; codecs=opus", data=b"ogg", is_voice=True)


def reply(kind: str, transcript: str = "", **slots: Any) -> str:
    made = {"intents": [{"kind": kind, "slots": slots}], "language": "en", "confidence": 0.99}
    return orjson.dumps(made | {"transcript": transcript}).decode()


CANCELS = reply("cancel", item={"words": "dentist"})
CHANGES: list[Intent] = [
    DENTIST,
    DeleteData(),
    StopMessages(),
    SetPreferences(language="de"),
    RemindMe(title="pay", when=NOON),
    AddEvent(title="party", when=NOON),
]


@pytest.mark.parametrize("intent", CHANGES, ids=lambda each: type(each).__name__)
async def test_i8_a_forward_changes_nothing_without_a_tap(intent: Intent) -> None:
    scene = Scene(intents=(intent,))
    assert (await scene.hears("forwarded words", is_forwarded=True)).state is TurnState.ASKED
    assert scene.said.startswith("I read this: ")
    assert (scene.planner.applied, scene.mouth.stopped, scene.oblivion.erased) == ([], [], [])


@pytest.mark.parametrize("medium", [PHOTO, FILE], ids=["photo", "file"])
async def test_i8_an_order_in_a_photo_or_a_file_waits_for_a_tap(medium: Medium) -> None:
    scene = Scene(model=ScriptedModel(answers=[CANCELS]))
    await scene.hears(medium)
    assert scene.said == "I read this: Cancel: dentist. Shall I do it?"
    assert scene.planner.applied == []
    await scene.hears(Tap(payload="v1:yes:turn:m_1"))
    assert scene.changes == (DENTIST,)


async def test_a_list_in_a_photo_is_added_at_once() -> None:
    scene = Scene(model=ScriptedModel(answers=[reply("add_task", title="milk")]))
    await scene.hears(PHOTO)
    assert scene.changes == (AddTask(title="milk"),)


async def test_an_own_voice_note_is_their_word() -> None:
    scene = Scene(model=ScriptedModel(answers=[reply("cancel", "no dentist", item={"words": "x"})]))
    await scene.hears(NOTE)
    assert scene.changes == (Cancel(item=ItemReference(words="x")),)
    assert scene.planner.applied[-1][2] == SAYS("heard", text="no dentist")


async def test_a_forwarded_voice_note_is_not() -> None:
    scene = Scene(model=ScriptedModel(answers=[CANCELS]))
    await scene.hears(NOTE, is_forwarded=True)
    assert scene.planner.applied == []


@pytest.mark.parametrize("how", ["photo", "forward"])
async def test_i8_a_yes_that_is_not_theirs_confirms_nothing(how: str) -> None:
    scene = Scene(model=ScriptedModel(answers=[reply("confirm", accepted=True)]))
    scene.understands(DeleteData())
    await scene.hears("delete all my data")
    scene.understands(Confirm(accepted=True))
    await (scene.hears(PHOTO) if how == "photo" else scene.hears("yes", is_forwarded=True))
    assert scene.oblivion.erased == []


async def test_it_is_nothing_of_theirs_in_a_forward() -> None:
    scene = Scene(intents=(AddTask(title="milk"),))
    await scene.hears("add milk")
    scene.understands(Cancel(item=ItemReference(is_last=True)))
    await scene.hears("cancel it", is_forwarded=True)
    assert scene.said.startswith("I read this: Cancel: what we spoke of last")


async def test_a_photo_without_anything_to_keep_is_described() -> None:
    answer = {"intents": [], "language": "en", "confidence": 0.9, "answer": "A ginger cat."}
    scene = Scene(model=ScriptedModel(answers=[orjson.dumps(answer).decode()]))
    await scene.hears(PHOTO)
    assert scene.said == "A ginger cat."
