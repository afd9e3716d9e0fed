"""Everything but `POST /webhook`: the handshake, the probes, and how a refusal reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.ingress.domain.refusal import MethodWrong, PathUnknown, Refusal
from services.ingress.domain.signature import check_handshake

PATH = "/webhook"


def pages(
    *,
    verify_token: str,
    ready: Callable[[], bool],
    refused: Callable[[str], None],
    more: Sequence[Route] = (),
) -> Starlette:
    """An application; `refused` is told the reason of every refusal, `more` is served too."""

    async def handshake(request: Request) -> Response:
        query = request.query_params
        challenge = check_handshake(
            mode=query.get("hub.mode"),
            challenge=query.get("hub.challenge"),
            token=query.get("hub.verify_token"),
            verify_token=verify_token,
        )
        # Echoed into HTML it would be a script of whoever sent the link.
        return PlainTextResponse(challenge, headers={"x-content-type-options": "nosniff"})

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_request: Request) -> Response:
        if ready():
            return PlainTextResponse("ready\n")
        return PlainTextResponse("not ready\n", status_code=503)

    async def on_error(_request: Request, error: Exception) -> Response:
        refusal = error if isinstance(error, Refusal) else _of_http(error)
        refused(refusal.reason)
        return refusal_response(refusal)

    app = Starlette(
        routes=[
            Route(PATH, handshake, methods=["GET"]),
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            *more,
        ],
        exception_handlers={Refusal: on_error, HTTPException: on_error},
    )
    # A redirected webhook is a lost one.
    app.router.redirect_slashes = False
    return app


def refusal_response(refusal: Refusal) -> Response:
    """The answer that says why, and what to do."""
    headers = {}
    if refusal.retry_delay is not None:
        headers["retry-after"] = str(round(refusal.retry_delay.total_seconds()))
    if isinstance(refusal, MethodWrong):
        headers["allow"] = "GET, HEAD, POST"
    error = {
        "code": refusal.http_status,
        "reason": refusal.reason,
        "message": refusal.message,
    }
    return Response(
        orjson.dumps({"error": error}),
        status_code=refusal.http_status,
        headers=headers,
        media_type="application/json",
    )


def _of_http(error: Exception) -> Refusal:
    if isinstance(error, HTTPException) and error.status_code == MethodWrong.http_status:
        return MethodWrong()
    return PathUnknown()
