"""The database, its schema and clock, and the disk below it."""

from __future__ import annotations

import asyncio
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cli.doctor.finding import Finding, fail, ok, warn
from db import migrate
from db.embedded import find
from db.engine import open_engine

_SECONDS = 5.0
# Leases and caps are told by clocks: a second is noticed by people, ten break caps.
_SKEW_WARN, _SKEW_FAIL = 1.0, 10.0
_FREE_WARN, _FREE_FAIL = 5 * 1024**3, 1024**3
_OLDEST_POSTGRES = 150000
_NOT_DURABLE = ("fsync", "full_page_writes", "synchronous_commit")


async def check_database(home: Path) -> list[Finding]:
    """Whether it answers, keeps what it is given, and has the schema of this version."""
    url = os.environ.get("DATABASE_URL") or find(home)
    if not url:
        return [
            fail(
                "database",
                "DATABASE_URL is not set and no embedded Postgres runs",
                "Start Hark (`make up`), or set DATABASE_URL.",
            )
        ]
    engine = open_engine(url, application_name="hark-doctor", pool_size=1)
    try:
        async with asyncio.timeout(_SECONDS):
            async with engine.connect() as connection:
                found = [await _server(connection), await _durable(connection)]
                found.append(await _clock(connection))
            found.append(_schema(await migrate.revision_of(engine)))
            return found
    except (OSError, ValueError, asyncpg.PostgresError, sa.exc.SQLAlchemyError) as error:
        return [
            fail(
                "database",
                f"it does not answer ({type(error).__name__})",
                "Check DATABASE_URL, the network between here and there, and its log.",
            )
        ]
    finally:
        await engine.dispose()


def check_disk(home: Path) -> list[Finding]:
    """Whether there is room for what is written here."""
    if not home.exists():
        return []
    free = shutil.disk_usage(home).free
    gigabytes = f"{free / 1024**3:.1f} GiB free"
    if free < _FREE_FAIL:
        return [fail("disk", gigabytes, "Make room now: Postgres stops when it is full.")]
    if free < _FREE_WARN:
        return [warn("disk", gigabytes, "Make room, or shorten the retention settings.")]
    return [ok("disk", gigabytes)]


async def _server(connection: AsyncConnection) -> Finding:
    number = int(await _value(connection, "SHOW server_version_num"))
    version = str(await _value(connection, "SHOW server_version"))
    if number < _OLDEST_POSTGRES:
        return fail("database", f"Postgres {version} is too old", "Use Postgres 15 or newer.")
    return ok("database", f"Postgres {version} answers")


async def _durable(connection: AsyncConnection) -> Finding:
    off = [n for n in _NOT_DURABLE if await _value(connection, f"SHOW {n}") in {"off", "local"}]
    if off:
        return fail(
            "durability",
            f"{', '.join(off)} is off: what was answered may be gone after a power cut",
            "Turn it on in postgresql.conf.",
        )
    return ok("durability", "what is committed survives a power cut")


async def _clock(connection: AsyncConnection) -> Finding:
    before = datetime.now(UTC)
    there = await _value(connection, "SELECT clock_timestamp()")
    return skew("clock of the database", there, before, datetime.now(UTC))


def skew(check: str, there: datetime, before: datetime, after: datetime) -> Finding:
    """How far another clock is from ours, the way there and back left out."""
    off = max((before - there).total_seconds(), (there - after).total_seconds(), 0.0)
    if off >= _SKEW_FAIL:
        return fail(check, f"it differs by {off:.0f} s", "Run NTP (chrony) on both machines.")
    if off >= _SKEW_WARN:
        return warn(check, f"it differs by {off:.1f} s", "Run NTP (chrony) on both machines.")
    return ok(check, "it agrees with ours")


def _schema(revision: str) -> Finding:
    newest = migrate.head()
    if revision == newest:
        return ok("schema", f"at {newest}, the newest")
    return fail(
        "schema",
        f"at {revision or 'nothing'}, and this version needs {newest}",
        "Run: hark migrate",
    )


async def _value(connection: AsyncConnection, statement: str) -> Any:
    return (await connection.exec_driver_sql(statement)).scalar_one()
