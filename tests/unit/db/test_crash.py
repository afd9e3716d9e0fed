"""Crash points: off unless asked for, and then where and when asked for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from chassis.crash import POINTS_VARIABLE, PROCESS_VARIABLE, parse

PROGRAM = """
from chassis.crash import crash_point
for number in range(100):
    crash_point("a"); crash_point("b")
    print(number, flush=True)
"""


def run(points: str | None, process: str = "0") -> tuple[int, int]:
    """The exit code, and how many rounds were finished."""
    environment = {k: v for k, v in os.environ.items() if k != POINTS_VARIABLE}
    environment[PROCESS_VARIABLE] = process
    if points is not None:
        environment[POINTS_VARIABLE] = points
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, timeout=30
    )
    return done.returncode, len(done.stdout.split())


def test_nothing_happens_unless_the_environment_asks_for_it() -> None:
    assert run(None) == (0, 100)
    assert run("elsewhere@1") == (0, 100)


def test_a_process_dies_at_the_named_time_without_a_chance_to_clean_up() -> None:
    assert run("b@3") == (-signal.SIGKILL, 2)


def test_the_same_seed_kills_at_the_same_moment_and_another_process_at_another() -> None:
    first = run("a:0.02:7")
    assert first[0] == -signal.SIGKILL
    assert run("a:0.02:7") == first
    assert any(run("a:0.02:7", process=str(n)) != first for n in range(1, 4))


@pytest.mark.parametrize("wrong", ["a", "a@0", "a@x", "@3", "a:2:seed", "a:x:seed"])
def test_a_wrong_setting_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="name@N"):
        parse(wrong)
