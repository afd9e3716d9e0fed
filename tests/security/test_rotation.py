"""`hark keys rotate` while people write: three times, once killed half-way; everything opens."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis import keyfile
from chassis.crypto import Keyring, encoded_key, new_key
from chassis.keyfile import KeyFile
from cli.rotation import _rotate
from db.rotation import columns_of, sealed_by
from db.tables import metadata
from hark.ai.v1.ai_service_pb2 import ListTurnsRequest
from hark.notifier.v1.notifier_service_pb2 import ListNotificationsRequest
from tests.integration.notifier.graph import ScriptedGraph
from tests.security.conftest import Figure
from tests.security.forgetting import settled
from tests.security.said import said
from tests.security.village import Village, village

ROOT = Path(__file__).parents[2]
# As soon as is safe here: files are read again within a second, and statements are quick.
SETTLE = "1.5"


async def rotate(path: Path, database_url: str, crash: str = "") -> int:
    """`hark keys rotate` in a process of its own; its exit code."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cli", "keys", "rotate", "--settle", SETTLE),
        cwd=ROOT,
        env=os.environ
        | {
            "HARK_KEYS_FILE": str(path),
            "DATABASE_URL": database_url,
            "HARK_CRASH_POINTS": crash,
        },
        stdout=asyncio.subprocess.DEVNULL,
    )
    async with asyncio.timeout(50):
        return await process.wait()


async def write_all_the_time(running: Village, graph: ScriptedGraph, enough: asyncio.Event) -> int:
    """New people write, each when the one before has an answer, until it is enough; how many."""
    for number in itertools.count(1):
        if enough.is_set():
            return number - 1
        await said(running, "remind me to call Ada tomorrow", sender=f"1555020{number:04}")
        await graph.sent(number, timeout=40)
    raise AssertionError


@pytest.mark.timeout(240)
async def test_every_ciphertext_opens_after_three_rotations_under_load(
    database_url: str,
    engine: AsyncEngine,
    graph: ScriptedGraph,
    tmp_path: Path,
    figure: Figure,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "keys"
    path.write_text(f"HARK_KEYS=k1:{encoded_key(new_key())}\n")
    async with village(database_url, graph.url, keyring=KeyFile(path)) as running:
        enough = asyncio.Event()
        writing = asyncio.create_task(write_all_the_time(running, graph, enough))
        try:
            await graph.sent(10, timeout=60)
            killed = await rotate(path, database_url, crash="rotation.after_batch@2")
            code = await rotate(path, database_url)
            monkeypatch.setenv("DATABASE_URL", database_url)
            for _ in range(2):
                # The same without a process of its own, which takes longer to start than to work.
                await _rotate(tmp_path, path, float(SETTLE))
        finally:
            enough.set()
        people = await writing
        await settled(running)
        read = await everything_read(running)

    assert (killed, code) == (-signal.SIGKILL, 0)
    keys = keyfile.read(path)
    newest = Keyring.from_setting(keys)
    assert keys.count(":") == 1
    opened = await everything_opened(engine, newest)
    for column in columns_of(metadata):
        assert set(await sealed_by(engine, column)) <= {newest.newest}, column.name
    assert read["turns"] == people
    assert read["notifications"] == await notifications(engine) >= people
    figure(
        f"3 rotations under load, one more killed half-way: {sum(opened.values())} of "
        f"{sum(opened.values())} values under service keys open with the newest alone "
        f"({people} people wrote meanwhile; {sum(read.values())} of their rows read back)"
    )


async def everything_opened(engine: AsyncEngine, keyring: Keyring) -> dict[str, int]:
    """How many values of each column open; raises where one does not."""
    found = {}
    async with engine.connect() as connection:
        for column in columns_of(metadata):
            rows = (await connection.execute(sa.select(column.row, column.value))).all()
            for row, value in rows:
                keyring.open(value, column.place(row))
            found[column.name] = len(rows)
    assert min(found["ingress.inbox.payload"], found["notifier.person_keys.wrapped_key"]) > 10
    return found


async def notifications(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        count = "SELECT count(*) FROM notifier.notifications"
        return int(await connection.scalar(sa.text(count)) or 0)


async def everything_read(running: Village) -> dict[str, int]:
    """What the services themselves can still read of what people wrote."""
    found = {"turns": 0, "notifications": 0}
    token = ""
    while True:
        request = ListTurnsRequest(page_size=200, page_token=token)
        answer = await running.call("ai", "ListTurns", request)
        found["turns"] += sum(1 for turn in answer.turns if turn.intents)
        if not (token := answer.next_page_token):
            break
    while True:
        wanted = ListNotificationsRequest(page_size=200, page_token=token)
        told = await running.call("notifier", "ListNotifications", wanted)
        found["notifications"] += sum(1 for each in told.notifications if each.contents)
        if not (token := told.next_page_token):
            return found
