"""What a check found: how bad it is, what it means, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    """How a finding is to be taken."""

    OK = "ok"
    # It works now; somebody should know.
    WARN = "warn"
    # It does not work, or will not for long.
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the report; `advice` is empty where there is nothing to do."""

    check: str
    level: Level
    meaning: str
    advice: str = ""


def ok(check: str, meaning: str) -> Finding:
    """All is well."""
    return Finding(check=check, level=Level.OK, meaning=meaning)


def warn(check: str, meaning: str, advice: str) -> Finding:
    """It works, but."""
    return Finding(check=check, level=Level.WARN, meaning=meaning, advice=advice)


def fail(check: str, meaning: str, advice: str) -> Finding:
    """It does not work."""
    return Finding(check=check, level=Level.FAIL, meaning=meaning, advice=advice)
