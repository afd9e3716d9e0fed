"""When a notification may go out, as far as that is known when it is handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.notifier.domain.cap import QUIET_HOURS, Caps
from services.notifier.domain.habit import Habits
from services.notifier.domain.kind import Kind

# What is due for longer than this is as good as due now.
_LATE = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the caps and the person's habits make of a due time.

    `queue_time` is when it was due. `counted_day` is the local day against which it counts (None:
    it does not), of which `day_limit` may (0: no limit), `next_day` when it could go out if that
    day is full. `hold_until` is there where it has to wait from the start, for `hold_reason`.
    `extends`: its time to live is the kind's own, and begins when it may go out.
    """

    queue_time: datetime
    next_day: datetime
    counted_day: date | None = None
    day_limit: int = 0
    hold_until: datetime | None = None
    hold_reason: str = ""
    extends: bool = True
    is_mergeable: bool = False


def plan(
    kind: Kind,
    habits: Habits,
    caps: Caps,
    *,
    send_time: datetime,
    due_time: datetime | None,
    extends: bool,
    has_document: bool,
) -> Plan:
    """The plan of a notification that goes out at `send_time`.

    `due_time` is when its caller said that it is due; that may be a little while ago.
    """
    quiet_until = habits.quiet_until(send_time) if kind.quiet else None
    starts = quiet_until or send_time
    limit = min(caps.system_limit, caps.person_limit) if kind.is_system else caps.person_limit
    return Plan(
        queue_time=max(min(due_time or send_time, send_time), send_time - _LATE),
        next_day=habits.next_day(starts),
        counted_day=habits.day(starts) if kind.counts else None,
        day_limit=limit if kind.counts and caps.person_limit else 0,
        hold_until=quiet_until,
        hold_reason=QUIET_HOURS if quiet_until else "",
        extends=extends,
        # What was handed in without a time is due by itself. An answer quotes the message that it
        # answers; a file has a message of its own.
        is_mergeable=due_time is not None and kind.counts and not has_document,
    )
