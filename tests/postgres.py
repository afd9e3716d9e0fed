"""Fixtures: a real Postgres for the session, and in it, for each test, a database of its own.

`HARK_TEST_DATABASE_URL` names a server to use (its user may create databases); without it, an
embedded one is started in a temporary home.
"""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

import db.tables
from db.embedded import EmbeddedPostgres
from db.engine import open_engine

URL_VARIABLE = "HARK_TEST_DATABASE_URL"

# Not durable: nobody needs these data after a power cut, and databases are made quickly.
_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

# Every column, index and constraint in these schemas, as one hash.
_SHAPE = """
SELECT md5(string_agg(line, '|' ORDER BY line)) FROM (
    SELECT concat_ws(' ', c.relname, a.attname, a.atttypid, a.attnotnull) AS line
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace::regnamespace::text = ANY($1) AND a.attnum > 0
    UNION ALL
    SELECT concat_ws(' ', indexrelid::regclass, pg_get_indexdef(indexrelid)) FROM pg_index
    JOIN pg_class c ON c.oid = indrelid WHERE c.relnamespace::regnamespace::text = ANY($1)
    UNION ALL
    SELECT concat_ws(' ', conname, pg_get_constraintdef(oid)) FROM pg_constraint
    WHERE connamespace::regnamespace::text = ANY($1)
) AS lines
"""
_TABLES = """
SELECT string_agg(oid::regclass::text, ', ') FROM pg_class
WHERE relkind = 'r' AND relnamespace::regnamespace::text = ANY($1)
"""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgres_url() -> AsyncIterator[str]:
    """A Postgres server for the whole session; its own database stays empty."""
    if given := os.environ.get(URL_VARIABLE):
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="hark-test-", ignore_cleanup_errors=True) as folder:
        postgres = EmbeddedPostgres(Path(folder) / "home", settings=_SETTINGS)
        url = await postgres.start()
        try:
            yield url
        finally:
            await postgres.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgres_admin(postgres_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that makes and drops the databases of the tests."""
    connection = await asyncpg.connect(postgres_url)
    yield connection
    await connection.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def databases(
    postgres_url: str, postgres_admin: asyncpg.Connection
) -> AsyncIterator[Databases]:
    """Where tests get their databases from."""
    databases = Databases(postgres_url, postgres_admin)
    yield databases
    await databases.close()


@pytest_asyncio.fixture(loop_scope="session")
async def empty_database_url(databases: Databases) -> AsyncIterator[str]:
    """A fresh database with nothing in it (for migrations)."""
    url = await databases.create()
    yield url
    await databases.drop(url)


@pytest_asyncio.fixture(loop_scope="session")
async def database_url(databases: Databases) -> AsyncIterator[str]:
    """A database with every table of `db.tables`, all empty, for this test alone."""
    url = await databases.take()
    yield url
    await databases.give_back(url)


@pytest_asyncio.fixture(loop_scope="session")
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """An engine on this test's own database; it connects when used."""
    engine = open_engine(database_url, application_name="test", pool_size=10)
    yield engine
    await engine.dispose()


class Databases:
    """Databases of one server: made when needed, emptied and used again.

    Emptying takes a fraction of the time of making. One whose schema a test has changed is dropped.
    """

    def __init__(self, url: str, admin: asyncpg.Connection) -> None:
        self._url = url
        self._admin = admin
        self._free: list[str] = []
        self._shapes: dict[str, str] = {}

    async def create(self) -> str:
        """The URL of a fresh database with nothing in it."""
        name = f"hark_test_{uuid.uuid4().hex[:12]}"
        await self._admin.execute(f'CREATE DATABASE "{name}" STRATEGY FILE_COPY')
        return urlunsplit(urlsplit(self._url)._replace(path=f"/{name}"))

    async def drop(self, url: str) -> None:
        """Removes a database and cuts off whoever uses it."""
        await self._admin.execute(f'DROP DATABASE IF EXISTS "{_name(url)}" WITH (FORCE)')
        self._shapes.pop(url, None)

    async def take(self) -> str:
        """The URL of a database with all tables and no rows, which nobody else uses."""
        if self._free:
            return self._free.pop()
        url = await self.create()
        engine = open_engine(url, application_name="test", pool_size=1)
        async with engine.begin() as connection:
            for schema in db.tables.SCHEMAS:
                await connection.execute(sa.schema.CreateSchema(schema))
            await connection.run_sync(db.tables.metadata.create_all)
        await engine.dispose()
        connection = await asyncpg.connect(url)
        self._shapes[url] = await connection.fetchval(_SHAPE, list(db.tables.SCHEMAS))
        await connection.close()
        return url

    async def give_back(self, url: str) -> None:
        """Empties it for the next test, or drops it, if its schema is not what it was."""
        gone = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1"
        await self._admin.execute(gone, _name(url))
        schemas = list(db.tables.SCHEMAS)
        connection = await asyncpg.connect(url)
        await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        as_before = await connection.fetchval(_SHAPE, schemas) == self._shapes[url]
        if as_before:
            tables = await connection.fetchval(_TABLES, schemas)
            await connection.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
        await connection.close()
        if as_before:
            self._free.append(url)
        else:
            await self.drop(url)

    async def close(self) -> None:
        """Drops what is left."""
        for url in list(self._shapes):
            await self.drop(url)


def _name(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks every test that uses the Postgres."""
    for item in items:
        if "postgres_url" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.postgres)
