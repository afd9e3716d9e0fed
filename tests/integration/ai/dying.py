"""Handles one message in a process of its own, which a crash point may end.

    python -m tests.integration.ai.dying DATABASE_URL RECORD MESSAGE_ID

Turns are in Postgres. The model, the scheduler and the notifier write a line of JSON to RECORD for
everything that reaches them, as they would have received it by then whatever happens to the caller.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chassis.crypto import Keyring
from db.engine import open_engine
from db.sealed import PersonKeys
from db.tables.ai import person_keys
from services.ai.clients.change import to_proto
from services.ai.domain.intent import Interpretation, Unknown
from services.ai.domain.model import Prompt, Reply
from services.ai.domain.plan import Change
from services.ai.ports import Applied, Button, Document
from services.ai.storage.turns import StoredTurns
from tests.unit.ai.fakes import (
    FixedClock,
    RecordingMouth,
    RecordingPlanner,
    ScriptedUnderstanding,
)
from tests.unit.ai.scene import Scene

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
KEYS = Keyring([("k1", b"k" * 32)])
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
TALK = {"intents": [], "language": "en", "confidence": 0.97, "answer": "It was time."}


@dataclass
class Record:
    """Lines in a file, written at once."""

    path: Path

    def add(self, kind: str, body: Any) -> None:
        with self.path.open("a") as file:
            file.write(json.dumps({"kind": kind, "body": body}) + "\n")


@dataclass
class RecordedModel:
    """Answers "remind me" with a reminder and everything else with talk."""

    record: Record

    async def ask(self, prompt: Prompt, *, timeout: float) -> Reply:
        self.record.add("asked", prompt.message)
        answer = CALL_ADA if "Ada" in prompt.message else TALK
        return Reply(text=json.dumps(answer), input_tokens=10, output_tokens=10)


class RecordedPlanner(RecordingPlanner):
    """Writes down what it is asked to apply."""

    record: Record

    async def apply(
        self,
        *,
        user_id: str,
        message_id: str,
        message_time: datetime,
        changes: Sequence[Change],
        answer: str,
    ) -> Applied:
        made = [str(to_proto(each)) for each in changes]
        self.record.add("applied", [user_id, message_id, message_time.isoformat(), made, answer])
        return Applied()


class RecordedMouth(RecordingMouth):
    """Writes down what it is asked to say."""

    record: Record

    async def answer(
        self,
        user_id: str,
        message_id: str,
        text: str,
        *,
        buttons: Sequence[Button] = (),
        document: Document | None = None,
    ) -> None:
        self.record.add("said", [user_id, message_id, text])


async def main(database_url: str, record_path: str, message_id: str) -> None:
    """Handles the message that its id names."""
    record = Record(Path(record_path))
    planner, mouth = RecordedPlanner(), RecordedMouth()
    planner.record = mouth.record = record
    engine = open_engine(database_url, application_name="dying", pool_size=2)
    turns = StoredTurns(engine, PersonKeys(engine, person_keys, KEYS))
    scene = Scene(
        engine=ScriptedUnderstanding(Interpretation(intents=(Unknown(),), confidence=0.1)),
        model=RecordedModel(record),  # type: ignore[arg-type]
        turns=turns,  # type: ignore[arg-type]
        planner=planner,
        mouth=mouth,
        clock=FixedClock(NOW),
    )
    text = "see to it that I ring Ada" if message_id == "m_change" else "a joke about clocks"
    turn = await scene.hears(text, message_id=message_id)
    record.add("finished", turn.state.name)
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
