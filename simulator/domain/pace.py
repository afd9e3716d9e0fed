"""Meta's two limits on how fast a number may send."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

# Within this span the first messages of a burst are taken, up to the bound.
_BURST_SPAN = 6.0


@dataclass(slots=True)
class _Burst:
    began: float
    count: int


class PairPace:
    """One message per `seconds` to one person, or a burst that is paid back by waiting.

    n messages within 6 s borrow n x `seconds`: until that time has passed since the burst began,
    nothing more is taken for this person. Times are seconds on any steady clock.
    """

    _PEOPLE = 200_000

    def __init__(self) -> None:
        self._bursts: dict[str, _Burst] = {}

    def take(self, person: str, now: float, *, seconds: float, most: int) -> bool:
        """Whether one more message may go to this person now; if so, it is counted."""
        if seconds <= 0 or most <= 0:
            return True
        burst = self._bursts.get(person)
        if burst is None or now >= burst.began + max(burst.count * seconds, _BURST_SPAN):
            self._begin(person, now)
            return True
        if now - burst.began >= _BURST_SPAN or burst.count >= most:
            return False
        burst.count += 1
        return True

    def _begin(self, person: str, now: float) -> None:
        if len(self._bursts) >= self._PEOPLE:
            self._bursts.pop(next(iter(self._bursts)))
        self._bursts.pop(person, None)
        self._bursts[person] = _Burst(now, 1)

    def clear(self) -> None:
        """Forgets all bursts."""
        self._bursts.clear()


class NumberPace:
    """At most so many messages in any one second over the whole number, in and out together."""

    def __init__(self) -> None:
        self._recent: deque[float] = deque(maxlen=10_000)

    def take(self, now: float, *, per_second: int) -> bool:
        """Whether one more message may pass now; if so, it is counted."""
        if per_second <= 0:
            return True
        while self._recent and self._recent[0] <= now - 1.0:
            self._recent.popleft()
        if len(self._recent) >= per_second:
            return False
        self._recent.append(now)
        return True

    def count(self, now: float) -> None:
        """Counts a message that came in: those are never refused, but use up the limit."""
        self._recent.append(now)

    def clear(self) -> None:
        """Forgets what passed."""
        self._recent.clear()
