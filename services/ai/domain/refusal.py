"""Why the scheduler would not apply what was asked; each leads to an answer, not to an error."""

from __future__ import annotations

from collections.abc import Sequence


class Refusal(Exception):
    """The scheduler refused the changes; nothing was applied."""


class TimePassed(Refusal):
    """A time lies in the past."""


class TimeZoneUnknown(Refusal):
    """No such time zone."""


class ItemNotFound(Refusal):
    """Nothing fits the reference."""


class NothingToUndo(Refusal):
    """There is no change, or none any more, that could be taken back."""


class ItemAmbiguous(Refusal):
    """Several items fit the reference."""

    def __init__(self, candidates: Sequence[str]) -> None:
        self.candidates = tuple(candidates)
        super().__init__(f"{len(self.candidates)} candidates")


class NotPossible(Refusal):
    """It cannot be done as it was said."""
