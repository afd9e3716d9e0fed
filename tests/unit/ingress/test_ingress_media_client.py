"""Files fetched from a Graph API that misbehaves in every way a script can say."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator, Callable
from random import Random
from typing import Any

import httpx2
import pytest

from services.ingress.clients.media import ATTEMPTS, GraphMedia
from services.ingress.domain.content import Failure, Media
from services.ingress.ports import MediaUnusable

API = "https://graph.facebook.com/v26.0"
PLACE = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1"
VOICE = b"OggS" + bytes(2000)
MIB = 1024 * 1024
Answer = Callable[[httpx2.Request], httpx2.Response]


def described(content: bytes = VOICE, **changed: Any) -> httpx2.Response:
    said = {
        "messaging_product": "whatsapp",
        "url": PLACE,
        "mime_type": "audio/ogg",
        "sha256": hashlib.sha256(content).hexdigest(),
        "file_size": len(content),
        "id": "1",
    }
    return httpx2.Response(200, json={k: v for k, v in (said | changed).items() if v is not None})


class Graph:
    """Answers descriptions and downloads from two scripts; the last answer is repeated."""

    def __init__(self, descriptions: list[Any], downloads: list[Any]) -> None:
        self._scripts = {"graph.facebook.com": descriptions, "lookaside.fbsbx.com": downloads}
        self.requests: list[httpx2.Request] = []

    async def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        script = self._scripts[request.url.host]
        answer = script.pop(0) if len(script) > 1 else script[0]
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            answer = await answer()
        assert isinstance(answer, httpx2.Response)
        return answer

    def hosts(self) -> list[str]:
        return [request.url.host for request in self.requests]


def whole(content: bytes = VOICE) -> httpx2.Response:
    return httpx2.Response(200, content=content)


async def fetch(graph: Graph, *, seconds: float = 20.0, **changed: Any) -> Any:
    client = GraphMedia(
        api_url=API,
        phone_id="42",
        auth_token="secret-token",
        seconds=seconds,
        rng=Random(1),
        transport=httpx2.MockTransport(graph.answer),
    )
    said = {"kind": "voice", "media_id": "1", "mime_type": "audio/ogg; codecs=opus", "sha256": ""}
    try:
        return await client.fetch(Media(**(said | changed)))
    finally:
        await client.close()


async def failure(graph: Graph, **changed: Any) -> Failure:
    with pytest.raises(MediaUnusable) as caught:
        await fetch(graph, **changed)
    return caught.value.failure


async def test_a_file_is_asked_about_and_then_fetched_with_the_token() -> None:
    graph = Graph([described()], [whole()])
    file = await fetch(graph, sha256=base64.b64encode(hashlib.sha256(VOICE).digest()).decode())
    assert (bytes(file.content), file.mime_type) == (VOICE, "audio/ogg")
    assert file.sha256 == hashlib.sha256(VOICE).hexdigest()
    assert graph.requests[0].url.params["phone_number_id"] == "42"
    assert {r.headers["authorization"] for r in graph.requests} == {"Bearer secret-token"}


async def test_what_is_too_large_or_of_a_wrong_type_is_not_fetched() -> None:
    graph = Graph([described(file_size=16 * MIB + 1)], [whole()])
    assert await failure(graph) is Failure.TOO_LARGE
    assert graph.hosts() == ["graph.facebook.com"]
    graph = Graph([described(mime_type="audio/flac")], [whole()])
    assert await failure(graph) is Failure.WRONG_TYPE
    assert graph.hosts() == ["graph.facebook.com"]
    assert await failure(Graph([described()], [whole()]), mime_type="audio/flac") is (
        Failure.WRONG_TYPE
    )


async def test_a_file_that_is_larger_than_it_says_is_given_up_while_it_streams() -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += MIB
            yield bytes(MIB)

    async def streams() -> httpx2.Response:
        return httpx2.Response(200, content=endless())

    graph = Graph([described(file_size=None)], [streams])
    assert await failure(graph) is Failure.TOO_LARGE
    assert taken <= 17 * MIB


async def test_an_address_that_has_expired_is_asked_for_again() -> None:
    graph = Graph([described()], [httpx2.Response(404), whole()])
    assert bytes((await fetch(graph)).content) == VOICE
    assert graph.hosts() == ["graph.facebook.com", "lookaside.fbsbx.com"] * 2


@pytest.mark.parametrize(
    "trouble",
    [
        httpx2.Response(500),
        httpx2.Response(503),
        httpx2.Response(404),
        httpx2.Response(302, headers={"location": "https://evil.example/"}),
        httpx2.ConnectError("no"),
        httpx2.ReadTimeout("no"),
    ],
)
async def test_three_attempts_and_then_the_person_is_told(trouble: Any) -> None:
    graph = Graph([described()], [trouble])
    assert await failure(graph) is Failure.UNAVAILABLE
    assert len(graph.requests) == 2 * ATTEMPTS
    assert "evil.example" not in graph.hosts()


async def test_a_file_that_is_not_what_its_checksum_says_is_fetched_again() -> None:
    graph = Graph([described()], [whole(b"OggS another"), whole()])
    assert bytes((await fetch(graph)).content) == VOICE
    assert await failure(Graph([described()], [whole(b"OggS another")])) is Failure.CORRUPT
    assert await failure(Graph([described(sha256=None)], [whole()]), sha256="00" * 32) is (
        Failure.CORRUPT
    )


async def test_a_file_that_is_not_of_its_type_is_refused() -> None:
    page = b"<!doctype html>"
    assert await failure(Graph([described(page)], [whole(page)])) is Failure.WRONG_TYPE


@pytest.mark.parametrize("status", [400, 401, 403, 404])
async def test_what_meta_will_not_give_is_not_asked_for_again(status: int) -> None:
    graph = Graph([httpx2.Response(status)], [whole()])
    assert await failure(graph) is Failure.UNAVAILABLE
    assert len(graph.requests) == 1


@pytest.mark.parametrize(
    "url", ["https://evil.example/x", "http://lookaside.fbsbx.com/x", "https://[", "", None, 7]
)
async def test_the_token_goes_nowhere_else(url: Any) -> None:
    graph = Graph([described(url=url)], [whole()])
    assert await failure(graph) is Failure.UNAVAILABLE
    assert set(graph.hosts()) == {"graph.facebook.com"}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"7", b"{}"])
async def test_a_description_that_says_nothing_is_a_failed_attempt(content: bytes) -> None:
    graph = Graph([httpx2.Response(200, content=content), described()], [whole()])
    assert bytes((await fetch(graph)).content) == VOICE


async def test_an_attempt_that_takes_too_long_is_given_up() -> None:
    async def never() -> httpx2.Response:
        await asyncio.Event().wait()
        raise AssertionError

    graph = Graph([never, described()], [whole()])
    assert bytes((await fetch(graph, seconds=0.5)).content) == VOICE
