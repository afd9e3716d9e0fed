"""What every call of the Graph API has in common: token, version, body, errors."""

from __future__ import annotations

import asyncio
import hmac
import re
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from simulator.domain.graph_error import GraphError, invalid

_VERSION = re.compile(r"v([0-9]{1,3})\.([0-9]{1,3})")
_OLDEST, _NEWEST = (17, 0), (26, 0)
_VERSIONED = re.compile(r"/v[0-9]{1,3}\.[0-9]{1,3}/")
BODY_LIMIT = 3 * 1024**2


class Json(Response):
    """JSON as the Graph API sends it."""

    media_type = "application/json; charset=UTF-8"

    def render(self, content: Any) -> bytes:
        """The content as compact bytes."""
        return content if isinstance(content, bytes) else orjson.dumps(content)


def check_version(request: Request) -> None:
    """Raises `GraphError` for a version that is over, or not there yet."""
    match = _VERSION.fullmatch(request.path_params["version"])
    if match is None or not _OLDEST <= (int(match[1]), int(match[2])) <= _NEWEST:
        raise GraphError(2500, message=f"Unknown path components: {request.url.path}")


def check_token(request: Request, token: str) -> None:
    """Raises `GraphError` unless the caller has the token of this business."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        given = request.query_params.get("access_token", "")
    given = given.strip()
    if not given:
        raise GraphError(104, message="An access token is required to request this resource.")
    if not hmac.compare_digest(given.encode(), token.encode()):
        raise GraphError(190, message="Invalid OAuth access token - Cannot parse access token")


async def raw_body(request: Request, limit: int = BODY_LIMIT) -> bytes:
    """The bytes of the body, at most `limit` of them."""
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise GraphError(
                1,
                f"The request is larger than {limit} bytes.",
                message="Request too large",
                status=413,
            )
        chunks.append(chunk)
    return b"".join(chunks)


def parsed(body: bytes) -> dict[str, Any]:
    """The object in the body; raises `GraphError` where there is none."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise GraphError(100, "The request body is not valid JSON.") from None
    if not isinstance(value, dict):
        raise invalid("body", "it must be a JSON object")
    return value


async def unknown_path(request: Request, error: Exception) -> Response:
    """What the Graph API says of a path or a method that it does not know."""
    status = getattr(error, "status_code", 404)
    if not _VERSIONED.match(request.url.path):
        return PlainTextResponse("there is nothing here\n", status)
    wrong = GraphError(2500, message=f"Unknown path components: {request.url.path}")
    return Json(wrong.body(), wrong.status)


async def hang(request: Request, answer: Response, options: dict[str, Any]) -> Response:
    """Leaves the caller waiting until it gives up or `hold_ms` is over; or cuts it off at once."""
    if options["reset"]:
        return CutOff()
    try:
        async with asyncio.timeout(options["hold_ms"] / 1000):
            while (await request.receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return answer
    return answer


class CutOff(Response):
    """Promises a body and hangs up: the caller sees a broken connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the head of an answer, and nothing after it."""
        del scope, receive
        headers = [(b"content-type", b"application/json"), (b"content-length", b"512")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
