"""`python -m tests.notifier_storm`: a storm from a seed, its figures, and what was broken."""

from __future__ import annotations

import os

# Before gRPC is there: its hooks around fork only complain.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from services.notifier.domain.cap import ATTEMPT_HOLD
from tests.notifier_storm import checker
from tests.notifier_storm.plan import LONG, SHORT, Size, make_plan
from tests.notifier_storm.storm import Result, Storm

LEAST_USE = 0.98


def main(arguments: Sequence[str]) -> int:
    """Runs what was asked for; 0 if nothing was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.notifier_storm", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--short", action="store_true", help="the size of the default tests")
    parser.add_argument("--calm", action="store_true", help="no faults and no kills")
    parser.add_argument("--notifications", type=int, help="another number of them; kills follow")
    asked = parser.parse_args(arguments)
    size = SHORT if asked.short else LONG
    if asked.notifications:
        kills = round(size.kills * asked.notifications / size.notifications)
        size = replace(size, notifications=asked.notifications, kills=max(kills, 1))
    plan = make_plan(asked.seed, size)
    if asked.calm:
        plan = plan.calm()
    with tempfile.TemporaryDirectory(prefix="hark-storm-", ignore_cleanup_errors=True) as folder:
        result = asyncio.run(Storm(plan, Path(folder)).run())
    found = broken(result, size)
    for line in [f"seed {plan.seed}", *report(result, size), *(f"BROKEN {each}" for each in found)]:
        sys.stdout.write(f"{line}\n")
    return 1 if found else 0


def broken(result: Result, size: Size) -> list[str]:
    """Every promise that was not kept."""
    found = checker.problems(result.told, result.attempts, result.calls, size)
    if len(result.told) != size.notifications:
        found.append(f"{len(result.told)} of {size.notifications} are there")
    if result.missed:
        found.append(f"the log is not whole: {result.missed} entries are missing")
    if result.fell:
        found.append(f"processes fell by themselves: {result.fell}")
    return found


def report(result: Result, size: Size) -> list[str]:
    """The figures."""
    use = checker.use(
        result.calls,
        result.attempts,
        size,
        until=result.backlog_until,
        hold=ATTEMPT_HOLD.total_seconds(),
    )
    return [
        f"seconds {result.seconds:.1f}, {result.backlog_until:.1f} of them with a backlog",
        f"kill -9: {len(result.killed)} ({', '.join(sorted(set(result.killed)))})",
        "faults: " + ", ".join(f"{name} {n}" for name, n in sorted(result.injected.items())),
        *checker.lines(result.told, result.attempts, result.calls, size),
        f"of the allowed, while there was a backlog: {100 * use.calls:.1f} % in calls, "
        f"{100 * use.held:.1f} % with what died in use (bar: {100 * LEAST_USE:.0f} %)",
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
