"""What the notifier counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from chassis.log import get_logger
from chassis.telemetry import SECONDS
from services.notifier.domain.account import DISABLED, NOTED, RESTRICTED, Effect
from services.notifier.domain.kind import KINDS
from services.notifier.domain.notification import State
from services.notifier.ports import StatusSummary

log = get_logger()


class Metrics:
    """See `ports.Events`; labels are bounded by the tables of kinds, states and error reasons."""

    def __init__(self, registry: CollectorRegistry) -> None:
        accepted = Counter(
            "hark_notifier_accepted_total",
            "Notifications accepted durably, repeats of a request included.",
            ("kind",),
            registry=registry,
        )
        # Looked up once: every acceptance counts.
        self._accepted = {kind: accepted.labels(kind) for kind in KINDS}
        self._attempts = Counter(
            "hark_notifier_attempts_total",
            "Provider calls ended, by outcome and reason.",
            ("outcome", "reason"),
            registry=registry,
        )
        self._replies = Histogram(
            "hark_notifier_reply_seconds",
            "Time from a message's arrival until WhatsApp took the answer to it.",
            ("kind",),
            buckets=SECONDS,
            registry=registry,
        )
        self._caps = Gauge(
            "hark_notifier_cap_used_ratio",
            "Share of a cap that is used, calls under way included.",
            ("cap",),
            registry=registry,
        )
        self._closed = Counter(
            "hark_notifier_closed_total",
            "Notifications that are over without having been sent.",
            ("state", "kind"),
            registry=registry,
        )
        self._put_off = Counter(
            "hark_notifier_put_off_total",
            "Sends that a cap, quiet hours or the breaker kept from starting, by which.",
            ("reason",),
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
        profiles = Counter(
            "hark_notifier_profiles_total",
            "Look-ups of how a person is written to, by whether memory had it.",
            ("result",),
            registry=registry,
        )
        self._profiles = {each: profiles.labels(each) for each in ("hit", "miss")}
        self._account_changes = Counter(
            "hark_notifier_account_changes_total",
            "What WhatsApp said about the account, by what followed.",
            ("effect",),
            registry=registry,
        )
        self._stops = Gauge(
            "hark_notifier_sending_stopped",
            "1 while nothing is sent for this reason, 0 else.",
            ("reason",),
            registry=registry,
        )
        self._breaker = Gauge(
            "hark_notifier_breaker_open",
            "Whether the breaker before the provider keeps sends from starting.",
            registry=registry,
        )
        self._read_marks = Counter(
            "hark_notifier_read_marks_total",
            "Read marks, by what became of them.",
            ("outcome",),
            registry=registry,
        )

    def accepted(self, kind: str, count: int = 1) -> None:
        """See `ports.Events`."""
        self._accepted[kind].inc(count)

    def attempted(self, outcome: str, reason: str) -> None:
        """See `ports.Events`."""
        self._attempts.labels(outcome, reason).inc()

    def replied(self, kind: str, seconds: float) -> None:
        """See `ports.Events`."""
        self._replies.labels(kind).observe(seconds)

    def caps_used(self, shares: Mapping[str, float]) -> None:
        """How much of each cap is used, 0 to 1."""
        for name, share in shares.items():
            self._caps.labels(name).set(share)

    def closed(self, state: State, kind: str) -> None:
        """See `ports.Events`."""
        self._closed.labels(state.name, kind).inc()

    def put_off(self, reason: str) -> None:
        """See `ports.Events`."""
        self._put_off.labels(reason).inc()

    def repeated(self, kind: str) -> None:
        """See `ports.Events`."""
        self._repeats.labels(kind).inc()

    def statuses(self, summary: StatusSummary) -> None:
        """See `ports.Events`."""
        self._statuses.labels("matched").inc(summary.matched)
        self._statuses.labels("unmatched").inc(summary.unmatched)
        self._settled.inc(summary.settled_unknown)
        self._doubled.inc(summary.repeats_arrived)

    def profile(self, result: str, count: int) -> None:
        """How people are written to was looked up: "hit" or "miss"."""
        self._profiles[result].inc(count)

    def account_changed(self, field: str, effect: Effect) -> None:
        """See `ports.AccountEvents`."""
        self._account_changes.labels(effect.name).inc()
        say = log.info if effect.name == NOTED else log.warning
        say(
            "account changed",
            kind=field,
            outcome=effect.name,
            template=effect.subject,
            reason=effect.detail,
        )

    def stopped(self, reasons: Collection[str]) -> None:
        """See `ports.AccountEvents`."""
        for reason in (RESTRICTED, DISABLED):
            self._stops.labels(reason).set(reason in reasons)

    def breaker(self, is_open: bool) -> None:
        """The breaker before the provider was looked at."""
        self._breaker.set(is_open)

    def read_mark(self, outcome: str) -> None:
        """A read mark was sent, failed or was dropped."""
        self._read_marks.labels(outcome).inc()
