"""Port `Notices` over Postgres, and claimed rows turned into alarms."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.crypto import Unreadable
from db.due import Claim, DueQueue
from db.engine import autocommit, raw
from db.sealed import PersonKeys, PersonSeal
from db.tables.scheduler import notices
from services.scheduler.domain.item import Item
from services.scheduler.domain.notice import Notice, NoticeKind, request_id
from services.scheduler.domain.preferences import Preferences
from services.scheduler.ports import Alarm
from services.scheduler.storage import columns, rows, statements

_COLUMNS = (
    "notice_id",
    "user_id",
    "kind",
    "item_id",
    "item_version",
    "occurrence",
    "lead_seconds",
    "contents",
    "reply_to_message_id",
    "cancelled_notice_id",
    "nag_number",
)


def notice_queue(engine: AsyncEngine) -> DueQueue:
    """The queue over the table of notices."""
    return DueQueue(engine, notices, columns=_COLUMNS)


class StoredNotices:
    """Notices that fell due, with what is needed to say them."""

    def __init__(self, engine: AsyncEngine, keys: PersonKeys) -> None:
        self._engine = autocommit(engine)
        self._keys = keys

    async def alarms(self, claims: Sequence[Claim]) -> Sequence[Alarm]:
        """What the claimed rows say, in order; one query for all items and people."""
        reminding = [claim for claim in claims if claim.row["item_id"]]
        # Keys are mostly at hand; where not, they are read while the items are.
        seals, found = await asyncio.gather(
            self._keys.existing({claim.row["user_id"] for claim in claims}),
            self._found(reminding),
        )
        rows_of = {claim.id: row for claim, row in zip(reminding, found, strict=True)}
        try:
            return _alarms(claims, rows_of, seals)
        except Unreadable:
            return _alarms(claims, rows_of, await self._fresh_seals(claims))

    async def _fresh_seals(self, claims: Sequence[Claim]) -> Mapping[str, PersonSeal]:
        """The seals as they are stored: what is at hand may belong to an erased life."""
        users = {claim.row["user_id"] for claim in claims}
        self._keys.forget(users)
        return await self._keys.existing(users)

    async def add(self, fired: Sequence[Notice], following: Sequence[Notice]) -> None:
        """Stores the following ones, each once; what fired becomes what "it" means."""
        last = {notice.user_id: notice.item_id for notice in fired}
        ordered = sorted(following, key=lambda notice: notice.notice_id)
        users = sorted({*last, *(notice.user_id for notice in following)})
        async with self._engine.connect() as connection:
            driver = await raw(connection)
            await driver.fetch(
                statements.FOLLOW,
                *columns.of_reminders(ordered),
                users,
                [last.get(user) for user in users],
            )

    async def _found(self, claims: Sequence[Claim]) -> Sequence[Any]:
        """A row with person and item for each claim, in order."""
        if not claims:
            return ()
        users = [claim.row["user_id"] for claim in claims]
        ids = [claim.row["item_id"] for claim in claims]
        async with self._engine.connect() as connection:
            driver = await raw(connection)
            found: Sequence[Any] = await driver.fetch(statements.ALARMS, users, ids)
            return found


def _alarms(
    claims: Sequence[Claim], rows_of: Mapping[int, Any], seals: Mapping[str, PersonSeal]
) -> Sequence[Alarm]:
    items = {
        claim.id: (_item(rows_of[claim.id], claim.row["user_id"], seals), _preferences(row))
        for claim in claims
        if (row := rows_of.get(claim.id)) is not None
    }
    return [_alarm(claim, seals.get(claim.row["user_id"]), items) for claim in claims]


def _alarm(
    claim: Claim,
    seal: PersonSeal | None,
    items: Mapping[int, tuple[Item | None, Preferences]],
) -> Alarm:
    row = claim.row
    item, preferences = items.get(claim.id, (None, Preferences()))
    notice_id = str(row["notice_id"])
    sealed = row["contents"]
    notice = Notice(
        notice_id=notice_id,
        user_id=row["user_id"],
        kind=NoticeKind(row["kind"]),
        due_time=claim.due_time,
        item_id=str(row["item_id"] or ""),
        item_version=row["item_version"],
        occurrence=row["occurrence"],
        lead=timedelta(seconds=row["lead_seconds"]),
        contents=rows.contents_of(sealed, notice_id, seal) if sealed and seal else (),
        reply_to_message_id=row["reply_to_message_id"],
        nag_number=row["nag_number"],
    )
    cancelled = row["cancelled_notice_id"]
    return Alarm(
        notice=notice,
        item=item,
        preferences=preferences,
        postponements=claim.postponements,
        cancelled_request_id=request_id(str(cancelled), row["occurrence"]) if cancelled else "",
    )


def _item(row: Any, user_id: str, seals: Mapping[str, PersonSeal]) -> Item | None:
    """The item, if it is still there, is this person's, and can be read."""
    seal = seals.get(user_id)
    if seal is None or row["user_id"] != user_id:
        return None
    values = {**row, "time_zone": row["item_zone"]}
    return rows.task_of(values, seal) if row["task_id"] else rows.event_of(values, seal)


def _preferences(row: Any) -> Preferences:
    return rows.preferences_of({**row, "reminder_lead_seconds": row["person_leads"]})
