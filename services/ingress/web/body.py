"""Reads bodies within bounds: of each one's size and time, and of what all of them take."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from services.ingress.domain.refusal import BodyIncomplete, BodyTooLarge, InboxFull
from services.ingress.web.asgi import Message, Receive

# WhatsApp sends up to 3 MB.
LARGEST_BODY = 3 * 1024 * 1024 + 64 * 1024
BODY_SECONDS = 10.0
# A caller that hears "too large" before it has sent everything may take that for a broken
# connection; so this much is read, and forgotten, before the answer.
LARGEST_FORGOTTEN = 10 * LARGEST_BODY
# What is still arriving may take this much memory, all together.
LARGEST_READING = 16 * LARGEST_BODY


class Disconnected(Exception):
    """The caller hung up before its request was complete; there is nobody to answer."""


class Bodies:
    """Reads the bodies of one server.

    A timer for each would cost more than checking its signature does, so one looks after all of
    them: a body has between `seconds` and half as much again to arrive.
    """

    def __init__(self, *, seconds: float = BODY_SECONDS) -> None:
        self._seconds = seconds
        self._arriving: dict[asyncio.Task[Any], float] = {}
        self._late: set[asyncio.Task[Any]] = set()
        self._is_watching = False
        self._reading = 0

    async def read(self, receive: Receive) -> bytes:
        """The whole body.

        Raises `BodyTooLarge`, `BodyIncomplete`, `InboxFull` (too much arrives at once) or
        `Disconnected`.
        """
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - ASGI servers run requests in tasks
        self._arriving[task] = time.monotonic()
        if not self._is_watching:
            self._watch()
        try:
            message = await receive()
            if message["type"] == "http.request" and not message.get("more_body"):
                body: bytes = message["body"]
                return body
            return await self._long(message, receive)
        except asyncio.CancelledError:
            if task not in self._late:
                raise
            task.uncancel()
            raise BodyIncomplete from None
        finally:
            del self._arriving[task]
            self._late.discard(task)

    async def _long(self, message: Message, receive: Receive) -> bytes:
        chunks: list[bytes] = []
        size = 0
        try:
            while True:
                if message["type"] != "http.request":
                    raise Disconnected
                chunk = message.get("body", b"")
                size += len(chunk)
                self._reading += len(chunk)
                if size > LARGEST_BODY:
                    break
                if self._reading > LARGEST_READING:
                    raise InboxFull
                chunks.append(chunk)
                if not message.get("more_body"):
                    return b"".join(chunks)
                message = await receive()
        finally:
            self._reading -= size
        chunks.clear()
        while message["type"] == "http.request" and message.get("more_body"):
            if size > LARGEST_FORGOTTEN:
                raise BodyTooLarge(hangs_up=True)
            message = await receive()
            size += len(message.get("body", b""))
        raise BodyTooLarge

    def _watch(self) -> None:
        self._is_watching = True
        asyncio.get_running_loop().call_later(self._seconds / 2, self._end_late)

    def _end_late(self) -> None:
        self._is_watching = False
        before = time.monotonic() - self._seconds
        for task, started in self._arriving.items():
            if started <= before and task not in self._late:
                self._late.add(task)
                task.cancel()
        if self._arriving:
            self._watch()
