"""What becomes of a row whose handler raised: an outage waits, poison uses its attempts up."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from chassis.backoff import delay
from chassis.errors import RemoteError, ServiceError
from chassis.outcome import Bury, Outcome, Postpone
from db.due.queue import Claim
from db.engine import is_outage

# Between the attempts of a row that fails, and between looks at a peer that is down.
ATTEMPT_BASE, ATTEMPT_CAP = timedelta(seconds=1), timedelta(minutes=1)
OUTAGE_BASE, OUTAGE_CAP = timedelta(seconds=2), timedelta(minutes=5)

# A row whose workers died this often in a row is what kills them.
MOST_TAKEOVERS = 20
TAKEOVERS_REASON = "KILLS_ITS_WORKER"
TIMEOUT_REASON = "HANDLER_TIMEOUT"


def after_error(claim: Claim, error: Exception, now: datetime, rng: Random) -> Outcome:
    """The outcome of a handler that raised `error`; the reason is its type or code, never its text.

    A peer or the database that failed uses no attempt; everything else does.
    """
    outage = is_outage(error) or (isinstance(error, RemoteError) and error.is_outage)
    reason = type(error).__name__
    wait = timedelta()
    if isinstance(error, ServiceError):
        reason = error.remote_reason if isinstance(error, RemoteError) else error.reason
        wait = error.retry_delay or wait
    return _postponed(claim, reason, now, rng, outage=outage, at_least=wait)


def after_timeout(claim: Claim, now: datetime, rng: Random) -> Outcome:
    """The outcome of a handler that was stopped because it took too long."""
    return _postponed(claim, TIMEOUT_REASON, now, rng, outage=False, at_least=timedelta())


def before_handling(claim: Claim) -> Outcome | None:
    """Buries a row that takes its worker with it; None for every other."""
    return Bury(reason=TAKEOVERS_REASON) if claim.takeovers >= MOST_TAKEOVERS else None


def _postponed(
    claim: Claim, reason: str, now: datetime, rng: Random, *, outage: bool, at_least: timedelta
) -> Postpone:
    if outage:
        wait = delay(claim.postponements + 1, base=OUTAGE_BASE, cap=OUTAGE_CAP, rng=rng)
    else:
        wait = delay(claim.attempts + 1, base=ATTEMPT_BASE, cap=ATTEMPT_CAP, rng=rng)
    due_time = now + max(wait, at_least)
    return Postpone(due_time=due_time, reason=reason, uses_attempt=not outage)
