"""Fixtures: a real Postgres for the session, and in it a fresh database, with all tables, a test.

`HARK_TEST_DATABASE_URL` names a server to use (its user may create databases); without it, an
embedded one is started in a temporary home. A fresh database is a copy of a template that is made
once a session.
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


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgres_url() -> AsyncIterator[str]:
    """A Postgres server for the whole session; its own database stays empty."""
    if given := os.environ.get(URL_VARIABLE):
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="hark-test-", ignore_cleanup_errors=True) as folder:
        postgres = EmbeddedPostgres(Path(folder) / "home")
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
async def template_database(
    postgres_url: str, postgres_admin: asyncpg.Connection
) -> AsyncIterator[str]:
    """The name of a database that has every schema and table of `db.tables`."""
    name = f"hark_template_{uuid.uuid4().hex[:12]}"
    await postgres_admin.execute(f'CREATE DATABASE "{name}"')
    engine = open_engine(_with_database(postgres_url, name), application_name="test", pool_size=1)
    async with engine.begin() as connection:
        for schema in db.tables.SCHEMAS:
            await connection.execute(sa.schema.CreateSchema(schema))
        await connection.run_sync(db.tables.metadata.create_all)
    await engine.dispose()
    yield name
    await postgres_admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest_asyncio.fixture(loop_scope="session")
async def empty_database_url(
    postgres_url: str, postgres_admin: asyncpg.Connection
) -> AsyncIterator[str]:
    """A fresh database with nothing in it (for migrations)."""
    async for url in _fresh(postgres_url, postgres_admin, template="template0"):
        yield url


@pytest_asyncio.fixture(loop_scope="session")
async def database_url(
    postgres_url: str, postgres_admin: asyncpg.Connection, template_database: str
) -> AsyncIterator[str]:
    """A fresh database with all tables, for this test alone."""
    async for url in _fresh(postgres_url, postgres_admin, template=template_database):
        yield url


@pytest_asyncio.fixture(loop_scope="session")
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """An engine on this test's own database; it connects when used."""
    engine = open_engine(database_url, application_name="test", pool_size=10)
    yield engine
    await engine.dispose()


async def _fresh(url: str, admin: asyncpg.Connection, *, template: str) -> AsyncIterator[str]:
    name = f"hark_test_{uuid.uuid4().hex[:12]}"
    # Copying files is quicker than writing them to the log, and nobody needs them after a crash.
    await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    yield _with_database(url, name)
    await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _with_database(url: str, name: str) -> str:
    # An absolute path keeps "postgresql://user@/name" from losing its empty host.
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{name}"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks every test that uses the Postgres."""
    for item in items:
        if "postgres_url" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.postgres)
