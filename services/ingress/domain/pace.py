"""How often something may be done: so many times a minute, and as many at once."""

from __future__ import annotations

from collections import OrderedDict
from datetime import timedelta

_MINUTE = 60.0
_MOST_KEYS = 10_000


class Pace:
    """A bucket a key, in memory, each process for itself; the least recently used go first."""

    def __init__(self, *, per_minute: int, most_keys: int = _MOST_KEYS) -> None:
        self._gap = _MINUTE / per_minute
        self._most_keys = most_keys
        # When each key's bucket is full again, in seconds.
        self._full: OrderedDict[str, float] = OrderedDict()

    def wait(self, key: str, now: float) -> timedelta | None:
        """Takes one; None, or how long until there is one to take."""
        full = max(self._full.get(key, now), now) + self._gap
        over = full - now - _MINUTE
        # Sums of gaps are not exact.
        if over > self._gap / 1000:
            return timedelta(seconds=over)
        self._full[key] = full
        self._full.move_to_end(key)
        if len(self._full) > self._most_keys:
            self._full.popitem(last=False)
        return None
