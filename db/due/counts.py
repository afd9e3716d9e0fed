"""Counts what a worker claims and what becomes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from chassis.outcome import Bury, Outcome, Postpone
from chassis.telemetry import QueueMetrics
from db.due.queue import Claim


class QueueCounts:
    """The counters of one queue, looked up once."""

    def __init__(self, metrics: QueueMetrics, queue: str) -> None:
        self._claimed = metrics.claimed.labels(queue)
        self._lateness = metrics.lateness.labels(queue)
        self._outcomes = {
            name: metrics.outcomes.labels(queue, name)
            for name in ("settled", "postponed", "buried", "taken_over")
        }

    def claimed(self, claims: Sequence[Claim], now: datetime) -> None:
        """These rows were claimed, `now` by the application's clock."""
        self._claimed.inc(len(claims))
        observe = self._lateness.observe
        for claim in claims:
            # What is tried again was not due when it first was: only first claims are late.
            if not claim.takeovers and not claim.attempts and not claim.postponements:
                observe(max((now - claim.due_time).total_seconds(), 0.0))
        if taken := sum(claim.takeovers > 0 for claim in claims):
            self._outcomes["taken_over"].inc(taken)

    def written(self, results: Sequence[tuple[Claim, Outcome]]) -> None:
        """These outcomes took effect."""
        for name, count in Counter(_name(outcome) for _, outcome in results).items():
            self._outcomes[name].inc(count)


def _name(outcome: Outcome) -> str:
    if isinstance(outcome, Bury):
        return "buried"
    return "postponed" if isinstance(outcome, Postpone) else "settled"
