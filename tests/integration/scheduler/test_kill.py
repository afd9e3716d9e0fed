"""A kill -9 in the middle, and another replica: each reminder is handed over, and stands once."""

from __future__ import annotations

import asyncio
import base64
import os
import signal
import sys
from collections import Counter

import pytest

from chassis.crash import POINTS_VARIABLE
from tests.integration.scheduler.conftest import HASH_KEY, TOKENS, World
from tests.integration.scheduler.said import task

PEOPLE, EACH = 5, 20


async def replica(world: World, crash: str = "") -> asyncio.subprocess.Process:
    """A scheduler in a process of its own."""
    environment = {
        **os.environ,
        "DATABASE_URL": world.database_url,
        "HARK_TOKENS": TOKENS,
        "HARK_KEYS": "k1:" + base64.b64encode(b"k" * 32).decode(),
        "HARK_HASH_KEY": base64.b64encode(HASH_KEY).decode(),
        "SCHEDULER_LISTEN": "127.0.0.1:0",
        "SCHEDULER_ADMIN_LISTEN": "127.0.0.1:0",
        "NOTIFIER_ADDRESS": f"127.0.0.1:{world.notifier_port}",
        POINTS_VARIABLE: crash,
    }
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services", "scheduler"),
        env=environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )


# Processes take their time to start on a busy machine.
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "point",
    # Processes are dear: the other points are passed in `test_model`, without processes.
    ["scheduler.after_handover@1"],
)
async def test_a_killed_replica_loses_nothing_and_doubles_nothing(world: World, point: str) -> None:
    first = await world.scheduler("2026-11-22T08:00:00Z")
    for number in range(PEOPLE):
        person = world.person(first)
        await person.says(
            *(
                task(f"{number} {n}", local_time="2026-11-22T09:00:00", recurrence="FREQ=DAILY")
                for n in range(EACH)
            )
        )
    await world.settled(PEOPLE)
    await first.stop()
    world.running.clear()
    # Due an hour later by a clock that has gone on: now, by that of the replicas.
    await world.query("UPDATE scheduler.notices SET due_time = now() WHERE settled_time IS NULL")

    doomed = await replica(world, crash=point)
    assert await asyncio.wait_for(doomed.wait(), 90) == -signal.SIGKILL
    survivor = await replica(world)
    try:
        query = (
            "SELECT 1 FROM scheduler.notices WHERE kind = 'task_due' AND settled_time IS NOT NULL"
            " OFFSET $1"
        )
        await world.found(query, PEOPLE * EACH - 1, seconds=60)
    finally:
        survivor.terminate()
        await asyncio.wait_for(survivor.wait(), 30)

    told = Counter(
        request.contents[0].parameters["title"]
        for request in world.notifier.accepted.values()
        if request.kind.startswith("task_due")
    )
    assert len(told) == PEOPLE * EACH
    assert set(told.values()) == {1}
    # Each series goes on, once.
    query = "SELECT item_id FROM scheduler.notices WHERE settled_time IS NULL AND kind = 'task_due'"
    following = [row["item_id"] for row in await world.query(query)]
    assert len(following) == len(set(following)) == PEOPLE * EACH
