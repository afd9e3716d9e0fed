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
from services.notifier.domain.contact import Address
from services.notifier.domain.delivery import Accepted, Ambiguous, NotSent, Refused, SendResult
from services.notifier.ports import Outgoing

ATTEMPT_TIMEOUT = timedelta(seconds=5)
CONNECT_TIMEOUT = timedelta(seconds=3)
_KEEPALIVE_SECONDS = 60.0
# The pool asks every idle connection whether it still lives, twice a request.
_MOST_IDLE = 8

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
        self._timeout = timeout.total_seconds()
        self._client = httpx2.AsyncClient(
            headers={
                "authorization": f"Bearer {auth_token}",
                "content-type": "application/json",
            },
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
                    content=orjson.dumps(_message(outgoing)),
                    extensions={"trace": wire.trace},
                )
        except (httpx2.TransportError, TimeoutError) as error:
            reason = _reason(error)
            log.warning("provider call failed", reason=reason, outcome=wire.outcome)
            return Ambiguous(reason=reason) if wire.was_written else NotSent(reason=reason)
        return answered(response.status_code, response.headers, response.content)

    async def mark_read(self, wamid: str) -> bool:
        """See `ports.Provider`."""
        body = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._client.post(self._url, content=orjson.dumps(body))
        except (httpx2.TransportError, TimeoutError) as error:
            log.warning("read mark failed", reason=_reason(error))
            return False
        if response.status_code != 200:
            log.warning("read mark refused", status_code=response.status_code)
        return response.status_code == 200

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
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError:
        data = None
    data = data if isinstance(data, dict) else {}
    if 200 <= status < 300:
        wamid = _first(data, "messages").get("id")
        if not isinstance(wamid, str) or not wamid:
            return Ambiguous(reason="NO_MESSAGE_ID")
        return Accepted(wamid=wamid, wa_id=str(_first(data, "contacts").get("wa_id") or ""))
    error = data.get("error")
    error = error if isinstance(error, dict) else {}
    code = error.get("code")
    return Refused(
        code=code if isinstance(code, int) and not isinstance(code, bool) else None,
        http_status=status,
        is_transient=error.get("is_transient") is True,
        retry_after=_retry_after(headers),
    )


def _message(outgoing: Outgoing) -> Mapping[str, Any]:
    message: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **_recipient(outgoing.address),
        **_content(outgoing),
        "biz_opaque_callback_data": outgoing.token,
    }
    if outgoing.reply_to_wamid:
        message["context"] = {"message_id": outgoing.reply_to_wamid}
    return message


def _content(outgoing: Outgoing) -> Mapping[str, Any]:
    template = outgoing.template
    if template is None:
        return {"type": "text", "text": {"body": outgoing.text, "preview_url": False}}
    parameters = [
        {"type": "text", "parameter_name": name, "text": value}
        for name, value in template.parameters
    ]
    return {
        "type": "template",
        "template": {
            "name": template.name,
            "language": {"code": template.language},
            "components": [{"type": "body", "parameters": parameters}],
        },
    }


def _recipient(address: Address) -> Mapping[str, str]:
    # Without "+" Meta may take the number for one of the business's own country.
    return {"to": f"+{address.phone}"} if address.phone else {"recipient": address.business_user_id}


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
