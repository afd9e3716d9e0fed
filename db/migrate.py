"""Brings a database to the newest schema; safe to run by several replicas at once."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import AsyncEngine

from db.engine import open_engine
from db.tables import SCHEMAS, metadata

# Any number that nothing else in this database locks.
_LOCK = 0x4841524B
_VERSION_TABLE = "schema_version"


async def upgrade(engine: AsyncEngine) -> str:
    """Applies the migrations that are missing, one replica at a time; returns the revision."""
    async with engine.begin() as connection:
        await connection.execute(sa.text("SET LOCAL lock_timeout = '30s'"))
        await connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        await connection.run_sync(_upgrade)
    return head()


async def upgrade_at(url: str) -> str:
    """The same on the database at `url`, over a connection of its own."""
    engine = open_engine(url, application_name="hark-migrate", pool_size=1)
    try:
        return await upgrade(engine)
    finally:
        await engine.dispose()


async def revision_of(engine: AsyncEngine) -> str:
    """The revision that the database stands at; empty before the first migration."""
    async with engine.connect() as connection:
        return await connection.run_sync(_current)


async def drift(engine: AsyncEngine) -> list[object]:
    """What the tables in `db.tables` have and the database has not, or the other way round."""
    async with engine.connect() as connection:
        return await connection.run_sync(_drift)


async def write_revision(engine: AsyncEngine, message: str) -> None:
    """Writes a migration that takes the database at hand to what `db.tables` says."""
    async with engine.connect() as connection:
        await connection.run_sync(_write_revision, message)


def head() -> str:
    """The newest revision there is."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Whether alembic looks at this schema: ours only."""
    return kind != "schema" or name in SCHEMAS


def _config(connection: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: sa.Connection) -> None:
    command.upgrade(_config(connection), "head")


def _write_revision(connection: sa.Connection, message: str) -> None:
    known = len(list(ScriptDirectory.from_config(_config()).walk_revisions()))
    command.revision(
        _config(connection), message=message, autogenerate=True, rev_id=f"{known + 1:04}"
    )


def _context(connection: sa.Connection) -> MigrationContext:
    return MigrationContext.configure(
        connection,
        opts={
            "version_table": _VERSION_TABLE,
            "include_schemas": True,
            "include_name": include_name,
            "target_metadata": metadata,
        },
    )


def _current(connection: sa.Connection) -> str:
    return _context(connection).get_current_revision() or ""


def _drift(connection: sa.Connection) -> list[object]:
    return list(compare_metadata(_context(connection), metadata))
