"""What becomes of a message: who wrote is made known, and what they said is understood."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from chassis.clock import Clock
from chassis.errors import RemoteError
from chassis.log import get_logger
from chassis.outcome import Bury, Outcome, Postpone, Settle
from services.ingress.domain.access import Guests
from services.ingress.domain.blame import Blame
from services.ingress.domain.content import (
    Button,
    IdentityChange,
    Ignored,
    Media,
    MediaFailure,
    Reaction,
    Text,
    Unsupported,
)
from services.ingress.domain.json import parse
from services.ingress.domain.message import Message, read_message
from services.ingress.domain.wish import Wish, wish_of
from services.ingress.ports import (
    Assistant,
    NoAnswer,
    Notifier,
    Person,
    Rejected,
    StoredPart,
    Told,
)
from services.ingress.usecases.floods import Floods
from services.ingress.usecases.listening import Busy, Listening
from services.ingress.usecases.typing import Typing

MEDIA_BUSY = "MEDIA_BUSY"
# They wrote it before they were erased, and it came after: it must not make them known again.
_ERASED = "USER_ERASED"
# How often a part may find its peer silent before that is held to be its own fault: two minutes,
# or 20 where nobody else tried, with the gaps that outages have.
MOST_ROUNDS = {Blame.SINGLED_OUT: 6, Blame.ALONE: 12}
# What Hark's own buttons carry begins so.
_OUR_PAYLOADS = "v1:"
_BUSY_DELAY = timedelta(seconds=2)
_WELCOME_DELAY = timedelta(seconds=2)

log = get_logger()


class Conversation:
    """Handles messages. `message_id_of` is Hark's name for one of WhatsApp's ids."""

    def __init__(
        self,
        *,
        assistant: Assistant,
        notifier: Notifier,
        floods: Floods,
        listening: Listening,
        typing: Typing,
        guests: Guests,
        clock: Clock,
        message_id_of: Callable[[str], str],
        phone_id: str,
        late_after: timedelta,
    ) -> None:
        self._assistant = assistant
        self._notifier = notifier
        self._floods = floods
        self._listening = listening
        self._typing = typing
        self._guests = guests
        self._clock = clock
        self._message_id_of = message_id_of
        self._phone_id = phone_id
        self._late_after = late_after

    async def handle(self, part: StoredPart) -> Outcome:
        """What becomes of a message."""
        try:
            return await self._handled(part)
        except NoAnswer as error:
            if _is_patient(part, error):
                raise
            raise Rejected(error.reason) from error

    async def _handled(self, part: StoredPart) -> Outcome:
        message = read_message(
            parse(part.payload), phone_id=self._phone_id, received=part.receive_time
        )
        content = message.content
        if isinstance(content, Ignored):
            return _skip(content.reason)
        if isinstance(content, IdentityChange):
            return await self._identity(part, message, content)
        wish = _wish(message)
        is_guest = self._guests.admits(message.sender)
        if wish is None and not is_guest:
            return _skip("NOT_ALLOWED")
        if wish is None:
            put_off = await self._floods.put_off(part, lambda: self._slow_down(part, message))
            if put_off is not None:
                return put_off
        try:
            person = await self._record(part, message)
        except Rejected as error:
            if error.remote_reason == _ERASED:
                return _skip(_ERASED)
            raise
        if wish is Wish.STOP or (wish is Wish.START and person.is_stopped):
            await self._notifier.set_stopped(
                person.user_id, part.message_id, is_stopped=wish is Wish.STOP
            )
            return Settle()
        if not is_guest:
            return _skip("NOT_ALLOWED")
        if isinstance(content, Reaction) and not person.quoted_request_id:
            return _skip("REACTION_TO_NOTHING_OF_OURS")
        return await self._answered(part, message, person)

    async def _identity(
        self, part: StoredPart, message: Message, change: IdentityChange
    ) -> Outcome:
        try:
            await self._notifier.record_identity(
                change, message_id=part.message_id, change_time=message.message_time
            )
        except Rejected as error:
            if error.remote_reason != "USER_NOT_FOUND":
                raise
            # They never wrote; under their new names they will be a person like any other.
            return _skip("NOBODY_WE_KNOW")
        return Settle()

    async def _slow_down(self, part: StoredPart, message: Message) -> None:
        person = await self._record(part, message)
        await self._notifier.slow_down(person, part.message_id)

    async def _record(self, part: StoredPart, message: Message) -> Person:
        return await self._notifier.record_inbound(
            message.sender,
            message_id=part.message_id,
            wamid=message.wamid,
            message_time=message.message_time,
            quoted_wamid=message.quote.wamid,
        )

    async def _answered(self, part: StoredPart, message: Message, person: Person) -> Outcome:
        """Has a message answered; whoever's message cannot be handled hears of it."""
        try:
            async with self._typing.while_answering(part.message_id):
                outcome = await self._understood(message, self._told(part, message, person))
            if person.is_first_contact:
                await self._welcome(part, person)
            return outcome
        except Busy:
            return Postpone(due_time=self._clock.now() + _BUSY_DELAY, reason=MEDIA_BUSY)
        except NoAnswer as error:
            if _is_patient(part, error):
                raise
            return await self._failed(part, person, Rejected(error.reason))
        except RemoteError as error:
            if error.is_outage:
                raise
            return await self._failed(part, person, error)
        except Exception as error:
            return await self._failed(part, person, error)

    async def _welcome(self, part: StoredPart, person: Person) -> None:
        # After the answer to what they asked; who we are can wait that long.
        after = self._clock.now() + _WELCOME_DELAY
        try:
            await self._notifier.welcome(person, part.message_id, due_time=after)
        except Rejected as refused:
            # They have their answer: no reason to tell them that it failed.
            log.warning("welcome refused", reason=refused.remote_reason)

    async def _understood(self, message: Message, told: Told) -> Outcome:
        content = message.content
        assert not isinstance(content, Ignored | IdentityChange)  # noqa: S101 - settled before
        if isinstance(content, Media):
            failure = await self._listening.listen(content, told)
            return _skip(f"MEDIA_{failure}") if failure else Settle()
        await self._assistant.handle(content, told)
        if isinstance(content, Unsupported):
            return _skip(f"UNSUPPORTED_{content.type.upper()}")
        if isinstance(content, MediaFailure):
            return _skip(f"MEDIA_{content.reason}")
        return Settle()

    def _told(self, part: StoredPart, message: Message, person: Person) -> Told:
        quoted = message.quote.wamid
        is_own = quoted and not person.quoted_request_id
        return Told(
            person=person,
            message_id=part.message_id,
            message_time=message.message_time,
            is_forwarded=message.quote.is_forwarded,
            is_late=part.receive_time - message.message_time > self._late_after,
            quoted_message_id=self._message_id_of(quoted) if is_own else "",
        )

    async def _failed(self, part: StoredPart, person: Person, error: Exception) -> Outcome:
        """Raises what the queue weighs; at the last attempt, tells the person and buries."""
        if not part.is_last_attempt:
            raise error
        log.error("message buried", message_id=part.message_id, exc_info=error)
        try:
            await self._notifier.apologise(person.user_id, part.message_id)
        except Rejected as refused:
            log.warning("apology refused", reason=refused.remote_reason)
        reason = error.remote_reason if isinstance(error, Rejected) else type(error).__name__
        return Bury(reason=reason)


def _is_patient(part: StoredPart, error: NoAnswer) -> bool:
    """Whether a peer that gave no answer is waited for, as in any outage."""
    return part.rounds < MOST_ROUNDS.get(error.blame, part.rounds + 1)


def _wish(message: Message) -> Wish | None:
    """STOP or START, where the person says that and nothing else, in their own words."""
    if message.quote.is_forwarded:
        return None
    match message.content:
        case Text(text=text):
            return wish_of(text)
        case Button(payload=payload, title=title) if not payload.startswith(_OUR_PAYLOADS):
            # A template's quick reply, made by hand at Meta's.
            return wish_of(title) or wish_of(payload)
        case _:
            return None


def _skip(reason: str) -> Settle:
    return Settle(values={"skipped_reason": reason})
