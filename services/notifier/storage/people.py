"""Contacts and their aliases over SQL."""

from __future__ import annotations

import uuid
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.crypto import keyed_hash
from chassis.log import get_logger
from db.sealed import Ciphertext, PersonKeys, Seal
from services.notifier.domain.contact import (
    AliasKind,
    Identity,
    Person,
    Sender,
    UserErased,
    UserNotFound,
    identify,
    window_until,
)
from services.notifier.domain.region import guesses
from services.notifier.ports import Inbound
from services.notifier.storage import statements
from services.notifier.storage.database import Database
from services.notifier.storage.sealing import contact_place, inbound_wamid_place

# Two first messages of one person that arrive together meet at most once or twice.
_MOST_TRIES = 5
# For so long names are taken from memory.
_FRESH_FOR = timedelta(minutes=10)
_COLUMNS = {
    AliasKind.PHONE: "phone",
    AliasKind.BUSINESS_USER_ID: "business_user_id",
    AliasKind.PARENT_USER_ID: "parent_user_id",
}

log = get_logger()


class LostRace(Exception):
    """Somebody else linked one of the names first; looking again finds theirs."""


class People:
    """Contacts. `cache_size` bounds the aliases held in memory; each is a hash and an id."""

    def __init__(
        self, database: Database, keys: PersonKeys, *, hash_key: bytes, cache_size: int = 50_000
    ) -> None:
        self._database = database
        self._keys = keys
        self._hash_key = hash_key
        self._cache_size = cache_size
        self._cache: OrderedDict[bytes, str] = OrderedDict()
        self._stale_time = datetime.min.replace(tzinfo=UTC)

    async def record_inbound(self, inbound: Inbound, now: datetime) -> Person:
        """See `ports.Contacts`: one statement for a person whose names are all known."""
        hashes = self.hashes(inbound.sender)
        if now >= self._stale_time:
            # A number that changed hands in another replica is not taken for its old owner's.
            self._cache.clear()
            self._stale_time = now + _FRESH_FOR
        for _try in range(_MOST_TRIES):
            user_id = await self._known(hashes)
            if user_id is not None and (person := await self._touch(user_id, inbound, now)):
                return person
            self.forget(hashes.values())
            try:
                user_id = await self._learn(inbound, hashes, now)
            except LostRace:
                continue
            if person := await self._touch(user_id, inbound, now):
                return person
        raise LostRace("a person's names kept changing hands")

    async def user_ids(self, phones: Collection[str]) -> Mapping[str, str]:
        """See `ports.Contacts`."""
        hashes = {phone: self._hash(AliasKind.PHONE, phone) for phone in phones}
        owners = await self._owners(list(hashes.values()))
        return {phone: owners[alias] for phone, alias in hashes.items() if alias in owners}

    async def set_stopped(self, user_id: str, stop_time: datetime | None) -> None:
        """See `ports.Contacts`."""
        if not await self._database.fetch(statements.STOP, user_id, stop_time):
            raise UserNotFound

    async def _known(self, hashes: Mapping[AliasKind, bytes]) -> str | None:
        """Whose all these names are; None where one is new or they disagree."""
        owners = await self._owners(list(hashes.values()))
        people = set(owners.values())
        return people.pop() if len(owners) == len(hashes) and len(people) == 1 else None

    async def _touch(self, user_id: str, inbound: Inbound, now: datetime) -> Person | None:
        seals = await self._keys.existing([user_id])
        if user_id not in seals:
            return None
        place = inbound_wamid_place(inbound.message_id)
        rows = await self._database.fetch(
            statements.TOUCH,
            user_id,
            inbound.message_id,
            inbound.message_time,
            window_until(inbound.message_time),
            seals[user_id].seal(inbound.wamid, place),
            now,
        )
        if not rows:
            self._keys.forget([user_id])
            return None
        row = rows[0]
        return Person(
            user_id=user_id,
            generation=row["generation"],
            is_first_contact=row["first_message_id"] == inbound.message_id,
            time_zone_guess=row["time_zone_guess"],
            locale_guess=row["locale_guess"],
            is_stopped=row["stop_time"] is not None,
        )

    async def _learn(
        self, inbound: Inbound, hashes: Mapping[AliasKind, bytes], now: datetime
    ) -> str:
        async with self._database.transaction() as (connection, driver):
            rows = await driver.fetch(statements.LOCKED_OWNERS, list(hashes.values()))
            by_alias = {row["alias"]: row["user_id"] for row in rows}
            owners = {kind: by_alias[a] for kind, a in hashes.items() if a in by_alias}
            identity = identify(inbound.sender, owners)
            if identity.user_id is None:
                return await self._add(connection, driver, inbound, hashes, now)
            await self._update(connection, driver, identity, inbound, hashes, now)
            return identity.user_id

    async def _add(
        self,
        connection: AsyncConnection,
        driver: asyncpg.Connection,
        inbound: Inbound,
        hashes: Mapping[AliasKind, bytes],
        now: datetime,
    ) -> str:
        aliases = list(hashes.values())
        suppressed = await driver.fetchrow(statements.SUPPRESSED, aliases)
        erase_time = suppressed["erase_time"]
        if erase_time is not None and inbound.message_time <= erase_time:
            raise UserErased(metadata={"message_id": inbound.message_id})
        user_id = str(uuid.uuid4())
        await self.link(driver, user_id, hashes, now)
        seal = await self._keys.seal_for(user_id, connection=connection)
        await driver.execute(
            statements.NEW_CONTACT,
            user_id,
            *sealed_names(seal, user_id, inbound.sender, frozenset(AliasKind)),
            *guesses(inbound.sender.phone),
            inbound.message_id,
            inbound.message_time,
            window_until(inbound.message_time),
            now,
            suppressed["stop_time"],
        )
        return user_id

    async def _update(
        self,
        connection: AsyncConnection,
        driver: asyncpg.Connection,
        identity: Identity,
        inbound: Inbound,
        hashes: Mapping[AliasKind, bytes],
        now: datetime,
    ) -> None:
        user_id = identity.user_id
        assert user_id is not None  # noqa: S101 - the caller has checked
        if identity.conflicting_user_ids:
            others = sorted(identity.conflicting_user_ids)
            await driver.execute(statements.CONFLICT, user_id, others, inbound.message_id, now)
            log.warning("identity conflict", user_id=user_id, count=len(others))
            return
        changed = await driver.fetchval(statements.IDENTITY_TIME, user_id)
        if changed is not None and inbound.message_time <= changed:
            # From before their names changed: those it shows may be somebody else's by now.
            return
        new = {kind: hashes[kind] for kind in identity.unlinked}
        if new:
            await self.link(driver, user_id, new, now)
        seal = await self._keys.seal_for(user_id, connection=connection)
        await driver.execute(
            statements.LEARN,
            user_id,
            *sealed_names(seal, user_id, inbound.sender, identity.unlinked),
            *guesses(inbound.sender.phone),
        )

    async def link(
        self,
        driver: asyncpg.Connection,
        user_id: str,
        hashes: Mapping[AliasKind, bytes],
        now: datetime,
    ) -> None:
        """Makes these names theirs. Raises LostRace where somebody was faster."""
        linked = await driver.fetch(
            statements.LINK, list(hashes.values()), [int(kind) for kind in hashes], user_id, now
        )
        if len(linked) < len(hashes):
            raise LostRace

    async def _owners(self, aliases: Sequence[bytes]) -> dict[bytes, str]:
        owners = {alias: self._cache[alias] for alias in aliases if alias in self._cache}
        missing = [alias for alias in aliases if alias not in owners]
        if missing:
            rows = await self._database.fetch(statements.OWNERS, missing)
            found = {row["alias"]: row["user_id"] for row in rows}
            self._cache.update(found)
            while len(self._cache) > self._cache_size:
                self._cache.popitem(last=False)
            owners |= found
        for alias in owners:
            if alias in self._cache:
                self._cache.move_to_end(alias)
        return owners

    def forget(self, aliases: Collection[bytes]) -> None:
        """Drops these from the cache."""
        for alias in aliases:
            self._cache.pop(alias, None)

    def hashes(self, sender: Sender) -> Mapping[AliasKind, bytes]:
        """A sender's names as they are stored."""
        return {kind: self._hash(kind, value) for kind, value in sender.aliases.items()}

    def _hash(self, kind: AliasKind, value: str) -> bytes:
        return keyed_hash(self._hash_key, f"{kind.name}\x1f{value}".encode())


def sealed_names(
    seal: Seal, user_id: str, sender: Sender, kinds: frozenset[AliasKind]
) -> list[Ciphertext | None]:
    """Phone, business id, parent id and display name; None for what is not to be written."""
    sealed: list[Ciphertext | None] = [
        seal.seal(sender.aliases[kind], contact_place(column, user_id))
        if kind in kinds and kind in sender.aliases
        else None
        for kind, column in _COLUMNS.items()
    ]
    name = sender.display_name
    sealed.append(seal.seal(name, contact_place("display_name", user_id)) if name else None)
    return sealed
