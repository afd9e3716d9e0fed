"""The edge driven by the queue: a claimed row becomes a delivery."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from chassis.outcome import Outcome
from db.due import Claim
from services.notifier.domain.notification import State
from services.notifier.ports import Claimed
from services.notifier.usecases.delivery import Delivery

# What a claim brings along, so that no statement is needed to read it.
COLUMNS = (
    "notification_id",
    "user_id",
    "kind",
    "state",
    "body",
    "ambiguous",
    "create_time",
    "expire_time",
)


def handler(delivery: Delivery) -> Callable[[Claim], Awaitable[Outcome]]:
    """What the due worker calls for each claim."""

    async def handle(claim: Claim) -> Outcome:
        row = claim.row
        return await delivery.deliver(
            Claimed(
                row=claim.id,
                fence=claim.fence,
                notification_id=str(row["notification_id"]),
                user_id=row["user_id"],
                kind=row["kind"],
                state=State(row["state"]),
                body=row["body"],
                ambiguous=row["ambiguous"],
                create_time=row["create_time"],
                expire_time=row["expire_time"],
            )
        )

    return handle
