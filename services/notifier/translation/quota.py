"""Between the wire's caps and the domain's; decides nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from hark.notifier.v1 import quota_pb2 as wire
from hark.notifier.v1.notifier_service_pb2 import GetQuotaResponse
from services.notifier.usecases.quota import Quota


def quota(read: Quota) -> GetQuotaResponse:
    """All caps, the breaker, and what is held."""
    breaker = read.breaker
    return GetQuotaResponse(
        caps=[
            wire.Cap(
                name=each.name,
                limit=each.limit,
                window=_duration(each.window),
                used_count=each.used,
                free_count=each.free,
                free_time=_stamp(each.free_time),
            )
            for each in read.caps
        ],
        breaker=wire.Breaker(
            state=wire.Breaker.State.ValueType(breaker.state(read.now)),
            open_until=_stamp(breaker.open_until),
            failure_count=breaker.failures,
            reason=breaker.reason,
        ),
        held_counts=[
            wire.HeldCount(reason=reason, count=count)
            for reason, count in sorted(read.held.items())
        ],
    )


def _duration(length: timedelta | None) -> Duration | None:
    if length is None:
        return None
    message = Duration()
    message.FromTimedelta(length)
    return message


def _stamp(time: datetime | None) -> Timestamp | None:
    if time is None:
        return None
    message = Timestamp()
    message.FromDatetime(time)
    return message
