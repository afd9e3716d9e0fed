"""What the business sends: checked as Meta checks it, then on its way to a phone."""

from __future__ import annotations

from typing import Any

from chassis.clock import Clock
from simulator.domain.content import MEDIA, checked
from simulator.domain.dials import Dials
from simulator.domain.graph_error import GraphError, invalid
from simulator.domain.identity import outbound_wamid
from simulator.domain.message import Message
from simulator.domain.outgoing import (
    Outgoing,
    callback_data,
    check_product,
    recipient,
    reply_to,
)
from simulator.domain.pace import NumberPace, PairPace
from simulator.domain.person import Person
from simulator.journal import monotonic
from simulator.media_shelf import MediaShelf
from simulator.phones import Phones
from simulator.templates import Templates
from simulator.webhooks.sender import WebhookSender

_WINDOW_SECONDS = 24 * 3600


class Acceptance:
    """Meta's side of `POST /messages`: every rule that a message must pass."""

    def __init__(
        self,
        *,
        clock: Clock,
        phones: Phones,
        sender: WebhookSender,
        templates: Templates,
        shelf: MediaShelf,
    ) -> None:
        self._clock = clock
        self._phones = phones
        self._sender = sender
        self._templates = templates
        self._shelf = shelf
        self._pairs = PairPace()
        self.number = NumberPace()

    @property
    def _dials(self) -> Dials:
        return self._sender.dials

    def accept(self, request: dict[str, Any]) -> tuple[Outgoing, Person, Message]:
        """Takes one message, which then shows on a phone; raises `GraphError`."""
        outgoing = self._checked(request)
        person = self._recipient(outgoing)
        message = self._message(outgoing, person)
        self._check_window(outgoing, person)
        self._check_pace(person)
        if outgoing.kind == "reaction":
            self._react(outgoing.content)
        else:
            self._phones.add(message)
        return outgoing, person, message

    def _checked(self, request: dict[str, Any]) -> Outgoing:
        check_product(request)
        if request.get("recipient_type", "individual") != "individual":
            raise GraphError(100, "The parameter recipient_type must be individual.")
        wa_id, user_id, written = recipient(request)
        kind, content = checked(request)
        return Outgoing(
            wa_id=wa_id,
            user_id=user_id,
            input=written,
            kind=kind,
            content=content,
            reply_to=reply_to(request),
            callback_data=callback_data(request),
        )

    def _recipient(self, outgoing: Outgoing) -> Person:
        if outgoing.wa_id is not None:
            if outgoing.wa_id == self._sender.account.display_phone_number:
                raise GraphError(131021, "The recipient is the sender's own number.")
            return self._phones.person(outgoing.wa_id)
        person = self._phones.by_user_id(outgoing.user_id or "")
        if person is None:
            raise invalid("recipient", "nobody is known by this id")
        return person

    def _message(self, outgoing: Outgoing, person: Person) -> Message:
        message = Message(
            wamid=outbound_wamid(person.wa_id),
            wa_id=person.wa_id,
            author="business",
            kind=outgoing.kind,
            content=outgoing.content,
            time=self._clock.now(),
            reply_to=outgoing.reply_to,
            callback_data=outgoing.callback_data,
        )
        if outgoing.kind == "template":
            template, message.rendered = self._templates.sent(outgoing.content)
            message.category = template.category.lower()
            if template.category == "AUTHENTICATION" and outgoing.wa_id is None:
                raise GraphError(131062, "Authentication templates need a phone number.")
        elif outgoing.kind in MEDIA:
            self._shelf.check_message(outgoing.kind, outgoing.content)
        return message

    def _check_window(self, outgoing: Outgoing, person: Person) -> None:
        if outgoing.kind == "template" or not self._dials.window_enforced:
            return
        last = person.last_wrote
        if last is None or (self._clock.now() - last).total_seconds() > _WINDOW_SECONDS:
            raise GraphError(
                131047,
                "More than 24 hours have passed since the recipient last wrote to this number.",
            )

    def _check_pace(self, person: Person) -> None:
        now, dials = monotonic(), self._dials
        if not self.number.take(now, per_second=dials.throughput_per_second):
            raise GraphError(130429, "The throughput limit of this number has been reached.")
        if not self._pairs.take(
            person.wa_id, now, seconds=dials.pair_seconds, most=dials.pair_burst
        ):
            raise GraphError(
                131056, "Too many messages to this recipient from this number in a short time."
            )

    def _react(self, content: dict[str, Any]) -> None:
        target = self._phones.message(content["message_id"])
        if target is None:
            return
        target.react("business", content["emoji"])
        self._phones.changed(target)

    def mark_read(self, wamid: Any, *, typing: bool) -> None:
        """The business read this message and all before it, and is perhaps typing now."""
        message = self._phones.newest_before(wamid) if isinstance(wamid, str) else None
        if message is None or message.author != "person":
            raise invalid("message_id", "no message to this number has this id")
        person = self._phones.person(message.wa_id)
        reached = False
        for earlier in reversed(list(person.messages.values())):
            reached = reached or earlier is message
            if not reached or earlier.author != "person":
                continue
            if not earlier.rise("read"):
                break
            self._phones.changed(earlier)
        if typing:
            self._phones.typing(person)

    def clear(self) -> None:
        """Forgets how fast it went so far."""
        self._pairs.clear()
        self.number.clear()
