"""Crash points kill nobody who did not ask for it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from chassis.crash import POINTS_VARIABLE, parse

PASSES_TWICE = """
from chassis.crash import crash_point
crash_point("a.point"); crash_point("a.point")
print("alive")
"""


def passing_twice(points: str | None) -> subprocess.CompletedProcess[str]:
    """A process of its own that passes "a.point" two times."""
    environment = {name: value for name, value in os.environ.items() if name != POINTS_VARIABLE}
    if points is not None:
        environment[POINTS_VARIABLE] = points
    return subprocess.run(
        [sys.executable, "-c", PASSES_TWICE],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_crash_points_are_off_unless_the_environment_names_them() -> None:
    assert POINTS_VARIABLE not in os.environ
    assert parse("") == {}
    finished = passing_twice(None)
    assert (finished.returncode, finished.stdout) == (0, "alive\n")


def test_another_point_kills_nobody() -> None:
    assert passing_twice("another.point@1").returncode == 0


def test_a_named_point_kills_at_the_pass_that_was_asked_for() -> None:
    assert passing_twice("a.point@3").returncode == 0
    assert passing_twice("a.point@2").returncode == -signal.SIGKILL
