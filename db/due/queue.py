"""The durable queue over one table: claim, renew, settle, postpone, bury, redrive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chassis.outcome import Bury, Outcome, Postpone, Settle
from db.due.connection import HeldConnection
from db.due.statements import CLAIM_COLUMNS, DONE, PLANNER_SETTINGS, Statements
from db.due.values import Values

LEASE = timedelta(seconds=3.5)
MAX_ATTEMPTS = 3
# How long one statement of the queue may take.
DEADLINE = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One row held by one worker until its lease runs out.

    `attempts` counts failed tries so far, `postponements` the times it was put off without using
    one, `takeovers` how often in a row its lease ran out. `row` has the columns that the queue was
    told to return.
    """

    id: int
    fence: int
    attempts: int
    postponements: int
    takeovers: int
    due_time: datetime
    row: Mapping[str, Any]


class Depth(NamedTuple):
    """How much waits: `ready` and `open` stop counting at 10,000."""

    ready: int
    oldest_age: timedelta
    open: int


class Exchange(NamedTuple):
    """What one visit to the table brought: written ids, new claims, the next due time if any."""

    done: set[int]
    claims: list[Claim]
    next_due_time: datetime | None


class DueQueue:
    """What falls due in one table. One instance a process; it holds one pooled connection.

    `columns` are returned with each claim. `lease` (0.1 to 60 s) is how long a claim is held
    without renewal. A row that used `max_attempts` (1 to 100) is buried. `channel` is what rings
    when rows are added (default `schema.table`). Lanes are obeyed if the table has a `lane`
    column, unless `lanes` says otherwise. `only` is a condition on its columns, in SQL: this queue
    claims such rows and no others (there should be an index on open rows for it).

    Every method raises what the driver raises (`db.engine.OUTAGES` is worth another try) after at
    most 5 s, and reconnects by itself at the next call. `now` is the application's time.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        table: sa.Table,
        *,
        columns: Sequence[str | sa.Column[Any]] = (),
        lanes: bool | None = None,
        lease: timedelta = LEASE,
        max_attempts: int = MAX_ATTEMPTS,
        channel: str | None = None,
        only: str = "",
    ) -> None:
        if not timedelta(seconds=0.1) <= lease <= timedelta(seconds=60):
            raise ValueError("lease must be 0.1 to 60 s")
        if not 1 <= max_attempts <= 100:
            raise ValueError("max_attempts must be 1 to 100")
        names = [column if isinstance(column, str) else column.name for column in columns]
        self.lease = lease
        self.max_attempts = max_attempts
        self.channel = channel or f"{table.schema}.{table.name}"
        self._values = Values(table, engine.dialect, returned=names)
        with_lanes = "lane" in table.c if lanes is None else lanes
        self._sql = Statements(table, engine.dialect, columns=names, lanes=with_lanes, only=only)
        self._claim_sql = self._sql.claim()
        self._settle_and_claim_sql = self._sql.settle_and_claim()
        self._connection = HeldConnection(engine, PLANNER_SETTINGS, deadline=DEADLINE)

    async def claim(self, limit: int, now: datetime) -> list[Claim]:
        """Up to `limit` ready rows, earliest due first, each leased to the caller."""
        if limit < 1:
            return []
        return (await self.exchange([], limit, now)).claims

    async def finish(
        self,
        results: Sequence[tuple[Claim, Outcome]],
        now: datetime,
        *,
        connection: AsyncConnection | None = None,
    ) -> set[int]:
        """Writes what became of claims; the ids whose fence still matched (the rest: no change).

        One statement per kind of outcome and set of columns. With `connection`, in the caller's
        transaction, so that a row is settled with what it caused or not at all; without, each
        statement commits by itself.
        """
        done: set[int] = set()
        for statement, arguments in self._grouped(results, now):
            if connection is None:
                records = await self._connection.fetch(statement, *arguments)
                done.update(record[0] for record in records)
            else:
                rows = await connection.exec_driver_sql(statement, tuple(arguments))
                done.update(row[0] for row in rows)
        return done

    async def finish_and_claim(
        self, results: Sequence[tuple[Claim, Outcome]], limit: int, now: datetime
    ) -> tuple[set[int], list[Claim]]:
        """`finish`, then `claim`; plain settles and the claim are one statement."""
        done, claims, _ = await self.exchange(results, limit, now)
        return done, claims

    async def exchange(
        self, results: Sequence[tuple[Claim, Outcome]], limit: int, now: datetime
    ) -> Exchange:
        """`finish_and_claim`, which also says when the next row falls due after `now`."""
        plain, others = _plain_settles(results)
        done = await self.finish(others, now) if others else set()
        arguments: list[Any] = [now, self.lease, max(limit, 0)]
        if plain:
            arguments[:0] = [[claim.id for claim in plain], [claim.fence for claim in plain]]
            records = await self._connection.fetch(self._settle_and_claim_sql, *arguments)
        else:
            records = await self._connection.fetch(self._claim_sql, *arguments)
        last = records[-1]
        done.update(last[DONE] or ())
        next_due_time = last[CLAIM_COLUMNS.index("due_time")]
        return Exchange(done, self._claims(records[:-1]), next_due_time)

    async def settle(
        self,
        claim: Claim,
        now: datetime,
        *,
        values: Mapping[str, Any] | None = None,
        connection: AsyncConnection | None = None,
    ) -> bool:
        """Finished; `values` are columns to write with it. False: the claim was lost."""
        results = [(claim, Settle(values=values or {}))]
        return bool(await self.finish(results, now, connection=connection))

    async def postpone(
        self,
        claim: Claim,
        now: datetime,
        *,
        due_time: datetime,
        reason: str,
        uses_attempt: bool = False,
        connection: AsyncConnection | None = None,
    ) -> bool:
        """Not before `due_time`. The last attempt buries instead. False: the claim was lost."""
        outcome = Postpone(due_time=due_time, reason=reason, uses_attempt=uses_attempt)
        return bool(await self.finish([(claim, outcome)], now, connection=connection))

    async def bury(
        self,
        claim: Claim,
        now: datetime,
        *,
        reason: str,
        connection: AsyncConnection | None = None,
    ) -> bool:
        """It can never succeed; kept until redriven. False: the claim was lost."""
        return bool(await self.finish([(claim, Bury(reason=reason))], now, connection=connection))

    async def renew(self, claims: Iterable[Claim]) -> set[int]:
        """Starts the leases anew; the ids that are still held."""
        ids, fences = _keys(claims)
        if not ids:
            return set()
        records = await self._connection.fetch(self._sql.renew(), ids, fences, self.lease)
        return {record[0] for record in records}

    async def release(self, claims: Iterable[Claim]) -> set[int]:
        """Gives claims back untouched: ready again at once, no attempt used; the ids given."""
        ids, fences = _keys(claims)
        if not ids:
            return set()
        records = await self._connection.fetch(self._sql.release(), ids, fences)
        return {record[0] for record in records}

    async def redrive(self, ids: Sequence[int], now: datetime) -> set[int]:
        """Opens buried rows again, due now, with all their attempts; the ids that were buried."""
        records = await self._connection.fetch(self._sql.redrive(), list(ids), now)
        return {record[0] for record in records}

    async def next_due_time(self, now: datetime) -> datetime | None:
        """When the next row falls due after `now`, whoever will hold it; None if none will."""
        records = await self._connection.fetch(self._sql.next_due_time(), now)
        return records[0][0] if records else None

    async def depth(self, now: datetime) -> Depth:
        """How many rows are ready and unleased, the age of the oldest such, and how many open."""
        records = await self._connection.fetch(self._sql.depth(), now)
        ready, oldest, is_open = records[0]
        return Depth(ready, now - oldest if oldest else timedelta(), is_open)

    async def close(self) -> None:
        """Gives up the queue's connection; a later call opens another."""
        await self._connection.close()

    def _claims(self, records: Sequence[Any]) -> list[Claim]:
        row_of = self._values.row_of
        claims = [
            Claim(
                id=record[0],
                fence=record[1],
                attempts=record[2],
                postponements=record[3],
                takeovers=record[4],
                due_time=record[5],
                row=row_of(record[DONE + 1 :]),
            )
            for record in records
        ]
        # RETURNING promises no order.
        claims.sort(key=lambda claim: (claim.due_time, claim.id))
        return claims

    def _grouped(
        self, results: Sequence[tuple[Claim, Outcome]], now: datetime
    ) -> list[tuple[str, list[Any]]]:
        groups: dict[tuple[type[Outcome], tuple[str, ...]], list[tuple[Claim, Any]]]
        groups = defaultdict(list)
        for claim, given in results:
            outcome = self._last_attempt(claim, given)
            groups[type(outcome), tuple(sorted(outcome.values))].append((claim, outcome))
        # Sorted: two replicas that update the same rows in different orders deadlock.
        return [
            self._statement(kind, names, sorted(group, key=lambda pair: pair[0].id), now)
            for (kind, names), group in groups.items()
        ]

    def _last_attempt(self, claim: Claim, outcome: Outcome) -> Outcome:
        if (
            isinstance(outcome, Postpone)
            and outcome.uses_attempt
            and claim.attempts + 1 >= self.max_attempts
        ):
            return Bury(reason=outcome.reason, values=outcome.values)
        return outcome

    def _statement(
        self,
        kind: type[Outcome],
        names: tuple[str, ...],
        group: Sequence[tuple[Claim, Any]],
        now: datetime,
    ) -> tuple[str, list[Any]]:
        ids, fences = _keys(claim for claim, _ in group)
        outcomes = [outcome for _, outcome in group]
        values = [self._values.array(name, [o.values[name] for o in outcomes]) for name in names]
        if kind is Settle:
            return self._sql.settle(names), [ids, fences, now, *values]
        reasons = [outcome.reason for outcome in outcomes]
        if kind is Bury:
            return self._sql.bury(names), [ids, fences, now, reasons, *values]
        due = [outcome.due_time for outcome in outcomes]
        used = [int(outcome.uses_attempt) for outcome in outcomes]
        return self._sql.postpone(names), [ids, fences, due, used, reasons, *values]


def _keys(claims: Iterable[Claim]) -> tuple[list[int], list[int]]:
    ordered = sorted((claim.id, claim.fence) for claim in claims)
    return [id_ for id_, _ in ordered], [fence for _, fence in ordered]


def _plain_settles(
    results: Sequence[tuple[Claim, Outcome]],
) -> tuple[list[Claim], list[tuple[Claim, Outcome]]]:
    plain: list[Claim] = []
    others: list[tuple[Claim, Outcome]] = []
    for claim, outcome in results:
        if isinstance(outcome, Settle) and not outcome.values:
            plain.append(claim)
        else:
            others.append((claim, outcome))
    plain.sort(key=lambda claim: claim.id)
    return plain, others
