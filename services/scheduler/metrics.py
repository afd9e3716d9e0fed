"""What scheduler tells about its work."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram

from chassis import context, tracing
from chassis.log import get_logger
from chassis.telemetry import LATENESS
from services.scheduler.domain.change import Change
from services.scheduler.domain.plan import Plan
from services.scheduler.ports import Accepted, Deferred, Handover, Telling

log = get_logger()


class SchedulerEvents:
    """Port `Events`: counts and logs."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.changes = Counter(
            "hark_scheduler_changes_total",
            "Changes that took effect, by kind.",
            ("kind",),
            registry=registry,
        )
        self.notices = Counter(
            "hark_scheduler_notices_total",
            "Answers of notifier to due notices: accepted, deferred or refused.",
            ("kind", "outcome"),
            registry=registry,
        )
        self.late = Counter(
            "hark_scheduler_late_notices_total",
            "Reminders that were told as late.",
            ("kind",),
            registry=registry,
        )
        self.lateness = Histogram(
            "hark_scheduler_lateness_seconds",
            "Time from a notice's due time until notifier had it.",
            ("kind",),
            buckets=LATENESS,
            registry=registry,
        )

    def applied(self, plan: Plan, changes: Sequence[Change]) -> None:
        """Changes took effect."""
        for change in changes:
            self.changes.labels(type(change).__name__).inc()
        log.info("changes applied", user_id=plan.state.user_id, count=len(changes))

    def handed_over(self, telling: Telling, answer: Handover, now: datetime) -> None:
        """notifier answered to one notice."""
        notice = telling.notice
        kind = notice.kind.value
        outcome = type(answer).__name__.lower()
        self.notices.labels(kind, outcome).inc()
        seconds = max((now - notice.due_time).total_seconds(), 0.0)
        with context.bind(message_id=notice.reply_to_message_id):
            tracing.record("hand over notice", started=time.time() - seconds, kind=kind)
        if isinstance(answer, Accepted):
            self.lateness.labels(kind).observe(seconds)
            if telling.is_late:
                self.late.labels(kind).inc()
            return
        reason = answer.reason
        write = log.info if isinstance(answer, Deferred) else log.error
        write(
            "notice not taken",
            notice_id=notice.notice_id,
            kind=kind,
            outcome=outcome,
            reason=reason,
            late_seconds=seconds,
        )

    def imported(self, user_id: str, new: int, changed: int) -> None:
        """A calendar was taken over."""
        self.changes.labels("Import").inc()
        log.info("calendar imported", user_id=user_id, created=new, changed=changed)

    def not_taken_back(self, reason: str) -> None:
        """notifier could not be asked to take notices back."""
        log.warning("cancellation left to the worker", reason=reason)
