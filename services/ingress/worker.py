"""Takes parts from the inbox, in the order of their lanes, and erasures: each one is handled."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chassis import context, tracing
from chassis.clock import Clock
from chassis.errors import RemoteError, ServiceError
from chassis.log import describe, get_logger
from chassis.outcome import Outcome, Postpone, Settle
from db.due import Claim
from db.sealed import Seal
from services.ingress.domain.erasure import Stage
from services.ingress.domain.names import message_id
from services.ingress.domain.part import Kind
from services.ingress.ports import StoredPart
from services.ingress.storage import erasures
from services.ingress.storage.inbox import payload_place
from services.ingress.usecases import Handling
from services.ingress.usecases.erasing import Erasing

# What a claim must bring along.
COLUMNS = (
    "kind",
    "type",
    "dedupe_key",
    "lane",
    "message_key",
    "payload",
    "receive_time",
    "postponed_reason",
)
# A person's right is never given up: what fails is tried again, at last this often.
_MOST_PATIENCE = timedelta(minutes=5)

log = get_logger()


class PartHandler:
    """What the queue's worker calls for each claim."""

    def __init__(self, handling: Handling, seal: Seal, *, max_attempts: int) -> None:
        self._handling = handling
        self._seal = seal
        self._max_attempts = max_attempts

    async def __call__(self, claim: Claim) -> Outcome:
        """Handles one part; exceptions are weighed by the queue."""
        part = self._part(claim)
        with (
            context.bind(request_id=part.message_id, message_id=part.message_id),
            tracing.span("handle part", kind=part.kind.name.lower(), part_id=part.part_id),
        ):
            tracing.record("wait in inbox", started=part.receive_time.timestamp())
            return await self._handling.handle(part)

    def _part(self, claim: Claim) -> StoredPart:
        row: Any = claim.row
        key = row["message_key"]
        return StoredPart(
            part_id=claim.id,
            kind=Kind(row["kind"]),
            type=row["type"],
            message_id=message_id(key) if key is not None else "",
            change_id=message_id(row["dedupe_key"]),
            lane=row["lane"],
            payload=self._seal.open(row["payload"], payload_place(row["dedupe_key"])),
            receive_time=row["receive_time"],
            is_last_attempt=claim.attempts + 1 >= self._max_attempts,
            rounds=claim.postponements,
            put_off=row["postponed_reason"] or "",
        )


class ErasureHandler:
    """What the worker of erasures calls for each claim."""

    def __init__(self, erasing: Erasing, clock: Clock) -> None:
        self._erasing = erasing
        self._clock = clock

    async def __call__(self, claim: Claim) -> Outcome:
        """Carries one erasure a step further; whoever refuses is asked again, for ever."""
        row: Any = claim.row
        erasure = erasures.read(claim.id, row)
        with context.bind(request_id=erasure.request_id):
            try:
                done = await self._erasing.carry_out(erasure)
            except ServiceError as error:
                log.warning("erasure put off", user_id=erasure.user_id, **describe(error))
                wait = min(_MOST_PATIENCE, timedelta(seconds=2 ** min(claim.postponements, 9)))
                reason = error.remote_reason if isinstance(error, RemoteError) else error.reason
                return Postpone(due_time=self._clock.now() + wait, reason=reason)
        values = erasures.written(done)
        if done.stage is Stage.FINISHED:
            return Settle(values=values)
        return Postpone(due_time=self._erasing.next_time(), reason="SECOND_ROUND", values=values)
