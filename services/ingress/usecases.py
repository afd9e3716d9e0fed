"""What can be asked of ingress: accept a webhook, handle a stored part, look into the inbox."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import assert_never

from chassis.log import get_logger
from chassis.outcome import Bury, Outcome, Settle
from services.ingress.domain.json import parse
from services.ingress.domain.message import Ignored, Unsupported, read_message
from services.ingress.domain.names import Names
from services.ingress.domain.part import Kind, Part
from services.ingress.domain.signature import Signatures
from services.ingress.domain.status import Skipped, read_status
from services.ingress.domain.webhook import split, unreadable
from services.ingress.ports import (
    Assistant,
    Inbox,
    InboxDepth,
    Notifier,
    Parts,
    PartSummary,
    Rejected,
    State,
    StoredPart,
)

log = get_logger()

# Changes of the account have no taker yet; who looks for them finds them under their type.
_NOT_HANDLED_YET = "NOT_HANDLED_YET"
# What was said elsewhere is recorded and never answered.
_RECORDED_ONLY = {"message_echoes": "ECHO", "smb_message_echoes": "ECHO", "history": "HISTORY"}


class Acceptance:
    """Makes a webhook durable."""

    def __init__(self, signatures: Signatures, names: Names, inbox: Inbox) -> None:
        self._check = signatures.check
        self._names = names
        self._store = inbox.store

    async def accept(self, body: bytes, signature: bytes) -> None:
        """Returns once every part of an authentic body is on disk.

        Raises `SignatureMismatch`, `InboxFull` or `InboxUnavailable`.
        """
        self._check(body, signature)
        await self._store(self._split(body))

    def _split(self, body: bytes) -> Sequence[Part]:
        try:
            return split(body, self._names)
        except Exception as error:
            # A mistake of ours must not have WhatsApp send the same body for seven days.
            log.error("webhook not split", exc_info=error)
            return [unreadable("NOT_SPLIT", body, self._names)]


class Handling:
    """Hands parts on. What it raises is a failure that the inbox weighs: poison or outage."""

    def __init__(self, *, assistant: Assistant, notifier: Notifier, phone_id: str) -> None:
        self._assistant = assistant
        self._notifier = notifier
        self._phone_id = phone_id

    async def handle(self, part: StoredPart) -> Outcome:
        """What becomes of one part."""
        match part.kind:
            case Kind.MESSAGE:
                return await self._message(part)
            case Kind.STATUS:
                return await self._status(part)
            case Kind.ACCOUNT:
                return _skip(_RECORDED_ONLY.get(part.type, _NOT_HANDLED_YET))
            case Kind.UNREADABLE:
                return Bury(reason=part.type)
            case _:
                assert_never(part.kind)

    async def _message(self, part: StoredPart) -> Outcome:
        message = read_message(
            parse(part.payload), phone_id=self._phone_id, received=part.receive_time
        )
        content = message.content
        if isinstance(content, Ignored):
            return _skip(content.reason)
        person = await self._notifier.record_inbound(
            message.sender,
            message_id=part.message_id,
            wamid=message.wamid,
            message_time=message.message_time,
        )
        try:
            await self._assistant.handle(
                person, content, message_id=part.message_id, message_time=message.message_time
            )
        except Rejected as error:
            if not part.is_last_attempt:
                raise
            await self._notifier.apologise(person.user_id, part.message_id)
            return Bury(reason=error.remote_reason)
        if isinstance(content, Unsupported):
            return _skip(f"UNSUPPORTED_{content.type.upper()}")
        return Settle()

    async def _status(self, part: StoredPart) -> Outcome:
        try:
            status = read_status(
                parse(part.payload), phone_id=self._phone_id, received=part.receive_time
            )
        except Skipped as skipped:
            return _skip(skipped.reason)
        await self._notifier.record_status(status)
        return Settle()


class Inspection:
    """Lets operators look into the inbox."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def depth(self, now: datetime) -> InboxDepth:
        """How full it is."""
        return await self._parts.depth(now)

    async def list(
        self, *, message_key: bytes | None, states: Collection[State], limit: int, before: int
    ) -> Sequence[PartSummary]:
        """Parts, newest first."""
        return await self._parts.list(
            message_key=message_key, states=states, limit=limit, before=before
        )

    async def redrive(self, part_ids: Sequence[int], now: datetime) -> int:
        """Opens buried parts again; how many."""
        return await self._parts.redrive(part_ids, now)


def _skip(reason: str) -> Settle:
    return Settle(values={"skipped_reason": reason})
