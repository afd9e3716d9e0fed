"""What people do with their phones: every one of these becomes a webhook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from chassis.clock import Clock
from simulator.domain.identity import business_scoped_user_id, inbound_wamid
from simulator.domain.inbound import event_part, message_part, system_part
from simulator.domain.media import Media, shown
from simulator.domain.message import Message
from simulator.domain.pace import NumberPace
from simulator.domain.part import Part
from simulator.domain.person import Person
from simulator.domain.problem import Problem
from simulator.domain.tap import tapped
from simulator.journal import monotonic
from simulator.media_shelf import MediaShelf
from simulator.phones import Phones
from simulator.webhooks.dispatch import Dispatch
from simulator.webhooks.sender import Delivery

_EDITABLE = timedelta(minutes=15)
# The id of what was sent, and the webhook that tells of it.
Sent = tuple[str, Delivery]


class Handset:
    """One method for each thing that a person can do."""

    def __init__(
        self,
        *,
        clock: Clock,
        phones: Phones,
        dispatch: Dispatch,
        shelf: MediaShelf,
        number: NumberPace,
        business_number: str,
    ) -> None:
        self._clock = clock
        self._phones = phones
        self._dispatch = dispatch
        self._shelf = shelf
        self._number = number
        self._business_number = business_number

    def write(
        self,
        person: Person,
        kind: str,
        content: dict[str, Any],
        *,
        reply_to: str | None = None,
        forwarded: bool = False,
    ) -> Sent:
        """Sends a message of any kind."""
        message = Message(
            wamid=inbound_wamid(person.wa_id),
            wa_id=person.wa_id,
            author="person",
            kind=kind,
            content=content,
            time=self._clock.now(),
            reply_to=reply_to,
            forwarded=forwarded,
        )
        person.last_wrote = message.time
        self._phones.add(message)
        part = message_part(message, person, self._business_number)
        return message.wamid, self._send(part, person)

    def send_media(
        self, person: Person, kind: str, media: Media, extra: dict[str, Any], **how: Any
    ) -> Sent:
        """Sends a file; Meta puts a link that lives 5 minutes beside its id."""
        content = shown(media) | extra | {"url": self._shelf.link(media)}
        if kind == "voice":
            kind, content = "audio", content | {"voice": True}
        return self.write(person, kind, content, **how)

    def tap(self, person: Person, target: Message, choice: str) -> Sent:
        """Taps a button, a list row, or a template's quick reply."""
        kind, content = tapped(target, choice)
        return self.write(person, kind, content, reply_to=target.wamid)

    def react(self, person: Person, target: Message, emoji: str) -> Sent:
        """Puts an emoji under a message, or takes it away with an empty one."""
        target.react("person", emoji)
        self._phones.changed(target)
        content = {"message_id": target.wamid} | ({"emoji": emoji} if emoji else {})
        return self._event(person, "reaction", content)

    def edit(self, person: Person, target: Message, text: str) -> Sent:
        """Changes the words of a message sent at most 15 minutes ago."""
        self._check_own(target)
        if self._clock.now() - target.time > _EDITABLE:
            raise Problem("a message can be edited for 15 minutes only")
        field = "body" if target.kind == "text" else "caption"
        target.content = target.content | {field: text}
        target.edited = True
        self._phones.changed(target)
        edited = {"type": target.kind, target.kind: target.content}
        return self._event(person, "edit", {"original_message_id": target.wamid, "message": edited})

    def revoke(self, person: Person, target: Message) -> Sent:
        """Deletes a message for everyone."""
        self._check_own(target)
        target.revoked = True
        target.content = {}
        self._phones.changed(target)
        return self._event(person, "revoke", {"original_message_id": target.wamid})

    @staticmethod
    def _check_own(target: Message) -> None:
        if target.author != "person" or target.revoked:
            raise Problem("only one's own messages, and not deleted ones, can be changed")

    def _event(self, person: Person, kind: str, content: dict[str, Any]) -> Sent:
        part = event_part(person, kind, content, inbound_wamid(person.wa_id), self._clock.now())
        self._phones.note(part.wamid, person)
        return part.wamid, self._send(part, person)

    def send_raw(self, person: Person, payload: dict[str, Any]) -> Sent:
        """Sends a message that holds exactly this beside the sender's fields: any odd shape."""
        part = event_part(person, "", {}, inbound_wamid(person.wa_id), self._clock.now(), payload)
        self._phones.note(part.wamid, person)
        return part.wamid, self._send(part, person)

    def send_unsupported(self, person: Person, what: str | None) -> Sent:
        """Sends something that the Cloud API cannot hand on, such as a poll."""
        error = {
            "code": 131051,
            "title": "Message type unknown",
            "message": "Message type unknown",
            "error_data": {"details": "Message type is currently not supported."},
        }
        payload: dict[str, Any] = {"type": "unsupported", "errors": [error]}
        if what is not None:
            payload["unsupported"] = {"type": what}
        return self.send_raw(person, payload)

    def change_number(self, person: Person, wa_id: str) -> Sent:
        """Moves to another number, which also makes a new user id."""
        old_number, old_id = person.wa_id, person.user_id
        new_id = business_scoped_user_id(wa_id, generation=1)
        self._phones.renamed(person, wa_id=wa_id, user_id=new_id)
        part = system_part(
            person,
            old_number=old_number,
            old_id=old_id,
            wamid=inbound_wamid(wa_id),
            now=self._clock.now(),
        )
        return part.wamid, self._send(part, person)

    def _send(self, part: Part, person: Person) -> Delivery:
        self._number.count(monotonic())
        return self._dispatch.send(part, person.wa_id)

    def delivered(self, parts: Sequence[Part]) -> None:
        """The business took these parts: the second tick."""
        for part in parts:
            if part.sort != "messages":
                continue
            message = self._phones.message(part.wamid)
            if message is not None and message.rise("delivered"):
                self._phones.changed(message)
