"""Who people are, over SQL: read rarely, and never cached, because it is opened."""

from __future__ import annotations

from datetime import datetime

from db.sealed import PersonKeys
from services.notifier.domain.contact import AliasKind, Card, Sender, UserNotFound
from services.notifier.storage.database import Database
from services.notifier.storage.profiles import SqlProfiles
from services.notifier.storage.sealing import contact_place

_READ = """
SELECT generation, phone, business_user_id, parent_user_id, display_name, create_time,
  last_inbound_time
FROM notifier.contacts WHERE user_id = $1
"""
_COLUMNS = {
    AliasKind.PHONE: "phone",
    AliasKind.BUSINESS_USER_ID: "business_user_id",
    AliasKind.PARENT_USER_ID: "parent_user_id",
}


class SqlCards:
    """See `ports.Cards`."""

    def __init__(self, database: Database, keys: PersonKeys, profiles: SqlProfiles) -> None:
        self._database = database
        self._keys = keys
        self._profiles = profiles

    async def card(self, user_id: str, now: datetime) -> Card:
        """See `ports.Cards`."""
        rows = await self._database.fetch(_READ, user_id)
        seal = (await self._keys.existing([user_id])).get(user_id)
        preferences = (await self._profiles.of([user_id], now)).get(user_id)
        if not rows or seal is None or preferences is None:
            raise UserNotFound
        (row,) = rows

        def opened(column: str) -> str:
            sealed = row[column]
            return seal.open_text(sealed, contact_place(column, user_id)) if sealed else ""

        aliases = {kind: opened(column) for kind, column in _COLUMNS.items() if row[column]}
        return Card(
            user_id=user_id,
            generation=row["generation"],
            sender=Sender(aliases=aliases, display_name=opened("display_name")),
            preferences=preferences,
            create_time=row["create_time"],
            last_inbound_time=row["last_inbound_time"],
        )
