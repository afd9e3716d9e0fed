"""What becomes of a notice after what notifier answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import assert_never

from chassis.backoff import delay
from chassis.outcome import Bury, Outcome, Postpone, Settle
from services.scheduler.ports import Accepted, Alarm, Deferred, Handover, Refused

_RETRY_BASE = timedelta(milliseconds=250)
_RETRY_CAP = timedelta(seconds=30)


def outcome(alarm: Alarm, answer: Handover, now: datetime, rng: Random) -> Outcome:
    """Settled, buried, or to be tried again."""
    match answer:
        case Accepted():
            return Settle()
        case Refused():
            return Bury(reason=answer.reason)
        case Deferred():
            retry = answer.retry_time or now + pause(alarm, rng)
            return Postpone(due_time=retry, reason=answer.reason)
        case _:
            assert_never(answer)


def pause(alarm: Alarm, rng: Random) -> timedelta:
    """How long to wait before the next try; grows with the tries."""
    return delay(alarm.postponements + 1, base=_RETRY_BASE, cap=_RETRY_CAP, rng=rng)
