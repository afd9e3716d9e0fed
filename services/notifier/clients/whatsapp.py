"""WhatsApp's Cloud API over HTTP: one attempt, and what its answer proves."""

from __future__ import annotations

import asyncio
import email.utils
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import orjson

from chassis.log import get_logger
from services.notifier.clients.message import message
from services.notifier.domain.delivery import Accepted, Ambiguous, NotSent, Refused, SendResult
from services.notifier.domain.document import Document
from services.notifier.ports import Outgoing

ATTEMPT_TIMEOUT = timedelta(seconds=5)
CONNECT_TIMEOUT = timedelta(seconds=3)
_KEEPALIVE_SECONDS = 60.0
# The pool asks every idle connection whether it still lives, twice a request.
_MOST_IDLE = 8

_JSON = {"content-type": "application/json"}

log = get_logger()


class WhatsApp:
    """The messages endpoint of one phone number; see `ports.Provider`.

    `connections` (1 or more) bounds the pool; `timeout` bounds one attempt from start to end.
    """

    def __init__(
        self,
        *,
        api_url: str,
        phone_id: str,
        auth_token: str,
        connections: int = 40,
        timeout: timedelta = ATTEMPT_TIMEOUT,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._url = f"{api_url.rstrip('/')}/{phone_id}/messages"
        self._media_url = f"{api_url.rstrip('/')}/{phone_id}/media"
        self._timeout = timeout.total_seconds()
        self._client = httpx2.AsyncClient(
            headers={"authorization": f"Bearer {auth_token}"},
            timeout=httpx2.Timeout(self._timeout, connect=CONNECT_TIMEOUT.total_seconds()),
            limits=httpx2.Limits(
                max_connections=connections,
                max_keepalive_connections=min(connections, _MOST_IDLE),
                keepalive_expiry=_KEEPALIVE_SECONDS,
            ),
            transport=transport,
        )

    async def send(self, outgoing: Outgoing) -> SendResult:
        """See `ports.Provider`. Whether a byte was written decides what a failure proves."""
        wire = _Wire()
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._client.post(
                    self._url,
                    content=orjson.dumps(message(outgoing)),
                    headers=_JSON,
                    extensions={"trace": wire.trace},
                )
        except (httpx2.TransportError, TimeoutError) as error:
            reason = _reason(error)
            log.warning("provider call failed", reason=reason, outcome=wire.outcome)
            return Ambiguous(reason=reason) if wire.was_written else NotSent(reason=reason)
        return answered(response.status_code, response.headers, response.content)

    async def mark_read(self, wamid: str, *, is_typing: bool = False) -> bool:
        """See `ports.Provider`."""
        body: dict[str, Any] = {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": wamid,
        }
        if is_typing:
            body["typing_indicator"] = {"type": "text"}
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._client.post(
                    self._url, content=orjson.dumps(body), headers=_JSON
                )
        except (httpx2.TransportError, TimeoutError) as error:
            log.warning("read mark failed", reason=_reason(error))
            return False
        if response.status_code != 200:
            log.warning("read mark refused", status_code=response.status_code)
        return response.status_code == 200

    async def upload(self, document: Document) -> str | SendResult:
        """See `ports.Provider`."""
        form = self._client.build_request(
            "POST",
            self._media_url,
            data={"messaging_product": "whatsapp", "type": document.mime_type},
            files={"file": (document.file_name, document.content, document.mime_type)},
        )
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._client.send(form)
        except (httpx2.TransportError, TimeoutError) as error:
            log.warning("upload failed", reason=_reason(error))
            return NotSent(reason=_reason(error))
        return uploaded(response.status_code, response.headers, response.content)

    async def close(self) -> None:
        """Closes the pool."""
        await self._client.aclose()


class _Wire:
    """Whether the request has begun to leave this machine."""

    def __init__(self) -> None:
        self.was_written = False

    async def trace(self, event: str, _info: Mapping[str, Any]) -> None:
        if event.endswith(".send_request_headers.started"):
            self.was_written = True

    @property
    def outcome(self) -> str:
        return "ambiguous" if self.was_written else "not sent"


def answered(status: int, headers: Mapping[str, str], body: bytes) -> SendResult:
    """What an answer proves. One without a message id or a readable error proves nothing."""
    data = _read(body)
    if 200 <= status < 300:
        wamid = _first(data, "messages").get("id")
        if not isinstance(wamid, str) or not wamid:
            return Ambiguous(reason="NO_MESSAGE_ID")
        return Accepted(wamid=wamid, wa_id=str(_first(data, "contacts").get("wa_id") or ""))
    return _refused(status, headers, data)


def uploaded(status: int, headers: Mapping[str, str], body: bytes) -> str | SendResult:
    """The id of an uploaded file, or what the answer says instead."""
    data = _read(body)
    if 200 <= status < 300:
        media_id = data.get("id")
        known = isinstance(media_id, str) and media_id
        return str(media_id) if known else Ambiguous(reason="NO_MEDIA_ID")
    return _refused(status, headers, data)


def _read(body: bytes) -> Mapping[str, Any]:
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return data if isinstance(data, dict) else {}


def _refused(status: int, headers: Mapping[str, str], data: Mapping[str, Any]) -> Refused:
    error = data.get("error")
    error = error if isinstance(error, dict) else {}
    code = error.get("code")
    return Refused(
        code=code if isinstance(code, int) and not isinstance(code, bool) else None,
        http_status=status,
        is_transient=error.get("is_transient") is True,
        retry_after=_retry_after(headers),
    )


def _first(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    entries = data.get(name)
    if isinstance(entries, list) and entries and isinstance(entries[0], dict):
        return entries[0]
    return {}


def _retry_after(headers: Mapping[str, str]) -> timedelta | None:
    value = headers.get("retry-after", "").strip()
    if value.isdecimal() and len(value) <= 6:
        return timedelta(seconds=int(value))
    try:
        when = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    # The provider's wall clock against the machine's: not a due time, so not the movable clock.
    return max(aware - datetime.now(UTC), timedelta())


def _reason(error: Exception) -> str:
    match error:
        case httpx2.ConnectTimeout():
            return "CONNECT_TIMEOUT"
        case httpx2.ConnectError():
            return "CONNECT_FAILED"
        case TimeoutError() | httpx2.TimeoutException():
            return "TIMEOUT"
        case _:
            return "CONNECTION_LOST"
