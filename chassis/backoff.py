"""How long to wait before trying again: exponential growth with full jitter."""

from __future__ import annotations

from datetime import timedelta
from random import Random

# 2**62 seconds overflow nothing that matters and keep the float exact enough to be capped.
_LARGEST_EXPONENT = 62


def ceiling(attempt: int, *, base: timedelta, cap: timedelta) -> timedelta:
    """The longest wait after the `attempt`-th failure (1 is the first): base, 2·base, … cap."""
    if attempt < 1:
        raise ValueError(f"attempt counts from 1, got {attempt}")
    if base <= timedelta() or cap < base:
        raise ValueError(f"base must be positive and at most cap, got {base} and {cap}")
    seconds = base.total_seconds() * 2 ** min(attempt - 1, _LARGEST_EXPONENT)
    return cap if seconds >= cap.total_seconds() else timedelta(seconds=seconds)


def delay(attempt: int, *, base: timedelta, cap: timedelta, rng: Random) -> timedelta:
    """A wait drawn evenly between nothing and the ceiling ("full jitter").

    Spreading over the whole range is what keeps many failed clients from returning together.
    """
    return ceiling(attempt, base=base, cap=cap) * rng.random()
