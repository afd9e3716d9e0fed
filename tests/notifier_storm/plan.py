"""What a storm does, from its seed alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

KILLS = ("notifier.before_post", "notifier.after_post")
# F12 to F18; what each does stands in docs/simulator.md.
FAULTS: Sequence[dict[str, Any]] = (
    {"name": "timeout_after_accept", "hold_ms": 200, "reset": True},
    {"name": "timeout_before_accept", "hold_ms": 200, "reset": True},
    {"name": "http_429"},
    {"name": "pair_limited"},
    {"name": "http_500"},
    {"name": "http_503"},
    {"name": "answer_without_id"},
    {"name": "answer_truncated"},
    {"name": "status_overtakes"},
    {"name": "status_lost"},
    {"name": "status_doubled"},
    {"name": "read_before_delivered"},
    {"name": "failed_after_sent", "code": 131000},
)
# Reminders are repeated where nobody knows what became of them; what the system says is not.
KINDS = (("task_due", 2), ("task_due", 2), ("status_update", 4))


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much; caps with the lengths of their windows in seconds."""

    notifications: int
    people: int
    kills: int
    probability: float
    minute_limit: int
    minute_seconds: float
    day_limit: int
    day_seconds: float
    pair_seconds: float
    pair_burst: int
    probe_seconds: float
    send_slots: int
    limit_seconds: float


LONG = Size(
    notifications=10_000,
    people=200,
    kills=20,
    probability=0.03,
    minute_limit=300,
    minute_seconds=6.0,
    day_limit=4_000,
    day_seconds=75.0,
    pair_seconds=0.3,
    pair_burst=12,
    probe_seconds=6.0,
    send_slots=16,
    limit_seconds=1_500.0,
)
SHORT = Size(
    notifications=160,
    people=20,
    kills=3,
    probability=0.03,
    minute_limit=50,
    minute_seconds=1.0,
    day_limit=400,
    day_seconds=10.0,
    pair_seconds=0.05,
    pair_burst=12,
    probe_seconds=1.0,
    send_slots=4,
    limit_seconds=240.0,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole run: who is told what, and after how many passes of which point a process dies."""

    seed: int
    size: Size
    # (person, kind, type), in the order in which they are handed in.
    notifications: Sequence[tuple[int, str, int]]
    kills: Sequence[tuple[str, int]]
    faults: Sequence[dict[str, Any]]

    def calm(self) -> Plan:
        """The same backlog in a world that behaves."""
        return replace(self, kills=(), faults=())


def make_plan(seed: int, size: Size) -> Plan:
    """The plan of a seed; the same one every time."""
    rng = Random(f"notifier-storm:{seed}")
    # So many lives are lived before the last notification has gone out.
    between = max(size.notifications // size.kills, 3)
    return Plan(
        seed=seed,
        size=size,
        notifications=[
            (rng.randrange(size.people), *rng.choice(KINDS)) for _ in range(size.notifications)
        ],
        kills=[
            (KILLS[number % len(KILLS)], rng.randint(between // 2, between))
            for number in range(size.kills)
        ],
        faults=[
            {**fault, "probability": size.probability, "seed": rng.randrange(2**31)}
            for fault in FAULTS
        ],
    )


def title(number: int) -> str:
    """What the notification of this number says and no other does."""
    return f"storm-{number:06}-end"
