"""What the provider lets the account do, over SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from services.notifier.domain.account import (
    AccountChange,
    Effect,
    Standing,
    Stop,
    TemplatePause,
)
from services.notifier.storage.database import Database

# $1 id, $2 field, $3 effect, $4 subject, $5 detail, $6 received.
_KEEP = """
INSERT INTO notifier.account_changes (change_id, field, effect, subject, detail, receive_time)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (change_id) DO NOTHING RETURNING change_id
"""
_STOP = """
INSERT INTO notifier.account_stops (reason, until, change_time) VALUES ($1, $2, $3)
ON CONFLICT (reason) DO UPDATE SET until = excluded.until, change_time = excluded.change_time
WHERE account_stops.change_time <= excluded.change_time
"""
_LIFT = "DELETE FROM notifier.account_stops WHERE reason = $1 AND change_time <= $2"
_STOPS = "SELECT reason, until FROM notifier.account_stops WHERE until IS NULL OR until > $1"

_PAUSE = """
INSERT INTO notifier.template_pauses (name, language, until, reason) VALUES ($1, $2, $3, $4)
ON CONFLICT (name, language) DO UPDATE
SET until = excluded.until, reason = excluded.reason
"""
_RESUME = "DELETE FROM notifier.template_pauses WHERE name = $1 AND language = $2"
_PAUSES = "SELECT name, language, until FROM notifier.template_pauses WHERE until > $1"


class SqlAccount:
    """See `ports.Account`. `names` are the approved templates: those a pause of all is about."""

    def __init__(self, database: Database, names: Sequence[str]) -> None:
        self._database = database
        self._names = names

    async def record(self, change: AccountChange, effect: Effect) -> bool:
        """See `ports.Account`: kept and put into effect in one transaction."""
        async with self._database.transaction() as (_, driver):
            kept = await driver.fetch(
                _KEEP,
                change.change_id,
                change.field,
                effect.name,
                effect.subject,
                effect.detail,
                change.receive_time,
            )
            if not kept:
                return False
            for stop in effect.stops:
                await _write_stop(driver, stop, change.receive_time)
            for pause in effect.pauses:
                for name in [pause.name] if pause.name else self._names:
                    await _write_pause(driver, name, pause, effect)
        return True

    async def standing(self, now: datetime) -> Standing:
        """See `ports.Account`."""
        stops = await self._database.fetch(_STOPS, now)
        pauses = await self._database.fetch(_PAUSES, now)
        return Standing(
            stops=tuple(Stop(reason=row["reason"], until=row["until"]) for row in stops),
            pauses=tuple(
                TemplatePause(name=row["name"], language=row["language"], until=row["until"])
                for row in pauses
            ),
        )


async def _write_stop(driver: asyncpg.Connection, stop: Stop, when: datetime) -> None:
    if stop.is_lifted:
        await driver.execute(_LIFT, stop.reason, when)
    else:
        await driver.execute(_STOP, stop.reason, stop.until, when)


async def _write_pause(
    driver: asyncpg.Connection, name: str, pause: TemplatePause, effect: Effect
) -> None:
    if pause.until is None:
        await driver.execute(_RESUME, name, pause.language)
    else:
        await driver.execute(_PAUSE, name, pause.language, pause.until, effect.name)
