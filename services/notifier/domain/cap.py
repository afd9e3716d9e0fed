"""How much may go out: in any minute, in any day, to one person, and to how many people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from chassis.errors import Code, ServiceError

# What a notification waits for, or is refused for: reasons that callers see.
DAILY_LIMIT = "DAILY_LIMIT"
MINUTE_LIMIT = "MESSAGES_PER_MINUTE"
DAY_LIMIT = "MESSAGES_PER_DAY"
OUTSIDE_LIMIT = "PEOPLE_OUTSIDE_WINDOW"
PAIR_PACE = "PAIR_PACE"
QUIET_HOURS = "QUIET_HOURS"
BREAKER_OPEN = "BREAKER_OPEN"
ACCOUNT_STOPPED = "ACCOUNT_STOPPED"
# Until these end, what waits for them is held; what waits for others is merely put off.
HOLDS = frozenset({DAILY_LIMIT, DAY_LIMIT, OUTSIDE_LIMIT, QUIET_HOURS})
# These are about everybody: while they last, nothing of the same priority need be looked at.
SHARED = frozenset({MINUTE_LIMIT, BREAKER_OPEN, ACCOUNT_STOPPED})
WAITS = HOLDS | SHARED | {PAIR_PACE}

# How long the right to make a call is held for one that never ends: the time-outs of an attempt and
# of an upload before it, and what may pass between the right and the first byte.
ATTEMPT_SLACK = timedelta(seconds=5)
ATTEMPT_HOLD = timedelta(seconds=15) + ATTEMPT_SLACK

# Of every so many rows of the minute one is for replies and timed reminders only, and one is for
# the rest while something of it waits.
RESERVED_EVERY = 5
FLOOR_EVERY = 20
# Something waits once it is so late.
WAITS_AFTER = timedelta(seconds=5)
# Fewer than this are left short of WhatsApp's own burst, because calls overtake each other.
PAIR_MARGIN = 2


class RateLimited(ServiceError):
    """A cap is reached; `retry_delay` says when it frees up."""

    code = Code.RESOURCE_EXHAUSTED
    reason = "RATE_LIMITED"
    legacy_code = 429


class Scope(IntEnum):
    """What a grant is for; the numbers are the table's."""

    MINUTE = 1
    DAY = 2
    OUTSIDE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """Limits and the lengths of their sliding windows; a limit of 0 is none.

    `person_limit` is for a person's local day; what the system started stops at `system_limit`.
    One message per `pair_gap` goes to a person, `pair_burst` of them may be ahead of it.
    """

    minute_limit: int = 250
    minute: timedelta = timedelta(seconds=60)
    day_limit: int = 100_000
    day: timedelta = timedelta(hours=24)
    outside_limit: int = 250
    outside: timedelta = timedelta(hours=24)
    person_limit: int = 24
    system_limit: int = 18
    pair_gap: timedelta = timedelta(seconds=6)
    pair_burst: int = 45

    def limit(self, scope: Scope) -> int:
        """How many grants of a scope there are; 0: as many as one likes."""
        return {
            Scope.MINUTE: self.minute_limit,
            Scope.DAY: self.day_limit,
            Scope.OUTSIDE: self.outside_limit,
        }[scope]

    def window(self, scope: Scope) -> timedelta:
        """How long after the end of a call its grant comes back."""
        return {Scope.MINUTE: self.minute, Scope.DAY: self.day, Scope.OUTSIDE: self.outside}[scope]

    @property
    def pair_room(self) -> int:
        """How many may be ahead of one person's pace."""
        return max(self.pair_burst - PAIR_MARGIN, 1)


DEFAULT_CAPS = Caps()


def limited(name: str, limit: int, free_time: datetime, now: datetime) -> RateLimited:
    """The refusal of a notification that would be over the cap `name`."""
    return RateLimited(
        f"the cap {name} is reached; try again later, or ask for HOLD",
        metadata={"cap": name, "limit": str(limit), "free_time": free_time.isoformat()},
        violations={name: f"{limit} are allowed"},
        retry_delay=max(free_time - now, timedelta()),
    )
