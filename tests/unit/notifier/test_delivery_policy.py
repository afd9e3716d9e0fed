"""What follows from each way a send can end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.domain.breaker import CLOSED, BreakerPolicy
from services.notifier.domain.delivery import (
    Accepted,
    Ambiguous,
    Ending,
    NotSent,
    Refused,
    RetryPolicy,
    SendResult,
    after_unknown,
    ending,
)
from services.notifier.domain.kind import DEFAULT_KINDS, KINDS, AmbiguousPolicy
from services.notifier.domain.notification import AttemptOutcome, State, Type
from services.notifier.domain.provider_error import RULES, ErrorClass

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
POLICY = RetryPolicy()


def end(result: SendResult, tries: int = 1, template: str = "") -> Ending:
    rng = Random(7)
    return ending(result, tries=tries, now=NOW, policy=POLICY, rng=rng, template=template)


def refused(code: int | None, **fields: object) -> Refused:
    return Refused(code=code, **{"http_status": 400} | fields)  # type: ignore[arg-type]


def test_an_accepted_send_is_over() -> None:
    ended = end(Accepted(wamid="w"))
    assert (ended.outcome, ended.state) == (AttemptOutcome.ACCEPTED, State.SENT)
    assert ended.retry_time is None


def test_an_unproven_send_waits_for_proof_and_is_not_retried() -> None:
    for result in (Ambiguous(reason="TIMEOUT"), refused(131000), refused(None, http_status=502)):
        ended = end(result)
        assert (ended.outcome, ended.state) == (AttemptOutcome.AMBIGUOUS, State.UNKNOWN)
        assert ended.retry_time == NOW + POLICY.probe_window


@pytest.mark.parametrize("code", sorted(RULES))
def test_every_known_code_has_an_ending_that_fits_its_class(code: int) -> None:
    ended = end(refused(code))
    match RULES[code].error_class:
        case ErrorClass.NOT_SENT | ErrorClass.ACCOUNT:
            assert ended.state is State.QUEUED
            assert ended.retry_time is not None
            assert ended.is_account_error == (RULES[code].error_class is ErrorClass.ACCOUNT)
        case ErrorClass.MAYBE_SENT:
            assert ended.state is State.UNKNOWN
        case ErrorClass.NEEDS_TEMPLATE:
            assert ended.in_another_form
            assert ended.state is State.QUEUED
        case _:
            assert ended.state is State.FAILED
            assert ended.retry_time is None
    assert ended.in_another_form == (code == 131047)
    assert ended.is_unreachable == (RULES[code].error_class is ErrorClass.PERSON)
    assert ended.is_window_closed == (code == 131047)


def test_a_template_at_fault_gives_way_and_a_plain_message_never_does_for_that() -> None:
    paused = end(refused(132015), template="hark_task_due")
    assert (paused.state, paused.in_another_form) == (State.QUEUED, True)
    assert paused.template_pause > timedelta()
    too_long = end(refused(132005), template="hark_task_due")
    assert too_long.in_another_form
    assert too_long.template_pause == timedelta()
    assert end(refused(132015)).state is State.FAILED


def test_a_template_that_finds_the_window_closed_does_not_go_round_for_ever() -> None:
    ended = end(refused(131047), template="hark_task_due")
    assert ended.state is State.FAILED
    assert not ended.in_another_form


def test_pair_rate_waits_4_to_the_nth_seconds() -> None:
    waits = []
    for tries in (1, 2, 3, 4, 5, 30):
        ended = end(refused(131056), tries)
        assert ended.retry_time is not None
        waits.append((ended.retry_time - NOW).total_seconds())
    assert waits == [1, 4, 16, 64, 256, 300]


@given(st.integers(1, 200), st.integers(0, 2**32))
def test_retries_come_in_rounds_with_growing_gaps(tries: int, seed: int) -> None:
    ended = ending(
        NotSent(reason="CONNECT_FAILED"), tries=tries, now=NOW, policy=POLICY, rng=Random(seed)
    )
    assert ended.retry_time is not None
    wait = ended.retry_time - NOW
    rounds, position = divmod(tries, POLICY.round_size)
    if position:
        assert timedelta() <= wait <= POLICY.base * 2 ** (position - 1)
    else:
        gap = min(POLICY.gap_base * 2 ** min(rounds - 1, 20), POLICY.gap_cap)
        assert gap / 2 <= wait <= gap


def test_retry_after_is_a_lower_bound_and_has_an_upper_one() -> None:
    asked = end(refused(130429, retry_after=timedelta(seconds=90)))
    assert asked.retry_time == NOW + timedelta(seconds=90)
    absurd = end(refused(4, retry_after=timedelta(days=30)))
    assert absurd.retry_time == NOW + POLICY.longest_retry_after


def test_only_what_people_would_miss_is_repeated_and_not_for_ever() -> None:
    assert after_unknown(AmbiguousPolicy.AT_LEAST_ONCE, 1, POLICY)
    assert not after_unknown(AmbiguousPolicy.AT_LEAST_ONCE, POLICY.most_unknown, POLICY)
    assert not after_unknown(AmbiguousPolicy.AT_MOST_ONCE, 1, POLICY)


def test_the_table_of_kinds_says_what_the_design_says() -> None:
    assert {kind.name for kind in DEFAULT_KINDS.values()} <= KINDS.keys()
    assert set(DEFAULT_KINDS) == set(Type)
    for name, kind in KINDS.items():
        assert name == kind.name
        assert kind.expiry > timedelta()
    for name in ("reply", "task_due", "event_due"):
        assert KINDS[name].policy is AmbiguousPolicy.AT_LEAST_ONCE
        assert not KINDS[name].quiet
    for name in ("digest", "status_update", "limit_reached"):
        assert KINDS[name].policy is AmbiguousPolicy.AT_MOST_ONCE
        assert KINDS[name].type is Type.STATUS_UPDATE
    assert not KINDS["reply"].counts
    assert KINDS["task_due"].type is Type.TASK_UPDATE
    assert KINDS["event_due"].type is Type.EVENT_REMINDER
    assert KINDS["task_due"].priority < KINDS["status_update"].priority


BREAKER = BreakerPolicy(threshold=3, base=timedelta(seconds=1), cap=timedelta(seconds=4))


def test_the_breaker_opens_after_failures_in_a_row_only() -> None:
    breaker = CLOSED.failed(NOW, BREAKER).failed(NOW, BREAKER)
    assert breaker.admits(NOW)
    opened = breaker.failed(NOW, BREAKER)
    assert not opened.admits(NOW)


def test_an_open_breaker_lets_one_probe_through_and_opens_for_longer_if_it_fails() -> None:
    opened = CLOSED.failed(NOW, BREAKER, at_once=True)
    later = NOW + timedelta(seconds=1)
    assert not opened.admits(later - timedelta(microseconds=1))
    probing = opened.started(later, BREAKER)
    assert opened.admits(later)
    assert not probing.admits(later)
    again = probing.failed(later, BREAKER)
    assert not again.admits(later + timedelta(seconds=1))
    assert again.admits(later + timedelta(seconds=2))
    # A prober that died does not keep the breaker half-open for ever.
    assert probing.admits(later + BREAKER.probe)


def test_failures_under_way_when_the_breaker_opened_do_not_lengthen_it() -> None:
    opened = CLOSED.failed(NOW, BREAKER, at_once=True)
    for _ in range(30):
        opened = opened.failed(NOW, BREAKER)
    assert opened.admits(NOW + timedelta(seconds=1))
