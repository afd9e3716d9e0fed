"""Named points at which a chaos test kills the process; nothing happens unless it asks for it.

`HARK_CRASH_POINTS` lists points, comma-separated, in one of two forms:

- `due.claimed@3`: the third time the point is passed (once: the process is gone);
- `due.claimed:0.01:seed`: each time with this probability; the same seed and process number
  (`HARK_CRASH_PROCESS`, default 0) give the same choices.
"""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Mapping

POINTS_VARIABLE = "HARK_CRASH_POINTS"
PROCESS_VARIABLE = "HARK_CRASH_PROCESS"

# Says whether the process dies now.
Trigger = Callable[[], bool]


def crash_point(name: str) -> None:
    """Kills the process with SIGKILL if the environment asked for it here; else a no-op."""
    # One truth test where it is off: this stands on the hot path.
    if _triggers and (trigger := _triggers.get(name)) is not None and trigger():
        os.kill(os.getpid(), signal.SIGKILL)


def parse(setting: str, process: str = "0") -> Mapping[str, Trigger]:
    """The triggers that `setting` describes. Raises ValueError naming the faulty entry."""
    triggers: dict[str, Trigger] = {}
    for entry in filter(None, (part.strip() for part in setting.split(","))):
        name, at, count = entry.partition("@")
        if at and name and count.isdecimal() and int(count) > 0:
            triggers[name] = _nth(int(count))
            continue
        name, probability, seed = (*entry.split(":"), "", "")[:3]
        try:
            chance = float(probability)
        except ValueError:
            chance = -1
        if not name or not 0 <= chance <= 1:
            raise ValueError(f"{POINTS_VARIABLE}: {entry!r} is neither name@N nor name:P:seed")
        triggers[name] = _chance(chance, f"{seed}:{process}:{name}")
    return triggers


def _nth(count: int) -> Trigger:
    left = count

    def passes() -> bool:
        nonlocal left
        left -= 1
        return left == 0

    return passes


def _chance(probability: float, seed: str) -> Trigger:
    generator = random.Random(seed)  # noqa: S311 - choices to repeat, not to hide
    return lambda: generator.random() < probability


_triggers = parse(os.environ.get(POINTS_VARIABLE, ""), os.environ.get(PROCESS_VARIABLE, "0"))
