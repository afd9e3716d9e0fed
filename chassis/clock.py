"""The application's time, movable by one offset that all processes of a test share."""

from __future__ import annotations

import os
import time
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
        self._read_at = float("-inf")
        self._offset = timedelta()

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
            return self._offset
        # Re-read at most every 50 ms: now() stands on the hot path.
        if time.monotonic() - self._read_at > 0.05:
            self._read_at = time.monotonic()
            try:
                seconds = float(self._offset_file.read_text() or 0)
            except FileNotFoundError:
                seconds = 0.0
            self._offset = timedelta(seconds=seconds)
        return self._offset
