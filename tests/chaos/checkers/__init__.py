"""What must hold over any history, by name; each checker is a function from a history to a verdict.

They read what the world saw, what the driver did and what the tables say, and know nothing of how
the services work inside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.chaos.checkers.harness import left_standing
from tests.chaos.checkers.inbound import (
    handled_or_skipped,
    in_order,
    nothing_unauthentic,
    once,
    stored_before_200,
)
from tests.chaos.checkers.outbound import (
    accepted_is_durable,
    no_blind_resend,
    same_request_same_answer,
    statuses_merge,
)
from tests.chaos.checkers.reminders import handed_over_once
from tests.chaos.checkers.verdict import Verdict
from tests.chaos.history import History

CHECKERS: Sequence[Callable[[History], Verdict]] = (
    left_standing,
    stored_before_200,
    handled_or_skipped,
    nothing_unauthentic,
    in_order,
    once,
    handed_over_once,
    same_request_same_answer,
    accepted_is_durable,
    no_blind_resend,
    statuses_merge,
)


def check(history: History) -> list[Verdict]:
    """Every invariant's verdict."""
    return [checker(history) for checker in CHECKERS]


__all__ = ["CHECKERS", "Verdict", "check"]
