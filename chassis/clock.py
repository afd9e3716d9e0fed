"""The application's time, movable by one offset that all processes of a test share."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

OFFSET_FILE_VARIABLE = "HARK_CLOCK_OFFSET_FILE"


class Clock(Protocol):
    """Where `now` comes from; passed in, never read from a global."""

    def now(self) -> datetime:
        """The current time, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock, plus the seconds that stand in the shared offset file, if one is set.

    The file is how tests move the time of several processes at once; without the variable
    `HARK_CLOCK_OFFSET_FILE` it is never looked at.
    """

    def __init__(self, offset_file: Path | None = None) -> None:
        self._offset_file = offset_file

    @classmethod
    def from_environment(cls) -> SystemClock:
        """A clock that follows the offset file named by the environment, if any."""
        path = os.environ.get(OFFSET_FILE_VARIABLE)
        return cls(Path(path) if path else None)

    def now(self) -> datetime:
        """The current time, aware, in UTC."""
        return datetime.now(UTC) + self._current_offset()

    def _current_offset(self) -> timedelta:
        if self._offset_file is None:
            return timedelta()
        # Read anew each time: of two processes the one that is called must not be behind the one
        # that called it. It is a test's file, so the microseconds are a test's too.
        try:
            return timedelta(seconds=float(self._offset_file.read_text() or 0))
        except FileNotFoundError:
            return timedelta()
