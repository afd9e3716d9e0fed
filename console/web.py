"""The console's HTTP: sign in, ask, redrive, and a stream that keeps the page live."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from chassis.errors import RemoteError, ServiceError
from chassis.log import get_logger
from console.deadletters import deadletters, redrive_notification, redrive_parts
from console.overview import overview
from console.search import search
from console.sessions import LIFE_SECONDS, Services, Sessions
from console.trace import trace_view

_STATIC = Path(__file__).with_name("static")
_COOKIE = "hark_console"
# A page of another origin cannot set it: nobody's browser is made to press our buttons.
_HEADER = "x-hark-console"
_LARGEST_BODY = 16 * 1024
_LONGEST_TOKEN = 512
_TICK_SECONDS = 3.0
# A stream ends after an hour; the page opens another.
_MOST_TICKS = 1200
_MOST_REDRIVEN = 100
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

Answer = Callable[[Services, Request], Awaitable[Any]]

log = get_logger()


class Refused(Exception):
    """A request that the console itself does not answer."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.status, self.reason, self.message = status, reason, message


class Console:
    """The ASGI application."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self.app = Starlette(
            routes=[
                Route("/", _page),
                Route("/healthz", _healthy),
                Mount("/static", StaticFiles(directory=_STATIC)),
                Route("/api/session", self._sign_in, methods=["POST"]),
                Route("/api/session", self._sign_out, methods=["DELETE"]),
                Route("/api/overview", self._asked(_overview)),
                Route("/api/stream", self._stream),
                Route("/api/search", self._asked(_search)),
                Route("/api/trace", self._asked(_trace)),
                Route("/api/deadletters", self._asked(_deadletters)),
                Route("/api/deadletters/redrive", self._asked(_redrive), methods=["POST"]),
            ],
            exception_handlers={Refused: _refused},
        )

    async def _sign_in(self, request: Request) -> Response:
        token = (await _body(request)).get("token")
        if not isinstance(token, str) or not token or len(token) > _LONGEST_TOKEN:
            raise Refused(400, "INVALID_ARGUMENT", "give a token")
        name, services = await self._sessions.open(token)
        try:
            await overview(services)
        except ServiceError as error:
            await self._sessions.close(name)
            return _failed(error)
        response = _json({"signed_in": True})
        response.set_cookie(
            _COOKIE,
            name,
            max_age=int(LIFE_SECONDS),
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return response

    async def _sign_out(self, request: Request) -> Response:
        await self._sessions.close(request.cookies.get(_COOKIE, ""))
        response = _json({"signed_in": False})
        response.delete_cookie(_COOKIE, httponly=True, samesite="strict")
        return response

    def _asked(self, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
        async def asked(request: Request) -> Response:
            services = await self._services(request)
            try:
                return _json(await answer(services, request))
            except ServiceError as error:
                return _failed(error)

        return asked

    async def _services(self, request: Request) -> Services:
        services = await self._sessions.get(request.cookies.get(_COOKIE, ""))
        if services is None:
            raise Refused(401, "UNAUTHENTICATED", "sign in with the operator's token")
        return services

    async def _stream(self, request: Request) -> Response:
        services = await self._services(request)
        return StreamingResponse(
            _ticks(services), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
        )


async def _ticks(services: Services) -> AsyncIterator[bytes]:
    for _ in range(_MOST_TICKS):
        try:
            said, name = await overview(services), b"overview"
        except ServiceError as error:
            said, name = _problem(error), b"problem"
        yield b"event: " + name + b"\ndata: " + orjson.dumps(said) + b"\n\n"
        await asyncio.sleep(_TICK_SECONDS)


async def _overview(services: Services, request: Request) -> Any:
    del request
    return await overview(services)


async def _search(services: Services, request: Request) -> Any:
    return await search(services, request.query_params.get("q", ""))


async def _trace(services: Services, request: Request) -> Any:
    return await trace_view(services, request.query_params.get("message", ""))


async def _deadletters(services: Services, request: Request) -> Any:
    del request
    return await deadletters(services)


async def _redrive(services: Services, request: Request) -> Any:
    given = await _body(request)
    if isinstance(notification := given.get("notification"), str):
        return {"state": await redrive_notification(services, notification)}
    parts = given.get("parts")
    if (
        not isinstance(parts, list)
        or not 1 <= len(parts) <= _MOST_REDRIVEN
        or not all(type(part) is int for part in parts)
    ):
        raise Refused(400, "INVALID_ARGUMENT", "give a notification, or 1 to 100 parts")
    return {"redriven": await redrive_parts(services, parts)}


async def _body(request: Request) -> dict[str, Any]:
    """The object in the body of a request that our own page made."""
    if _HEADER not in request.headers:
        raise Refused(403, "FORBIDDEN", f"send the header {_HEADER}")
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > _LARGEST_BODY:
            raise Refused(413, "BODY_TOO_LARGE", f"send at most {_LARGEST_BODY} bytes")
        chunks.append(chunk)
    try:
        value = orjson.loads(b"".join(chunks))
    except orjson.JSONDecodeError:
        value = None
    if not isinstance(value, dict):
        raise Refused(400, "INVALID_ARGUMENT", "send a JSON object")
    return value


def _json(value: Any, status: int = 200) -> Response:
    return Response(
        orjson.dumps(value), status, media_type="application/json", headers=dict(_HEADERS)
    )


def _problem(error: ServiceError) -> dict[str, Any]:
    reason = error.remote_reason if isinstance(error, RemoteError) else error.reason
    return {"reason": reason, "message": error.message}


def _failed(error: ServiceError) -> Response:
    """What a service refused; its own words are for operators and hold nothing of people's."""
    problem = _problem(error)
    log.info("console asked in vain", reason=problem["reason"])
    status = {"UNAUTHENTICATED": 401, "PERMISSION_DENIED": 403}.get(str(problem["reason"]), 502)
    return _json(problem, status)


async def _refused(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, Refused)  # noqa: S101 - Starlette looks handlers up by class
    return _json({"reason": error.reason, "message": error.message}, error.status)


async def _healthy(request: Request) -> Response:
    del request
    return Response("ok\n", media_type="text/plain")


async def _page(request: Request) -> Response:
    del request
    return FileResponse(_STATIC / "index.html", headers=_HEADERS)
