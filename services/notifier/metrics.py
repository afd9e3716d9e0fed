"""What the notifier counts."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter

from services.notifier.domain.notification import State
from services.notifier.ports import StatusSummary


class Metrics:
    """See `ports.Events`; labels are bounded by the tables of kinds, states and error reasons."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._accepted = Counter(
            "hark_notifier_accepted_total",
            "Notifications accepted durably, repeats of a request included.",
            ("kind",),
            registry=registry,
        )
        self._attempts = Counter(
            "hark_notifier_attempts_total",
            "Provider calls ended, by outcome and reason.",
            ("outcome", "reason"),
            registry=registry,
        )
        self._closed = Counter(
            "hark_notifier_closed_total",
            "Notifications that are over without having been sent.",
            ("state", "kind"),
            registry=registry,
        )
        self._repeats = Counter(
            "hark_notifier_repeats_total",
            "Sends repeated by policy, because nothing proved what became of the one before.",
            ("kind",),
            registry=registry,
        )
        self._statuses = Counter(
            "hark_notifier_statuses_total",
            "Delivery statuses, by whether they belong to a notification.",
            ("match",),
            registry=registry,
        )
        self._settled = Counter(
            "hark_notifier_unknown_settled_total",
            "Unknown outcomes that a status settled.",
            registry=registry,
        )
        self._doubled = Counter(
            "hark_notifier_doubled_total",
            "Notifications of which two copies are proven to have gone out.",
            registry=registry,
        )
        self._read_marks = Counter(
            "hark_notifier_read_marks_total",
            "Read marks, by what became of them.",
            ("outcome",),
            registry=registry,
        )

    def accepted(self, kind: str) -> None:
        """See `ports.Events`."""
        self._accepted.labels(kind).inc()

    def attempted(self, outcome: str, reason: str) -> None:
        """See `ports.Events`."""
        self._attempts.labels(outcome, reason).inc()

    def closed(self, state: State, kind: str) -> None:
        """See `ports.Events`."""
        self._closed.labels(state.name, kind).inc()

    def repeated(self, kind: str) -> None:
        """See `ports.Events`."""
        self._repeats.labels(kind).inc()

    def statuses(self, summary: StatusSummary) -> None:
        """See `ports.Events`."""
        self._statuses.labels("matched").inc(summary.matched)
        self._statuses.labels("unmatched").inc(summary.unmatched)
        self._settled.inc(summary.settled_unknown)
        self._doubled.inc(summary.repeats_arrived)

    def read_mark(self, outcome: str) -> None:
        """A read mark was sent, failed or was dropped."""
        self._read_marks.labels(outcome).inc()
