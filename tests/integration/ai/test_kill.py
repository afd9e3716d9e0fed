"""F9: a kill at every named point of the pipeline leads to one effect and one reply."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from pathlib import Path

import pytest

from chassis.crash import POINTS_VARIABLE

# One message dies at every point in turn, and is taken up again where it stood.
DEATHS = {
    "m_change": ("ai.after_interpret", "ai.before_apply", "ai.after_apply", "ai.before_finish"),
    "m_talk": ("ai.after_answer", "ai.before_finish"),
}
# How often the model is asked: once more only for the death between its answer and our commit.
ASKED = {"m_change": 2, "m_talk": 1}
EFFECT = {"m_change": "applied", "m_talk": "said"}


async def handle(database_url: str, record: Path, message_id: str, points: str = "") -> int:
    environment = {name: value for name, value in os.environ.items() if name != POINTS_VARIABLE}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.integration.ai.dying",
        database_url,
        str(record),
        message_id,
        env=environment | {POINTS_VARIABLE: points},
    )
    async with asyncio.timeout(50):
        return await process.wait()


@pytest.mark.timeout(180)
@pytest.mark.parametrize("message_id", list(DEATHS))
async def test_f9_deaths_at_every_point_lead_to_one_effect_and_one_reply(
    database_url: str, tmp_path: Path, message_id: str
) -> None:
    record = tmp_path / "record"
    for point in DEATHS[message_id]:
        assert await handle(database_url, record, message_id, f"{point}@1") == -signal.SIGKILL
    assert await handle(database_url, record, message_id) == 0

    lines = [json.loads(line) for line in record.read_text().splitlines()]
    counts = Counter(line["kind"] for line in lines)
    # A repeat has the same body under the same request id, which its receiver takes once.
    bodies = {json.dumps(line["body"]) for line in lines if line["kind"] == EFFECT[message_id]}
    assert len(bodies) == 1
    assert counts["asked"] == ASKED[message_id]
    assert {"applied", "said"} & counts.keys() == {EFFECT[message_id]}
