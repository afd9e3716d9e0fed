"""What can be turned while the simulator runs."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from simulator.domain.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Dials:
    """Delays in milliseconds of real time; limits as Meta's, unless turned off with 0."""

    sent_ms: int = 80
    delivered_ms: int = 250
    read_ms: int = 900
    # Whether people have read receipts on; each person can differ.
    read_receipts: bool = True

    window_enforced: bool = True
    throughput_per_second: int = 80
    pair_seconds: float = 6.0
    pair_burst: int = 45

    # At-least-once delivery: anything but 200 is tried again, each gap `retry_factor` times longer.
    retry_first_ms: int = 1_000
    retry_factor: float = 2.0
    retry_attempts: int = 12
    webhook_timeout_ms: int = 10_000
    # Above 1, what waits while all senders are busy goes out in one POST.
    webhook_batch: int = 1

    def turned(self, changes: dict[str, Any]) -> Dials:
        """These dials with some turned; raises `Problem` for an unknown name or a bad value."""
        if changes.get("status") == "instant":
            rest = {name: value for name, value in changes.items() if name != "status"}
            return self.turned({"sent_ms": 0, "delivered_ms": 0, "read_ms": 0, **rest})
        for name, value in changes.items():
            _check(name, value)
        return replace(self, **changes)


_LARGEST = 86_400_000
_KINDS = {field.name: str(field.type) for field in fields(Dials)}


def _check(name: str, value: Any) -> None:
    kind = _KINDS.get(name)
    if kind is None:
        raise Problem(f"there is no setting {name!r}; there are: {', '.join(sorted(_KINDS))}")
    if kind == "bool":
        if not isinstance(value, bool):
            raise Problem(f"{name} must be true or false")
        return
    if isinstance(value, bool) or not isinstance(value, int if kind == "int" else int | float):
        raise Problem(f"{name} must be a number of type {kind}")
    if not 0 <= value <= _LARGEST:
        raise Problem(f"{name} must lie between 0 and {_LARGEST}")
    if name in {"retry_attempts", "webhook_batch", "webhook_timeout_ms"} and value < 1:
        raise Problem(f"{name} must be at least 1")
