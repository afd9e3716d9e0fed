"""What one process knows of when more may go out, so that nothing is claimed in vain.

A hint, never the rule: every cap is checked where an attempt begins. While the gate is shut, what
waits stays where it is, in its order.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta

# While a cap is reached, so few are claimed in one go where it is not known how many may go out.
FEW = 4


class Gate:
    """Shut until a time, or until the next of several grants comes back.

    What is known grows old after `fresh_for`: grants may have come back sooner than was thought.
    """

    def __init__(self, *, fresh_for: timedelta) -> None:
        self._fresh_for = fresh_for
        self._shut_until: datetime | None = None
        self._times: deque[datetime] = deque()
        self._stale_time: datetime | None = None

    def shut(self, until: datetime) -> None:
        """Lets nothing through before then."""
        self._shut_until = until

    def expect(self, times: Sequence[datetime], now: datetime) -> None:
        """Lets one through for each of these, and a few to see how things are after that."""
        self._shut_until = None
        self._times = deque(sorted(times))
        self._stale_time = now + self._fresh_for

    def most(self, wanted: int, now: datetime) -> int:
        """How many of `wanted` may be claimed now."""
        if self._shut_until is not None:
            if now < self._shut_until:
                return 0
            self._shut_until = None
        if self._stale_time is None:
            return wanted
        if now >= self._stale_time:
            self._stale_time = None
            self._times.clear()
            return min(wanted, FEW)
        through = 0
        while self._times and self._times[0] < now and through < wanted:
            self._times.popleft()
            through += 1
        return through

    def opens(self) -> datetime | None:
        """When to ask again, at the latest; None while nothing is in the way."""
        if self._shut_until is not None:
            return self._shut_until
        if self._stale_time is None:
            return None
        # A grant is free after its time, not at it.
        first = self._times[0] if self._times else self._stale_time
        return min(self._stale_time, first) + timedelta(microseconds=1)
