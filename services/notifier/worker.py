"""The edge driven by the queue: a claimed row becomes a delivery."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from chassis import context, tracing
from chassis.clock import Clock
from chassis.log import get_logger
from chassis.outcome import Outcome
from chassis.routine import Routine
from db.due import Claim
from db.engine import is_outage
from services.notifier.domain.breaker import BreakerState
from services.notifier.domain.notification import State
from services.notifier.ports import Breakers, Claimed
from services.notifier.usecases.quota import QuotaReading

LOOK = timedelta(seconds=1)
CAP_LOOK = timedelta(seconds=5)

log = get_logger()

# What a claim brings along, so that no statement is needed to read it.
COLUMNS = (
    "notification_id",
    "user_id",
    "kind",
    "state",
    "body",
    "ambiguous",
    "create_time",
    "send_time",
    "expire_time",
    "reply_to_message_id",
)


def handler(
    deliver: Callable[[Claimed], Awaitable[Outcome]],
) -> Callable[[Claim], Awaitable[Outcome]]:
    """What the due worker calls for each claim."""

    async def handle(claim: Claim) -> Outcome:
        row = claim.row
        claimed = Claimed(
            row=claim.id,
            fence=claim.fence,
            notification_id=str(row["notification_id"]),
            user_id=row["user_id"],
            kind=row["kind"],
            state=State(row["state"]),
            body=row["body"],
            ambiguous=row["ambiguous"],
            due_time=claim.due_time,
            create_time=row["create_time"],
            send_time=row["send_time"],
            expire_time=row["expire_time"],
        )
        with (
            context.bind(message_id=row["reply_to_message_id"]),
            tracing.span("deliver notification", kind=claimed.kind),
        ):
            return await deliver(claimed)

    return handle


def breaker_watch(breakers: Breakers, *, clock: Clock, tell: Callable[[bool], None]) -> Routine:
    """Tells every second whether the breaker keeps sends from starting."""

    async def look() -> None:
        breaker = await breakers.state()
        tell(breaker.state(clock.now()) is not BreakerState.CLOSED)

    return Routine("notifier breaker", look, every=LOOK, is_outage=is_outage)


def cap_watch(reading: QuotaReading, tell: Callable[[Mapping[str, float]], None]) -> Routine:
    """Tells every few seconds how much of each cap is used, 0 to 1."""

    async def look() -> None:
        quota = await reading.read("")
        tell({cap.name: cap.used / cap.limit for cap in quota.caps if cap.limit})

    return Routine("notifier caps", look, every=CAP_LOOK, is_outage=is_outage)
