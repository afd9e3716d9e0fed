"""Fixtures of the storage tests."""

from __future__ import annotations

import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.integration.db.due_tables import metadata


@pytest_asyncio.fixture(loop_scope="session")
async def jobs_engine(engine: AsyncEngine) -> AsyncEngine:
    """An engine on a database that also has `jobs` and `lane_jobs`."""
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    return engine
