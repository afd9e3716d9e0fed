"""Handing stored parts on: messages to ai, everything else to the notifier."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from chassis.outcome import Bury, Outcome, Settle
from services.ingress.domain.account import (
    UNKNOWN_FIELD,
    AccountChange,
    Recorded,
    is_known_field,
    read_account,
)
from services.ingress.domain.identity import identity_updates
from services.ingress.domain.json import parse
from services.ingress.domain.message import other_number
from services.ingress.domain.moment import moment_of
from services.ingress.domain.part import Kind
from services.ingress.domain.status import Skipped, read_status
from services.ingress.ports import Notifier, StoredPart
from services.ingress.usecases.conversation import Conversation

_OTHER_NUMBER = "NOT_OUR_NUMBER"


class Handling:
    """Hands parts on. What it raises is a failure that the inbox weighs: poison or outage.

    `counted` is told of each change of the account: its field, or `UNKNOWN_FIELD`.
    """

    def __init__(
        self,
        conversation: Conversation,
        notifier: Notifier,
        *,
        phone_id: str,
        counted: Callable[[str], None] = lambda _field: None,
    ) -> None:
        self._conversation = conversation
        self._notifier = notifier
        self._phone_id = phone_id
        self._counted = counted

    async def handle(self, part: StoredPart) -> Outcome:
        """What becomes of one part."""
        match part.kind:
            case Kind.MESSAGE:
                return await self._conversation.handle(part)
            case Kind.STATUS:
                return await self._status(part)
            case Kind.ACCOUNT:
                return await self._account(part)
            case Kind.UNREADABLE:
                return Bury(reason=part.type)
            case _:
                assert_never(part.kind)

    async def _status(self, part: StoredPart) -> Outcome:
        try:
            status = read_status(
                parse(part.payload), phone_id=self._phone_id, received=part.receive_time
            )
        except Skipped as skipped:
            return skip(skipped.reason)
        await self._notifier.record_status(status)
        return Settle()

    async def _account(self, part: StoredPart) -> Outcome:
        self._counted(part.type if is_known_field(part.type) else UNKNOWN_FIELD)
        payload = parse(part.payload)
        value = payload.get("value")
        if other_number(value if isinstance(value, dict) else payload, self._phone_id):
            return skip(_OTHER_NUMBER)
        if part.type == "user_id_update" and isinstance(value, dict):
            return await self._user_ids(part, value)
        match read_account(part.type, payload):
            case Recorded(reason=reason):
                return skip(reason)
            case AccountChange() as change:
                await self._notifier.record_account(
                    change, change_id=part.change_id, receive_time=part.receive_time
                )
                return Settle()

    async def _user_ids(self, part: StoredPart, value: dict[str, object]) -> Outcome:
        changes = list(identity_updates(value))
        for change, timestamp in changes:
            await self._notifier.record_identity(
                change,
                message_id=part.change_id,
                change_time=moment_of(timestamp, part.receive_time),
            )
        return Settle() if changes else skip("NOTHING_CHANGED")


def skip(reason: str) -> Settle:
    """Recorded with a reason, and nothing else."""
    return Settle(values={"skipped_reason": reason})
