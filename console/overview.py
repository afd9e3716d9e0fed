"""How Hark is doing, from what the services list: rates, success, reply times, queues, caps."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from console.sessions import Services
from hark.ingress.v1.ingress_service_pb2 import GetInboxRequest, ListPartsRequest
from hark.ingress.v1.ingress_service_pb2_grpc import IngressServiceStub
from hark.ingress.v1.part_pb2 import Part
from hark.notifier.v1.notification_pb2 import Notification
from hark.notifier.v1.notifier_service_pb2 import GetQuotaRequest, ListNotificationsRequest
from hark.notifier.v1.notifier_service_pb2_grpc import NotifierServiceStub

TIMEOUT = 3.0
MINUTES = 60
_PAGE = 200
# So many pages of parts are read at most: the cost of looking must not grow with the traffic.
_PAGES = 5
_DONE = (Part.STATE_HANDLED, Part.STATE_SKIPPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What was read: the newest parts and notifications, and whether that was all of the hour."""

    parts: Sequence[Part]
    notifications: Sequence[Notification]
    is_whole: bool


async def overview(services: Services, *, now: datetime | None = None) -> dict[str, Any]:
    """Everything that the first view shows. Raises RemoteError."""
    now = now or datetime.now(UTC)
    ingress = IngressServiceStub(services.ingress.channel)
    notifier = NotifierServiceStub(services.notifier.channel)
    inbox, quota, sample = await asyncio.gather(
        services.ingress.call(ingress.GetInbox, GetInboxRequest(), timeout=TIMEOUT),
        services.notifier.call(notifier.GetQuota, GetQuotaRequest(), timeout=TIMEOUT),
        read_sample(services, now),
    )
    return {
        "time": now.isoformat(),
        "inbox": {
            "open": inbox.open_count,
            "ready": inbox.ready_count,
            "buried": inbox.buried_count,
            "oldest_seconds": inbox.oldest_age.ToTimedelta().total_seconds(),
        },
        "caps": [
            {"name": cap.name, "limit": cap.limit, "used": cap.used_count} for cap in quota.caps
        ],
        "breaker": {
            "state": type(quota.breaker).State.Name(quota.breaker.state).removeprefix("STATE_"),
            "reason": quota.breaker.reason,
        },
        "held": {each.reason: each.count for each in quota.held_counts},
        **summary(sample, await reply_seconds(services, sample), now),
    }


async def read_sample(services: Services, now: datetime) -> Sample:
    """The parts and notifications of the last hour, the newest of them where there are many."""
    ingress = IngressServiceStub(services.ingress.channel)
    notifier = NotifierServiceStub(services.notifier.channel)
    since = now - timedelta(minutes=MINUTES)
    parts: list[Part] = []
    token, is_whole = "", False
    for _ in range(_PAGES):
        request = ListPartsRequest(page_size=_PAGE, page_token=token)
        page = await services.ingress.call(ingress.ListParts, request, timeout=TIMEOUT)
        parts += [part for part in page.parts if moment(part.receive_time) >= since]
        token = page.next_page_token
        if not token or len(parts) < len(page.parts):
            is_whole = True
            break
    listed = await services.notifier.call(
        notifier.ListNotifications, ListNotificationsRequest(page_size=_PAGE), timeout=TIMEOUT
    )
    return Sample(parts=parts, notifications=listed.notifications, is_whole=is_whole)


async def reply_seconds(services: Services, sample: Sample) -> Sequence[float]:
    """How long the replies to the sample's messages took. Raises RemoteError."""
    received = {
        part.message_id: moment(part.receive_time)
        for part in sample.parts
        if part.kind == Part.KIND_MESSAGE and part.message_id
    }
    return await services.reply_times.seconds(received, sample.notifications)


def summary(sample: Sample, replies: Sequence[float], now: datetime) -> dict[str, Any]:
    """Messages a minute, how many of them succeeded, and how long replies took."""
    messages = [part for part in sample.parts if part.kind == Part.KIND_MESSAGE]
    per_minute = Counter(
        int((now - moment(part.receive_time)).total_seconds() // 60) for part in messages
    )
    over = [part for part in messages if part.state in (*_DONE, Part.STATE_BURIED)]
    seconds = sorted(replies)
    states = Counter(
        Notification.State.Name(each.state).removeprefix("STATE_") for each in sample.notifications
    )
    return {
        "is_whole": sample.is_whole,
        "per_minute": [per_minute.get(MINUTES - 1 - n, 0) for n in range(MINUTES)],
        "success": sum(part.state in _DONE for part in over) / len(over) if over else None,
        "messages": len(messages),
        "reply_p50": percentile(seconds, 0.5),
        "reply_p99": percentile(seconds, 0.99),
        "replies": len(seconds),
        "notification_states": dict(states),
    }


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """The value below which this share of the sample lies; None of nothing."""
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else None


def moment(stamp: Timestamp) -> datetime:
    """As a datetime with its zone."""
    return stamp.ToDatetime(UTC)
