"""`python -m benchmarks.memory_ingress [WEBHOOKS]`: is memory flat over a million webhooks?

Signed webhooks go through the real application (ASGI), are split, sealed and stored in a real
Postgres, 64 at a time, by the process that is measured. Every tenth is a redelivery, one in a
hundred is refused, one in a thousand has 100 KB. Rows are deleted now and then, so that the disk is
no part of the question. Prints what the process holds every so often, and the slope of the second
half: that is what a leak would show in.
"""

from __future__ import annotations

import asyncio
import gc
import hashlib
import hmac
import json
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import asyncpg
import sqlalchemy as sa
import uvloop
from prometheus_client import CollectorRegistry

import db.tables
from chassis.clock import SystemClock
from chassis.crypto import Keyring
from db.embedded import EmbeddedPostgres
from db.engine import open_engine
from services.ingress.domain.signature import Signatures
from services.ingress.metrics import IngressMetrics
from services.ingress.storage.inbox import GroupCommit
from services.ingress.usecases import Acceptance
from services.ingress.web.app import Web
from services.ingress.wiring import make_names

SECRET = "test_app_secret"
AT_ONCE = 64
SAMPLES = 40
_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def webhook(number: int) -> bytes:
    """One message and one status; every tenth is one that came before."""
    wamid = f"wamid.{number - 500 if number % 10 == 0 else number}"
    body = "x" * 100_000 if number % 1000 == 0 else f"remind me to call number {number} at six"
    message = {
        "from": f"1555{number % 100_000:07}",
        "id": wamid,
        "timestamp": "1763800000",
        "type": "text",
        "text": {"body": body},
    }
    status = {"id": f"{wamid}.out", "status": "delivered", "timestamp": "1763800000"}
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"phone_number_id": "1"},
        "messages": [message],
        "statuses": [status],
    }
    change = {"field": "messages", "value": value}
    root = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}
    return json.dumps(root).encode()


async def post(web: Web, number: int) -> str:
    """The status that one webhook is answered with."""
    body = webhook(number)
    secret = "wrong" if number % 100 == 7 else SECRET
    signature = "sha256=" + hmac.digest(secret.encode(), body, hashlib.sha256).hex()
    scope = {
        "type": "http",
        "path": "/webhook",
        "method": "POST",
        "headers": [(b"x-hub-signature-256", signature.encode())],
    }
    said = ""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        nonlocal said
        if message["type"] == "http.response.start":
            said = str(message["status"])

    await web(scope, receive, send)
    return said


def resident() -> float:
    """MiB that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


async def run(total: int, database_url: str) -> None:
    """Posts so many webhooks and prints what they cost."""
    engine = open_engine(database_url, application_name="hark-memory", pool_size=4)
    async with engine.begin() as connection:
        await connection.execute(sa.text("CREATE SCHEMA IF NOT EXISTS ingress"))
        tables = [t for t in db.tables.metadata.tables.values() if t.schema == "ingress"]
        await connection.run_sync(db.tables.metadata.create_all, tables=tables)
    names, metrics = make_names(b"h" * 32), IngressMetrics(CollectorRegistry())
    inbox = GroupCommit(
        engine,
        Keyring([("k1", b"k" * 32)]),
        names,
        clock=SystemClock(),
        queue_bytes=32 * 2**20,
        ring=lambda: None,
        observer=metrics,
    )
    acceptance = Acceptance(Signatures([SECRET]), names, inbox)
    web = Web(acceptance, verify_token="x", ready=lambda: True, refused=lambda _reason: None)
    writer = asyncio.create_task(inbox.run())
    cleaner = await asyncpg.connect(database_url)
    samples: list[tuple[float, float]] = []
    answers: dict[str, int] = {}
    numbers, began = iter(range(1, total + 1)), time.perf_counter()

    async def caller() -> None:
        for number in numbers:
            said = await post(web, number)
            answers[said] = answers.get(said, 0) + 1
            if number % (total // SAMPLES) == 0:
                await cleaner.execute("TRUNCATE ingress.inbox")
                samples.append((number / 1e6, resident()))
                print(f"{number:>9,} {resident():7.1f} MiB", flush=True)

    gc.collect()
    gc.freeze()
    await asyncio.gather(*(caller() for _ in range(AT_ONCE)))
    seconds = time.perf_counter() - began
    await inbox.stop()
    await writer
    await cleaner.close()
    await engine.dispose()
    half = samples[len(samples) // 2 :]
    slope, _ = statistics.linear_regression([x for x, _ in half], [y for _, y in half])
    counted = ", ".join(f"{status} {count:,}" for status, count in sorted(answers.items()))
    print(f"{total:,} webhooks in {seconds:.0f} s ({total / seconds:,.0f}/s); answers: {counted}")
    print(f"second half: {half[0][1]:.1f} to {half[-1][1]:.1f} MiB, {slope:+.1f} MiB a million")


async def main(total: int) -> None:
    """A Postgres of its own, and the run."""
    with tempfile.TemporaryDirectory(prefix="hark-memory-") as folder:
        postgres = EmbeddedPostgres(Path(folder) / "home", settings=_SETTINGS)
        url = await postgres.start()
        try:
            await run(total, url)
        finally:
            await postgres.stop()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
