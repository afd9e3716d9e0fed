"""Bodies are read within bounds."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from services.ingress.domain.refusal import BodyIncomplete, BodyTooLarge, InboxFull
from services.ingress.web import body as body_module
from services.ingress.web.body import LARGEST_BODY, Bodies, Disconnected


def arriving(*chunks: bytes, end: bool = True) -> Callable[[], Awaitable[dict[str, Any]]]:
    """What ASGI's `receive` gives: the chunks, then nothing more, or never anything more."""
    messages = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    if end:
        messages[-1]["more_body"] = False
    waiting = iter(messages)

    async def receive() -> dict[str, Any]:
        message = next(waiting, None)
        if message is None:
            await asyncio.Event().wait()
        assert message is not None
        return message

    return receive


async def test_chunks_become_one_body() -> None:
    assert await Bodies().read(arriving(b"a", b"", b"bc")) == b"abc"


async def test_one_chunk_is_taken_as_it_is() -> None:
    whole = b"x" * 1000
    assert await Bodies().read(arriving(whole)) is whole


async def test_the_largest_body_is_read_and_one_byte_more_is_not() -> None:
    half = b"x" * (LARGEST_BODY // 2)
    assert len(await Bodies().read(arriving(half, half))) == LARGEST_BODY
    with pytest.raises(BodyTooLarge) as error:
        await Bodies().read(arriving(half, half, b"x"))
    assert not error.value.hangs_up


async def test_a_body_without_end_is_hung_up_on() -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"x" * 100_000, "more_body": True}

    with pytest.raises(BodyTooLarge) as error:
        await Bodies().read(receive)
    assert error.value.hangs_up


async def test_a_body_that_stops_coming_is_given_up() -> None:
    bodies = Bodies(seconds=0.02)
    with pytest.raises(BodyIncomplete):
        await bodies.read(arriving(b"a", end=False))
    with pytest.raises(BodyIncomplete):
        await bodies.read(arriving(end=False))
    assert await bodies.read(arriving(b"a")) == b"a"


async def test_a_task_that_was_given_up_can_go_on() -> None:
    with pytest.raises(BodyIncomplete):
        await Bodies(seconds=0.02).read(arriving(end=False))
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_somebody_elses_cancellation_is_not_swallowed() -> None:
    task = asyncio.create_task(Bodies().read(arriving(end=False)))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_caller_that_hangs_up_is_answered_nothing() -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    with pytest.raises(Disconnected):
        await Bodies().read(receive)


async def test_all_bodies_together_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_module, "LARGEST_READING", 1000)
    bodies = Bodies()
    first = asyncio.create_task(bodies.read(arriving(b"x" * 900, end=False)))
    await asyncio.sleep(0)
    with pytest.raises(InboxFull):
        await bodies.read(arriving(b"x" * 200, b"x"))
    first.cancel()
    await asyncio.wait([first])
    assert await bodies.read(arriving(b"x" * 200, b"x")) == b"x" * 201
