"""What a due queue must do, in a dictionary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from chassis.outcome import Bury, Outcome, Postpone, Settle
from db.due import Claim

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 3
REPLICAS = 2
Results = list[tuple[Claim, Outcome]]


@dataclass(frozen=True, kw_only=True)
class Row:
    """What the model believes of one row."""

    id: int
    lane: int
    due_time: datetime
    attempts: int = 0
    postponements: int = 0
    takeovers: int = 0
    fence: int = 0
    leased: bool = False
    expired: bool = False
    settled_time: datetime | None = None
    postponed_reason: str | None = None
    buried_reason: str | None = None


class Model:
    """The rules of the queue, without a database."""

    def __init__(self, *, lanes: bool) -> None:
        self.rows: dict[int, Row] = {}
        self._lanes = lanes

    def add(self, row: Row) -> None:
        self.rows[row.id] = row

    def claim(self, limit: int, now: datetime) -> list[Row]:
        ready = [row for row in self.rows.values() if self._claimable(row, now)]
        ready.sort(key=lambda row: (row.due_time, row.id))
        return [self._take(row) for row in ready[:limit]]

    def finish(self, results: Results, now: datetime) -> set[int]:
        done = set()
        for claim, outcome in results:
            row = self.rows[claim.id]
            if row.fence == claim.fence:
                self.rows[row.id] = self._after(row, outcome, now)
                done.add(row.id)
        return done

    def renew(self, claims: Sequence[Claim]) -> set[int]:
        held = self._held(claims)
        for id_ in held:
            self.rows[id_] = replace(self.rows[id_], leased=True, expired=False)
        return held

    def release(self, claims: Sequence[Claim]) -> set[int]:
        held = self._held(claims)
        for id_ in held:
            self.rows[id_] = self._closed(self.rows[id_])
        return held

    def redrive(self, ids: Sequence[int], now: datetime) -> set[int]:
        buried = {id_ for id_ in ids if self.rows[id_].buried_reason is not None}
        for id_ in buried:
            self.rows[id_] = replace(
                self._closed(self.rows[id_]),
                settled_time=None,
                buried_reason=None,
                due_time=now,
                attempts=0,
                postponements=0,
                takeovers=0,
            )
        return buried

    def expire(self, id_: int) -> None:
        if self.rows[id_].leased:
            self.rows[id_] = replace(self.rows[id_], expired=True)

    def _held(self, claims: Sequence[Claim]) -> set[int]:
        return {claim.id for claim in claims if self.rows[claim.id].fence == claim.fence}

    def _claimable(self, row: Row, now: datetime) -> bool:
        if row.settled_time is not None or row.due_time > now:
            return False
        if row.leased and not row.expired:
            return False
        return not self._lanes or not any(
            other.lane == row.lane and other.id < row.id and other.settled_time is None
            for other in self.rows.values()
        )

    def _take(self, row: Row) -> Row:
        taken = replace(
            row,
            fence=row.fence + 1,
            takeovers=row.takeovers + row.leased,
            leased=True,
            expired=False,
        )
        self.rows[row.id] = taken
        return taken

    def _after(self, row: Row, outcome: Outcome, now: datetime) -> Row:
        closed = self._closed(row)
        match outcome:
            case Settle():
                return replace(closed, settled_time=now)
            case Postpone(uses_attempt=True) if row.attempts + 1 < MAX_ATTEMPTS:
                return replace(
                    closed,
                    attempts=row.attempts + 1,
                    due_time=outcome.due_time,
                    takeovers=0,
                    postponed_reason=outcome.reason,
                )
            case Postpone(uses_attempt=False):
                return replace(
                    closed,
                    postponements=row.postponements + 1,
                    due_time=outcome.due_time,
                    takeovers=0,
                    postponed_reason=outcome.reason,
                )
            case Postpone() | Bury():
                return replace(
                    closed,
                    attempts=row.attempts + 1,
                    settled_time=now,
                    buried_reason=outcome.reason,
                )

    def _closed(self, row: Row) -> Row:
        return replace(row, fence=row.fence + 1, leased=False, expired=False)
