"""Forgetting people for good, over SQL: one transaction, and nothing that comes late undoes it."""

from __future__ import annotations

from chassis.log import get_logger
from db.sealed import PersonKeys
from services.notifier.domain.contact import Erasure, GenerationOutdated
from services.notifier.storage.database import Database
from services.notifier.storage.people import People
from services.notifier.storage.profiles import SqlProfiles

# $1 user. Waits for whoever is writing about them.
_CONTACT = "SELECT generation, stop_time FROM notifier.contacts WHERE user_id = $1 FOR UPDATE"

# $1 user, $2 generation, $3 request, $4 now.
_FENCE = """
INSERT INTO notifier.erasures (user_id, generation, request_id, erase_time)
VALUES ($1, $2, $3, $4) ON CONFLICT (user_id) DO NOTHING
"""

# $1 user, $2 now, $3 since when they stopped us (null: they did not).
_SUPPRESS = """
INSERT INTO notifier.suppressions (alias, erase_time, stop_time)
SELECT alias, $2, $3::timestamptz FROM notifier.aliases WHERE user_id = $1 ORDER BY alias
ON CONFLICT (alias) DO UPDATE
SET erase_time = greatest(suppressions.erase_time, excluded.erase_time),
  stop_time = excluded.stop_time
RETURNING alias
"""

# $1 user, $2 now. What waits is cancelled; what is under way, or of which nobody knows, ends here
# too: whoever holds it has lost it. Nothing that was said stays, not even sealed.
_CANCEL = """
WITH old AS (
  SELECT id, settled_time IS NULL AS is_open FROM notifier.notifications
  WHERE user_id = $1 ORDER BY id FOR UPDATE
)
UPDATE notifier.notifications n
SET body = ''::bytea,
  state = CASE WHEN NOT o.is_open THEN n.state WHEN n.state IN (1, 7) THEN 10
    WHEN n.state IN (2, 8) THEN 12 ELSE n.state END,
  state_reason = CASE WHEN o.is_open AND n.state IN (1, 2, 7, 8) THEN 'USER_ERASED'
    ELSE n.state_reason END,
  settled_time = coalesce(n.settled_time, $2), lease_until = NULL,
  fence = n.fence + o.is_open::int
FROM old o WHERE n.id = o.id
RETURNING o.is_open AND n.state = 10 AS is_cancelled
"""

# $1 user. The hashes of provider ids stay: statuses that still come belong to a notification.
_ATTEMPTS = """
UPDATE notifier.attempts a SET wamid = NULL
FROM notifier.notifications n
WHERE n.user_id = $1 AND a.notification_id = n.notification_id AND a.wamid IS NOT NULL
"""
_TABLES = ("documents", "inbound_messages", "allowances", "aliases", "contacts")
_CONFLICTS = "DELETE FROM notifier.identity_conflicts WHERE user_id = $1 OR other_user_id = $1"

log = get_logger()


class SqlErasures:
    """See `ports.Erasures`."""

    def __init__(
        self, database: Database, keys: PersonKeys, people: People, profiles: SqlProfiles
    ) -> None:
        self._database = database
        self._keys = keys
        self._people = people
        self._profiles = profiles

    async def erase(self, erasure: Erasure) -> int:
        """See `ports.Erasures`."""
        user_id = erasure.user_id
        async with self._database.transaction() as (connection, driver):
            contact = await driver.fetchrow(_CONTACT, user_id)
            until = erasure.erase_time
            rows = []
            if contact is not None:
                if contact["generation"] > erasure.generation:
                    raise GenerationOutdated(metadata={"generation": str(contact["generation"])})
                await driver.execute(_FENCE, user_id, erasure.generation, erasure.request_id, until)
                rows = await driver.fetch(_SUPPRESS, user_id, until, contact["stop_time"])
            # Also where nobody is known any more: what was being accepted when they were erased
            # came after, and goes the second time.
            cancelled = await driver.fetch(_CANCEL, user_id, until)
            await driver.execute(_ATTEMPTS, user_id)
            await driver.execute(_CONFLICTS, user_id)
            for table in _TABLES:
                await driver.execute(f"DELETE FROM notifier.{table} WHERE user_id = $1", user_id)  # noqa: S608 - constants
            await self._keys.erase(user_id, connection=connection)
        self._people.forget([row["alias"] for row in rows])
        self._profiles.forget(user_id)
        count = sum(1 for row in cancelled if row["is_cancelled"])
        log.info("user erased", user_id=user_id, count=count)
        return count
