"""A person wrote: who they are, and until when they can be answered freely."""

from __future__ import annotations

from chassis.clock import Clock
from services.notifier.domain.contact import Person
from services.notifier.ports import Contacts, Inbound, ReadMarks


class InboundRecording:
    """Records what people sent."""

    def __init__(self, contacts: Contacts, read_marks: ReadMarks, *, clock: Clock) -> None:
        self._contacts = contacts
        self._read_marks = read_marks
        self._clock = clock

    async def record(self, inbound: Inbound, *, mark_read: bool) -> Person:
        """Tells who wrote; the read mark goes out in the background and may fail."""
        person = await self._contacts.record_inbound(inbound, self._clock.now())
        if mark_read:
            self._read_marks.offer(inbound.wamid)
        return person
