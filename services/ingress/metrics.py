"""What ingress tells about itself."""

from __future__ import annotations

import time
from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from chassis.outcome import Bury, Outcome, Postpone
from db.due import Claim
from services.ingress.domain.part import Kind

_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000)


class IngressMetrics:
    """Counters of one process; also the `Observer` of the group commit."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.refused = Counter(
            "hark_ingress_webhooks_refused_total",
            "Webhooks that were not accepted, by reason.",
            ("reason",),
            registry=registry,
        )
        self._parts = Counter(
            "hark_ingress_parts_total", "Parts answered with 200.", registry=registry
        )
        self._duplicates = Counter(
            "hark_ingress_duplicates_total",
            "Parts that had been stored before.",
            registry=registry,
        )
        self._commit_parts = Histogram(
            "hark_ingress_commit_parts",
            "Parts that shared one commit.",
            buckets=_SIZES,
            registry=registry,
        )
        self._waiting = Gauge(
            "hark_ingress_waiting_bytes", "Bytes that wait to be stored.", registry=registry
        )
        self._last = Gauge(
            "hark_ingress_last_webhook_timestamp_seconds",
            "When the last webhook was stored, seconds since 1970; 0 before the first.",
            registry=registry,
        )
        self._finished = Counter(
            "hark_ingress_finished_total",
            "What became of parts: handled, skipped, postponed or buried.",
            ("kind", "outcome"),
            registry=registry,
        )

        self.account_changes = Counter(
            "hark_ingress_account_changes_total",
            "What WhatsApp said about the account, by field; UNKNOWN_FIELD where it is a new one.",
            ("field",),
            registry=registry,
        )

    def stored(self, parts: int, new: int) -> None:
        """One commit: so many parts, of which so many were not there before."""
        self._parts.inc(parts)
        self._duplicates.inc(parts - new)
        self._commit_parts.observe(parts)
        self._last.set(time.time())

    def waiting(self, size: int) -> None:
        """So many bytes wait to be stored."""
        self._waiting.set(size)

    def finished(self, results: Sequence[tuple[Claim, Outcome]]) -> None:
        """These outcomes were written."""
        for claim, outcome in results:
            kind = Kind(claim.row["kind"]).name.lower()
            self._finished.labels(kind, _name(outcome)).inc()


def _name(outcome: Outcome) -> str:
    if isinstance(outcome, Bury):
        return "buried"
    if isinstance(outcome, Postpone):
        return "postponed"
    return "skipped" if outcome.values else "handled"
