"""The breaker before the provider: while it fails whatever the message is, no send starts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum


class BreakerState(IntEnum):
    """Where a breaker stands; the numbers are the wire's."""

    CLOSED = 1
    OPEN = 2
    HALF_OPEN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerPolicy:
    """Opens after `threshold` failures in a row, for a time that doubles from `base` to `cap`.

    `probe` is how long the one probe of a half-open breaker may take; then another may start.
    """

    threshold: int = 5
    base: timedelta = timedelta(seconds=1)
    cap: timedelta = timedelta(seconds=30)
    probe: timedelta = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """Closed while `open_until` is None; open before it; half-open after it.

    While half-open one probe may start; until `probe_until` it is under way.
    """

    failures: int = 0
    openings: int = 0
    open_until: datetime | None = None
    probe_until: datetime | None = None
    reason: str = ""

    def state(self, now: datetime) -> BreakerState:
        """Where it stands."""
        if self.open_until is None:
            return BreakerState.CLOSED
        return BreakerState.OPEN if now < self.open_until else BreakerState.HALF_OPEN

    def admits(self, now: datetime) -> bool:
        """Whether a send may start."""
        if self.state(now) is BreakerState.HALF_OPEN:
            return self.probe_until is None or now >= self.probe_until
        return self.state(now) is BreakerState.CLOSED

    def started(self, now: datetime, policy: BreakerPolicy) -> Breaker:
        """A send has started; it is the probe if the breaker is half-open."""
        return self if self.open_until is None else replace(self, probe_until=now + policy.probe)

    def failed(
        self, now: datetime, policy: BreakerPolicy, *, at_once: bool = False, reason: str = ""
    ) -> Breaker:
        """A send failed for a reason that the next one would meet too."""
        failures = self.failures + 1
        if self.open_until is not None and now < self.open_until:
            # One of those that were under way when it opened.
            return self
        half_open = self.open_until is not None
        if not (at_once or half_open or failures >= policy.threshold):
            return replace(self, failures=failures, reason=reason)
        wait = min(policy.base * 2 ** min(self.openings, 16), policy.cap)
        return Breaker(
            failures=failures, openings=self.openings + 1, open_until=now + wait, reason=reason
        )


CLOSED = Breaker()
