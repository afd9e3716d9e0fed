"""The edge driven by the queue: a claimed row becomes a delivery."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from chassis.clock import Clock
from chassis.log import get_logger
from chassis.outcome import Outcome
from db.due import Claim
from db.engine import is_outage
from services.notifier.domain.breaker import BreakerState
from services.notifier.domain.notification import State
from services.notifier.ports import Breakers, Claimed

LOOK = timedelta(seconds=1)

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
)


def handler(
    deliver: Callable[[Claimed], Awaitable[Outcome]],
) -> Callable[[Claim], Awaitable[Outcome]]:
    """What the due worker calls for each claim."""

    async def handle(claim: Claim) -> Outcome:
        row = claim.row
        return await deliver(
            Claimed(
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
        )

    return handle


class BreakerWatch:
    """Looks at the breaker every second and tells health and metrics. Fits `chassis.process`.

    `tell` is told whether it keeps sends from starting.
    """

    name = "notifier breaker"

    def __init__(self, breakers: Breakers, *, clock: Clock, tell: Callable[[bool], None]) -> None:
        self._breakers = breakers
        self._clock = clock
        self._tell = tell
        self._stopping = asyncio.Event()

    async def start(self) -> None:
        """Nothing to do before `run`."""

    async def run(self) -> None:
        """Looks until stopped."""
        while not self._stopping.is_set():
            try:
                breaker = await self._breakers.state()
                self._tell(breaker.state(self._clock.now()) is not BreakerState.CLOSED)
            except Exception as error:
                if not is_outage(error):
                    raise
                log.warning("breaker not read", error=type(error).__name__)
            try:
                async with asyncio.timeout(LOOK.total_seconds()):
                    await self._stopping.wait()
            except TimeoutError:
                continue

    async def stop(self) -> None:
        """Ends `run`."""
        self._stopping.set()
