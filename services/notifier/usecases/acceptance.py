"""Taking notifications on: judged first, durable before the answer."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import orjson

from chassis.clock import Clock
from chassis.crypto import keyed_hash
from chassis.errors import InvalidArgument, ServiceError
from services.notifier.domain.cap import DAY_LIMIT, DEFAULT_CAPS, Caps, limited
from services.notifier.domain.contact import Preferences, UserNotFound, phone_digits
from services.notifier.domain.habit import Habits
from services.notifier.domain.kind import DEFAULT_KINDS, KINDS, Kind
from services.notifier.domain.notification import MAX_AHEAD, Draft, Notification, Type
from services.notifier.domain.plan import Plan, plan
from services.notifier.domain.template import Catalogues
from services.notifier.ports import Events, Judged, Ledger
from services.notifier.ports.people import Contacts, Profiles
from services.notifier.usecases.rendering import rendered

MAX_BATCH = 500
UNKNOWN = Preferences()
_CANONICAL = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_.:-]{1,128}")


def _never() -> None:
    return None


class Acceptance:
    """Accepts notifications. `full_until` tells until when the day of all is full, if it is."""

    def __init__(
        self,
        ledger: Ledger,
        contacts: Contacts,
        profiles: Profiles,
        catalogues: Catalogues,
        *,
        ring: Callable[[], None],
        events: Events,
        clock: Clock,
        hash_key: bytes,
        caps: Caps = DEFAULT_CAPS,
        full_until: Callable[[], datetime | None] = _never,
    ) -> None:
        self._ledger = ledger
        self._contacts = contacts
        self._profiles = profiles
        self._catalogues = catalogues
        self._ring = ring
        self._events = events
        self._clock = clock
        self._hash_key = hash_key
        self._caps = caps
        self._full_until = full_until

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
        profiles = await self._profiles.of(_known(drafts, people), now)
        for index, draft in enumerate(drafts):
            try:
                good.append((index, self._judged(draft, people, profiles, now)))
            except ServiceError as refusal:
                answers[index] = refusal
        if good:
            stored = await self._ledger.accept([judged for _index, judged in good])
            answers |= {index: answer for (index, _), answer in zip(good, stored, strict=True)}
            # After the commit, never before: whoever wakes must find the rows.
            self._ring()
            for kind, count in Counter(judged.kind.name for _index, judged in good).items():
                self._events.accepted(kind, count)
        return [answers[index] for index in range(len(drafts))]

    async def _people(self, drafts: Sequence[Draft]) -> Mapping[str, str]:
        """Who has the phone numbers that the drafts name; malformed ones are judged later."""
        phones = {draft.phone_number.removeprefix("+") for draft in drafts if draft.phone_number}
        return await self._contacts.user_ids(phones) if phones else {}

    def _judged(
        self,
        draft: Draft,
        people: Mapping[str, str],
        profiles: Mapping[str, Preferences],
        now: datetime,
    ) -> Judged:
        user_id = user_id_of(draft, people)
        kind = kind_of(draft)
        preferences = profiles.get(user_id, UNKNOWN)
        says = rendered(self._catalogues, draft, preferences)
        send_time, expire_time = _times(draft, kind, now)
        if draft.reply_to_message_id and not _MESSAGE_ID.fullmatch(draft.reply_to_message_id):
            raise _invalid("reply_to_message_id", "is no message id of Hark's")
        return Judged(
            request_id=_request_id(draft.request_id),
            draft=draft,
            user_id=user_id,
            kind=kind,
            text=says.text,
            locale=says.locale,
            buttons=says.buttons,
            request_hash=keyed_hash(self._hash_key, canonical(draft)),
            create_time=now,
            send_time=send_time,
            expire_time=expire_time,
            plan=self._plan(draft, kind, preferences, send_time, now),
        )

    def _plan(
        self,
        draft: Draft,
        kind: Kind,
        preferences: Preferences,
        send_time: datetime,
        now: datetime,
    ) -> Plan:
        """When it may go out. Raises RateLimited where the day of all is full."""
        quiet = preferences.quiet_hours or (None, None)
        made = plan(
            kind,
            Habits(time_zone=preferences.time_zone, quiet_start=quiet[0], quiet_end=quiet[1]),
            self._caps,
            send_time=send_time,
            due_time=draft.due_time,
            extends=draft.expire_time is None,
            has_document=draft.document is not None,
        )
        free_time = self._full_until()
        if free_time is None or free_time <= send_time:
            return made
        if not draft.holds_overflow:
            raise limited(DAY_LIMIT, self._caps.day_limit, free_time, now)
        until = max(free_time, made.hold_until or free_time)
        return replace(made, hold_until=until, hold_reason=DAY_LIMIT)


def canonical(draft: Draft) -> bytes:
    """Everything a draft asks for, in one order: a repeated request says the same bytes."""
    extras: list[object] = []
    if draft.buttons:
        extras.append([[button.title, button.payload] for button in draft.buttons])
    if (file := draft.document) is not None:
        digest = hashlib.sha256(file.content).hexdigest()
        extras.append([file.file_name, file.mime_type, digest])
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
            *extras,
        ]
    )


def _check_batch(drafts: Sequence[Draft]) -> None:
    if not 1 <= len(drafts) <= MAX_BATCH:
        raise _invalid("requests", f"has 1 to {MAX_BATCH} entries")
    if len({draft.request_id for draft in drafts}) < len(drafts):
        raise _invalid("requests", "names a request_id twice")


def user_id_of(draft: Draft, people: Mapping[str, str]) -> str:
    """Whom a draft is for, given who has its number. Raises InvalidArgument, UserNotFound."""
    if draft.phone_number:
        user_id = people.get(phone_digits(draft.phone_number))
        if user_id is None:
            raise UserNotFound
        return user_id
    # Most are canonical already, and a UUID is dear to make.
    if _CANONICAL.fullmatch(draft.user_id):
        return draft.user_id
    try:
        return str(uuid.UUID(draft.user_id))
    except ValueError:
        raise _invalid("recipient", "is a user_id (a UUID) or a phone_number") from None


def _known(drafts: Sequence[Draft], people: Mapping[str, str]) -> set[str]:
    return {draft.user_id for draft in drafts if draft.user_id} | set(people.values())


def kind_of(draft: Draft) -> Kind:
    """The row of the table that a draft asks for. Raises InvalidArgument."""
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


def _times(draft: Draft, kind: Kind, now: datetime) -> tuple[datetime, datetime]:
    send_time = max(draft.due_time or now, now)
    if send_time > now + MAX_AHEAD:
        raise _invalid("due_time", f"is more than {MAX_AHEAD.days} days ahead")
    expire_time = draft.expire_time or send_time + kind.expiry
    if draft.expire_time and draft.expire_time <= send_time:
        raise _invalid("expire_time", "is not after the due time")
    return send_time, expire_time


def _request_id(request_id: str) -> str:
    if _CANONICAL.fullmatch(request_id):
        return request_id
    try:
        return str(uuid.UUID(request_id))
    except ValueError:
        raise _invalid("request_id", "is not a UUID") from None


def _invalid(field: str, problem: str) -> InvalidArgument:
    return InvalidArgument(f"{field} {problem}", violations={field: problem})
