""" "typing…" only for who waits, and again for who waits long."""

from __future__ import annotations

import asyncio

import pytest

from chassis.errors import ServiceError
from services.ingress.usecases.typing import Typing
from tests.unit.ingress.fakes import RecordingNotifier


class SignallingNotifier(RecordingNotifier):
    """Tells when "typing…" was shown so many times."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = asyncio.Semaphore(0)

    async def show_typing(self, message_id: str) -> None:
        self.shown.release()
        await super().show_typing(message_id)


async def test_a_quick_answer_shows_nothing() -> None:
    notifier = SignallingNotifier()
    async with Typing(notifier, first=3600).while_answering("m_1"):
        await asyncio.sleep(0)
    assert notifier.calls == []


async def test_a_slow_answer_shows_it_and_a_very_slow_one_again() -> None:
    notifier = SignallingNotifier()
    async with Typing(notifier, first=0, again=0.001).while_answering("m_1"):
        for _ in range(3):
            await asyncio.wait_for(notifier.shown.acquire(), 20)
    shown = len(notifier.calls)
    assert shown >= 2
    assert set(notifier.calls) == {"typing m_1"}
    await asyncio.sleep(0.01)
    assert len(notifier.calls) == shown


async def test_that_it_cannot_be_shown_does_no_harm() -> None:
    notifier = SignallingNotifier()
    notifier.fails["typing"] = ServiceError("no")
    async with Typing(notifier, first=0, again=0.001).while_answering("m_1"):
        for _ in range(2):
            await asyncio.wait_for(notifier.shown.acquire(), 20)


async def test_the_answers_own_failure_is_what_is_heard() -> None:
    notifier = SignallingNotifier()

    async def answer() -> None:
        async with Typing(notifier, first=0).while_answering("m_1"):
            await asyncio.wait_for(notifier.shown.acquire(), 20)
            raise ServiceError("the answer failed")

    with pytest.raises(ServiceError, match="the answer failed"):
        await answer()
