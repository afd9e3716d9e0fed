"""The names that WhatsApp has for people, and what becomes of them, over SQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.log import get_logger
from db.sealed import PersonKeys
from services.notifier.domain.contact import AliasKind, Renamed, Renaming, Sender, UserNotFound
from services.notifier.storage import statements
from services.notifier.storage.database import Database
from services.notifier.storage.people import LostRace, People, sealed_names

_MOST_TRIES = 3

# $1 user, $2 phone, $3 business id, $4 parent id (null: as it is), $5 when it changed. An older
# change than the last one known changes nothing any more.
_RENAME = """
UPDATE notifier.contacts
SET phone = coalesce($2, phone), business_user_id = coalesce($3, business_user_id),
  parent_user_id = coalesce($4, parent_user_id), identity_time = $5,
  unreachable_time = NULL, unreachable_code = 0
WHERE user_id = $1
"""

# $1 user. Locked, so that an erasure waits or has happened.
_CONTACT = """
SELECT generation, identity_time FROM notifier.contacts WHERE user_id = $1 FOR UPDATE
"""

# $1 aliases, $2 user.
_UNLINK = "DELETE FROM notifier.aliases WHERE alias = ANY($1::bytea[]) AND user_id = $2"

# $1 aliases, $2 since when (null: not any more).
_OPT_OUT = """
UPDATE notifier.contacts SET marketing_stop_time = $2
WHERE user_id IN (SELECT user_id FROM notifier.aliases WHERE alias = ANY($1::bytea[]))
RETURNING user_id
"""

log = get_logger()


class SqlNames:
    """See `ports.Names`. Of names that changed `people` forgets what it has in memory."""

    def __init__(self, database: Database, keys: PersonKeys, people: People) -> None:
        self._database = database
        self._keys = keys
        self._people = people

    async def rename(self, renaming: Renaming, now: datetime) -> Renamed:
        """See `ports.Names`."""
        old, new = self._people.hashes(renaming.old), self._people.hashes(renaming.new)
        for _try in range(_MOST_TRIES):
            try:
                async with self._database.transaction() as (connection, driver):
                    renamed = await self._rename(connection, driver, renaming, old, new, now)
            except LostRace:
                continue
            self._people.forget([*old.values(), *new.values()])
            return renamed
        raise LostRace("a person's names kept changing hands")

    async def opt_out(self, sender: Sender, stop_time: datetime | None) -> bool:
        """See `ports.Names`."""
        aliases = list(self._people.hashes(sender).values())
        return bool(await self._database.fetch(_OPT_OUT, aliases, stop_time))

    async def _rename(
        self,
        connection: AsyncConnection,
        driver: asyncpg.Connection,
        renaming: Renaming,
        old: Mapping[AliasKind, bytes],
        new: Mapping[AliasKind, bytes],
        now: datetime,
    ) -> Renamed:
        rows = await driver.fetch(statements.LOCKED_OWNERS, sorted({*old.values(), *new.values()}))
        owners = {row["alias"]: row["user_id"] for row in rows}
        # After the first time only the new names are known.
        candidates = [owners[a] for a in (*old.values(), *new.values()) if a in owners]
        if not candidates:
            raise UserNotFound
        user_id = candidates[0]
        contact = await driver.fetchrow(_CONTACT, user_id)
        if contact is None:
            raise UserNotFound
        if others := sorted(set(candidates) - {user_id}):
            await driver.execute(statements.CONFLICT, user_id, others, renaming.message_id, now)
            log.warning("identity conflict", user_id=user_id, count=len(others))
            return _renamed(user_id, contact, is_conflict=True)
        changed = contact["identity_time"]
        if changed is None or changed < renaming.change_time:
            await self._write(connection, driver, user_id, renaming, old, new, owners, now)
        return _renamed(user_id, contact)

    async def _write(
        self,
        connection: AsyncConnection,
        driver: asyncpg.Connection,
        user_id: str,
        renaming: Renaming,
        old: Mapping[AliasKind, bytes],
        new: Mapping[AliasKind, bytes],
        owners: Mapping[bytes, str],
        now: datetime,
    ) -> None:
        free = {kind: alias for kind, alias in new.items() if alias not in owners}
        await self._people.link(driver, user_id, free, now)
        # An old number may be given to somebody else; a user id never is, and comes late, too.
        phone = old.get(AliasKind.PHONE)
        if phone is not None and new.get(AliasKind.PHONE, phone) != phone:
            await driver.execute(_UNLINK, [phone], user_id)
        seal = await self._keys.seal_for(user_id, connection=connection)
        names = sealed_names(seal, user_id, renaming.new, frozenset(AliasKind))
        await driver.execute(_RENAME, user_id, *names[:3], renaming.change_time)


def _renamed(user_id: str, contact: asyncpg.Record, *, is_conflict: bool = False) -> Renamed:
    generation: int = contact["generation"]
    return Renamed(user_id=user_id, generation=generation, is_conflict=is_conflict)
