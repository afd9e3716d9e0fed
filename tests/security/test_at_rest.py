"""What lies on the disk: never what people wrote, and after an erasure not their keys either."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from db.embedded import EmbeddedPostgres
from db.engine import autocommit, open_engine
from db.tables import SCHEMAS, metadata
from tests.integration.notifier.graph import ScriptedGraph
from tests.security.conftest import Figure
from tests.security.forgetting import contact, erase, finished, settled
from tests.security.leaks import Seeds, files_with
from tests.security.said import said
from tests.security.village import village

NAME, NUMBER, WORDS = "Zerlinde Quastenberg", "15550199877", "xylotherapie"
# Postgres would keep old segments of its log as room for new ones, with what stands in them.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "wal_recycle": "off",
    "min_wal_size": "32MB",
}


@pytest.mark.timeout(240)
async def test_the_disk_never_holds_words_and_no_keys_after_an_erasure(
    graph: ScriptedGraph, figure: Figure
) -> None:
    with tempfile.TemporaryDirectory(prefix="hark-rest-", ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "home"
        postgres = EmbeddedPostgres(home, settings=SETTINGS)
        url = await postgres.start()
        engine = open_engine(url, application_name="test")
        try:
            async with engine.begin() as connection:
                for schema in SCHEMAS:
                    await connection.execute(sa.schema.CreateSchema(schema))
                await connection.run_sync(metadata.create_all)
            await flush(engine)
            started = time.time_ns()
            async with village(url, graph.url) as running:
                await said(running, f"remind me to call {NAME}", sender=NUMBER, name=NAME)
                await said(running, f"add {WORDS} to my list", sender=NUMBER, name=NAME)
                await settled(running)
                person = await contact(running, NUMBER)
                assert person is not None
                keys = await wrapped_keys(engine)
                await flush(engine)
                assert await asyncio.to_thread(written, home, started) == set()
                holding = await asyncio.to_thread(files_with, home, keys)
                # The scan sees what is there: the keys, before they are gone.
                assert len(keys) == 3
                assert all(holding.values())
                await erase(running, person.user_id)
                await finished(running, person.user_id)
            await flush(engine)
            assert await asyncio.to_thread(written, home, started) == set()
            assert await wrapped_keys(engine) == {}
            await flush(engine, rewriting=True)
            left = await asyncio.to_thread(files_with, home, keys)
            assert {name for name, files in left.items() if files} == set(), left
        finally:
            await engine.dispose()
            await postgres.stop()
    figure("data directory after an erasure, VACUUM and CHECKPOINT: 0 words, 0 keys")


def written(home: Path, started: int) -> set[str]:
    """What people wrote that stands in any file which changed since then."""
    seeds = Seeds((NAME, NUMBER, WORDS))
    return {
        found
        for path in home.rglob("*")
        if path.is_file() and path.stat().st_mtime_ns >= started
        for found in seeds.found_in(path.read_bytes())
    }


async def wrapped_keys(engine: AsyncEngine) -> dict[str, bytes]:
    found = {}
    async with engine.connect() as connection:
        for table in metadata.sorted_tables:
            if table.name == "person_keys":
                for key in (await connection.execute(sa.select(table.c.wrapped_key))).scalars():
                    found[str(table)] = bytes(key)
    return found


async def flush(engine: AsyncEngine, *, rewriting: bool = False) -> None:
    """VACUUM and CHECKPOINT; `rewriting` also wipes freed pages and the log behind them."""
    async with autocommit(engine).connect() as connection:
        await connection.execute(sa.text("VACUUM"))
        if rewriting:
            for schema in ("ai", "scheduler", "notifier"):
                await connection.execute(sa.text(f"VACUUM FULL {schema}.person_keys"))
            for _ in range(2):
                await connection.execute(sa.text("SELECT pg_switch_wal()"))
                await connection.execute(sa.text("CHECKPOINT"))
        await connection.execute(sa.text("CHECKPOINT"))
