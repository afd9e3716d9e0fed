"""Tables of due things made for these tests, with and without lanes."""

from __future__ import annotations

import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from db.due import DUE_TABLE_OPTIONS, due_columns, due_indexes
from db.sealed import Sealed

metadata = sa.MetaData()

jobs = sa.Table(
    "jobs",
    metadata,
    *due_columns(),
    sa.Column("label", sa.Text, nullable=False, server_default=""),
    sa.Column("answer", sa.Text, unique=True),
    sa.Column("secret", Sealed),
    *due_indexes("jobs"),
    **DUE_TABLE_OPTIONS,
)

lane_jobs = sa.Table(
    "lane_jobs",
    metadata,
    *due_columns(lane=True),
    sa.Column("label", sa.Text, nullable=False, server_default=""),
    *due_indexes("lane_jobs", lane=True),
    **DUE_TABLE_OPTIONS,
)


@pytest_asyncio.fixture(loop_scope="session")
async def jobs_engine(engine: AsyncEngine) -> AsyncEngine:
    """An engine on a database that also has `jobs` and `lane_jobs`."""
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    return engine
