"""Attempts that start at the same time share one statement, which also takes their grants."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from services.notifier.domain.breaker import BreakerPolicy
from services.notifier.domain.cap import ATTEMPT_HOLD, WAITS_AFTER, Caps
from services.notifier.domain.contact import REPLY_HORIZON, UNREACHABLE_FOR
from services.notifier.domain.habit import Habits
from services.notifier.domain.kind import GENERIC, KINDS, Kind, Priority
from services.notifier.ports import Claimed
from services.notifier.storage.beginning import BEGIN
from services.notifier.storage.database import Database
from services.notifier.storage.group import GroupCommit

# What the statement answers where it must be asked again, and how often at most.
OTHER_HABITS = "OTHER_HABITS"
NO_ALLOWANCE = "NO_ALLOWANCE"
_MOST_TRIES = 4

_NEW_ALLOWANCE = """
INSERT INTO notifier.allowances (user_id) VALUES ($1) ON CONFLICT (user_id) DO NOTHING
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """An attempt to put on record."""

    claimed: Claimed
    kind: Kind
    habits: Habits
    token: str
    is_repeat: bool
    template: str
    now: datetime


class Starting:
    """Starts attempts; `group` is a component. `cache_size` bounds the habits kept in memory."""

    def __init__(
        self, database: Database, *, caps: Caps, phone_id: str, cache_size: int = 50_000
    ) -> None:
        self._database = database
        self._held = database.held()
        self._constants = (phone_id, *_limits(caps), ATTEMPT_HOLD)
        self._probe = BreakerPolicy().probe
        self._cache_size = cache_size
        self._habits: OrderedDict[str, Habits] = OrderedDict()
        self.group: GroupCommit[Beginning, asyncpg.Record] = GroupCommit(
            "notifier attempts", self._begin
        )

    async def start(
        self, claimed: Claimed, *, token: str, is_repeat: bool, template: str, now: datetime
    ) -> tuple[asyncpg.Record, Habits]:
        """What the statement answers, and the person's habits that it was asked with."""
        for _try in range(_MOST_TRIES):
            habits = self._habits.get(claimed.user_id) or Habits()
            beginning = Beginning(
                claimed=claimed,
                kind=KINDS[claimed.kind],
                habits=habits,
                token=token,
                is_repeat=is_repeat,
                template=template,
                now=now,
            )
            row = await self.group.submit(beginning)
            if row["refusal"] == OTHER_HABITS:
                self._remember(claimed.user_id, row)
            elif row["refusal"] == NO_ALLOWANCE:
                await self._database.fetch(_NEW_ALLOWANCE, claimed.user_id)
                self._remember(claimed.user_id, row)
            else:
                break
        return row, habits

    def _remember(self, user_id: str, row: asyncpg.Record) -> None:
        self._habits[user_id] = Habits(
            time_zone=row["own_zone"],
            quiet_start=row["own_quiet_start"],
            quiet_end=row["own_quiet_end"],
        )
        self._habits.move_to_end(user_id)
        while len(self._habits) > self._cache_size:
            self._habits.popitem(last=False)

    async def _begin(self, items: Sequence[Beginning]) -> Sequence[asyncpg.Record]:
        # Who waits longest goes first, within what its priority allows.
        ordered = sorted(items, key=lambda item: (item.kind.priority, item.claimed.due_time))
        latest = max(item.now for item in items)
        rows = await self._held.fetch(
            BEGIN,
            *zip(*(_columns(item) for item in ordered), strict=True),
            latest,
            latest - UNREACHABLE_FOR,
            latest - REPLY_HORIZON,
            *self._constants,
            latest - WAITS_AFTER,
            self._probe,
            GENERIC,
        )
        by_row = {row["id"]: row for row in rows}
        return [by_row[item.claimed.row] for item in items]


def _columns(item: Beginning) -> tuple[object, ...]:
    claimed, kind, habits = item.claimed, item.kind, item.habits
    is_reply = kind.priority is Priority.REPLY
    return (
        claimed.row,
        claimed.fence,
        int(claimed.state),
        claimed.user_id,
        item.token,
        item.is_repeat,
        item.template,
        claimed.create_time if is_reply else None,
        kind.is_urgent,
        kind.counts,
        kind.is_system,
        habits.time_zone,
        habits.quiet_start,
        habits.quiet_end,
        habits.day(item.now),
        habits.day_end(item.now),
        kind.quiet and habits.quiet_until(item.now) is not None,
    )


def _limits(caps: Caps) -> tuple[object, ...]:
    gap = caps.pair_gap if caps.pair_burst else timedelta()
    return (
        caps.minute_limit,
        caps.day_limit,
        caps.outside_limit,
        caps.person_limit,
        min(caps.system_limit, caps.person_limit),
        gap,
        caps.pair_room,
        caps.minute,
        caps.day,
        caps.outside,
    )
