"""A person wrote: who they are, what they mean, and until when they can be answered freely."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.clock import Clock
from services.notifier.domain.contact import Person, Quoted, Renamed, Renaming
from services.notifier.ports import Inbound
from services.notifier.ports.people import Contacts, Correspondence, Names, ReadMarks


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """Who wrote, and the notification of ours that they reply or react to, if it is one."""

    person: Person
    quoted: Quoted | None


class InboundRecording:
    """Records what people sent, and by which names."""

    def __init__(
        self,
        contacts: Contacts,
        correspondence: Correspondence,
        names: Names,
        read_marks: ReadMarks,
        *,
        clock: Clock,
    ) -> None:
        self._contacts = contacts
        self._correspondence = correspondence
        self._names = names
        self._read_marks = read_marks
        self._clock = clock

    async def record(
        self, inbound: Inbound, *, mark_read: bool, quoted_wamid: str = ""
    ) -> Recorded:
        """Tells who wrote; the read mark goes out in the background and may fail.

        Raises UserErased.
        """
        person = await self._contacts.record_inbound(inbound, self._clock.now())
        if mark_read:
            self._read_marks.offer(inbound.wamid)
        quoted = None
        if quoted_wamid:
            quoted = await self._correspondence.quoted(person.user_id, quoted_wamid)
        return Recorded(person=person, quoted=quoted)

    async def show_typing(self, message_id: str) -> None:
        """Shows that this message is being answered, in the background. Raises MessageNotFound."""
        self._read_marks.offer(await self._correspondence.wamid(message_id), is_typing=True)

    async def rename(self, renaming: Renaming) -> Renamed:
        """Gives a person new names. Raises UserNotFound."""
        return await self._names.rename(renaming, self._clock.now())
