"""Forgets what has been kept long enough, a little at a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.clock import Clock
from chassis.log import get_logger
from chassis.routine import Routine
from db.engine import autocommit, is_outage, raw

BATCH = 500
PAUSE = timedelta(minutes=10)
# What is repeated within 7 days must be recognised.
SHORTEST = timedelta(days=8)
# Batches, and pages of rows that are looked at, in one go; what is left waits for the next one.
_MOST_BATCHES = 200

# $1 before when, $2 how many
_CHANGES = """
DELETE FROM scheduler.changes WHERE request_id IN (
    SELECT request_id FROM scheduler.changes WHERE create_time < $1
    ORDER BY create_time LIMIT $2)
"""

# A page of the primary key at a time, because an index on when they were settled would cost every
# hand-over. $1 before when, $2 how many to look at, $3 after which; answers the last one looked at.
_NOTICES = """
WITH page AS (
    SELECT id, settled_time FROM scheduler.notices WHERE id > $3::bigint ORDER BY id LIMIT $2
), gone AS (
    DELETE FROM scheduler.notices AS n USING page
    WHERE n.id = page.id AND page.settled_time < $1 RETURNING n.id
)
SELECT (SELECT max(id) FROM page) AS last, (SELECT count(*) FROM gone) AS count
"""
_TASKS = """
WITH page AS (
    SELECT task_id, state, update_time FROM scheduler.tasks WHERE task_id > $3::uuid
    ORDER BY task_id LIMIT $2
), gone AS (
    DELETE FROM scheduler.tasks AS t USING page
    WHERE t.task_id = page.task_id AND page.state <> 1 AND page.update_time < $1
    RETURNING t.task_id
)
SELECT (SELECT task_id FROM page ORDER BY task_id DESC LIMIT 1) AS last,
       (SELECT count(*) FROM gone) AS count
"""
_FIRST_TASK = "00000000-0000-0000-0000-000000000000"

log = get_logger()


class Retention(Routine):
    """Deletes handed-over notices and answers `keep` after their time, done tasks `keep_tasks`.

    Fits `chassis.process`. Nothing that is open is ever touched.
    """

    def __init__(
        self, engine: AsyncEngine, *, clock: Clock, keep: timedelta, keep_tasks: timedelta
    ) -> None:
        if keep < SHORTEST:
            raise ValueError("what may come again within 7 days is kept for at least 8")
        super().__init__("scheduler retention", self.sweep, every=PAUSE, is_outage=is_outage)
        self._engine = autocommit(engine)
        self._clock = clock
        self._keep = keep
        self._keep_tasks = keep_tasks
        # Where the next look goes on, round and round.
        self._notice: int = 0
        self._task: str = _FIRST_TASK

    async def sweep(self) -> int:
        """Deletes what is old enough, at most 500 rows at a time; how many."""
        now = self._clock.now()
        total = await self._changes(now - self._keep)
        total += await self._notices(now - self._keep)
        total += await self._tasks(now - self._keep_tasks)
        if total:
            log.info("retention swept", count=total)
        return total

    async def _changes(self, before: datetime) -> int:
        total = 0
        for _batch in range(_MOST_BATCHES):
            deleted = await self._execute(_CHANGES, before, BATCH)
            total += deleted
            if deleted < BATCH or self.is_stopping:
                break
        return total

    async def _notices(self, before: datetime) -> int:
        total = 0
        for _page in range(_MOST_BATCHES):
            (row,) = await self._fetch(_NOTICES, before, BATCH, self._notice)
            total += row["count"]
            self._notice = row["last"] or 0
            if row["last"] is None or self.is_stopping:
                break
        return total

    async def _tasks(self, before: datetime) -> int:
        total = 0
        for _page in range(_MOST_BATCHES):
            (row,) = await self._fetch(_TASKS, before, BATCH, self._task)
            total += row["count"]
            self._task = str(row["last"] or _FIRST_TASK)
            if row["last"] is None or self.is_stopping:
                break
        return total

    async def _fetch(self, statement: str, *arguments: Any) -> list[Any]:
        async with self._engine.connect() as connection:
            driver = await raw(connection)
            return list(await driver.fetch(statement, *arguments))

    async def _execute(self, statement: str, *arguments: Any) -> int:
        async with self._engine.connect() as connection:
            driver = await raw(connection)
            return int((await driver.execute(statement, *arguments)).rpartition(" ")[2])
