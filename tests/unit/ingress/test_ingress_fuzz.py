"""A small round of the fuzzing that `python -m tests.fuzz.webhooks` does at length."""

from __future__ import annotations

import pytest

from tests.fuzz.webhooks import fuzz


@pytest.mark.parametrize("seed", [1, 2])
async def test_no_request_is_answered_wrongly_and_every_part_can_be_handled(seed: int) -> None:
    tally = await fuzz(1500, seed)
    assert tally.answers["200"] > 500
    assert {"400", "401", "403", "415"} <= tally.answers.keys()
    assert tally.parts["settle"] > 100
