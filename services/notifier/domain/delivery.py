"""What follows from a try to send: retried, settled, or left open until proof comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import assert_never

from chassis import backoff
from services.notifier.domain.kind import AmbiguousPolicy
from services.notifier.domain.notification import AttemptOutcome, State
from services.notifier.domain.provider_error import ErrorClass, ErrorRule, rule_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The provider answered with a message id; it is on its way, not yet there."""

    wamid: str
    wa_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The provider answered with an error; `code` is None where it did not say which."""

    code: int | None
    http_status: int
    is_transient: bool = False
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambiguous:
    """It was written to the wire, and no answer proves what became of it."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent:
    """It never left this machine: not a byte of it was written."""

    reason: str


SendResult = Accepted | Refused | Ambiguous | NotSent


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How failed sends are tried again.

    A round of `round_size` tries with exponential waits (full jitter), then a growing gap before
    the next round, until the notification expires. `probe_window` is how long a status may take to
    prove an unknown outcome, `most_unknown` how many unknown outcomes end the trying.
    """

    round_size: int = 3
    base: timedelta = timedelta(milliseconds=500)
    cap: timedelta = timedelta(seconds=8)
    gap_base: timedelta = timedelta(seconds=30)
    gap_cap: timedelta = timedelta(minutes=15)
    pair_cap: timedelta = timedelta(minutes=5)
    longest_retry_after: timedelta = timedelta(hours=1)
    probe_window: timedelta = timedelta(seconds=60)
    most_unknown: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How one attempt ended and what happens to its notification.

    `retry_time` is when it is looked at again; None where there is nothing left to do. With
    `in_another_form` it goes on at once: it was certainly not sent, and what stood in the way was
    the form it had. `template_pause` is how long the template that it had is left alone.
    """

    outcome: AttemptOutcome
    state: State
    reason: str = ""
    provider_code: int = 0
    retry_time: datetime | None = None
    is_outage: bool = False
    is_account_error: bool = False
    is_unreachable: bool = False
    is_window_closed: bool = False
    in_another_form: bool = False
    template_pause: timedelta = timedelta()


def ending(
    result: SendResult,
    *,
    tries: int,
    now: datetime,
    policy: RetryPolicy,
    rng: Random,
    template: str = "",
) -> Ending:
    """What follows from `result` of the `tries`-th attempt (1 is the first).

    `template` is the approved template that the attempt had; empty for a plain message.
    """
    match result:
        case Accepted():
            return Ending(outcome=AttemptOutcome.ACCEPTED, state=State.SENT)
        case Ambiguous(reason=reason):
            return _unknown(reason, 0, now, policy)
        case NotSent(reason=reason):
            return Ending(
                outcome=AttemptOutcome.REFUSED,
                state=State.QUEUED,
                reason=reason,
                retry_time=now + _wait(tries, policy, rng),
                is_outage=True,
            )
        case Refused():
            rule = rule_for(
                result.code, http_status=result.http_status, is_transient=result.is_transient
            )
            if _fits_another_form(rule, template):
                return _other_form(rule, result, now)
            return _refused(rule, result, tries=tries, now=now, policy=policy, rng=rng)
        case _:
            assert_never(result)


def after_unknown(policy: AmbiguousPolicy, unknown: int, retry: RetryPolicy) -> bool:
    """Whether to send again what nobody could prove within the probe window."""
    return policy is AmbiguousPolicy.AT_LEAST_ONCE and unknown < retry.most_unknown


def _fits_another_form(rule: ErrorRule, template: str) -> bool:
    if rule.error_class is ErrorClass.NEEDS_TEMPLATE:
        return not template
    return bool(template) and rule.template_pause is not None


def _other_form(rule: ErrorRule, result: Refused, now: datetime) -> Ending:
    return Ending(
        outcome=AttemptOutcome.REFUSED,
        state=State.QUEUED,
        reason=rule.reason,
        provider_code=result.code or 0,
        retry_time=now,
        is_window_closed=rule.error_class is ErrorClass.NEEDS_TEMPLATE,
        in_another_form=True,
        template_pause=rule.template_pause or timedelta(),
    )


def _refused(
    rule: ErrorRule,
    result: Refused,
    *,
    tries: int,
    now: datetime,
    policy: RetryPolicy,
    rng: Random,
) -> Ending:
    code = result.code or 0
    match rule.error_class:
        case ErrorClass.MAYBE_SENT:
            return _unknown(rule.reason, code, now, policy)
        case ErrorClass.NOT_SENT | ErrorClass.ACCOUNT:
            is_account_error = rule.error_class is ErrorClass.ACCOUNT
            return Ending(
                outcome=AttemptOutcome.REFUSED,
                state=State.QUEUED,
                reason=rule.reason,
                provider_code=code,
                retry_time=now + _pause(rule, result, tries, policy, rng),
                is_outage=is_account_error,
                is_account_error=is_account_error,
            )
        case (
            ErrorClass.WAIT
            | ErrorClass.NEEDS_TEMPLATE
            | ErrorClass.MESSAGE
            | ErrorClass.PERSON
            | ErrorClass.INBOUND
        ):
            return Ending(
                outcome=AttemptOutcome.REFUSED,
                state=State.FAILED,
                reason=rule.reason,
                provider_code=code,
                is_unreachable=rule.error_class is ErrorClass.PERSON,
                is_window_closed=rule.error_class is ErrorClass.NEEDS_TEMPLATE,
            )
        case _:
            assert_never(rule.error_class)


def _unknown(reason: str, code: int, now: datetime, policy: RetryPolicy) -> Ending:
    return Ending(
        outcome=AttemptOutcome.AMBIGUOUS,
        state=State.UNKNOWN,
        reason=reason,
        provider_code=code,
        retry_time=now + policy.probe_window,
    )


def _pause(
    rule: ErrorRule, result: Refused, tries: int, policy: RetryPolicy, rng: Random
) -> timedelta:
    if rule.is_pair_rate:
        # Meta's own rule: 4^n seconds, n from 0.
        wait = min(timedelta(seconds=4 ** min(tries - 1, 10)), policy.pair_cap)
    else:
        wait = _wait(tries, policy, rng)
    asked = min(result.retry_after or timedelta(), policy.longest_retry_after)
    return max(wait, asked)


def _wait(tries: int, policy: RetryPolicy, rng: Random) -> timedelta:
    rounds, position = divmod(tries, policy.round_size)
    if position:
        return backoff.delay(position, base=policy.base, cap=policy.cap, rng=rng)
    gap = backoff.ceiling(rounds, base=policy.gap_base, cap=policy.gap_cap)
    return gap / 2 + gap / 2 * rng.random()
