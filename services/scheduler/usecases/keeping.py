"""What operators and a person's rights ask for: the trace of notices, and erasure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from chassis.ids import derived_id
from services.scheduler.ports import Records, Trace
from services.scheduler.usecases.applying import confirmation_id


class Keeping:
    """Looks into what is kept, and does away with it."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def of_message(self, message_id: str) -> Sequence[Trace]:
        """The notice that answers a message, if it changed anything."""
        # ai derives its request from the message, and the notice is derived from the request.
        notice_id = confirmation_id(derived_id("apply", message_id))
        return await self._records.notice(notice_id)

    async def of_person(
        self, user_id: str, *, before: int, limit: int
    ) -> tuple[Sequence[Trace], bool]:
        """A person's notices, newest first, and whether there are more."""
        found = await self._records.notices(user_id, before=before, limit=limit + 1)
        return found[:limit], len(found) > limit

    async def erase(self, user_id: str, *, generation: int, until: datetime) -> int:
        """Destroys all of a person, up to this generation; how many rows went."""
        return await self._records.erase(user_id, generation=generation, until=until)
