"""Where Meta's present view of the business is written up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.domain.standing import Standing


class StandingBoard:
    """One `Standing`, replaced as a whole."""

    def __init__(self) -> None:
        self.current = Standing()

    def turn(self, wanted: Mapping[str, Any]) -> Standing:
        """Changes some of it. Raises `Problem`."""
        self.current = self.current.turned(wanted)
        return self.current

    def clear(self) -> None:
        """All good again."""
        self.current = Standing()
