"""What a provider's statuses prove about an attempt, and what the attempts prove together.

Statuses come late, doubled and in any order. An attempt's evidence is, for each thing WhatsApp can
say, the earliest time at which it is said to have happened: joining evidence is commutative,
associative and idempotent, and the standing read from it only ever moves forward.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import assert_never

from services.notifier.domain.notification import AttemptOutcome, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is proven about one attempt; `failed_code` is Meta's code of the failure, 0 if none."""

    sent_time: datetime | None = None
    delivered_time: datetime | None = None
    read_time: datetime | None = None
    played_time: datetime | None = None
    failed_time: datetime | None = None
    failed_code: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One status as it came in; what WhatsApp calls things that Hark does not know is kept."""

    status: str
    event_time: datetime
    provider_code: int = 0


NOTHING = Evidence()
_PROOF = {
    "sent": "sent_time",
    "delivered": "delivered_time",
    "read": "read_time",
    "played": "played_time",
    "failed": "failed_time",
}
# How far each standing of one attempt is. A device that has it outweighs another that failed.
RANK = {State.SENT: 1, State.FAILED: 2, State.DELIVERED: 3, State.READ: 4, State.PLAYED: 5}


def observed(observation: Observation) -> Evidence:
    """What one status proves; an unknown one proves nothing."""
    name = _PROOF.get(observation.status)
    if name is None:
        return NOTHING
    code = observation.provider_code if name == "failed_time" else 0
    return replace(NOTHING, failed_code=code, **{name: observation.event_time})


def joined(one: Evidence, other: Evidence) -> Evidence:
    """Both together: the earliest time of each thing, the failure's code with its time."""
    times = {
        field.name: _earliest(getattr(one, field.name), getattr(other, field.name))
        for field in fields(Evidence)
        if field.name != "failed_code"
    }
    failures = [
        (evidence.failed_time, evidence.failed_code)
        for evidence in (one, other)
        if evidence.failed_time is not None
    ]
    return Evidence(**times, failed_code=min(failures)[1] if failures else 0)


def standing(evidence: Evidence) -> State | None:
    """The furthest that the evidence of one attempt proves; None where it proves nothing."""
    proven = (
        (evidence.played_time, State.PLAYED),
        (evidence.read_time, State.READ),
        (evidence.delivered_time, State.DELIVERED),
        (evidence.failed_time, State.FAILED),
        (evidence.sent_time, State.SENT),
    )
    return next((state for time, state in proven if time is not None), None)


def proven_state(attempts: Sequence[Evidence]) -> State | None:
    """What all attempts of one notification, oldest first, prove together.

    A failed attempt says nothing about the notification once another one has been started.
    """
    standings = [
        state
        for position, evidence in enumerate(attempts, start=1)
        if (state := standing(evidence)) is not None
        and (state is not State.FAILED or position == len(attempts))
    ]
    return max(standings, key=RANK.__getitem__, default=None)


def moved_state(
    state: State,
    before: Sequence[Evidence],
    after: Sequence[Evidence],
    *,
    last: AttemptOutcome,
    is_open: bool,
) -> State:
    """Where a notification in `state` stands after new evidence about its attempts, oldest first.

    `last` is how the newest attempt ended, and `is_open` whether the queue still has it. It moves
    forward, with one exception: what stood as sent because of an attempt that turns out to have
    failed stands where the newer attempt has it.
    """
    proven = proven_state(after)
    if proven is not None:
        return proven
    if state is not State.SENT or proven_state(before) is not State.SENT:
        return state
    match last:
        case AttemptOutcome.OPEN:
            return State.SENDING
        case AttemptOutcome.AMBIGUOUS:
            return State.UNKNOWN
        case AttemptOutcome.REFUSED:
            return State.QUEUED if is_open else State.FAILED
        case AttemptOutcome.ACCEPTED:
            return state
        case _:
            assert_never(last)


def arrivals(attempts: Sequence[Evidence]) -> int:
    """How many attempts are proven to have gone out and not to have failed."""
    return sum(standing(evidence) not in (None, State.FAILED) for evidence in attempts)


def together(attempts: Sequence[Evidence]) -> Evidence:
    """The earliest of each thing over all attempts: what the notification itself shows."""
    whole = NOTHING
    for evidence in attempts:
        whole = joined(whole, evidence)
    return whole


def _earliest(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return min(one, other)
