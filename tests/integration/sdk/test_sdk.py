"""The client for other teams drives the real notifier, and brings nothing of Hark's services."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from hark_notifier import (
    AlreadyStarted,
    Button,
    Document,
    InvalidArgument,
    Message,
    NotFound,
    Notifier,
    NotifierError,
    PermissionDenied,
    PersonStopped,
    QuotaExceeded,
    RequestIdReused,
    Sent,
    State,
    TemplateUnknown,
    TimedOut,
    Type,
    Unauthenticated,
    Unavailable,
    UserUnknown,
    request_id,
)
from hark_notifier.errors import error_of
from hark_notifier.message import request
from tests.integration.notifier.graph import Reply, ScriptedGraph
from tests.integration.notifier.house import TOKENS, House
from tests.integration.notifier.test_notifier_people import prefer

SDK = Path(__file__).parents[3] / "sdk" / "python"
TOKEN = dict(pair.split(":") for pair in TOKENS.split(","))["operator"]
ADA = "+15550100001"
HELLO = Message.text("Your parcel has arrived", type=Type.CONFIRMATION)


def address(house: House) -> str:
    return house.peers["operator"].address


@pytest_asyncio.fixture(loop_scope="session")
async def client(house: House) -> AsyncIterator[Notifier]:
    await house.record()
    async with Notifier(address(house), token=TOKEN, timeout=20) as notifier:
        yield notifier


async def test_what_is_sent_twice_for_one_cause_goes_out_once(
    client: Notifier, graph: ScriptedGraph
) -> None:
    cause = request_id("parcel-arrived", "4711")
    first = await client.send(HELLO, to=ADA, request_id=cause)
    again = await client.send(HELLO, to=ADA, request_id=cause)
    assert first.notification_id == again.notification_id
    followed = await client.outcome(first.notification_id, timeout=30)
    assert followed.state is State.SENT
    assert graph.sends[0]["text"]["body"] == "Your parcel has arrived"
    assert len(graph.sends) == 1
    shown = await client.get(request_id=cause)
    assert [attempt.number for attempt in shown.attempts] == [1]


async def test_each_refusal_is_a_class_that_says_what_to_do(client: Notifier, house: House) -> None:
    with pytest.raises(UserUnknown) as unknown:
        await client.send(HELLO, to="+15550100099", request_id=request_id("a"))
    assert unknown.value.reason == "USER_NOT_FOUND"
    nope = Message.template("nope", type=Type.CONFIRMATION)
    with pytest.raises(TemplateUnknown) as template:
        await client.send(nope, to=ADA, request_id=request_id("b"))
    assert template.value.metadata["code"] == "404"
    with pytest.raises(InvalidArgument) as invalid:
        await client.send(HELLO, to=ADA, request_id="not a uuid")
    assert "request_id" in invalid.value.violations
    await client.send(HELLO, to=ADA, request_id=request_id("c"))
    other = Message.text("Something else", type=Type.CONFIRMATION)
    with pytest.raises(RequestIdReused):
        await client.send(other, to=ADA, request_id=request_id("c"))
    with pytest.raises(NotFound):
        await client.get("00000000-0000-4000-8000-000000000000")
    person = await house.record(message_id="m_2")
    await prefer(house, person.user_id, is_stopped=True)
    due = Message.text("Soon", type=Type.STATUS_UPDATE)
    with pytest.raises(PersonStopped):
        await client.send(due, to=ADA, request_id=request_id("d"))


async def test_a_wrong_token_is_told_from_a_call_that_is_not_allowed(house: House) -> None:
    async with Notifier(address(house), token="wrong", timeout=20) as stranger:
        with pytest.raises(Unauthenticated):
            await stranger.templates()
    assert isinstance(error_of("PERMISSION_DENIED", "PERMISSION_DENIED", ""), PermissionDenied)
    assert isinstance(error_of("RESOURCE_EXHAUSTED", "RATE_LIMITED", ""), QuotaExceeded)


async def test_a_notifier_that_is_not_there_is_said_to_be_unavailable() -> None:
    async with Notifier("127.0.0.1:9", token=TOKEN, timeout=20) as nobody:
        with pytest.raises((Unavailable, TimedOut)):
            await nobody.send(HELLO, to=ADA, request_id=request_id("a"))
        with pytest.raises(Unavailable):
            await nobody.ready(timeout=0.2)


async def test_of_a_batch_each_has_its_own_answer(client: Notifier) -> None:
    answers = await client.send_many(
        [
            (HELLO, ADA, request_id("many", "1")),
            (HELLO, "+15550100099", request_id("many", "2")),
        ]
    )
    assert isinstance(answers[0], Sent)
    assert isinstance(answers[1], UserUnknown)
    with pytest.raises(ValueError, match="1 to 500"):
        await client.send_many([])


async def test_what_waits_can_be_watched_and_taken_back(
    client: Notifier, graph: ScriptedGraph
) -> None:
    later = Message(
        type=Type.TASK_UPDATE,
        contents=[("reply", {"text": "Later"})],
        due_time=datetime.now(UTC) + timedelta(hours=1),
    )
    sent = await client.send(later, to=ADA, request_id=request_id("later"))
    with pytest.raises(TimedOut):
        await client.outcome(sent.notification_id, timeout=0.5)
    states = []
    async for followed in client.watch(request_id=request_id("later"), timeout=30):
        states.append(followed.state)
        if len(states) == 1:
            await client.cancel(sent.notification_id)
    assert states == [State.QUEUED, State.CANCELLED]
    assert states[-1].is_over
    await client.send(HELLO, to=ADA, request_id=request_id("now"))
    await client.outcome(request_id=request_id("now"), timeout=30)
    with pytest.raises(AlreadyStarted):
        await client.cancel(request_id=request_id("now"))


async def test_buttons_and_files_go_along(client: Notifier, graph: ScriptedGraph) -> None:
    asking = Message(
        type=Type.CONFIRMATION,
        contents=[("reply", {"text": "Shall I?"})],
        buttons=[Button("Yes", "v1:yes:turn:m_1"), Button("No", "v1:no:turn:m_1")],
    )
    await client.send(asking, to=ADA, request_id=request_id("asking"))
    filed = Message(
        type=Type.CONFIRMATION,
        contents=[("reply", {"text": "Your calendar"})],
        document=Document("ada.ics", "text/calendar", b"BEGIN:VCALENDAR"),
    )
    await client.send(filed, to=ADA, request_id=request_id("filed"))
    await graph.sent(2, 30.0)
    kinds = {body["type"] for body in graph.sends}
    assert kinds == {"interactive", "document"}


async def test_templates_and_previews_help_before_sending(client: Notifier) -> None:
    names = {template.name for template in await client.templates("en")}
    assert {"reply", "task_due", "event_created"} <= names
    assert len(await client.templates()) == 5 * len(names)
    shown = await client.preview(
        Message.template("event_created", type=Type.CONFIRMATION, title="Dinner", time="at 18:00"),
        locale="es",
    )
    assert shown.inside_window.text == "Evento 'Dinner' programado para at 18:00"


async def test_a_watch_outlives_a_slow_send(client: Notifier, graph: ScriptedGraph) -> None:
    graph.script.append(Reply(waits=True))
    sent = await client.send(HELLO, to=ADA, request_id=request_id("slow"))
    waiting = asyncio.create_task(client.outcome(sent.notification_id, timeout=30))
    await graph.sent(1, 30.0)
    graph.release.set()
    assert (await waiting).state is State.SENT


def test_the_same_cause_always_gives_the_same_id() -> None:
    assert request_id("parcel", "1") == request_id("parcel", "1")
    assert request_id("parcel", "1") != request_id("parcel", "2")
    with pytest.raises(ValueError, match="U\\+001F"):
        request_id("a\x1fb")
    naive = Message(type=Type.ERROR, contents=[], due_time=datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="zone"):
        request(naive, to=ADA, id_="")
    assert issubclass(UserUnknown, NotifierError)


def test_the_wheel_brings_the_client_and_the_stubs_and_nothing_of_the_services(
    tmp_path: Path,
) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=SDK, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("hark_notifier-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        archive.extractall(tmp_path / "site")
    assert "hark/notifier/v1/notifier_service_pb2_grpc.py" in names
    assert "hark_notifier/py.typed" in names
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"hark", "hark_notifier"}
    assert not [name for name in names if name.startswith(("hark/ai", "hark/scheduler"))]
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import hark_notifier as h;"
        "assert h.__file__.startswith(sys.argv[1]), h.__file__;"
        "loaded = {name.partition('.')[0] for name in sys.modules};"
        "bad = {'services', 'db', 'chassis', 'sqlalchemy'} & loaded;"
        "assert not bad, bad"
    )
    check = [sys.executable, "-c", code, str(tmp_path / "site")]
    done = subprocess.run(check, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
