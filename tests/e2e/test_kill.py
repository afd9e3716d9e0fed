"""kill -9 of everything, ten times under traffic: nothing is lost and nothing is doubled."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from services.notifier.catalogue import load
from tests.e2e.system import System, is_welcome, new_folder, text_of

KILLS = 10
PEOPLE = [f"+1555010{number:04}" for number in range(20)]
SECONDS_BETWEEN_MESSAGES = 0.2
ANSWER_SECONDS = 120.0
# Longer than a notification of unknown outcome waits for a status to prove it.
PROBE_SECONDS = 70.0
# When the reminders are due; the messages are all said long before.
DUE_SECONDS = 3600.0
pytestmark = [pytest.mark.chaos, pytest.mark.timeout(600)]


@dataclass
class Traffic:
    """People who write while Hark dies and comes back."""

    system: System
    client: httpx2.AsyncClient
    said: int = 0
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        while not self.stopping.is_set():
            number = self.said
            person = PEOPLE[number % len(PEOPLE)]
            answer = await self.client.post(
                f"{self.system.outside}/control/people/{person}/messages",
                json={"type": "text", "text": f"remind me to paint wall{number} in 60 minutes"},
            )
            answer.raise_for_status()
            self.said += 1
            await asyncio.sleep(SECONDS_BETWEEN_MESSAGES)


@pytest_asyncio.fixture(loop_scope="session")
async def system() -> AsyncIterator[System]:
    with new_folder() as folder:
        # People here write more than people do; floods have tests of their own.
        quick = {"INGRESS_MESSAGES_PER_MINUTE": "6000", "INGRESS_MESSAGE_BURST": "1000"}
        system = System(Path(folder), extra=quick)
        await system.start_simulator()
        try:
            await system.up()
            yield system
        finally:
            await system.stop()


async def heard(system: System, client: httpx2.AsyncClient) -> list[str]:
    """Every text that arrived on any phone, in order."""
    texts = []
    for person in PEOPLE:
        answer = await client.get(
            f"{system.outside}/control/people/{person}/transcript", params={"after": 0}
        )
        messages: list[dict[str, Any]] = answer.json()["messages"]
        said = [text_of(each) for each in messages if each["author"] == "business"]
        texts += [text for text in said if not is_welcome(text)]
    return texts


async def until_each(
    system: System, client: httpx2.AsyncClient, expected: set[str], start: str
) -> None:
    """Waits until for every wall a text with `start` has arrived."""
    missing = expected
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            while missing:
                await asyncio.sleep(0.5)
                texts = [text for text in await heard(system, client) if start in text]
                missing = expected - {wall_of(text) for text in texts}
    except TimeoutError:
        pytest.fail(
            f"{len(missing)} of {len(expected)} lost after {start!r}: {sorted(missing)[:5]}"
        )


def wall_of(text: str) -> str:
    return next((word.strip(".,") for word in text.split() if word.startswith("wall")), "")


async def test_ten_kills_under_traffic_lose_nothing_and_double_nothing(system: System) -> None:
    rng = Random(20261122)
    async with httpx2.AsyncClient(timeout=30.0) as client:
        quick = {
            "status": "instant",
            "pair_seconds": 0,
            "throughput_per_second": 0,
            "retry_first_ms": 300,
            "retry_factor": 1.0,
            "retry_attempts": 400,
        }
        (await client.patch(f"{system.outside}/control/settings", json=quick)).raise_for_status()
        traffic = Traffic(system, client)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(traffic.run())
            for _ in range(KILLS):
                await asyncio.sleep(rng.uniform(0.2, 2.0))
                system.kill_everything()
                await system.up()
            traffic.stopping.set()
        walls = {f"wall{number}" for number in range(traffic.said)}
        await until_settled(system, client)
        system.move_clock(PROBE_SECONDS)
        await until_each(system, client, walls, "I'll remind you")
        system.move_clock(DUE_SECONDS + 2 * PROBE_SECONDS)
        await until_each(system, client, walls, "eminder")
        system.move_clock(DUE_SECONDS + 4 * PROBE_SECONDS)
        await until_settled(system, client)
        check_nothing_doubled(await heard(system, client), traffic.said)


async def until_settled(system: System, client: httpx2.AsyncClient) -> None:
    """Waits until what arrives has stopped growing for three seconds."""
    before, still = -1, 0
    async with asyncio.timeout(ANSWER_SECONDS):
        while still < 3:
            now = len(await heard(system, client))
            still = still + 1 if now == before else 0
            before = now
            await asyncio.sleep(1)


def check_nothing_doubled(texts: list[str], said: int) -> None:
    mark = load().get("repeat").text.split("{", 1)[0]
    declared = [text for text in texts if text.startswith(mark)]
    plain = [text for text in texts if not text.startswith(mark)]
    kinds = Counter((wall_of(text), "I'll remind you" in text) for text in plain)
    doubled = {key: count for key, count in kinds.items() if count > 1}
    print(
        f"\n{KILLS} kills, {said} messages, {len(plain)} texts, "
        f"{len(declared)} declared repeats, {len(doubled)} doubled"
    )
    assert doubled == {}
