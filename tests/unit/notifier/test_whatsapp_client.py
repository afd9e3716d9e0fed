"""What an answer, or its absence, proves about a send."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import httpx2
import orjson
import pytest

from services.notifier.clients.whatsapp import WhatsApp, answered
from services.notifier.domain.approved import Filled
from services.notifier.domain.contact import Address
from services.notifier.domain.delivery import Accepted, Ambiguous, NotSent, Refused
from services.notifier.ports import Outgoing

OUTGOING = Outgoing(address=Address(phone="15550100001"), text="Hello", token="t-1")


def client(handler: httpx2.AsyncBaseTransport) -> WhatsApp:
    return WhatsApp(
        api_url="http://graph/v26.0",
        phone_id="42",
        auth_token="secret",
        timeout=timedelta(seconds=0.2),
        transport=handler,
    )


class Scripted(httpx2.AsyncBaseTransport):
    """Tells the client that the request was written, if it is, and then does what it is told."""

    def __init__(self, answer: httpx2.Response | Exception | None, *, writes: bool = True) -> None:
        self._answer = answer
        self._writes = writes
        self.requests: list[httpx2.Request] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        if self._writes and "trace" in request.extensions:
            await request.extensions["trace"]("http11.send_request_headers.started", {})
        if self._answer is None:
            await asyncio.Event().wait()
        if isinstance(self._answer, Exception):
            raise self._answer
        assert self._answer is not None
        return self._answer


async def test_a_send_says_who_what_and_its_token() -> None:
    transport = Scripted(httpx2.Response(200, json={"messages": [{"id": "wamid.1"}]}))
    whatsapp = client(transport)
    sent = await whatsapp.send(
        Outgoing(
            address=Address(phone="15550100001"), text="Hi", token="t-1", reply_to_wamid="wamid.0"
        )
    )
    await whatsapp.close()
    assert sent == Accepted(wamid="wamid.1")
    (request,) = transport.requests
    assert str(request.url) == "http://graph/v26.0/42/messages"
    assert request.headers["authorization"] == "Bearer secret"
    assert orjson.loads(request.content) == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+15550100001",
        "type": "text",
        "text": {"body": "Hi", "preview_url": False},
        "context": {"message_id": "wamid.0"},
        "biz_opaque_callback_data": "t-1",
    }


async def test_a_template_goes_out_with_its_language_and_named_parameters() -> None:
    transport = Scripted(httpx2.Response(200, json={"messages": [{"id": "wamid.1"}]}))
    whatsapp = client(transport)
    filled = Filled(
        name="hark_task_due", language="pt_BR", parameters=(("title", "Ada"),), text="unused"
    )
    await whatsapp.send(replace(OUTGOING, template=filled))
    await whatsapp.close()
    (request,) = transport.requests
    assert orjson.loads(request.content) == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+15550100001",
        "type": "template",
        "template": {
            "name": "hark_task_due",
            "language": {"code": "pt_BR"},
            "components": [
                {
                    "type": "body",
                    "parameters": [{"type": "text", "parameter_name": "title", "text": "Ada"}],
                }
            ],
        },
        "biz_opaque_callback_data": "t-1",
    }


@pytest.mark.parametrize(
    "failure",
    [
        httpx2.ConnectError("refused"),
        httpx2.ConnectTimeout("slow"),
        httpx2.PoolTimeout("busy"),
        None,
    ],
)
async def test_a_failure_before_a_byte_was_written_proves_that_nothing_was_sent(
    failure: Exception | None,
) -> None:
    whatsapp = client(Scripted(failure, writes=False))
    assert isinstance(await whatsapp.send(OUTGOING), NotSent)
    await whatsapp.close()


@pytest.mark.parametrize(
    "failure",
    [
        httpx2.ReadTimeout("slow"),
        httpx2.ReadError("cut"),
        httpx2.WriteError("cut"),
        httpx2.RemoteProtocolError("half"),
        None,
    ],
)
async def test_a_failure_after_that_proves_nothing(failure: Exception | None) -> None:
    whatsapp = client(Scripted(failure))
    assert isinstance(await whatsapp.send(OUTGOING), Ambiguous)
    await whatsapp.close()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"messages":[]}',
        b'{"messages":[{"id":7}]}',
        b'{"messages":[{"id":""}]}',
        b'{"messages":{"id":"x"}}',
    ],
)
def test_success_without_a_message_id_proves_nothing(body: bytes) -> None:
    assert answered(200, {}, body) == Ambiguous(reason="NO_MESSAGE_ID")


@pytest.mark.parametrize(
    ("body", "code", "is_transient"),
    [
        (b'{"error":{"code":131056}}', 131056, False),
        (b'{"error":{"code":2,"is_transient":true}}', 2, True),
        (b'{"error":{"code":"131056"}}', None, False),
        (b'{"error":{"code":true}}', None, False),
        (b'{"error":"no"}', None, False),
        (b"<html>", None, False),
    ],
)
def test_a_refusal_is_known_by_its_code(body: bytes, code: int | None, is_transient: bool) -> None:
    refusal = answered(400, {}, body)
    assert refusal == Refused(code=code, http_status=400, is_transient=is_transient)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("7", timedelta(seconds=7)),
        (" 0 ", timedelta()),
        ("Wed, 21 Oct 2015 07:28:00 GMT", timedelta()),
        ("soon", None),
        ("", None),
        ("-1", None),
        ("9999999999", None),
    ],
)
def test_retry_after_is_read_in_both_forms(value: str, expected: timedelta | None) -> None:
    refusal = answered(429, {"retry-after": value}, b"{}")
    assert isinstance(refusal, Refused)
    assert refusal.retry_after == expected


async def test_a_read_mark_never_raises() -> None:
    for transport, expected in (
        (Scripted(httpx2.Response(200, json={"success": True})), True),
        (Scripted(httpx2.Response(400, json={})), False),
        (Scripted(httpx2.ReadError("cut")), False),
        (Scripted(None), False),
    ):
        whatsapp = client(transport)
        assert await whatsapp.mark_read("wamid.1") is expected
        await whatsapp.close()
