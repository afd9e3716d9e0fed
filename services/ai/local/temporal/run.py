"""What a recurring request is read from, and what has been read of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.ai.local.temporal.chart import Item
from services.ai.local.temporal.rule import Repeat

UNITS = {
    "second": "SECONDLY",
    "minute": "MINUTELY",
    "hour": "HOURLY",
    "day": "DAILY",
    "week": "WEEKLY",
    "month": "MONTHLY",
    "year": "YEARLY",
}
"""Calendar unit -> frequency of RFC 5545."""


@dataclass(slots=True)
class Slots:
    """What has been understood so far; `triggered` once it is sure to repeat."""

    repeat: Repeat = field(default_factory=Repeat)
    ordinals: list[int] = field(default_factory=list)
    triggered: bool = False
    each: bool = False


class Words:
    """The lexemes and readings of a text, by the word they start at."""

    def __init__(self, items: Sequence[Item], words: Sequence[str]) -> None:
        self._by: dict[tuple[int, str], list[Item]] = {}
        for item in items:
            self._by.setdefault((item.first, item.category), []).append(item)
        self.words = words

    def get(self, at: int, *categories: str) -> Item | None:
        """The longest item of one of the categories that starts at `at`."""
        best: Item | None = None
        for category in categories:
            for item in self._by.get((at, category), ()):
                if best is None or item.last > best.last:
                    best = item
        return best

    def every(self, at: int, category: str) -> list[Item]:
        """All items of a category that start at `at`, the longest first."""
        return sorted(self._by.get((at, category), ()), key=lambda item: -item.last)

    def is_word(self, at: int, *words: str) -> bool:
        """Whether one of the words stands at `at`."""
        return at < len(self.words) and self.words[at] in words
