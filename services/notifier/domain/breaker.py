"""The breaker before the provider: while it fails whatever the message is, no send starts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerPolicy:
    """Opens after `threshold` failures in a row, for a time that doubles from `base` to `cap`."""

    threshold: int = 5
    base: timedelta = timedelta(seconds=1)
    cap: timedelta = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """Closed while `open_until` is None; open before it; half-open (one probe) after it."""

    failures: int = 0
    openings: int = 0
    open_until: datetime | None = None
    probing: bool = False

    def admits(self, now: datetime) -> bool:
        """Whether a send may start."""
        if self.open_until is None:
            return True
        return now >= self.open_until and not self.probing

    def started(self) -> Breaker:
        """A send has started; it is the probe if the breaker is half-open."""
        return self if self.open_until is None else replace(self, probing=True)

    def abandoned(self) -> Breaker:
        """What was to be the probe did not start."""
        return replace(self, probing=False)

    def succeeded(self) -> Breaker:
        """The provider answered about the message itself."""
        return CLOSED

    def failed(self, now: datetime, policy: BreakerPolicy, *, at_once: bool = False) -> Breaker:
        """A send failed for a reason that the next one would meet too."""
        failures = self.failures + 1
        if not (at_once or self.probing or failures >= policy.threshold):
            return replace(self, failures=failures)
        if self.open_until is not None and now < self.open_until:
            # One of those that were under way when it opened.
            return self
        wait = min(policy.base * 2 ** min(self.openings, 16), policy.cap)
        return Breaker(failures=failures, openings=self.openings + 1, open_until=now + wait)


CLOSED = Breaker()
