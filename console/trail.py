"""Every step one message took through the four services, asked of each over gRPC."""

from __future__ import annotations

import os
import re
import uuid
from base64 import b64decode
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Protocol

from chassis.channel import Peer
from chassis.crypto import derive
from chassis.errors import Code, RemoteError
from chassis.ids import message_id as message_id_of
from console.steps import Mood, Step, of_notice, of_notification, of_part, of_turn
from hark.ai.v1.ai_service_pb2 import ListTurnsRequest
from hark.ai.v1.ai_service_pb2_grpc import AiServiceStub
from hark.ingress.v1.ingress_service_pb2 import ListPartsRequest
from hark.ingress.v1.ingress_service_pb2_grpc import IngressServiceStub
from hark.notifier.v1.notification_pb2 import Notification
from hark.notifier.v1.notifier_service_pb2 import GetNotificationRequest, ListNotificationsRequest
from hark.notifier.v1.notifier_service_pb2_grpc import NotifierServiceStub
from hark.scheduler.v1.scheduler_service_pb2 import ListNoticesRequest
from hark.scheduler.v1.scheduler_service_pb2_grpc import SchedulerServiceStub

_TIMEOUT = 5.0
_MOST = 20
_MESSAGE_ID = re.compile(r"m_[a-z2-7]{26}")

Notifications = dict[str, Notification]
Found = AsyncIterator[Step]


class Peers(Protocol):
    """The four services."""

    ingress: Peer
    ai: Peer
    scheduler: Peer
    notifier: Peer


class Trail:
    """What was found about one message; who did not answer is part of it."""

    def __init__(self, wanted: str) -> None:
        self.wanted = wanted
        self.steps: list[Step] = []
        self.silent: list[str] = []
        self.notifications: Notifications = {}

    async def ask(self, service: str, steps: Found) -> None:
        """Adds what one service says, or that it does not."""
        try:
            async for step in steps:
                self.steps.append(step)
        except RemoteError as error:
            self.silent.append(f"{service} did not say: {error.remote_reason} ({error.message})")
        self.steps.sort(key=lambda step: step.time)

    @property
    def verdict(self) -> tuple[Mood | None, str]:
        """Where it stands, or where it died and why; no mood where nobody knows it."""
        return verdict_of(self.steps, is_whole=not self.silent)


async def follow(wanted: str, peers: Peers) -> Trail:
    """Everything about a message, by its id or that of a notification or request about it."""
    found, message_id = Trail(wanted), message_id_in(wanted)
    if not message_id and _is_uuid(wanted):
        await found.ask("notifier", _one(peers.notifier, wanted, found.notifications))
        message_id = next((each.reply_to_message_id for each in found.notifications.values()), "")
    if message_id:
        found.wanted = message_id
        await found.ask("ingress", _parts(peers.ingress, message_id))
        await found.ask("ai", _turns(peers.ai, message_id))
        requests: list[str] = []
        await found.ask("scheduler", _notices(peers.scheduler, message_id, requests))
        answers = _answers(peers.notifier, message_id, requests, found.notifications)
        await found.ask("notifier", answers)
    return found


def message_id_in(wanted: str) -> str:
    """Hark's id of a message, also from WhatsApp's where the hash key is at hand."""
    if _MESSAGE_ID.fullmatch(wanted):
        return wanted
    key = os.environ.get("HARK_HASH_KEY", "")
    if wanted.startswith("wamid.") and key:
        return message_id_of(derive(b64decode(key), "message-id"), wanted)
    return ""


def _is_uuid(wanted: str) -> bool:
    try:
        uuid.UUID(wanted)
    except ValueError:
        return False
    return True


async def _parts(peer: Peer, message_id: str) -> Found:
    stub = IngressServiceStub(peer.channel)
    request = ListPartsRequest(message_id=message_id, page_size=_MOST)
    for part in (await peer.call(stub.ListParts, request, timeout=_TIMEOUT)).parts:
        for step in of_part(part):
            yield step


async def _turns(peer: Peer, message_id: str) -> Found:
    stub = AiServiceStub(peer.channel)
    request = ListTurnsRequest(message_id=message_id, page_size=_MOST)
    for turn in (await peer.call(stub.ListTurns, request, timeout=_TIMEOUT)).turns:
        for step in of_turn(turn):
            yield step


async def _notices(peer: Peer, message_id: str, requests: list[str]) -> Found:
    stub = SchedulerServiceStub(peer.channel)
    request = ListNoticesRequest(message_id=message_id, page_size=_MOST)
    for notice in (await peer.call(stub.ListNotices, request, timeout=_TIMEOUT)).notices:
        if notice.notification_request_id:
            requests.append(notice.notification_request_id)
        for step in of_notice(notice):
            yield step


async def _answers(peer: Peer, message_id: str, requests: list[str], known: Notifications) -> Found:
    stub = NotifierServiceStub(peer.channel)
    request = ListNotificationsRequest(reply_to_message_id=message_id, page_size=_MOST)
    answer = await peer.call(stub.ListNotifications, request, timeout=_TIMEOUT)
    for each in [*(listed.notification_id for listed in answer.notifications), *requests]:
        async for step in _one(peer, each, known):
            yield step


async def _one(peer: Peer, wanted: str, known: Notifications) -> Found:
    """A notification by its id or by the request that made it, once."""
    stub = NotifierServiceStub(peer.channel)
    for request in (
        GetNotificationRequest(notification_id=wanted),
        GetNotificationRequest(request_id=wanted),
    ):
        try:
            answer = await peer.call(stub.GetNotification, request, timeout=_TIMEOUT)
        except RemoteError as error:
            if error.remote_code is not Code.NOT_FOUND:
                raise
            continue
        if answer.notification.notification_id not in known:
            known[answer.notification.notification_id] = answer.notification
            for step in of_notification(answer.notification):
                yield step
        return


def after(time: datetime, start: datetime) -> str:
    """How long after the start it was, as people read it."""
    passed = time - start
    if passed < timedelta(seconds=100):
        return f"{passed.total_seconds() * 1000:,.0f} ms"
    return str(passed - timedelta(microseconds=passed.microseconds))


def verdict_of(steps: list[Step], *, is_whole: bool) -> tuple[Mood | None, str]:
    """Where a message stands, or where it died and why; no mood where nobody knows it."""
    if not steps:
        known = "Nobody knows it" if is_whole else "Nothing was found"
        advice = "give a message id (m_ and 26 letters), or a notification's or request's"
        return None, f"{known}: {advice}."
    ends = [step for step in steps if step.is_end]
    if died := [step for step in ends if step.mood is Mood.TROUBLE]:
        return Mood.TROUBLE, f"Died in {died[-1].service}: {died[-1].what}"
    if waits := [step for step in steps if step.mood is Mood.WAITS]:
        return Mood.WAITS, f"Waits in {waits[0].service}: {waits[0].what}"
    last = steps[-1]
    if ends and ends[-1] is last:
        return Mood.DONE, f"Ended in {last.service}: {last.what}"
    return Mood.DONE, f"Done {after(last.time, steps[0].time)} later: {last.what}"
