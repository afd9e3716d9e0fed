"""Voice notes and images: fetched and handed to ai, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.ingress.domain.content import Failure, Media, MediaFailure
from services.ingress.ports import Assistant, Files, MediaUnusable, Told

# At a time; 20 files of 16 MB at once would take more memory than everything else.
MOST_AT_ONCE = 4


class Busy(Exception):
    """Too many files are being fetched; this one's turn comes later."""


class Listening:
    """Fetches files and hands them over, `slots` at a time.

    Up to `waiting` others wait for a slot, each for at most `patience` seconds; whoever is beyond
    that is put off, so that files never take the place of texts.
    """

    def __init__(
        self,
        files: Files,
        assistant: Assistant,
        *,
        slots: int = MOST_AT_ONCE,
        waiting: int = 60,
        patience: float = 20.0,
    ) -> None:
        self._files = files
        self._assistant = assistant
        self._slots = asyncio.Semaphore(slots)
        self._room = slots + waiting
        self._patience = patience
        self._present = 0

    async def listen(self, media: Media, told: Told) -> Failure | None:
        """Has a file understood; why not, where it cannot be, after the person was told.

        Raises `Busy`.
        """
        async with self._slot():
            try:
                file = await self._files.fetch(media)
            except MediaUnusable as unusable:
                failure = MediaFailure(kind=media.kind, reason=unusable.failure)
                await self._assistant.handle(failure, told)
                return unusable.failure
            await self._assistant.handle_media(media, file, told)
            return None

    @asynccontextmanager
    async def _slot(self) -> AsyncIterator[None]:
        if self._present >= self._room:
            raise Busy
        self._present += 1
        try:
            try:
                async with asyncio.timeout(self._patience):
                    await self._slots.acquire()
            except TimeoutError:
                raise Busy from None
            try:
                yield
            finally:
                self._slots.release()
        finally:
            self._present -= 1
