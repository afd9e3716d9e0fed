"""Whose fault a time-out is: the peer's, which is down or overloaded, or that of one request."""

from __future__ import annotations

from collections import deque
from enum import IntEnum

# Failures of others that are remembered, and for how long they speak for the request (seconds):
# longer than the longest gap between two looks of a postponed part at a peer that is down.
_MOST_FAILURES = 64
_MEMORY = 660.0


class Blame(IntEnum):
    """What the evidence says about one request that got no answer."""

    # Others got none either: an outage, to be waited out.
    PEER = 1
    # There were no others.
    ALONE = 2
    # Others were answered meanwhile.
    SINGLED_OUT = 3


class Evidence:
    """What became of the calls to one peer lately. Times are seconds of one monotonic clock."""

    def __init__(self) -> None:
        self._last_answer = float("-inf")
        self._failures: deque[tuple[float, str]] = deque(maxlen=_MOST_FAILURES)

    def answered(self, now: float) -> None:
        """The peer answered, whatever it said."""
        self._last_answer = now

    def failed(self, message_id: str, now: float) -> None:
        """The peer did not answer a call about this message."""
        self._failures.append((now, message_id))

    def blame(self, message_id: str, *, since: float, now: float) -> Blame:
        """Whose fault it is that a call made at `since` got no answer until now."""
        if self._last_answer >= since:
            return Blame.SINGLED_OUT
        recent = now - _MEMORY
        if any(at >= recent and other != message_id for at, other in self._failures):
            return Blame.PEER
        return Blame.ALONE
