"""Nothing that people write, and nothing that names them, in logs, metrics, traces and errors."""

from __future__ import annotations

import asyncio
import base64
import io
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx2
import pytest
import pytest_asyncio
import structlog
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from chassis import log, tracing
from chassis.errors import RemoteError, ServiceError
from hark.ai.v1.ai_service_pb2 import InterpretRequest
from hark.notifier.v1.notification_pb2 import Content, Notification
from hark.notifier.v1.notifier_service_pb2 import GetContactRequest, SendNotificationRequest
from hark.scheduler.v1.scheduler_service_pb2 import CreateTaskRequest, GetTaskRequest
from hark.scheduler.v1.task_pb2 import Task
from tests.integration.notifier.graph import Reply, ScriptedGraph
from tests.security.conftest import Figure
from tests.security.forgetting import contact, settled
from tests.security.leaks import Seeds
from tests.security.said import delivered, said
from tests.security.village import Village, village

NAME = "Zerlinde Quastenberg"
NUMBER = "15550199877"
WORDS = "xylotherapie"
PLACE = "Wackelpuddinggasse 7"
TITLE = "Grünkohlpfannkuchen"
SEEDS = (NAME, "quastenberg", NUMBER, WORDS, PLACE, "wackelpudding", TITLE)


def wamid(number: int) -> str:
    """Like WhatsApp's own: the sender's number is inside, in base64."""
    inside = base64.b64encode(f"\x1d\x09\x0c{NUMBER}\x15\x02{number:04}".encode()).decode()
    return f"wamid.{inside}"


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that is logged, down to DEBUG; a field that is not allowed is an error."""
    stream = io.StringIO()
    log.configure("test", "DEBUG", strict=True, stream=stream, console=False)
    yield stream
    structlog.reset_defaults()


@pytest.fixture
def traced() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    tracing.begin("test", SimpleSpanProcessor(exporter))
    yield exporter
    tracing.end()


@pytest_asyncio.fixture(loop_scope="session")
async def talkative(
    database_url: str, graph: ScriptedGraph, logged: object, traced: object
) -> AsyncIterator[Village]:
    async with village(database_url, graph.url) as running:
        yield running


@pytest.mark.timeout(240)
async def test_nothing_leaks_from_a_conversation_and_its_mishaps(
    talkative: Village,
    graph: ScriptedGraph,
    logged: io.StringIO,
    traced: InMemorySpanExporter,
    figure: Figure,
) -> None:
    quoting = {"error": {"code": 131009, "message": f"{NAME} {NUMBER}: {WORDS}", "type": "X"}}
    graph.script += [Reply(status=400, body=json.dumps(quoting).encode()), Reply(drops=True)]
    await converse(talkative)
    await graph.sent(4, timeout=40)
    await settled(talkative)
    errors = [*await refused_calls(talkative), *await refused_webhooks(talkative)]
    metrics = await scraped(talkative)
    spans = [span.to_json(indent=None) for span in traced.get_finished_spans()]
    written = logged.getvalue().splitlines()

    assert len(written) > 40
    assert len(spans) > 40
    assert len(errors) >= 8
    assert any("hark_grpc_server_handled_total" in page for page in metrics)
    sources = {"logs": written, "traces": spans, "errors": errors, "metrics": metrics}
    seeds = Seeds(SEEDS)
    leaks = {
        f"{name}: {line[:300]}"
        for name, lines in sources.items()
        for line in lines
        if seeds.found_in(line.encode())
    }
    lines = sum(page.count("\n") for page in metrics) + len(written) + len(spans) + len(errors)
    figure(
        f"leak scan (base64 decoded too): {lines} lines of logs, traces, metrics and error "
        f"bodies, {len(leaks)} leaks"
    )
    assert not leaks


async def converse(running: Village) -> None:
    """One person says all kinds of things; some of them cannot be handled."""

    async def says(number: int, **message: Any) -> None:
        stamp = str(int(running.clock.now().timestamp()))
        whole = {"from": NUMBER, "id": wamid(number), "timestamp": stamp} | message
        await delivered(running, {"messages": [whole]}, sender=NUMBER, name=NAME)

    texts = (
        f"remind me to call {NAME} tomorrow at 9",
        f"add {TITLE} to my {WORDS} list",
        f"{WORDS} {NAME} {PLACE}???",
        f"move {TITLE} to 25:99",
        "delete everything about " + WORDS,
    )
    for number, text in enumerate(texts, start=1):
        await said(running, text, sender=NUMBER, name=NAME, wamid=wamid(number))
    place = {"latitude": 38.7, "longitude": -9.1, "name": WORDS, "address": PLACE}
    await says(11, type="location", location=place)
    await says(12, type="contacts", contacts=[{"name": {"formatted_name": NAME}}])
    await says(13, type="image", image={"id": "1", "mime_type": "image/png", "caption": WORDS})
    reply = {"type": "button_reply", "button_reply": {"id": f"v9:{WORDS}", "title": TITLE}}
    await says(14, type="interactive", interactive=reply)
    await says(15, type="reaction", reaction={"message_id": wamid(1), "emoji": "👍"})
    await says(16, type=WORDS, text={"body": PLACE})
    status = {"id": wamid(99), "status": "failed", "recipient_id": NUMBER, "timestamp": "1"}
    problem = {"code": 131026, "title": WORDS, "message": f"{NAME} {NUMBER}"}
    await delivered(running, {"statuses": [status | {"errors": [problem]}]}, sender=NUMBER)


async def refused_calls(running: Village) -> list[str]:
    """What callers are told whose requests are wrong and hold what people wrote."""
    known = await contact(running, NUMBER)
    assert known is not None
    user_id = known.user_id
    send = SendNotificationRequest(
        phone_number="+" + NUMBER[:-1] + "0",
        type=Notification.TYPE_TASK_UPDATE,
        contents=[Content(template="reply", parameters={WORDS: NAME})],
        request_id="not a uuid",
    )
    long = Task(title=f"{TITLE} {NAME} " * 200)
    asked: list[tuple[str, str, Any]] = [
        ("notifier", "SendNotification", send),
        ("notifier", "GetContact", GetContactRequest(phone_number="+" + NUMBER[:-1] + "0")),
        ("notifier", "GetContact", GetContactRequest(phone_number=NAME)),
        ("notifier", "GetContact", GetContactRequest(user_id=NUMBER)),
        ("scheduler", "CreateTask", CreateTaskRequest(user_id=user_id, task=long)),
        ("scheduler", "GetTask", GetTaskRequest(user_id=NUMBER, task_id=WORDS)),
        ("ai", "Interpret", InterpretRequest(text=WORDS * 2000)),
        ("ai", "Interpret", InterpretRequest(text="x", time_zone=NAME)),
    ]
    told = []
    for service, method, request in asked:
        with pytest.raises(ServiceError) as refused:
            await running.call(service, method, request)
        error = refused.value
        assert isinstance(error, RemoteError)
        told.append(f"{error.message} {error.metadata} {error.violations}")
    return told


async def refused_webhooks(running: Village) -> list[str]:
    """What HTTP answers to what it does not take."""
    body = json.dumps({"entry": [{"text": WORDS, "from": NUMBER, "name": NAME}]}).encode()
    unsigned = await running.post(body, "sha256=" + "0" * 64)
    async with httpx2.AsyncClient(timeout=20) as client:
        query = {"hub.mode": NAME, "hub.challenge": "1", "hub.verify_token": NUMBER}
        base = f"http://127.0.0.1:{running.web_port}"
        handshake = await client.get(f"{base}/webhook", params=query)
        lost = await client.get(f"{base}/{WORDS}")
    assert (unsigned.status_code, handshake.status_code, lost.status_code) == (403, 403, 404)
    return [f"{each.headers} {each.text}" for each in (unsigned, handshake, lost)]


async def scraped(running: Village) -> list[str]:
    async with httpx2.AsyncClient(timeout=20) as client:
        answers = await asyncio.gather(
            *(
                client.get(f"http://127.0.0.1:{port}/metrics")
                for port in running.admin_ports.values()
            )
        )
    return [answer.text for answer in answers]


@pytest.mark.parametrize(
    "line",
    [
        f'{{"event": "said {NAME}"}}',
        f"from {NUMBER}",
        base64.b64encode(f"x{NUMBER}".encode()).decode(),
        f"id={wamid(3)}",
        base64.urlsafe_b64encode(f"ab{TITLE}".encode()).decode(),
        json.dumps({"title": TITLE}),
        repr(TITLE.encode()),
        WORDS.upper(),
    ],
)
def test_the_scan_finds_what_is_there(line: str) -> None:
    assert Seeds(SEEDS).found_in(line.encode())


def test_the_scan_finds_nothing_in_what_is_harmless() -> None:
    assert not Seeds(SEEDS).found_in(b'{"event": "rpc", "message_id": "m_abcdefgh"}')
