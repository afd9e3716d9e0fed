"""Writes of one turn of the loop leave together, in order, and before the connection closes."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from chassis.cork import Corked


class RecordingTransport:
    """Keeps what was written and when it was closed."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.is_closed = False

    def write(self, data: bytes) -> None:
        assert not self.is_closed
        self.written.append(data)

    def close(self) -> None:
        self.is_closed = True

    def get_extra_info(self, name: str) -> str:
        return f"info of {name}"


def corked() -> tuple[Corked, RecordingTransport]:
    transport = RecordingTransport()
    return Corked(cast("Any", transport), asyncio.get_running_loop()), transport


async def a_turn() -> None:
    await asyncio.sleep(0)


async def test_a_head_and_a_body_leave_in_one_write() -> None:
    cork, transport = corked()
    cork.write(b"head ")
    cork.write(b"body")
    assert transport.written == []
    await a_turn()
    assert transport.written == [b"head body"]


async def test_another_turn_is_another_write() -> None:
    cork, transport = corked()
    cork.write(b"one")
    await a_turn()
    cork.write(b"two")
    await a_turn()
    assert transport.written == [b"one", b"two"]


async def test_what_is_large_goes_at_once_behind_what_came_before() -> None:
    cork, transport = corked()
    cork.write(b"head")
    cork.write(b"x" * 20_000)
    assert transport.written == [b"head", b"x" * 20_000]
    await a_turn()
    assert len(transport.written) == 2


async def test_closing_sends_everything_first() -> None:
    cork, transport = corked()
    cork.write(b"last words")
    cork.close()
    assert transport.written == [b"last words"]
    assert transport.is_closed
    await a_turn()


async def test_everything_else_is_asked_of_the_transport() -> None:
    cork, _ = corked()
    assert cork.get_extra_info("peername") == "info of peername"
