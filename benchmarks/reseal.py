"""What a rotation of the keys costs: values sealed again per second, beside a plain update.

python -m benchmarks.reseal [--rows 20000]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.crypto import Keyring, new_key
from db.embedded import EmbeddedPostgres
from db.engine import autocommit, open_engine
from db.rotation import columns_of, reseal
from db.sealed import Ciphertext
from db.tables import SCHEMAS, metadata
from db.tables.ingress import inbox
from db.tables.notifier import person_keys

# A text message as WhatsApp wraps it.
PAYLOAD_BYTES = 900
_AT_ONCE = 1_000


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=20_000)
    rows: int = parser.parse_args().rows
    with tempfile.TemporaryDirectory(prefix="hark-bench-") as folder:
        postgres = EmbeddedPostgres(Path(folder) / "home")
        engine = open_engine(await postgres.start(), application_name="bench", pool_size=4)
        try:
            await measure(engine, rows)
        finally:
            await engine.dispose()
            await postgres.stop()


async def measure(engine: AsyncEngine, rows: int) -> None:
    async with engine.begin() as connection:
        for schema in SCHEMAS:
            await connection.execute(sa.schema.CreateSchema(schema))
        await connection.run_sync(metadata.create_all)
    old, new = ("k1", new_key()), ("k2", new_key())
    columns = {column.name: column for column in columns_of(metadata)}
    await fill(engine, rows, Keyring([old]))
    print(f"{rows:,} rows each; {os.cpu_count()} cores; fsync on")
    for name in ("notifier.person_keys.wrapped_key", "ingress.inbox.payload"):
        started = time.perf_counter()
        batches = [count async for count in reseal(engine, columns[name], Keyring([new, old]))]
        seconds = time.perf_counter() - started
        longest = seconds / len(batches)
        print(
            f"{name:36} {sum(batches) / seconds:9,.0f} values/s"
            f"  {seconds:6.2f} s  {longest * 1000:5.1f} ms a batch of {max(batches)}"
        )
    async with autocommit(engine).connect() as connection:
        started = time.perf_counter()
        again = [count async for count in reseal(engine, columns[name], Keyring([new, old]))]
        seconds = time.perf_counter() - started
        print(f"{'nothing left to do (second pass)':36} {rows / seconds:9,.0f} values/s  {again}")
        started = time.perf_counter()
        await connection.execute(sa.update(inbox).values(attempts=1))
        seconds = time.perf_counter() - started
        print(f"{'UPDATE of all rows in one statement':36} {rows / seconds:9,.0f} rows/s")


async def fill(engine: AsyncEngine, rows: int, keyring: Keyring) -> None:
    found = {column.name: column for column in columns_of(metadata)}
    payload = found["ingress.inbox.payload"]
    wrapped = found["notifier.person_keys.wrapped_key"]
    now = datetime.now(UTC)
    for start in range(0, rows, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, rows))
        keys = [str(number).encode().rjust(16, b"0") for number in numbers]
        async with engine.begin() as connection:
            await connection.execute(
                sa.insert(inbox),
                [
                    {
                        "due_time": now,
                        "settled_time": now,
                        "receive_time": now,
                        "dedupe_key": key,
                        "lane": key,
                        "kind": 1,
                        "type": "text",
                        "payload": Ciphertext(
                            keyring.seal(os.urandom(PAYLOAD_BYTES), payload.place(key))
                        ),
                    }
                    for key in keys
                ],
            )
            await connection.execute(
                sa.insert(person_keys),
                [
                    {
                        "user_id": f"{number:08}",
                        "wrapped_key": Ciphertext(
                            keyring.seal(new_key(), wrapped.place(f"{number:08}"))
                        ),
                    }
                    for number in numbers
                ],
            )


if __name__ == "__main__":
    asyncio.run(main())
