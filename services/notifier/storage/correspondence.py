"""What people wrote, and which of our notifications they mean, over SQL."""

from __future__ import annotations

from chassis.crypto import keyed_hash
from db.sealed import PersonKeys
from services.notifier.domain.contact import MessageNotFound, Quoted
from services.notifier.storage.database import Database
from services.notifier.storage.sealing import inbound_wamid_place

_MESSAGE = "SELECT user_id, wamid FROM notifier.inbound_messages WHERE message_id = $1"

# $1 the hash of the provider's id, $2 the person: another one's notification is nobody's business.
_QUOTED = """
SELECT n.notification_id, n.request_id
FROM notifier.attempts a
JOIN notifier.notifications n ON n.notification_id = a.notification_id
WHERE a.wamid_hash = $1 AND n.user_id = $2
LIMIT 1
"""


class SqlCorrespondence:
    """See `ports.Correspondence`. `hash_key` is the one of what attempts sent."""

    def __init__(self, database: Database, keys: PersonKeys, *, hash_key: bytes) -> None:
        self._database = database
        self._keys = keys
        self._hash_key = hash_key

    async def wamid(self, message_id: str) -> str:
        """See `ports.Correspondence`."""
        rows = await self._database.fetch(_MESSAGE, message_id)
        seals = await self._keys.existing([row["user_id"] for row in rows])
        for row in rows:
            if seal := seals.get(row["user_id"]):
                return seal.open_text(row["wamid"], inbound_wamid_place(message_id))
        raise MessageNotFound(metadata={"message_id": message_id})

    async def quoted(self, user_id: str, wamid: str) -> Quoted | None:
        """See `ports.Correspondence`."""
        hash_ = keyed_hash(self._hash_key, wamid.encode())
        for row in await self._database.fetch(_QUOTED, hash_, user_id):
            return Quoted(
                notification_id=str(row["notification_id"]), request_id=str(row["request_id"])
            )
        return None
