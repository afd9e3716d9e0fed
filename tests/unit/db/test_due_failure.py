"""What becomes of a row whose handler raised."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from chassis.errors import Code, InvalidArgument, RemoteError
from chassis.outcome import Bury, Postpone
from db.due import Claim
from db.due.failure import MOST_TAKEOVERS, after_error, before_handling

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def a_claim(*, attempts: int = 0, postponements: int = 0, takeovers: int = 0) -> Claim:
    return Claim(
        id=1,
        fence=1,
        attempts=attempts,
        postponements=postponements,
        takeovers=takeovers,
        due_time=NOW,
        row={},
    )


def remote(code: Code, delay: timedelta | None = None) -> RemoteError:
    return RemoteError("m", remote_code=code, remote_reason="R", domain="d", retry_delay=delay)


def outcome(error: Exception, claim: Claim | None = None) -> Postpone:
    result = after_error(claim or a_claim(), error, NOW, Random(1))
    assert isinstance(result, Postpone)
    return result


def test_the_reason_is_a_type_or_a_code_never_the_text() -> None:
    assert outcome(ValueError("what somebody wrote")).reason == "ValueError"
    assert outcome(InvalidArgument("what somebody wrote")).reason == "INVALID_ARGUMENT"
    assert outcome(remote(Code.NOT_FOUND)).reason == "R"


@pytest.mark.parametrize("code", [Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, Code.INTERNAL])
def test_a_peer_in_trouble_uses_no_attempt(code: Code) -> None:
    assert not outcome(remote(code)).uses_attempt


@pytest.mark.parametrize("error", [ValueError(), remote(Code.INVALID_ARGUMENT)])
def test_everything_else_uses_one(error: Exception) -> None:
    assert outcome(error).uses_attempt


def test_gaps_grow_and_stay_bounded() -> None:
    def longest(count: int) -> timedelta:
        claim = a_claim(postponements=count)
        waits = [after_error(claim, ConnectionError(), NOW, Random(seed)) for seed in range(200)]
        return max(wait.due_time for wait in waits if isinstance(wait, Postpone)) - NOW

    assert timedelta() < longest(0) <= timedelta(seconds=2)
    assert timedelta(seconds=4) < longest(2) <= timedelta(seconds=8)
    assert longest(10_000) <= timedelta(minutes=5)


def test_what_the_peer_asked_for_is_waited() -> None:
    wait = timedelta(minutes=7)
    assert outcome(remote(Code.RESOURCE_EXHAUSTED, wait)).due_time >= NOW + wait


def test_only_a_row_that_killed_many_workers_is_buried_unseen() -> None:
    assert before_handling(a_claim(takeovers=MOST_TAKEOVERS - 1)) is None
    assert isinstance(before_handling(a_claim(takeovers=MOST_TAKEOVERS)), Bury)
