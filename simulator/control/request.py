"""What every call of the control API has in common."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import orjson
from starlette.requests import Request
from starlette.responses import Response

from simulator.domain.problem import Problem

Handler = Callable[[Request], Awaitable[Any]]
BODY_LIMIT = 3 * 1024**2
# The longest that one long poll may take, in seconds.
LONGEST_WAIT = 60.0


def endpoint(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Turns what the handler returns into JSON, and a `Problem` into its status."""

    async def answer(request: Request) -> Response:
        try:
            check_origin(request)
            result = await handler(request)
        except Problem as problem:
            return await refused(request, problem)
        if isinstance(result, Response):
            return result
        return Response(orjson.dumps(result), media_type="application/json")

    return answer


async def refused(request: Request, error: Exception) -> Response:
    """What is wrong with a call, as JSON; made for `Problem`."""
    del request
    message, status = (
        (error.message, error.status) if isinstance(error, Problem) else ("internal error", 500)
    )
    return Response(orjson.dumps({"error": message}), status, media_type="application/json")


def check_origin(request: Request) -> None:
    """Refuses other people's web pages: a browser would let them post to this machine."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise Problem("only the simulator's own page may do this", status=403)


async def limited_body(request: Request, limit: int = BODY_LIMIT) -> bytes:
    """The bytes of the body; raises `Problem` where there are more than `limit`."""
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise Problem(f"the body is larger than {limit} bytes", status=413)
        chunks.append(chunk)
    return b"".join(chunks)


async def json_object(request: Request) -> dict[str, Any]:
    """The JSON object in the body; an empty body is an empty object."""
    body = await limited_body(request)
    if not body:
        return {}
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Problem("the body is not valid JSON") from None
    if not isinstance(value, dict):
        raise Problem("the body must be a JSON object")
    return value


def whole(request: Request, name: str, default: int, *, most: int = 2**53) -> int:
    """A whole number from the query, at most `most`."""
    given = request.query_params.get(name, str(default))
    if not given.isdecimal():
        raise Problem(f"{name} must be a whole number")
    return min(int(given), most)


def seconds(request: Request, name: str) -> float:
    """A number of seconds from the query, 0 to 60; 0 where it is not there."""
    given = request.query_params.get(name, "0")
    try:
        value = float(given)
    except ValueError:
        raise Problem(f"{name} must be a number of seconds") from None
    if not 0 <= value <= LONGEST_WAIT:
        raise Problem(f"{name} must lie between 0 and {LONGEST_WAIT:g}")
    return value
