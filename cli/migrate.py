"""`hark migrate`: the newest schema, on the given database or the embedded one."""

from __future__ import annotations

import asyncio
from pathlib import Path

from chassis.settings import DatabaseSettings, load
from db import migrate as migrations
from db.embedded import EmbeddedPostgres, find
from db.engine import open_engine


def migrate(home: Path, *, revision: str) -> str:
    """Applies what is missing, or writes a new revision; returns what to tell the person."""
    (settings,) = load(DatabaseSettings)
    url = settings.database_url.get_secret_value() if settings.database_url else find(home)
    return asyncio.run(_migrate(url, revision) if url else _migrate_embedded(home, revision))


async def _migrate_embedded(home: Path, revision: str) -> str:
    postgres = EmbeddedPostgres(home)
    try:
        return await _migrate(await postgres.start(), revision)
    finally:
        await postgres.stop()


async def _migrate(url: str, revision: str) -> str:
    reached = await migrations.upgrade_at(url)
    if not revision:
        return f"The database is at revision {reached}."
    engine = open_engine(url, application_name="hark-migrate", pool_size=1)
    try:
        await migrations.write_revision(engine, revision)
    finally:
        await engine.dispose()
    return "The revision is written; read it before you commit it."
