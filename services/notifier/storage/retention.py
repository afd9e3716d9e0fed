"""Forgets what has been kept long enough, a little at a time."""

from __future__ import annotations

from datetime import datetime, timedelta

from chassis.clock import Clock
from chassis.log import get_logger
from chassis.routine import Routine
from db.engine import is_outage
from services.notifier.storage.database import Database

BATCH = 500
PAUSE = timedelta(minutes=10)
# Batches in one go; what is left waits for the next one.
_MOST_BATCHES = 200

_MESSAGES = """
DELETE FROM notifier.inbound_messages WHERE message_id IN (
  SELECT message_id FROM notifier.inbound_messages WHERE record_time < $1
  ORDER BY record_time LIMIT $2)
RETURNING 1
"""
# Those who wrote before they were erased are recognised for as long as that may still come; that
# somebody had stopped us is kept for good.
_SUPPRESSIONS = """
DELETE FROM notifier.suppressions WHERE alias IN (
  SELECT alias FROM notifier.suppressions WHERE erase_time < $1 AND stop_time IS NULL
  ORDER BY erase_time LIMIT $2)
RETURNING 1
"""
# A page of the primary key at a time, up to the first young one: rows come in by id, and an index
# on when they were settled would cost every send. $1 before when, $2 how many, $3 after which.
_NOTIFICATIONS = """
WITH page AS (
  SELECT id, notification_id, create_time, settled_time FROM notifier.notifications
  WHERE id > $3::bigint ORDER BY id LIMIT $2
), old AS (
  SELECT id, notification_id FROM page WHERE create_time < $1 AND settled_time < $1
), attempt AS (
  DELETE FROM notifier.attempts a USING old o WHERE a.notification_id = o.notification_id
), event AS (
  DELETE FROM notifier.provider_events e USING old o WHERE e.notification_id = o.notification_id
), document AS (
  DELETE FROM notifier.documents d USING old o WHERE d.notification_id = o.notification_id
), gone AS (
  DELETE FROM notifier.notifications n USING old o WHERE n.id = o.id RETURNING 1
)
SELECT (SELECT count(*) FROM gone) AS gone, (SELECT max(id) FROM page) AS last,
  (SELECT count(*) = $2 AND max(create_time) < $1 FROM page) AS has_more
"""

log = get_logger()


class Retention(Routine):
    """Deletes messages and finished notifications `keep` after their time (8 days or more).

    Eight days, because the provider delivers again for seven. Fits `chassis.process`.
    """

    def __init__(self, database: Database, *, clock: Clock, keep: timedelta) -> None:
        if keep < timedelta(days=8):
            raise ValueError("what may come again within 7 days is kept for at least 8")
        super().__init__("notifier retention", self.sweep, every=PAUSE, is_outage=is_outage)
        self._database = database
        self._clock = clock
        self._keep = keep

    async def sweep(self) -> int:
        """Deletes what is old enough, 500 rows at a time; how many."""
        before = self._clock.now() - self._keep
        total = 0
        for statement in (_MESSAGES, _SUPPRESSIONS):
            for _batch in range(_MOST_BATCHES):
                deleted = len(await self._database.fetch(statement, before, BATCH))
                total += deleted
                if deleted < BATCH or self.is_stopping:
                    break
        total += await self._notifications(before)
        if total:
            log.info("retention swept", count=total)
        return total

    async def _notifications(self, before: datetime) -> int:
        total = after = 0
        for _batch in range(_MOST_BATCHES):
            (row,) = await self._database.fetch(_NOTIFICATIONS, before, BATCH, after)
            total += row["gone"]
            if not row["has_more"] or self.is_stopping:
                break
            after = row["last"]
        return total
