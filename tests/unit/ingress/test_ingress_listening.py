"""Files go over a few at a time; who waits too long, or is one too many, is put off."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from chassis.outcome import Postpone
from services.ingress.domain.content import Media
from services.ingress.ports import File, Told
from services.ingress.usecases.conversation import MEDIA_BUSY
from services.ingress.usecases.listening import Busy, Listening
from tests.unit.ingress.bodies import text
from tests.unit.ingress.fakes import (
    ADA,
    RECEIVED,
    Desk,
    RecordingAssistant,
    ScriptedFiles,
    a_part,
)

NOTE = Media(kind="voice", media_id="1", mime_type="audio/ogg", sha256="")
TOLD = Told(person=ADA, message_id="m_1", message_time=RECEIVED)


@dataclass
class GatedFiles:
    """Gives files out once the gate is open; counts who waits at it."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    present: int = 0
    most: int = 0
    arrived: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))

    async def fetch(self, media: Media) -> File:
        self.present += 1
        self.most = max(self.most, self.present)
        self.arrived.release()
        await self.gate.wait()
        self.present -= 1
        return File(content=b"OggS", mime_type=media.mime_type, sha256="00")


async def test_so_many_at_a_time_and_the_others_in_their_turn() -> None:
    files, assistant = GatedFiles(), RecordingAssistant()
    listening = Listening(files, assistant, slots=2, waiting=3)
    tasks = [asyncio.create_task(listening.listen(NOTE, TOLD)) for _ in range(5)]
    for _ in range(2):
        await files.arrived.acquire()
    with pytest.raises(Busy):
        await listening.listen(NOTE, TOLD)
    files.gate.set()
    assert await asyncio.gather(*tasks) == [None] * 5
    assert files.most == 2
    assert len(assistant.handled) == 5


async def test_who_has_waited_long_enough_is_put_off_and_leaves_no_slot_taken() -> None:
    files, assistant = GatedFiles(), RecordingAssistant()
    listening = Listening(files, assistant, slots=1, waiting=1, patience=0.01)
    holder = asyncio.create_task(listening.listen(NOTE, TOLD))
    await files.arrived.acquire()
    with pytest.raises(Busy):
        await listening.listen(NOTE, TOLD)
    files.gate.set()
    await holder
    assert await listening.listen(NOTE, TOLD) is None


async def test_a_file_that_fails_gives_its_slot_back() -> None:
    listening = Listening(ScriptedFiles(fails=RuntimeError()), RecordingAssistant(), slots=1)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            await listening.listen(NOTE, TOLD)


async def test_a_message_with_a_file_that_is_one_too_many_uses_no_attempt() -> None:
    desk = Desk()
    desk.files.fails = Busy()
    note = {"id": "1", "mime_type": "audio/ogg", "voice": True}
    part = replace(a_part(message=text() | {"type": "audio", "audio": note}), is_last_attempt=True)
    outcome = await desk.handling().handle(part)
    assert isinstance(outcome, Postpone)
    assert (outcome.reason, outcome.uses_attempt) == (MEDIA_BUSY, False)
