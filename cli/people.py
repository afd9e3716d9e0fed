"""What an operator asks of all services about one person."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

from google.protobuf.json_format import MessageToDict
from rich.console import Console

from chassis.channel import Peer
from chassis.errors import RemoteError
from chassis.ids import derived_id
from cli.peers import AI, INGRESS, NOTIFIER, SCHEDULER, peer_at
from hark.ai.v1.ai_service_pb2 import ListTurnsRequest
from hark.ai.v1.ai_service_pb2_grpc import AiServiceStub
from hark.ingress.v1.erasure_pb2 import Erasure
from hark.ingress.v1.ingress_service_pb2 import (
    EraseUserRequest,
    GetErasureRequest,
    ListErasuresRequest,
)
from hark.ingress.v1.ingress_service_pb2_grpc import IngressServiceStub
from hark.notifier.v1.contact_pb2 import Contact
from hark.notifier.v1.notifier_service_pb2 import GetContactRequest, ListNotificationsRequest
from hark.notifier.v1.notifier_service_pb2_grpc import NotifierServiceStub
from hark.scheduler.v1.scheduler_service_pb2 import (
    ExportCalendarRequest,
    GetPreferencesRequest,
    ListEventsRequest,
    ListTasksRequest,
)
from hark.scheduler.v1.scheduler_service_pb2_grpc import SchedulerServiceStub

REFUSED = 1
NOT_FINISHED = 2
_TIMEOUT = 20.0
_PAGE = 200
# Nobody has more of one kind; it keeps a mistake from going on for ever.
_MOST_PAGES = 10_000
_LOOK_EVERY = 0.5

_console = Console(highlight=False)
_errors = Console(stderr=True, highlight=False)


def export(who: str, folder: Path) -> int:
    """Writes hark.json and hark.ics about a person."""

    async def work() -> int:
        found = await _contact(who)
        notifier, scheduler, ai = await asyncio.gather(
            _asked(NOTIFIER, lambda peer: _notifications(peer, found.user_id)),
            _asked(SCHEDULER, lambda peer: _plans(peer, found.user_id)),
            _asked(AI, lambda peer: _turns(peer, found.user_id)),
        )
        calendar = scheduler.pop("calendar")
        whole = {"contact": _dict(found), "notifications": notifier, **scheduler, "turns": ai}
        _write(folder, whole, calendar)
        _console.print(f"{folder / 'hark.json'} and {folder / 'hark.ics'} are written.")
        return 0

    return _run(work)


def erase(who: str, *, wait: float) -> int:
    """Has a person erased; waits for the receipt."""

    async def work() -> int:
        user_id = who if _is_uuid(who) else (await _contact(who)).user_id
        request = EraseUserRequest(user_id=user_id, request_id=derived_id("erase", user_id))
        await _asked(INGRESS, partial(_erase, request=request))
        return await _receipt(user_id, time.monotonic() + wait)

    return _run(work)


def print_ledger() -> int:
    """Prints every erasure there was."""

    async def work() -> int:
        for erasure in await _asked(INGRESS, _ledger):
            entry = {"user_id": erasure.user_id, "erase_time": erasure.erase_time.ToJsonString()}
            _console.print(json.dumps(entry), soft_wrap=True)
        return 0

    return _run(work)


def reapply(ledger: Path) -> int:
    """Asks for every erasure of a ledger once more."""

    entries = [json.loads(line) for line in ledger.read_text().splitlines() if line.strip()]

    async def work() -> int:
        for entry in entries:
            request = EraseUserRequest(
                user_id=entry["user_id"], request_id=str(uuid.uuid4()), is_repeat=True
            )
            request.erase_time.FromJsonString(entry["erase_time"])
            await _asked(INGRESS, partial(_erase, request=request))
        _console.print(f"{len(entries)} erasures are under way; see `hark user erasures`.")
        return 0

    return _run(work)


async def _receipt(user_id: str, until: float) -> int:
    request = GetErasureRequest(user_id=user_id)

    async def look(peer: Peer) -> Erasure:
        stub = IngressServiceStub(peer.channel)
        return (await peer.call(stub.GetErasure, request, timeout=_TIMEOUT)).erasure

    while (found := await _asked(INGRESS, look)).state != Erasure.STATE_FINISHED:
        if time.monotonic() >= until:
            _errors.print("It is recorded and goes on; the receipt is not there yet.")
            return NOT_FINISHED
        await asyncio.sleep(_LOOK_EVERY)
    _console.print(json.dumps(_dict(found), indent=2))
    return 0


async def _erase(peer: Peer, request: EraseUserRequest) -> Erasure:
    stub = IngressServiceStub(peer.channel)
    return (await peer.call(stub.EraseUser, request, timeout=_TIMEOUT)).erasure


async def _ledger(peer: Peer) -> list[Erasure]:
    stub = IngressServiceStub(peer.channel)
    return await _pages(peer, stub.ListErasures, ListErasuresRequest(page_size=_PAGE), "erasures")


async def _contact(who: str) -> Contact:
    request = (
        GetContactRequest(user_id=who) if _is_uuid(who) else GetContactRequest(phone_number=who)
    )

    async def ask(peer: Peer) -> Contact:
        stub = NotifierServiceStub(peer.channel)
        return (await peer.call(stub.GetContact, request, timeout=_TIMEOUT)).contact

    found: Contact = await _asked(NOTIFIER, ask)
    return found


async def _notifications(peer: Peer, user_id: str) -> list[Any]:
    stub = NotifierServiceStub(peer.channel)
    request = ListNotificationsRequest(user_id=user_id, page_size=_PAGE)
    return [
        _dict(each) for each in await _pages(peer, stub.ListNotifications, request, "notifications")
    ]


async def _turns(peer: Peer, user_id: str) -> list[Any]:
    stub = AiServiceStub(peer.channel)
    request = ListTurnsRequest(user_id=user_id, page_size=_PAGE)
    return [_dict(each) for each in await _pages(peer, stub.ListTurns, request, "turns")]


async def _plans(peer: Peer, user_id: str) -> dict[str, Any]:
    stub = SchedulerServiceStub(peer.channel)
    preferences = await peer.call(
        stub.GetPreferences, GetPreferencesRequest(user_id=user_id), timeout=_TIMEOUT
    )
    calendar = await peer.call(
        stub.ExportCalendar, ExportCalendarRequest(user_id=user_id), timeout=_TIMEOUT
    )
    events = ListEventsRequest(user_id=user_id, page_size=_PAGE, include_cancelled=True)
    tasks = ListTasksRequest(user_id=user_id, page_size=_PAGE, include_completed=True)
    return {
        "preferences": _dict(preferences.preferences),
        "events": [_dict(each) for each in await _pages(peer, stub.ListEvents, events, "events")],
        "tasks": [_dict(each) for each in await _pages(peer, stub.ListTasks, tasks, "tasks")],
        "calendar": calendar.content,
    }


async def _pages(peer: Peer, method: Any, request: Any, field: str) -> list[Any]:
    found: list[Any] = []
    for _ in range(_MOST_PAGES):
        answer = await peer.call(method, request, timeout=_TIMEOUT)
        found += getattr(answer, field)
        if not answer.next_page_token:
            break
        request.page_token = answer.next_page_token
    return found


async def _asked(
    address: tuple[str, str], question: Callable[[Peer], Coroutine[Any, Any, Any]]
) -> Any:
    peer = peer_at(address)
    try:
        return await question(peer)
    finally:
        await peer.close()


def _run(work: Callable[[], Coroutine[Any, Any, int]]) -> int:
    try:
        return asyncio.run(work())
    except RemoteError as error:
        _errors.print(f"{error.remote_reason}: {error.message}", style="red")
        return REFUSED


def _write(folder: Path, whole: dict[str, Any], calendar: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(whole, indent=2, ensure_ascii=False)
    for name, content in (("hark.json", text.encode() + b"\n"), ("hark.ics", calendar)):
        # For whoever asked, and nobody else on this machine.
        path = folder / name
        path.touch(mode=0o600)
        path.write_bytes(content)


def _dict(message: Any) -> dict[str, Any]:
    return MessageToDict(message, preserving_proto_field_name=True)


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
