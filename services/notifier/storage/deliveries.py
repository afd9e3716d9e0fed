"""The bookkeeping around a provider call, over SQL."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from chassis.crypto import keyed_hash
from db.sealed import Ciphertext, PersonKeys, Seal
from services.notifier.domain.approved import ApprovedCatalogues
from services.notifier.domain.bubble import together
from services.notifier.domain.cap import Caps
from services.notifier.domain.contact import Address
from services.notifier.domain.delivery import Accepted, Ending, SendResult
from services.notifier.domain.kind import GENERIC, KINDS
from services.notifier.domain.notification import AttemptOutcome, State
from services.notifier.domain.template import Catalogues
from services.notifier.ports import USER_ERASED, Attachment, Claimed, Grants, NotStarted, Started
from services.notifier.storage import finishing
from services.notifier.storage.bubble import not_started, opened_members, shared_buttons
from services.notifier.storage.database import Database
from services.notifier.storage.group import GroupCommit
from services.notifier.storage.sealing import (
    Body,
    contact_place,
    inbound_wamid_place,
    opened_body,
    sent_wamid_place,
)
from services.notifier.storage.starting import Starting

ERASED = NotStarted(refusal=USER_ERASED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """An attempt that the provider accepted."""

    row: int
    token: str
    wamid_hash: bytes
    wamid: Ciphertext | None
    grants: Grants
    now: datetime


class SqlDeliveries:
    """See `ports.Deliveries`."""

    def __init__(
        self,
        database: Database,
        keys: PersonKeys,
        catalogues: Catalogues,
        approved: ApprovedCatalogues,
        *,
        hash_key: bytes,
        caps: Caps,
        phone_id: str,
    ) -> None:
        self._database = database
        self._keys = keys
        self._catalogues = catalogues
        self._approved = approved
        self._hash_key = hash_key
        self._caps = caps
        self._phone_id = phone_id
        self._starting = Starting(database, caps=caps, phone_id=phone_id)
        self._acceptances = database.held()
        # Components: attempts that start, or end well, at the same time share their commits.
        self.beginning = self._starting.group
        self.accepting: GroupCommit[Acceptance, None] = GroupCommit(
            "notifier acceptances", self._accept
        )

    async def begin(
        self,
        claimed: Claimed,
        *,
        is_repeat: bool,
        now: datetime,
        without: Collection[str] = (),
    ) -> Started | NotStarted:
        """See `ports.Deliveries`. Everything that could fail is done before the statement."""
        seals = await self._keys.existing([claimed.user_id])
        if claimed.user_id not in seals:
            return ERASED
        seal = seals[claimed.user_id]
        body = opened_body(seal, claimed.notification_id, claimed.body)
        contents, text = body.contents, body.text
        if is_repeat:
            # What says that it is a repeat is the whole bubble, and no longer its parts.
            contents, text = (), self._catalogues.of(body.locale).repeat(text)
        kind = KINDS[claimed.kind]
        form = self._approved.of(body.locale).form(
            kind.approved_template, contents, text, without=without
        )
        if body.document is not None:
            # An approved template cannot carry the file; its text alone would promise one.
            form = None
        token = str(uuid.uuid4())
        row, habits = await self._starting.start(
            claimed,
            token=token,
            is_repeat=is_repeat,
            template=form.name if form else "",
            now=now,
        )
        if not row["is_known"]:
            return ERASED
        if row["tries"] is None:
            return not_started(row, habits, now, self._caps)
        members = opened_members(seal, row, habits)
        if members:
            others = [(member.local_time, member.body.text) for member in members]
            catalogue = self._catalogues.of(body.locale)
            text = together(catalogue, text, others, is_last=bool(row["is_last_of_day"]))
            form = self._approved.of(body.locale).form(GENERIC, (), text)
        is_window_open = row["is_window_open"]
        return Started(
            token=token,
            number=row["tries"],
            address=_address(seal, claimed.user_id, row),
            text=text,
            template=None if is_window_open else form,
            reply_to_wamid=_reply_to(seal, row) if is_window_open else "",
            buttons=shared_buttons([body, *(member.body for member in members)]),
            attachment=_attachment(claimed, body),
            grants=Grants(minute=row["minute_slot"], day=row["day_slot"]),
            heard_time=row["heard_time"],
        )

    async def finish(
        self, claimed: Claimed, started: Started, result: SendResult, ending: Ending, now: datetime
    ) -> None:
        """See `ports.Deliveries`."""
        if isinstance(result, Accepted):
            await self.accepting.submit(await self._acceptance(claimed, started, result, now))
            return
        await self._database.fetch(
            finishing.FINISH_REFUSED,
            claimed.row,
            claimed.fence,
            now,
            started.token,
            int(ending.outcome),
            ending.provider_code,
            ending.reason,
            int(ending.state),
            claimed.user_id,
            ending.is_unreachable,
            ending.is_window_closed,
            min(ending.retry_time, claimed.expire_time) if ending.retry_time else None,
            started.grants.minute,
            started.grants.day,
            self._caps.minute,
            self._caps.day,
            self._phone_id,
            not ending.is_outage and ending.outcome is not AttemptOutcome.AMBIGUOUS,
        )

    async def _acceptance(
        self, claimed: Claimed, started: Started, result: Accepted, now: datetime
    ) -> Acceptance:
        seals = await self._keys.existing([claimed.user_id])
        seal = seals.get(claimed.user_id)
        return Acceptance(
            row=claimed.row,
            token=started.token,
            wamid_hash=keyed_hash(self._hash_key, result.wamid.encode()),
            # Erased while it was under way: the id is not kept.
            wamid=seal.seal(result.wamid, sent_wamid_place(started.token)) if seal else None,
            grants=started.grants,
            now=now,
        )

    async def _accept(self, items: Sequence[Acceptance]) -> Sequence[None]:
        ordered = sorted(items, key=lambda item: item.row)
        columns = [
            (i.row, i.token, i.wamid_hash, i.wamid, i.grants.minute, i.grants.day) for i in ordered
        ]
        await self._acceptances.fetch(
            finishing.FINISH_ACCEPTED,
            *zip(*columns, strict=True),
            max(item.now for item in items),
            self._caps.minute,
            self._caps.day,
            self._phone_id,
        )
        return [None] * len(items)

    async def suspect(
        self, claimed: Claimed, *, reason: str, now: datetime, retry_time: datetime
    ) -> None:
        """See `ports.Deliveries`."""
        await self._database.fetch(
            finishing.SUSPECT, claimed.row, claimed.fence, reason, now, retry_time
        )

    async def close(self, claimed: Claimed, state: State, *, reason: str, now: datetime) -> None:
        """See `ports.Deliveries`."""
        await self._database.fetch(
            finishing.CLOSE, claimed.row, claimed.fence, int(state), reason, now
        )


def _attachment(claimed: Claimed, body: Body) -> Attachment | None:
    if body.document is None:
        return None
    return Attachment(
        notification_id=claimed.notification_id,
        user_id=claimed.user_id,
        file_name=body.document.file_name,
        mime_type=body.document.mime_type,
    )


def _address(seal: Seal, user_id: str, row: asyncpg.Record) -> Address:
    phone, business = row["phone"], row["business_user_id"]
    return Address(
        phone=seal.open_text(phone, contact_place("phone", user_id)) if phone else "",
        business_user_id=(
            seal.open_text(business, contact_place("business_user_id", user_id)) if business else ""
        ),
    )


def _reply_to(seal: Seal, row: asyncpg.Record) -> str:
    if row["wamid"] is None:
        return ""
    return seal.open_text(row["wamid"], inbound_wamid_place(row["message_id"]))
