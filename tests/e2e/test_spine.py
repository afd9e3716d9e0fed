"""One message all the way through, and back when it falls due: the commands people type."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import httpx2
import pytest

from tests.e2e.system import Person, System

BUF = Path(sys.executable).parent / "buf"
pytestmark = pytest.mark.timeout(180)


async def buf_curl(system: System, service: str, method: str, *arguments: str) -> dict[str, object]:
    process = await asyncio.create_subprocess_exec(
        BUF,
        "curl",
        "--protocol",
        "grpc",
        "--http2-prior-knowledge",
        "-H",
        f"authorization: Bearer {system.token_of('operator')}",
        *arguments,
        f"http://127.0.0.1:{system.ports[service]}{method}",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=system.environment,
    )
    async with asyncio.timeout(30):
        out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    text = out.decode()
    return json.loads(text) if text.startswith("{") else {"lines": text.split()}


async def test_a_reminder_is_confirmed_at_once_and_comes_back_when_it_is_due(
    system: System, client: httpx2.AsyncClient
) -> None:
    ada = Person(system, "+15550100001", client)
    await ada.says("remind me to call Ada in 1 minute")
    assert await ada.hears() == "I'll remind you to call Ada in 1 minute"
    system.move_clock(61)
    assert "call Ada" in await ada.hears()


async def test_hark_say_speaks_and_prints_the_answer(system: System) -> None:
    code, printed = await system.run("say", "add milk and eggs to my shopping list")
    assert code == 0, printed
    assert "milk added to shopping" in printed


async def test_what_cannot_be_read_yet_is_answered_kindly(
    system: System, client: httpx2.AsyncClient
) -> None:
    bo = Person(system, "+15550100002", client)
    card = {"type": "contacts", "contacts": [{"name": {"formatted_name": "Cy"}}]}
    answer = await client.post(f"{system.outside}/control/people/{bo.number}/messages", json=card)
    assert answer.status_code == 200, answer.text
    assert "contact" in await bo.hears()


async def test_a_place_that_is_sent_is_understood(
    system: System, client: httpx2.AsyncClient
) -> None:
    bo = Person(system, "+15550100004", client)
    location = {"type": "location", "latitude": 38.7, "longitude": -9.1}
    answer = await client.post(
        f"{system.outside}/control/people/{bo.number}/messages", json=location
    )
    assert answer.status_code == 200, answer.text
    assert "Lisbon" in await bo.hears()


async def test_buf_curl_lists_the_services_by_reflection(system: System) -> None:
    for service, name in (
        ("INGRESS_GRPC", "hark.ingress.v1.IngressService"),
        ("AI", "hark.ai.v1.AiService"),
        ("SCHEDULER", "hark.scheduler.v1.SchedulerService"),
        ("NOTIFIER", "hark.notifier.v1.NotifierService"),
    ):
        listed = await buf_curl(system, service, "", "--list-services")
        assert name in listed["lines"]


async def test_buf_curl_checks_health(system: System) -> None:
    answer = await buf_curl(
        system,
        "NOTIFIER",
        "/grpc.health.v1.Health/Check",
        "-d",
        '{"service": "hark.notifier.v1.NotifierService"}',
    )
    assert answer == {"status": "SERVING"}


async def test_buf_curl_reads_the_notification(system: System, client: httpx2.AsyncClient) -> None:
    cleo = Person(system, "+15550100003", client)
    await cleo.says("thanks")
    assert await cleo.hears() == "You're welcome."
    turns = await buf_curl(
        system, "AI", "/hark.ai.v1.AiService/ListTurns", "-d", '{"page_size": 1}'
    )
    message_id = turns["turns"][0]["messageId"]
    listed = await buf_curl(
        system,
        "NOTIFIER",
        "/hark.notifier.v1.NotifierService/ListNotifications",
        "-d",
        json.dumps({"reply_to_message_id": message_id}),
    )
    (found,) = (each for each in listed["notifications"] if each["kind"] == "reply")
    read = await buf_curl(
        system,
        "NOTIFIER",
        "/hark.notifier.v1.NotifierService/GetNotification",
        "-d",
        json.dumps({"notification_id": found["notificationId"]}),
    )
    assert read["notification"]["contents"] == [
        {"template": "reply", "parameters": {"text": "You're welcome."}}
    ]
    assert len(read["notification"]["attempts"]) == 1


async def test_a_second_up_on_the_same_home_is_refused_clearly(system: System) -> None:
    code, printed = await system.run("up")
    assert code == 78
    assert "already" in printed
