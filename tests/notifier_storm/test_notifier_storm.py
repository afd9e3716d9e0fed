"""A short storm over two real notifiers; and the checker, which must not be blind."""

from __future__ import annotations

import os

# Before gRPC is there: its hooks around fork only complain.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")

from dataclasses import replace
from pathlib import Path

import pytest

from tests.notifier_storm import checker
from tests.notifier_storm.__main__ import broken, report
from tests.notifier_storm.checker import Attempt, Call, Told
from tests.notifier_storm.plan import SHORT, make_plan
from tests.notifier_storm.storm import Storm

SEED = 1
CALL = Call(title="t", time=0.0, to="1", text="t", arrived=True, code=0, fault="")
TOLD = Told(title="t", kind="task_due", state="SENT", reason="")
ATTEMPT = Attempt(
    title="t",
    number=1,
    is_repeat=False,
    begin=0.0,
    end=0.1,
    outcome="ACCEPTED",
    reason="",
    settled=None,
)


@pytest.mark.chaos
@pytest.mark.timeout(420)
async def test_a_short_storm_loses_nothing_doubles_nothing_and_exceeds_no_cap(
    tmp_path: Path,
) -> None:
    result = await Storm(make_plan(SEED, SHORT), tmp_path).run()
    found = broken(result, SHORT)
    assert not found, "\n".join([*found, *report(result, SHORT)])
    # A storm in which nothing happened would prove nothing.
    # (The kill from outside may take the replica that waits for its own.)
    assert len(result.killed) >= SHORT.kills - 1
    assert len(result.calls) > SHORT.minute_limit


def test_the_same_seed_makes_the_same_plan() -> None:
    assert make_plan(SEED, SHORT) == make_plan(SEED, SHORT)
    assert make_plan(SEED, SHORT) != make_plan(SEED + 1, SHORT)


def test_one_call_too_many_in_a_window_is_found() -> None:
    step = SHORT.minute_seconds / SHORT.minute_limit
    even = [replace(CALL, time=n * step) for n in range(3 * SHORT.minute_limit)]
    assert checker.most_in_a_window([call.time for call in even], SHORT.minute_seconds) <= (
        SHORT.minute_limit + 1
    )
    burst = [replace(CALL, time=5 + n / 1e6) for n in range(SHORT.minute_limit + 1)]
    attempts = [ATTEMPT] * len(burst)
    found = checker.problems([TOLD], attempts, burst, SHORT)
    assert any("are allowed" in each for each in found)


def test_what_is_lost_is_found() -> None:
    assert not checker.problems([TOLD], [ATTEMPT], [CALL], SHORT)
    assert checker.problems([TOLD], [ATTEMPT], [], SHORT)
    assert checker.problems([replace(TOLD, state="QUEUED")], [ATTEMPT], [CALL], SHORT)
    given_up = replace(TOLD, state="DEAD", reason="HANDLER_TIMEOUT")
    assert checker.problems([given_up], [ATTEMPT], [], SHORT)


def test_what_is_doubled_without_a_policy_or_without_saying_so_is_found() -> None:
    attempts = [ATTEMPT, replace(ATTEMPT, number=2, is_repeat=True)]
    said = replace(CALL, time=9.0, text="In case this did not reach you: t")
    assert not checker.problems([TOLD], attempts, [CALL, said], SHORT)
    assert checker.problems([TOLD], attempts, [CALL, replace(CALL, time=9.0)], SHORT)
    system = replace(TOLD, kind="status_update")
    assert checker.problems([system], attempts, [CALL, said], SHORT)
    # A call that nobody has on record.
    assert checker.problems([TOLD], [ATTEMPT], [CALL, said], SHORT)
