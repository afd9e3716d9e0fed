"""Wrong use of the control API."""

from __future__ import annotations


class Problem(Exception):
    """The control API was asked for something that does not make sense; nothing was changed."""

    def __init__(self, message: str, *, status: int = 400) -> None:
        self.message = message
        self.status = status
        super().__init__(message)
