"""Voice notes and images, from a signed webhook to ai, with real HTTP and real streams between."""

from __future__ import annotations

import asyncio
import hashlib
import resource
from pathlib import Path
from typing import Any

import pytest

from hark.ai.v1.ai_service_pb2 import MediaFailure
from tests.integration.ingress.house import House, text_message, webhook
from tests.integration.ingress.waiting import until

MIB = 1024 * 1024
VOICE = b"OggS" + bytes(range(256)) * 4000


def voice_note(number: int, *, caption: str = "", kind: str = "audio") -> dict[str, Any]:
    """A note of a person of its own, whose file has the same number."""
    made = text_message("", sender=f"1555020{number:04}", wamid=f"wamid.note.{number}")
    del made["text"]
    content = {"id": str(number), "mime_type": "audio/ogg; codecs=opus", "voice": True}
    if caption:
        content["caption"] = caption
    return made | {"type": kind, kind: content}


async def test_a_voice_note_reaches_ai_whole_and_in_chunks(house: House) -> None:
    house.serving.graph.files["1"] = VOICE
    await house.post(webhook(voice_note(1)))
    await house.settled()
    ((header, size, digest),) = house.serving.ai.media
    assert (size, digest) == (len(VOICE), hashlib.sha256(VOICE).digest())
    assert (header.size_bytes, header.sha256) == (size, digest.hex())
    assert (header.mime_type, header.is_voice) == ("audio/ogg", True)
    assert header.message_id == house.serving.notifier.inbound[0].message_id
    assert house.serving.ai.largest_chunk <= 256 * 1024
    assert await house.count("skipped_reason IS NULL") == 1


async def test_an_expired_address_is_asked_for_again(house: House) -> None:
    house.serving.graph.files["1"] = VOICE
    house.serving.graph.trouble = 1
    await house.post(webhook(voice_note(1)))
    await house.settled()
    assert len(house.serving.ai.media) == 1
    assert house.serving.graph.asked == ["1", "1"]


@pytest.mark.parametrize(
    ("content", "mime_type", "reason"),
    [
        (b"OggS" + bytes(16 * MIB), "audio/ogg", MediaFailure.REASON_TOO_LARGE),
        (VOICE, "video/mp4", MediaFailure.REASON_WRONG_TYPE),
        (b"<!doctype html>", "audio/ogg", MediaFailure.REASON_WRONG_TYPE),
        (None, "audio/ogg", MediaFailure.REASON_UNAVAILABLE),
    ],
)
async def test_what_cannot_be_had_is_told_why(
    house: House, content: bytes | None, mime_type: str, reason: int
) -> None:
    if content is not None:
        house.serving.graph.files["1"] = content
        house.serving.graph.mime_types["1"] = mime_type
    await house.post(webhook(voice_note(1)))
    await house.settled()
    (request,) = house.serving.ai.handled
    assert request.media_failure.kind == "voice"
    assert request.media_failure.reason == reason


async def test_files_go_over_four_at_a_time_and_never_take_the_place_of_texts(
    house: House,
) -> None:
    gate = house.serving.ai.gates[""] = asyncio.Event()
    count = 80
    for number in range(count):
        house.serving.graph.files[str(number)] = VOICE
    await house.post(webhook(*(voice_note(number) for number in range(count))))

    async def four_are_open() -> bool:
        return house.serving.ai.open_streams == 4

    await until(four_are_open)
    await house.say("while everybody's notes wait")

    async def is_answered() -> bool:
        return house.serving.ai.texts() == ["while everybody's notes wait"]

    await until(is_answered)
    assert house.serving.ai.media == []
    # More than there is room for were put off, and none has used an attempt.
    assert await house.count("postponed_reason = 'MEDIA_BUSY'") > 0
    assert await house.count("attempts > 0") == 0
    gate.set()
    await house.settled()
    assert len(house.serving.ai.media) == count
    assert house.serving.ai.most_streams == 4


def resident() -> int:
    """Bytes of memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


async def test_twenty_voice_notes_of_16_mb_at_once_take_less_than_300_mb(house: House) -> None:
    """Both ends of both ways are in this process: WhatsApp's, ours, ai's."""
    largest = b"OggS" + bytes(16 * MIB - 4)
    for number in range(20):
        house.serving.graph.files[str(number)] = largest
    before = most = resident()

    async def watch() -> None:
        nonlocal most
        while True:
            most = max(most, resident())
            await asyncio.sleep(0.01)

    watching = asyncio.create_task(watch())
    await house.post(webhook(*(voice_note(number) for number in range(20))))
    await house.settled()
    watching.cancel()
    assert [size for _, size, _ in house.serving.ai.media] == [16 * MIB] * 20
    print(f"{(most - before) / MIB:.0f} MiB more at most")
    assert most - before < 300 * MIB
