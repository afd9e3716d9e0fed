"""The bookkeeping around a provider call, over SQL."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from chassis.crypto import keyed_hash
from db.sealed import Ciphertext, PersonKeys, Seal
from services.notifier.domain.approved import ApprovedCatalogue
from services.notifier.domain.contact import UNREACHABLE_FOR, Address
from services.notifier.domain.delivery import Accepted, Ending, SendResult
from services.notifier.domain.kind import KINDS, Priority
from services.notifier.domain.notification import State
from services.notifier.domain.template import Catalogue
from services.notifier.ports import USER_ERASED, Claimed, NotStarted, Started
from services.notifier.storage import statements
from services.notifier.storage.database import Database
from services.notifier.storage.group import GroupCommit
from services.notifier.storage.sealing import (
    contact_place,
    inbound_wamid_place,
    opened_body,
    sent_wamid_place,
)

ERASED = NotStarted(refusal=USER_ERASED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """An attempt to put on record."""

    claimed: Claimed
    token: str
    is_repeat: bool
    template: str
    reply_time: datetime | None
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """An attempt that the provider accepted."""

    row: int
    token: str
    wamid_hash: bytes
    wamid: Ciphertext | None
    now: datetime


class SqlDeliveries:
    """See `ports.Deliveries`."""

    def __init__(
        self,
        database: Database,
        keys: PersonKeys,
        catalogue: Catalogue,
        approved: ApprovedCatalogue,
        *,
        hash_key: bytes,
    ) -> None:
        self._database = database
        self._keys = keys
        self._catalogue = catalogue
        self._approved = approved
        self._hash_key = hash_key
        self._beginnings, self._acceptances = database.held(), database.held()
        # Components: attempts that start, or end well, at the same time share their commits.
        self.beginning: GroupCommit[Beginning, asyncpg.Record] = GroupCommit(
            "notifier attempts", self._begin
        )
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
        contents, text = opened_body(seal, claimed.notification_id, claimed.body)
        if is_repeat:
            # What says that it is a repeat is the whole bubble, and no longer its parts.
            contents, text = (), self._catalogue.repeat(text)
        kind = KINDS[claimed.kind]
        form = self._approved.form(kind.approved_template, contents, text, without=without)
        beginning = Beginning(
            claimed=claimed,
            token=str(uuid.uuid4()),
            is_repeat=is_repeat,
            template=form.name if form else "",
            reply_time=claimed.create_time if kind.priority is Priority.REPLY else None,
            now=now,
        )
        row = await self.beginning.submit(beginning)
        if not row["is_known"]:
            return ERASED
        if row["tries"] is None:
            return NotStarted(refusal=row["refusal"])
        is_window_open = row["is_window_open"]
        return Started(
            token=beginning.token,
            number=row["tries"],
            address=_address(seal, claimed.user_id, row),
            text=text,
            template=None if is_window_open else form,
            reply_to_wamid=_reply_to(seal, row) if is_window_open else "",
        )

    async def _begin(self, items: Sequence[Beginning]) -> Sequence[asyncpg.Record]:
        # In one order, because statuses lock the same rows.
        ordered = sorted(items, key=lambda item: item.claimed.row)
        columns = [
            (
                item.claimed.row,
                item.claimed.fence,
                int(item.claimed.state),
                item.claimed.user_id,
                item.token,
                item.is_repeat,
                item.template,
                item.reply_time,
            )
            for item in ordered
        ]
        latest = max(item.now for item in items)
        rows = await self._beginnings.fetch(
            statements.BEGIN, *zip(*columns, strict=True), latest, latest - UNREACHABLE_FOR
        )
        by_row = {row["id"]: row for row in rows}
        return [by_row[item.claimed.row] for item in items]

    async def finish(
        self, claimed: Claimed, started: Started, result: SendResult, ending: Ending, now: datetime
    ) -> None:
        """See `ports.Deliveries`."""
        if isinstance(result, Accepted):
            await self.accepting.submit(await self._acceptance(claimed, started, result, now))
            return
        await self._database.fetch(
            statements.FINISH_REFUSED,
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
            now=now,
        )

    async def _accept(self, items: Sequence[Acceptance]) -> Sequence[None]:
        ordered = sorted(items, key=lambda item: item.row)
        columns = [(item.row, item.token, item.wamid_hash, item.wamid) for item in ordered]
        latest = max(item.now for item in items)
        await self._acceptances.fetch(
            statements.FINISH_ACCEPTED, *zip(*columns, strict=True), latest
        )
        return [None] * len(items)

    async def suspect(
        self, claimed: Claimed, *, reason: str, now: datetime, retry_time: datetime
    ) -> None:
        """See `ports.Deliveries`."""
        await self._database.fetch(
            statements.SUSPECT, claimed.row, claimed.fence, reason, now, retry_time
        )

    async def close(self, claimed: Claimed, state: State, *, reason: str) -> None:
        """See `ports.Deliveries`."""
        await self._database.fetch(statements.CLOSE, claimed.row, claimed.fence, int(state), reason)


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
