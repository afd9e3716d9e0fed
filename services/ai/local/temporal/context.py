"""What rules may ask: when it was said, and by which conventions it is read."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from services.ai.local.conventions import Conventions


class Context(NamedTuple):
    """`now` is the speaker's wall-clock time."""

    now: datetime
    rules: Conventions
