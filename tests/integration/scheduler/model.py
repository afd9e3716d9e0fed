"""The long version of `test_model`: python -m tests.integration.scheduler.model [EXAMPLES]."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa

import db.tables
from db.embedded import EmbeddedPostgres
from db.engine import open_engine
from tests.integration.scheduler.test_model import play

EXAMPLES, STEPS = 500, 60


async def main(examples: int) -> None:
    with tempfile.TemporaryDirectory(prefix="hark-model-") as folder:
        postgres = EmbeddedPostgres(Path(folder) / "home", settings={"fsync": "off"})
        url = await postgres.start()
        try:
            engine = open_engine(url, application_name="model", pool_size=1)
            async with engine.begin() as connection:
                for schema in db.tables.SCHEMAS:
                    await connection.execute(sa.schema.CreateSchema(schema))
                await connection.run_sync(db.tables.metadata.create_all)
            await engine.dispose()
            await play(url, examples, STEPS)
        finally:
            await postgres.stop()
    print(f"{examples} runs of up to {STEPS} steps: the model and the scheduler agree")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES))
