"""kill -9 at every await point between a webhook and its 200, found by counting them."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.integration.ingress import killing

ROOT = Path(__file__).parents[3]


async def killed_at_every_step(database_url: str) -> list[dict[str, Any]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.integration.ingress.killing",
        database_url,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, error = await process.communicate()
    assert process.returncode == 0, error.decode()
    return [json.loads(line) for line in out.splitlines()]


@pytest.mark.timeout(120)
async def test_nothing_that_was_answered_200_is_lost_wherever_the_process_dies(
    engine: AsyncEngine, database_url: str
) -> None:
    del engine  # Makes the tables.
    children = await killed_at_every_step(database_url)
    assert [each["step"] for each in children] == list(range(1, len(children) + 1))
    assert [each["is_over"] for each in children] == [False] * (len(children) - 1) + [True]
    # Before the first answer, between them, and after the last.
    assert {len(each["answered"]) for each in children} == set(range(killing.WEBHOOKS + 1))

    connection = await asyncpg.connect(database_url)
    rows = await connection.fetch("SELECT message_key FROM ingress.inbox")
    await connection.close()
    stored = [row["message_key"] for row in rows]
    names = killing.names()
    promised = {
        names.message(wamid)
        for each in children
        for webhook in each["answered"]
        for wamid in killing.wamids(each["step"], webhook)
    }
    assert promised - set(stored) == set()
    assert len(stored) == len(set(stored))
    # All parts of a webhook, or none of it.
    for each in children:
        for webhook in range(killing.WEBHOOKS):
            keys = {names.message(wamid) for wamid in killing.wamids(each["step"], webhook)}
            assert len(keys & set(stored)) in (0, len(keys))
    print(f"{len(children) - 1} kills, {len(promised)} parts answered 200, none lost")
