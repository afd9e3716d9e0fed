"""What became of one piece of due work: done, later, or dead.

Pure values, so that a use case can say what must happen to its row without knowing where rows live.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle:
    """The work is finished; `values` are the columns to write with it."""

    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Postpone:
    """Not now. An outage uses no attempt; a failure of this very row does."""

    due_time: datetime
    reason: str
    uses_attempt: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bury:
    """It can never succeed; kept with its reason until someone redrives it."""

    reason: str
    values: Mapping[str, Any] = field(default_factory=dict)


Outcome = Settle | Postpone | Bury
