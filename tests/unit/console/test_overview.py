"""What the console makes of what the services list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from console.overview import MINUTES, Sample, percentile, summary
from console.sessions import LIFE_SECONDS, MOST_SESSIONS, Sessions
from hark.ingress.v1.part_pb2 import Part
from hark.notifier.v1.notification_pb2 import Notification

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def a_part(state: Part.State.ValueType, *, ago: float, kind: int = Part.KIND_MESSAGE) -> Part:
    made = Part(state=state, kind=Part.Kind.ValueType(kind))
    made.receive_time.FromDatetime(NOW - timedelta(minutes=ago))
    return made


def test_messages_are_counted_by_minute_and_what_was_given_up_is_no_success() -> None:
    parts = [
        a_part(Part.STATE_HANDLED, ago=0.5),
        a_part(Part.STATE_SKIPPED, ago=0.5),
        a_part(Part.STATE_BURIED, ago=59.5),
        a_part(Part.STATE_HANDLED, ago=30),
        a_part(Part.STATE_OPEN, ago=0.1),
        a_part(Part.STATE_BURIED, ago=1, kind=Part.KIND_STATUS),
    ]
    notifications = [Notification(state=Notification.STATE_READ)] * 2
    seen = summary(Sample(parts=parts, notifications=notifications, is_whole=True), [], NOW)

    assert len(seen["per_minute"]) == MINUTES
    assert (seen["per_minute"][-1], seen["per_minute"][0], sum(seen["per_minute"])) == (3, 1, 5)
    assert seen["success"] == pytest.approx(3 / 4)
    assert seen["notification_states"] == {"READ": 2}


def test_of_nothing_there_is_no_rate_and_no_time() -> None:
    seen = summary(Sample(parts=[], notifications=[], is_whole=True), [], NOW)

    assert (seen["success"], seen["reply_p50"], seen["reply_p99"]) == (None, None, None)


@pytest.mark.parametrize(("share", "value"), [(0.5, 51), (0.99, 100), (1.0, 100)])
def test_a_percentile_is_one_of_the_values(share: float, value: int) -> None:
    assert percentile(list(range(1, 101)), share) == value


class Line:
    """Services that only know whether they were closed."""

    def __init__(self) -> None:
        self.is_closed = False

    async def close(self) -> None:
        self.is_closed = True


async def test_sessions_end_and_make_room() -> None:
    now, lines = [0.0], [Line() for _ in range(MOST_SESSIONS + 1)]
    waiting = iter(lines)
    sessions = Sessions(lambda _token: next(waiting), now=lambda: now[0])  # type: ignore[arg-type,return-value]

    names = [(await sessions.open("t"))[0] for _ in lines]

    assert await sessions.get(names[0]) is None
    assert lines[0].is_closed
    assert await sessions.get(names[1]) is not None
    now[0] = LIFE_SECONDS
    assert await sessions.get(names[1]) is None
    assert lines[1].is_closed
    assert await sessions.get("somebody") is None
