"""The rest of `/control`: the log, settings, files, webhooks by hand, starting over."""

from __future__ import annotations

import asyncio
import base64
import binascii
import dataclasses
import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from simulator.control.request import endpoint, json_object, limited_body, seconds, whole
from simulator.domain.problem import Problem
from simulator.domain.wire import escaped, signature
from simulator.outside import Outside

_LOG_PAGE = 1_000
_FILE_LIMIT = 101 * 1024**2


class WorldEndpoints:
    """What concerns everybody at once."""

    def __init__(self, outside: Outside, *, verify_token: str) -> None:
        self._outside = outside
        self._verify_token = verify_token

    def routes(self) -> list[Route]:
        """The paths directly under `/control`."""
        return [
            Route("/control/log", endpoint(self._log), methods=["GET"]),
            Route("/control/settings", endpoint(self._settings), methods=["GET"]),
            Route("/control/settings", endpoint(self._turn), methods=["PATCH", "POST"]),
            Route("/control/standing", endpoint(self._standing), methods=["GET"]),
            Route("/control/standing", endpoint(self._stand), methods=["PATCH", "POST"]),
            Route("/control/reset", endpoint(self._reset), methods=["POST"]),
            Route("/control/state", endpoint(self._state), methods=["GET"]),
            Route("/control/stream", endpoint(self._stream), methods=["GET"]),
            Route("/control/media", endpoint(self._receive), methods=["POST"]),
            Route("/control/media/{id}", endpoint(self._file), methods=["GET"]),
            Route("/control/webhooks", endpoint(self._post), methods=["POST"]),
            Route("/control/webhooks/verify", endpoint(self._verify), methods=["POST"]),
        ]

    async def _log(self, request: Request) -> Any:
        return await self._outside.journal.read(
            after=whole(request, "after", 0),
            wait=seconds(request, "wait"),
            limit=whole(request, "limit", _LOG_PAGE, most=10 * _LOG_PAGE),
            kind=request.query_params.get("kind"),
        )

    async def _settings(self, request: Request) -> Any:
        del request
        return dataclasses.asdict(self._outside.sender.dials)

    async def _turn(self, request: Request) -> Any:
        turned = self._outside.sender.dials.turned(await json_object(request))
        self._outside.sender.dials = turned
        self._outside.feed.publish("settings", dataclasses.asdict(turned))
        return dataclasses.asdict(turned)

    async def _standing(self, request: Request) -> Any:
        del request
        return dataclasses.asdict(self._outside.standing.current)

    async def _stand(self, request: Request) -> Any:
        return dataclasses.asdict(self._outside.standing.turn(await json_object(request)))

    async def _reset(self, request: Request) -> Any:
        del request
        self._outside.forget()
        return {"sequence": self._outside.phones.sequence, "log": self._outside.journal.sequence}

    async def _state(self, request: Request) -> Any:
        del request
        outside = self._outside
        return {
            "now": outside.clock.now().isoformat(),
            "sequence": outside.phones.sequence,
            "log": outside.journal.sequence,
            "webhooks": outside.sender.backlog,
            "webhook_url": outside.sender.url,
            "statuses_skipped": outside.statuses.skipped,
            "business_number": "+" + outside.sender.account.display_phone_number,
        }

    async def _stream(self, request: Request) -> Any:
        del request
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        frames = self._outside.feed.watch()
        return StreamingResponse(frames, media_type="text/event-stream", headers=headers)

    async def _receive(self, request: Request) -> Any:
        content = await limited_body(request, _FILE_LIMIT)
        mime_type = request.headers.get("content-type", "application/octet-stream")
        media = self._outside.shelf.receive(content, mime_type)
        return {"media": media.id, "sha256": media.sha256_hex, "bytes": len(content)}

    async def _file(self, request: Request) -> Any:
        media = self._outside.shelf.find(request.path_params["id"])
        if media is None:
            raise Problem("there is no file with this id", status=404)
        # Whatever a person "sent" must not run as a page of this origin.
        headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
        return Response(media.content, media_type=media.mime_type, headers=headers)

    async def _post(self, request: Request) -> Any:
        """Posts any body at all: `body` (JSON) or `base64` (bytes), signed as `signed` says."""
        given = await json_object(request)
        body = _bytes(given)
        signed = _signature(given.get("signed", "right"), self._outside.sender.secret, body)
        delivery = self._outside.sender.post(
            (), body, signed=signed, retried=given.get("retried") is True
        )
        attempt = await asyncio.shield(delivery.first)
        return {"webhook_status": attempt.status, "webhook_error": attempt.error}

    async def _verify(self, request: Request) -> Any:
        """Asks the webhook's address to prove that it wants webhooks, as Meta does."""
        given = await json_object(request)
        challenge = str(secrets.randbelow(10**10))
        query = {
            "hub.mode": "subscribe",
            "hub.challenge": challenge,
            "hub.verify_token": str(given.get("verify_token", self._verify_token)),
        }
        status, text = await self._outside.sender.get(query)
        return {"verified": status == 200 and text == challenge, "status": status}


def _bytes(given: dict[str, Any]) -> bytes:
    if "body" in given:
        return escaped(given["body"])
    if "json" in given and isinstance(given["json"], str):
        return given["json"].encode()
    try:
        return base64.b64decode(given["base64"], validate=True)
    except (KeyError, TypeError, binascii.Error):
        raise Problem("give body (JSON), json (text) or base64 (bytes)") from None


def _signature(signed: Any, secret: str, body: bytes) -> str:
    if signed == "right":
        return signature(secret, body)
    if signed == "none":
        return ""
    if signed == "wrong":
        return signature("not the secret", body)
    if isinstance(signed, str) and signed.startswith("sha256="):
        return signed
    raise Problem('signed must be "right", "wrong", "none", or a whole header such as "sha256=…"')
