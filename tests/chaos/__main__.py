"""`python -m tests.chaos`: storms from seeds, then the mutants; or a check of an old history."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

# The harness calls over gRPC and starts processes; gRPC's own hooks around fork only complain.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")

from tests.chaos.checkers import check
from tests.chaos.history import History
from tests.chaos.mutants import MUTANTS, Mutant
from tests.chaos.plan import LONG, SHORT, make_plan
from tests.chaos.report import lines
from tests.chaos.storm import Storm

SEEDS = (1, 2, 3)


def main(arguments: Sequence[str]) -> int:
    """Runs what was asked for; 0 if every invariant held and every mutant was found out."""
    asked = _parser().parse_args(arguments)
    if asked.check is not None:
        return 0 if _report(History.load(asked.check)) else 1
    out = asked.out or Path(tempfile.mkdtemp(prefix="hark-chaos-histories-"))
    out.mkdir(parents=True, exist_ok=True)
    good = True
    size = SHORT if asked.short else LONG
    for seed in [] if asked.only_mutants else asked.seed or SEEDS:
        history = asyncio.run(Storm(make_plan(seed, size), logs=out / f"logs-{seed}").run())
        path = out / f"history-{seed}.jsonl"
        history.save(path)
        good = _report(history) and good
        _say(f"history {path}; check it again: python -m tests.chaos --check {path}\n")
    if not asked.no_mutants:
        wanted = [MUTANTS[name] for name in asked.mutant] or list(MUTANTS.values())
        good = _try_mutants(wanted, out) and good
    return 0 if good else 1


def _try_mutants(wanted: Sequence[Mutant], out: Path) -> bool:
    found = 0
    for mutant in wanted:
        broken, history = _storm_over(mutant, out)
        history.save(out / f"history-{mutant.name}.jsonl")
        killed = bool(set(broken) & set(mutant.breaks))
        found += killed
        fate = f"killed by {', '.join(broken)}" if killed else f"SURVIVED (broken: {broken})"
        _say(f"mutant {mutant.name}: {mutant.says}: {fate}")
    _say(f"mutants killed {found}/{len(wanted)}")
    return found == len(wanted)


def _storm_over(mutant: Mutant, out: Path) -> tuple[list[str], History]:
    storm = Storm(
        mutant.plan(1), mutant=mutant.name, spoil=mutant.spoil, logs=out / f"logs-{mutant.name}"
    )
    history = asyncio.run(storm.run())
    return [verdict.name for verdict in check(history) if not verdict.holds], history


def _report(history: History) -> bool:
    verdicts = check(history)
    for line in lines(history, verdicts):
        _say(line)
    return all(verdict.holds for verdict in verdicts)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, action="append", help=f"default {SEEDS}; repeatable")
    parser.add_argument("--short", action="store_true", help="the size that CI runs")
    parser.add_argument("--no-mutants", action="store_true", help="storms only")
    parser.add_argument("--only-mutants", action="store_true", help="no storm without a mutation")
    parser.add_argument("--mutant", action="append", default=[], choices=list(MUTANTS))
    parser.add_argument("--out", type=Path, help="where histories and logs go")
    parser.add_argument("--check", type=Path, help="check a recorded history; runs nothing")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
