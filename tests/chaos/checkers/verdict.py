"""What a checker says."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Verdict:
    """One invariant over one history: what was looked at, and what broke it."""

    name: str
    says: str
    counts: dict[str, int] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)

    def count(self, what: str, by: int = 1) -> None:
        """Counts something that was looked at."""
        self.counts[what] = self.counts.get(what, 0) + by

    def expect(self, holds: bool, violation: str) -> None:
        """Notes a violation unless `holds`."""
        if not holds:
            self.violations.append(violation)

    @property
    def holds(self) -> bool:
        """Whether nothing broke it."""
        return not self.violations
