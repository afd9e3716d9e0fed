"""Accepting a webhook: authentic, split, on disk, and only then answered."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.log import get_logger
from services.ingress.domain.names import Names
from services.ingress.domain.part import Part
from services.ingress.domain.signature import Signatures
from services.ingress.domain.webhook import split, unreadable
from services.ingress.ports import Inbox

log = get_logger()


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
