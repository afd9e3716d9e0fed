"""Port `Files` over WhatsApp's Graph API: what is it, may it be read, and then the bytes."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

import httpx2
import orjson

from chassis.backoff import delay
from chassis.log import get_logger
from services.ingress.domain.content import Failure, Media
from services.ingress.domain.media import (
    digest_of,
    looks_like,
    may_be_asked,
    most_bytes,
    refusal,
)
from services.ingress.ports import File, MediaUnusable

ATTEMPTS = 3
ATTEMPT_SECONDS = 5.0
_CONNECT_SECONDS = 3.0
_BASE, _CAP = timedelta(seconds=0.2), timedelta(seconds=1)
_LARGEST_ANSWER = 64 * 1024
_CONNECTIONS = 8

log = get_logger()


class _Again(Exception):
    """This attempt failed, the next may not; `failure` is what the person hears if none is left."""

    def __init__(self, reason: str, failure: Failure = Failure.UNAVAILABLE) -> None:
        super().__init__(reason)
        self.reason = reason
        self.failure = failure


@dataclass(frozen=True, slots=True, kw_only=True)
class _Described:
    """What WhatsApp says about a file."""

    url: str
    mime_type: str
    digests: frozenset[bytes]


class GraphMedia:
    """Fetches files with the account's token, which is shown to Meta's hosts and nobody else.

    Each of 3 attempts asks anew where the file is (the address lives 5 minutes) and has `seconds`
    for both requests. Redirects are not followed.
    """

    def __init__(
        self,
        *,
        api_url: str,
        phone_id: str,
        auth_token: str,
        seconds: float = ATTEMPT_SECONDS,
        rng: Random | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._api_url = api_url.rstrip("/")
        self._phone_id = phone_id
        self._seconds = seconds
        self._rng = rng or Random()  # noqa: S311 - jitter
        self._client = httpx2.AsyncClient(
            headers={"authorization": f"Bearer {auth_token}", "user-agent": "hark"},
            timeout=httpx2.Timeout(seconds, connect=_CONNECT_SECONDS),
            limits=httpx2.Limits(max_connections=_CONNECTIONS),
            follow_redirects=False,
            transport=transport,
        )

    async def fetch(self, media: Media) -> File:
        """The whole file. Raises `MediaUnusable`."""
        if (refused := refusal(media.kind, media.mime_type or "", None)) and media.mime_type:
            raise MediaUnusable(refused)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with asyncio.timeout(self._seconds):
                    return await self._attempt(media)
            except _Again as failed:
                reason, failure = failed.reason, failed.failure
            except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError) as error:
                reason, failure = type(error).__name__, Failure.UNAVAILABLE
            log.warning("media attempt failed", reason=reason, attempts=attempt)
            if attempt == ATTEMPTS:
                raise MediaUnusable(failure)
            wait = delay(attempt, base=_BASE, cap=_CAP, rng=self._rng)
            await asyncio.sleep(wait.total_seconds())
        raise AssertionError("the last attempt returns or raises")

    async def close(self) -> None:
        """Closes the pool."""
        await self._client.aclose()

    async def _attempt(self, media: Media) -> File:
        described = await self._describe(media)
        content = await self._download(described.url, media.kind)
        digest = hashlib.sha256(content)
        if any(each != digest.digest() for each in described.digests):
            raise _Again("SHA256_MISMATCH", Failure.CORRUPT)
        if not looks_like(content, described.mime_type):
            raise MediaUnusable(Failure.WRONG_TYPE)
        return File(content=content, mime_type=described.mime_type, sha256=digest.hexdigest())

    async def _describe(self, media: Media) -> _Described:
        answer = await self._client.get(
            f"{self._api_url}/{media.media_id}", params={"phone_number_id": self._phone_id}
        )
        if answer.status_code != 200 or len(answer.content) > _LARGEST_ANSWER:
            raise _refused("description", answer.status_code)
        said = _object(answer.content)
        url, size = said.get("url"), said.get("file_size")
        mime_type = said.get("mime_type") or media.mime_type
        if not isinstance(url, str) or not isinstance(mime_type, str):
            raise _Again("DESCRIPTION_INCOMPLETE")
        if refused := refusal(media.kind, mime_type, _count(size)):
            raise MediaUnusable(refused)
        if not may_be_asked(url, self._api_url):
            log.error("media address refused", reason="HOST_NOT_ALLOWED")
            raise MediaUnusable(Failure.UNAVAILABLE)
        written = (said.get("sha256"), media.sha256)
        found = [digest_of(each) for each in written if isinstance(each, str)]
        return _Described(
            url=url, mime_type=mime_type, digests=frozenset(each for each in found if each)
        )

    async def _download(self, url: str, kind: str) -> bytearray:
        most, content = most_bytes(kind), bytearray()
        async with self._client.stream("GET", url) as answer:
            if answer.status_code != 200:
                raise _refused("download", answer.status_code)
            async for chunk in answer.aiter_bytes():
                if len(content) + len(chunk) > most:
                    raise MediaUnusable(Failure.TOO_LARGE)
                content += chunk
        if not content:
            raise _Again("EMPTY", Failure.CORRUPT)
        return content


def _refused(what: str, status: int) -> Exception:
    """What an answer other than 200 means: most pass; what Meta will not give, it never will."""
    if what == "description" and status in (400, 401, 403, 404):
        log.error("media refused", component=what, status_code=status)
        return MediaUnusable(Failure.UNAVAILABLE)
    return _Again(f"{what.upper()}_{status}")


def _object(content: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise _Again("DESCRIPTION_NOT_JSON") from None
    return value if isinstance(value, dict) else {}


def _count(size: Any) -> int | None:
    if isinstance(size, str) and size.isascii() and size.isdecimal() and len(size) <= 12:
        return int(size)
    return size if type(size) is int and size >= 0 else None
