"""Taking notifications on: judged first, durable before the answer."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import orjson

from chassis.clock import Clock
from chassis.crypto import keyed_hash
from chassis.errors import InvalidArgument, ServiceError
from services.notifier.domain.contact import UserNotFound, phone_digits
from services.notifier.domain.kind import DEFAULT_KINDS, KINDS, Kind
from services.notifier.domain.notification import (
    MAX_AHEAD,
    MAX_CONTENTS,
    Content,
    Draft,
    Notification,
    Type,
)
from services.notifier.domain.template import Catalogue
from services.notifier.ports import Contacts, Events, Judged, Ledger

MAX_BATCH = 500
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_.:-]{1,128}")


class Acceptance:
    """Accepts notifications."""

    def __init__(
        self,
        ledger: Ledger,
        contacts: Contacts,
        catalogue: Catalogue,
        *,
        ring: Callable[[], None],
        events: Events,
        clock: Clock,
        hash_key: bytes,
    ) -> None:
        self._ledger = ledger
        self._contacts = contacts
        self._catalogue = catalogue
        self._ring = ring
        self._events = events
        self._clock = clock
        self._hash_key = hash_key

    async def send(self, draft: Draft) -> Notification:
        """Accepts one. Raises what `send_batch` would answer."""
        (result,) = await self.send_batch([draft])
        if isinstance(result, ServiceError):
            raise result
        return result

    async def send_batch(self, drafts: Sequence[Draft]) -> Sequence[Notification | ServiceError]:
        """Accepts 1 to 500, each judged by itself; answers in the same order.

        Raises InvalidArgument for a batch that is empty, too large or names a request twice.
        """
        _check_batch(drafts)
        now = self._clock.now()
        answers: dict[int, Notification | ServiceError] = {}
        good: list[tuple[int, Judged]] = []
        people = await self._people(drafts)
        for index, draft in enumerate(drafts):
            try:
                good.append((index, self._judged(draft, people, now)))
            except ServiceError as refusal:
                answers[index] = refusal
        if good:
            stored = await self._ledger.accept([judged for _index, judged in good])
            answers |= {index: answer for (index, _), answer in zip(good, stored, strict=True)}
            # After the commit, never before: whoever wakes must find the rows.
            self._ring()
            for _index, judged in good:
                self._events.accepted(judged.kind.name)
        return [answers[index] for index in range(len(drafts))]

    async def _people(self, drafts: Sequence[Draft]) -> Mapping[str, str]:
        """Who has the phone numbers that the drafts name; malformed ones are judged later."""
        phones = {draft.phone_number.removeprefix("+") for draft in drafts if draft.phone_number}
        return await self._contacts.user_ids(phones) if phones else {}

    def _judged(self, draft: Draft, people: Mapping[str, str], now: datetime) -> Judged:
        user_id = _recipient(draft, people)
        kind = _kind(draft)
        text = self._catalogue.render(_checked_contents(draft))
        send_time, expire_time = _times(draft, kind, now)
        if draft.reply_to_message_id and not _MESSAGE_ID.fullmatch(draft.reply_to_message_id):
            raise _invalid("reply_to_message_id", "is no message id of Hark's")
        return Judged(
            request_id=_request_id(draft.request_id),
            draft=draft,
            user_id=user_id,
            kind=kind,
            text=text,
            request_hash=keyed_hash(self._hash_key, canonical(draft)),
            create_time=now,
            send_time=send_time,
            expire_time=expire_time,
        )


def canonical(draft: Draft) -> bytes:
    """Everything a draft asks for, in one order: a repeated request says the same bytes."""
    # What cannot stand in UTF-8 came from no protobuf string.
    return orjson.dumps(
        [
            draft.user_id,
            draft.phone_number,
            draft.type,
            draft.kind,
            [[part.template, sorted(part.parameters.items())] for part in draft.contents],
            draft.reply_to_message_id,
            draft.due_time,
            draft.expire_time,
            draft.holds_overflow,
        ]
    )


def _check_batch(drafts: Sequence[Draft]) -> None:
    if not 1 <= len(drafts) <= MAX_BATCH:
        raise _invalid("requests", f"has 1 to {MAX_BATCH} entries")
    if len({draft.request_id for draft in drafts}) < len(drafts):
        raise _invalid("requests", "names a request_id twice")


def _recipient(draft: Draft, people: Mapping[str, str]) -> str:
    if draft.phone_number:
        user_id = people.get(phone_digits(draft.phone_number))
        if user_id is None:
            raise UserNotFound
        return user_id
    try:
        return str(uuid.UUID(draft.user_id))
    except ValueError:
        raise _invalid("recipient", "is a user_id (a UUID) or a phone_number") from None


def _kind(draft: Draft) -> Kind:
    try:
        type_ = Type(draft.type)
    except ValueError:
        raise _invalid("type", "is not set, or not known") from None
    kind = KINDS.get(draft.kind) if draft.kind else DEFAULT_KINDS[type_]
    if kind is None:
        raise _invalid("kind", f"is one of {', '.join(KINDS)}")
    if kind.type is not type_:
        raise _invalid("kind", f"{kind.name} is of the type {kind.type.name}")
    return kind


def _checked_contents(draft: Draft) -> Sequence[Content]:
    if not 1 <= len(draft.contents) <= MAX_CONTENTS:
        raise _invalid("contents", f"has 1 to {MAX_CONTENTS} parts")
    return draft.contents


def _times(draft: Draft, kind: Kind, now: datetime) -> tuple[datetime, datetime]:
    send_time = max(draft.due_time or now, now)
    if send_time > now + MAX_AHEAD:
        raise _invalid("due_time", f"is more than {MAX_AHEAD.days} days ahead")
    expire_time = draft.expire_time or send_time + kind.expiry
    if draft.expire_time and draft.expire_time <= send_time:
        raise _invalid("expire_time", "is not after the due time")
    return send_time, expire_time


def _request_id(request_id: str) -> str:
    try:
        return str(uuid.UUID(request_id))
    except ValueError:
        raise _invalid("request_id", "is not a UUID") from None


def _invalid(field: str, problem: str) -> InvalidArgument:
    return InvalidArgument(f"{field} {problem}", violations={field: problem})
