"""The application: `POST /webhook` by hand, everything else by Starlette.

Starlette's request and response cost as much as checking a signature and splitting a body; this is
the one place where that counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from starlette.routing import Route

from services.ingress.domain.refusal import (
    BodyTooLarge,
    ContentTypeWrong,
    LengthMalformed,
    Refusal,
)
from services.ingress.domain.signature import signature_of
from services.ingress.usecases import Acceptance
from services.ingress.web.asgi import Message, Receive, Scope, Send
from services.ingress.web.body import LARGEST_BODY, LARGEST_FORGOTTEN, Bodies, Disconnected
from services.ingress.web.pages import PATH, pages, refusal_response

_BODY = b'{"status": "processing"}'
_HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(_BODY))]
_START: Message = {"type": "http.response.start", "status": 200, "headers": _HEADERS}
_END: Message = {"type": "http.response.body", "body": _BODY}


class Web:
    """The ASGI application. `refused` is told the reason of every refusal, `more` is
    served beside the webhook."""

    def __init__(
        self,
        acceptance: Acceptance,
        *,
        verify_token: str,
        ready: Callable[[], bool],
        refused: Callable[[str], None],
        more: Sequence[Route] = (),
    ) -> None:
        self._accept = acceptance.accept
        self._read = Bodies().read
        self._refused = refused
        self._pages = pages(verify_token=verify_token, ready=ready, refused=refused, more=more)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            await self._pages(scope, receive, send)
            return
        try:
            signature = claimed_signature(scope["headers"])
            await self._accept(await self._read(receive), signature)
        except Refusal as refusal:
            self._refused(refusal.reason)
            response = refusal_response(refusal)
            if refusal.hangs_up:
                response.headers["connection"] = "close"
            await response(scope, receive, send)
        except Disconnected:
            self._refused("DISCONNECTED")
        else:
            await send(_START)
            await send(_END)


def claimed_signature(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The signature that a request claims. Raises the `Refusal` that its headers deserve."""
    signature: bytes | None = None
    signatures = 0
    content_type = b""
    for name, value in headers:
        if name == b"x-hub-signature-256":
            signature = value
            signatures += 1
        elif name == b"content-length":
            if not value.isdigit():
                raise LengthMalformed
            length = int(value[:20])
            if length > LARGEST_BODY:
                raise BodyTooLarge(hangs_up=length > LARGEST_FORGOTTEN)
        elif name == b"content-type":
            content_type = value
    # WhatsApp names it always; a body without a name is judged by its signature alone.
    if (
        content_type
        and content_type != b"application/json"
        and content_type.partition(b";")[0].strip().lower() != b"application/json"
    ):
        raise ContentTypeWrong
    return signature_of(signature if signatures == 1 else None)
