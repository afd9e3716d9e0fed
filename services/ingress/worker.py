"""Takes parts from the inbox and has each one handled, in the order of its lane."""

from __future__ import annotations

from typing import Any

from chassis import context
from chassis.outcome import Outcome
from db.due import Claim
from db.sealed import Seal
from services.ingress.domain.names import message_id
from services.ingress.domain.part import Kind
from services.ingress.ports import StoredPart
from services.ingress.storage.inbox import payload_place
from services.ingress.usecases import Handling

# What a claim must bring along.
COLUMNS = ("kind", "type", "dedupe_key", "message_key", "payload", "receive_time")


class PartHandler:
    """What the queue's worker calls for each claim."""

    def __init__(self, handling: Handling, seal: Seal, *, max_attempts: int) -> None:
        self._handling = handling
        self._seal = seal
        self._max_attempts = max_attempts

    async def __call__(self, claim: Claim) -> Outcome:
        """Handles one part; exceptions are weighed by the queue."""
        part = self._part(claim)
        with context.bind(request_id=part.message_id, message_id=part.message_id):
            return await self._handling.handle(part)

    def _part(self, claim: Claim) -> StoredPart:
        row: Any = claim.row
        key = row["message_key"]
        return StoredPart(
            kind=Kind(row["kind"]),
            type=row["type"],
            message_id=message_id(key) if key is not None else "",
            payload=self._seal.open(row["payload"], payload_place(row["dedupe_key"])),
            receive_time=row["receive_time"],
            is_last_attempt=claim.attempts + 1 >= self._max_attempts,
        )
