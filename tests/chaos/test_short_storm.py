"""A short storm over eight real processes: every invariant holds; and one mutant is found out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.checkers import check
from tests.chaos.mutants import MUTANTS
from tests.chaos.plan import SHORT, make_plan
from tests.chaos.report import lines
from tests.chaos.storm import Storm

SEED = 1
pytestmark = [pytest.mark.chaos, pytest.mark.timeout(420)]


async def test_a_short_storm_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    history = await Storm(make_plan(SEED, SHORT), logs=tmp_path / "logs").run()
    history.save(tmp_path / "history.jsonl")
    verdicts = check(history)
    assert all(verdict.holds for verdict in verdicts), "\n".join(lines(history, verdicts))
    # A storm in which nothing happened would prove nothing.
    assert history.meta["not_injected"] == 0
    assert sum(event["name"].startswith("kill ") for event in history.of("event")) == SHORT.kills


def test_the_same_seed_makes_the_same_plan() -> None:
    assert make_plan(SEED, SHORT) == make_plan(SEED, SHORT)
    assert make_plan(SEED, SHORT) != make_plan(SEED + 1, SHORT)


async def test_a_storm_over_an_inbox_without_lanes_is_found_out() -> None:
    mutant = MUTANTS["lane"]
    history = await Storm(mutant.plan(SEED), mutant=mutant.name, spoil=mutant.spoil).run()
    broken = {verdict.name for verdict in check(history) if not verdict.holds}
    assert set(mutant.breaks) <= broken
