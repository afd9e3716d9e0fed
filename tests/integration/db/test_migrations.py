"""The migrations lead to what the tables say."""

from __future__ import annotations

import asyncio

from db import migrate
from db.engine import open_engine


async def test_the_migrations_give_exactly_the_tables(empty_database_url: str) -> None:
    reached = await migrate.upgrade_at(empty_database_url)
    engine = open_engine(empty_database_url, application_name="test", pool_size=1)
    try:
        assert await migrate.revision_of(engine) == reached == migrate.head()
        assert await migrate.drift(engine) == []
    finally:
        await engine.dispose()


async def test_replicas_that_migrate_at_once_do_it_one_after_the_other(
    empty_database_url: str,
) -> None:
    reached = await asyncio.gather(*(migrate.upgrade_at(empty_database_url) for _ in range(3)))
    assert set(reached) == {migrate.head()}
