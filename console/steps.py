"""What the services say about one message, as steps in time; nothing of what was written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from hark.ai.v1.turn_pb2 import Turn
from hark.ingress.v1.part_pb2 import Part
from hark.notifier.v1.notification_pb2 import Attempt, Notification
from hark.scheduler.v1.scheduler_service_pb2 import Notice


class Mood(Enum):
    """How a step is to be read."""

    DONE = "done"
    WAITS = "waits"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that happened, or that is waited for, in one service.

    `is_end` says that nothing comes after it: skipped, given up, lost.
    """

    time: datetime
    service: str
    what: str
    mood: Mood = Mood.DONE
    is_end: bool = False


def of_part(part: Part) -> Iterator[Step]:
    """From the webhook to the end of its handling."""
    yield _step(part.receive_time, "ingress", f"received: {part.type}")
    tries = f", {part.attempts} failed" if part.attempts else ""
    put_off = f", put off {_times(part.postponements)}" if part.postponements else ""
    match part.state:
        case Part.STATE_HANDLED:
            yield _step(part.settle_time, "ingress", f"handled{put_off}{tries}")
        case Part.STATE_SKIPPED:
            what = f"skipped: {part.reason}{put_off}"
            yield _step(part.settle_time, "ingress", what, is_end=True)
        case Part.STATE_BURIED:
            what = f"given up: {part.reason} (part {part.part_id}){put_off}{tries}"
            yield _step(part.settle_time, "ingress", what, Mood.TROUBLE, is_end=True)
        case _:
            why = part.reason or "it is being handled, or an earlier one of this person is"
            mood = Mood.TROUBLE if part.attempts else Mood.WAITS
            yield _step(part.due_time, "ingress", f"due: {why}{put_off}{tries}", mood)


def of_turn(turn: Turn) -> Iterator[Step]:
    """From the understanding to the answer."""
    kinds = ", ".join(intent.kind for intent in turn.intents) or "nothing to act on"
    how = turn.path or turn.engine
    what = f"understood: {kinds} ({how}, {turn.confidence:.2f})"
    yield _step(turn.interpret_time, "ai", what)
    ends = {
        Turn.STATE_APPLIED: "applied: scheduler confirms",
        Turn.STATE_ANSWERED: "answered",
        Turn.STATE_ASKED: "asked back",
    }
    if end := ends.get(turn.state):
        yield _step(turn.finish_time, "ai", end)
    else:
        yield _step(turn.interpret_time, "ai", "not acted on yet", Mood.WAITS)


def of_notice(notice: Notice) -> Iterator[Step]:
    """From what scheduler means to say to the notifier."""
    named = f"{notice.kind} {notice.item}".strip()
    put_off = notice.postponement_count
    more = f", put off {_times(put_off)}: {notice.reason}" if put_off else ""
    match notice.state:
        case Notice.STATE_HANDED_OVER:
            yield _step(notice.settle_time, "scheduler", f"handed over: {named}{more}")
        case Notice.STATE_WITHDRAWN:
            yield _step(notice.settle_time, "scheduler", f"withdrawn: {named}, {notice.reason}")
        case Notice.STATE_BURIED:
            what = f"given up: {named}, {notice.reason}"
            yield _step(notice.settle_time, "scheduler", what, Mood.TROUBLE, is_end=True)
        case _:
            yield _step(notice.due_time, "scheduler", f"due: {named}{more}", Mood.WAITS)


def of_notification(notification: Notification) -> Iterator[Step]:
    """From the notifier to the person."""
    kind = notification.kind
    what = f"{kind}: taken on ({notification.notification_id})"
    yield _step(notification.create_time, "notifier", what)
    for attempt in notification.attempts:
        yield from _of_attempt(kind, attempt)
    for event in notification.events:
        code = f", code {event.provider_code}" if event.provider_code else ""
        mood = Mood.TROUBLE if event.status == "failed" else Mood.DONE
        yield _step(event.record_time, "WhatsApp", f"{kind}: {event.status}{code}", mood)
    state = Notification.State.Name(notification.state).removeprefix("STATE_")
    reason = f", {notification.state_reason}" if notification.state_reason else ""
    if notification.state in _WAITING:
        yield _step(notification.due_time, "notifier", f"{kind} is {state}{reason}", Mood.WAITS)
    elif notification.state in _LOST:
        at, what = _last_time(notification), f"{kind} is {state}{reason}"
        yield _step(at, "notifier", what, Mood.TROUBLE, is_end=True)


def _of_attempt(kind: str, attempt: Attempt) -> Iterator[Step]:
    shape = f" as {attempt.template}" if attempt.template else ""
    yield _step(attempt.start_time, "notifier", f"{kind}: attempt {attempt.number}{shape}")
    outcome = Attempt.Outcome.Name(attempt.outcome).removeprefix("OUTCOME_").lower()
    code = f", code {attempt.provider_code}" if attempt.provider_code else ""
    reason = f": {attempt.reason}" if attempt.reason else ""
    if not attempt.HasField("end_time"):
        yield _step(attempt.start_time, "notifier", f"{kind}: no outcome yet", Mood.WAITS)
        return
    accepted = attempt.outcome == Attempt.OUTCOME_ACCEPTED
    what = f"{kind}: {outcome}{reason}{code}"
    yield _step(attempt.end_time, "notifier", what, Mood.DONE if accepted else Mood.TROUBLE)


def _last_time(notification: Notification) -> Timestamp:
    ends = [each.end_time for each in notification.attempts if each.HasField("end_time")]
    return ends[-1] if ends else notification.create_time


def _step(
    at: Timestamp, service: str, what: str, mood: Mood = Mood.DONE, *, is_end: bool = False
) -> Step:
    time = at.ToDatetime(tzinfo=UTC)
    return Step(time=time, service=service, what=what, mood=mood, is_end=is_end)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


_WAITING: frozenset[Any] = frozenset(
    (
        Notification.STATE_QUEUED,
        Notification.STATE_SENDING,
        Notification.STATE_HELD,
        Notification.STATE_UNKNOWN,
    )
)
_LOST: frozenset[Any] = frozenset(
    (
        Notification.STATE_FAILED,
        Notification.STATE_CANCELLED,
        Notification.STATE_EXPIRED,
        Notification.STATE_DEAD,
    )
)
