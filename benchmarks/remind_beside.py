"""What procrastinate does with jobs that do nothing, in the server that the scheduler is run on.

The better of two set-ups counts: one job at a time, and 50 at a time.
"""

from __future__ import annotations

import time
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import procrastinate

DATABASE = "procrastinate"
CONCURRENCIES = (1, 50)


async def rates(url: str, jobs: int) -> dict[str, int]:
    """Jobs a second by concurrency, over so many jobs that were all due before the start."""
    return {str(concurrency): await _rate(url, jobs, concurrency) for concurrency in CONCURRENCIES}


async def _rate(url: str, jobs: int, concurrency: int) -> int:
    name = f"{DATABASE}_{concurrency}"
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"CREATE DATABASE {name}")
    finally:
        await connection.close()
    dsn = urlunsplit(urlsplit(url)._replace(scheme="postgresql", path=f"/{name}"))
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=dsn, max_size=20))

    @app.task(name="nothing")
    async def nothing(number: int) -> None:
        """Does nothing."""

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        await nothing.batch_defer_async(*({"number": number} for number in range(jobs)))
        began = time.perf_counter()
        await app.run_worker_async(
            wait=False, concurrency=concurrency, install_signal_handlers=False, delete_jobs="always"
        )
        return round(jobs / (time.perf_counter() - began))
