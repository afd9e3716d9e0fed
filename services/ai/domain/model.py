"""What is asked of a language model, what it answers, and how that can fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from services.ai.domain.message import Medium


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the model is told beside the message, as data that cannot give orders.

    `now` is the person's wall-clock time. `turns` are (what they said, what was answered), oldest
    first; `agenda` is what stands next, a line each.
    """

    now: datetime
    time_zone: str
    locale: str = ""
    turns: Sequence[tuple[str, str]] = ()
    agenda: Sequence[str] = ()
    question: str = ""
    options: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One request: standing orders, the surroundings, and the message itself.

    `complaint` says what was wrong with the answer before, `rejected`, where it is asked again.
    """

    orders: str
    surroundings: str
    message: str
    medium: Medium | None = None
    rejected: str = ""
    complaint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a model answered, and what that cost."""

    text: str = field(repr=False)
    input_tokens: int
    output_tokens: int


class Trouble(Enum):
    """Why there is no usable answer of the model's; the values are labels of metrics and paths."""

    TIMED_OUT = "timed_out"
    UNAVAILABLE = "unavailable"
    RATE_LIMITED = "rate_limited"
    REFUSED = "refused"
    NONSENSE = "nonsense"
    REJECTED = "rejected"  # our key or our request is wrong: an operator must look
    OVER_BUDGET = "over_budget"
    OPEN = "open"  # not asked, because it failed too often just now


# What trying again at once may help against.
_PASSING = frozenset({Trouble.UNAVAILABLE})
# What says that the model, not the message, is in trouble.
_SICK = frozenset({Trouble.TIMED_OUT, Trouble.UNAVAILABLE, Trouble.RATE_LIMITED, Trouble.REJECTED})


class ModelFailure(Exception):
    """No usable answer. `retry_after` is in seconds, 0 where unknown; tokens may be spent."""

    def __init__(self, trouble: Trouble, *, retry_after: float = 0.0, tokens: int = 0) -> None:
        self.trouble = trouble
        self.retry_after = retry_after
        self.tokens = tokens
        super().__init__(trouble.value)

    @property
    def is_passing(self) -> bool:
        """Whether the next try may well work."""
        return self.trouble in _PASSING

    @property
    def is_sickness(self) -> bool:
        """Whether it counts against the model's health."""
        return self.trouble in _SICK


class Circuit:
    """Stops asking a model that fails again and again; one call at a time tries whether it is back.

    Times are seconds of a monotonic clock, passed in. One per process: each replica finds out by
    itself within `failures` calls.
    """

    def __init__(
        self, *, failures: int = 5, pause: float = 15.0, longest_pause: float = 120.0
    ) -> None:
        self._limit = failures
        self._shortest = self._pause = pause
        self._longest = longest_pause
        self._failed = 0
        self._closed_until = 0.0
        self._trying = False

    def allows(self, now: float) -> bool:
        """Whether the model may be asked; after a pause only one caller is let through to try."""
        if self._failed < self._limit:
            return True
        if now < self._closed_until or self._trying:
            return False
        self._trying = True
        return True

    def worked(self) -> None:
        """The model answered."""
        self._failed = 0
        self._pause = self._shortest
        self._trying = False

    def failed(self, now: float, *, retry_after: float = 0.0) -> None:
        """The model did not answer; `retry_after` is how long it asks to be left alone."""
        was_trying, self._trying = self._trying, False
        self._failed = self._limit if retry_after else self._failed + 1
        if self._failed >= self._limit:
            self._closed_until = now + max(retry_after, self._pause)
            if was_trying:
                self._pause = min(self._pause * 2, self._longest)

    def undecided(self) -> None:
        """The call said nothing about the model's health."""
        self._trying = False
