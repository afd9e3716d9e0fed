"""The files that go along with notifications, over SQL; sealed under their person's key."""

from __future__ import annotations

from datetime import datetime

from db.sealed import PersonKeys, Seal
from services.notifier.domain.document import UPLOAD_LASTS
from services.notifier.ports import Attachment
from services.notifier.storage.database import Database
from services.notifier.storage.sealing import document_place

_MEDIA = """
SELECT media_id FROM notifier.documents
WHERE notification_id = $1 AND media_id IS NOT NULL AND upload_time > $2
"""
_CONTENT = "SELECT content FROM notifier.documents WHERE notification_id = $1"
_RECORD = """
UPDATE notifier.documents SET media_id = $2, upload_time = $3 WHERE notification_id = $1
"""


class SqlDocuments:
    """See `ports.Documents`."""

    def __init__(self, database: Database, keys: PersonKeys) -> None:
        self._database = database
        self._keys = keys

    async def uploaded(self, attachment: Attachment, now: datetime) -> str:
        """See `ports.Documents`."""
        seal = await self._seal(attachment)
        notification_id = attachment.notification_id
        for row in await self._database.fetch(_MEDIA, notification_id, now - UPLOAD_LASTS):
            if seal is not None:
                return seal.open_text(row["media_id"], document_place("media_id", notification_id))
        return ""

    async def content(self, attachment: Attachment) -> bytes | None:
        """See `ports.Documents`."""
        seal = await self._seal(attachment)
        notification_id = attachment.notification_id
        for row in await self._database.fetch(_CONTENT, notification_id):
            if seal is not None:
                return seal.open(row["content"], document_place("content", notification_id))
        return None

    async def record(self, attachment: Attachment, media_id: str, now: datetime) -> None:
        """See `ports.Documents`."""
        seal = await self._seal(attachment)
        if seal is not None:
            place = document_place("media_id", attachment.notification_id)
            sealed = seal.seal(media_id, place)
            await self._database.fetch(_RECORD, attachment.notification_id, sealed, now)

    async def _seal(self, attachment: Attachment) -> Seal | None:
        return (await self._keys.existing([attachment.user_id])).get(attachment.user_id)
