"""Approved templates that cannot be used at present: one list for all replicas."""

from __future__ import annotations

from datetime import datetime, timedelta

from chassis.clock import Clock
from chassis.routine import Routine
from db.engine import is_outage
from services.notifier.domain.approved import Unusable, key
from services.notifier.storage.database import Database

# What another replica has learned is known here after this.
REFRESH = timedelta(seconds=2)
_READ = "SELECT name, language, until FROM notifier.template_pauses WHERE until > $1"
# $1 name, $2 language, $3 until, $4 reason.
_ADD = """
INSERT INTO notifier.template_pauses (name, language, until, reason) VALUES ($1, $2, $3, $4)
ON CONFLICT (name, language) DO UPDATE SET
  reason = CASE WHEN excluded.until > template_pauses.until THEN excluded.reason
    ELSE template_pauses.reason END,
  until = greatest(template_pauses.until, excluded.until)
RETURNING until
"""


class SqlTemplatePauses(Routine):
    """See `ports.TemplatePauses`. Fits `chassis.process`: it reads the list again while it runs."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        super().__init__(
            "notifier template pauses", self.refresh, every=REFRESH, is_outage=is_outage
        )
        self._database = database
        self._clock = clock
        self._known = Unusable()

    def names(self, now: datetime) -> frozenset[str]:
        """See `ports.TemplatePauses`."""
        return self._known.names(now)

    async def add(self, template: str, now: datetime, pause: timedelta, *, reason: str) -> None:
        """See `ports.TemplatePauses`."""
        self._known = self._known.adding(template, now, pause)
        name, _, language = template.partition("/")
        await self._database.fetch(_ADD, name, language, now + pause, reason)

    async def refresh(self) -> None:
        """Reads the list: what is not on it any more is used again."""
        rows = await self._database.fetch(_READ, self._clock.now())
        self._known = Unusable(
            {
                key(row["name"], row["language"]) if row["language"] else row["name"]: row["until"]
                for row in rows
            }
        )
