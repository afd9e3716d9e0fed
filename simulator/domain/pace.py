"""Meta's two limits on how fast a number may send."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass


@dataclass(slots=True)
class _Debt:
    # Messages sent ahead of the pace, as of `at`.
    owed: float
    at: float
    exhausted: bool = False


class PairPace:
    """One message per `seconds` to one person; bursts are borrowed from the future.

    Up to `most` messages can be owed. Whoever borrows all of them waits until everything is paid
    back (45 messages: four and a half minutes); a smaller burst is paid back on the way. Times are
    seconds on any steady clock.
    """

    _PEOPLE = 200_000

    def __init__(self) -> None:
        self._debts: dict[str, _Debt] = {}

    def take(self, person: str, now: float, *, seconds: float, most: int) -> bool:
        """Whether one more message may go to this person now; if so, it is counted."""
        if seconds <= 0 or most <= 0:
            return True
        debt = self._debts.get(person)
        if debt is None:
            self._debts[person] = debt = self._newcomer(now)
        debt.owed = max(debt.owed - (now - debt.at) / seconds, 0.0)
        debt.at = now
        # The sum of what was paid back may miss zero by a hair.
        if debt.owed < 1e-9:
            debt.exhausted = False
        if debt.exhausted:
            return False
        debt.owed += 1
        debt.exhausted = debt.owed + 1 > most + 1e-9
        return True

    def _newcomer(self, now: float) -> _Debt:
        if len(self._debts) >= self._PEOPLE:
            self._debts.pop(next(iter(self._debts)))
        return _Debt(owed=0.0, at=now)

    def clear(self) -> None:
        """Forgets all debts."""
        self._debts.clear()


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
