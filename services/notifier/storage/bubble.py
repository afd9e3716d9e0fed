"""What the statement that starts attempts answers, as what it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from db.sealed import Seal
from services.notifier.domain import cap
from services.notifier.domain.button import MOST_ROWS, Button, problems
from services.notifier.domain.cap import Caps
from services.notifier.domain.habit import Habits, zone
from services.notifier.ports import NotStarted
from services.notifier.storage.sealing import Body, opened_body

# What cannot be known better is looked at again after this.
_SOON = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One that goes out in another's bubble; `local_time` is when it is due, for its person."""

    body: Body
    local_time: str


def opened_members(seal: Seal, row: asyncpg.Record, habits: Habits) -> Sequence[Member]:
    """The others of a bubble, in the order of their due times."""
    if not row["member_ids"]:
        return ()
    found = zip(row["member_ids"], row["member_bodies"], row["member_times"], strict=True)
    return [
        Member(
            body=opened_body(seal, str(member_id), body),
            local_time=f"{time.astimezone(zone(habits.time_zone)):%H:%M}",
        )
        for member_id, body, time in found
    ]


def shared_buttons(bodies: Sequence[Body]) -> Sequence[Button]:
    """The buttons of a bubble: everybody's, where WhatsApp takes them all together, else none."""
    if len(bodies) == 1:
        return bodies[0].buttons
    buttons = [button for body in bodies for button in body.buttons]
    fits = len(buttons) <= MOST_ROWS and not problems(buttons)
    return buttons if fits else ()


def not_started(row: asyncpg.Record, habits: Habits, now: datetime, caps: Caps) -> NotStarted:
    """Why no attempt may start, and until when where the row or the person's day tells."""
    refusal = row["refusal"]
    match refusal:
        case cap.QUIET_HOURS:
            return NotStarted(refusal=refusal, until=habits.quiet_until(now) or now + _SOON)
        case cap.DAILY_LIMIT:
            return NotStarted(refusal=refusal, until=habits.next_day(now))
        case cap.PAIR_PACE:
            paid = row["paid_time"] or now
            frees = paid - (caps.pair_room - 1) * caps.pair_gap
            return NotStarted(refusal=refusal, until=max(frees, now + caps.pair_gap / 4))
        case cap.BREAKER_OPEN:
            return NotStarted(refusal=refusal, until=max(row["breaker_until"] or now, now + _SOON))
        case _:
            return NotStarted(refusal=refusal)
