"""The SQL of a due queue, written once per table.

Every statement reaches rows through an index on open rows, through the primary key, or by their
place on disk, which an index on open rows has just told. Two things keep the planner to that,
whatever the statistics say: no outcome mentions `settled_time` in its condition (`id` and `fence`
decide, and the fence moves with every outcome), and the queue's own connection plans with
`PLANNER_SETTINGS`.
"""

# ruff: noqa: S608 - what is put in are names of tables and columns, quoted by the dialect.

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

# The queue's statements have one good plan each: nested loops over these indexes. Without this, a
# table that was small or empty when a connection first planned is scanned in full once it is large.
PLANNER_SETTINGS = {
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_sort": "off",
    "plan_cache_mode": "force_generic_plan",
}

CLAIM_COLUMNS = ("id", "fence", "attempts", "postponements", "takeovers", "due_time")

# Where a claim's answer has the ids that were settled with it; the queue's own columns come after.
DONE = len(CLAIM_COLUMNS)

# Counting stops here: the cost of looking must not grow with the backlog.
COUNT_LIMIT = 10_000

_CLOSE = "fence = t.fence + 1, lease_until = NULL"
_MATCH = "t.id = d.id AND t.fence = d.fence"


class Statements:
    """The statements for one table; their `$n` parameters are documented on each."""

    def __init__(
        self,
        table: sa.Table,
        dialect: sa.Dialect,
        *,
        columns: Sequence[str],
        lanes: bool,
        only: str = "",
    ) -> None:
        self._table = table
        self._dialect = dialect
        self._lanes = lanes
        self._only = f" AND {only}" if only else ""
        self._quote = dialect.identifier_preparer.quote
        self._name = dialect.identifier_preparer.format_table(table)
        self._returned = [self._quote(name) for name in (*CLAIM_COLUMNS, *columns)]

    def claim(self) -> str:
        """$1 now, $2 lease, $3 limit.

        The claimed rows, in no order, each with a null for `DONE`; and then one row more, without
        an id: `due_time` is when the next row falls due after now.
        """
        claim = self._claim(now="$1", lease="$2", limit="$3")
        return f"WITH claimed AS ({claim}) {self._answer(now='$1', done='NULL::bigint[]')}"

    def settle_and_claim(self) -> str:
        """$1 ids, $2 fences, $3 now, $4 lease, $5 limit.

        As `claim`; the last row has the ids of the settled in `DONE` (null, if there are none).
        """
        claim = self._claim(now="$3", lease="$4", limit="$5", settling=True)
        answer = self._answer(now="$3", done="(SELECT array_agg(id) FROM done)")
        return (
            f"WITH done AS (UPDATE {self._name} AS t SET {_CLOSE}, settled_time = $3"
            f" FROM unnest($1::bigint[], $2::bigint[]) AS d(id, fence) WHERE {_MATCH}"
            f" RETURNING t.id), claimed AS ({claim}) {answer}"
        )

    def settle(self, values: Sequence[str] = ()) -> str:
        """$1 ids, $2 fences, $3 now, then an array for each column of `values`."""
        return self._finish("settled_time = $3", [], values, scalars=1)

    def postpone(self, values: Sequence[str] = ()) -> str:
        """$1 ids, $2 fences, $3 due times, $4 attempts used, $5 reasons, then `values`."""
        return self._finish(
            "due_time = d.new_due, attempts = t.attempts + d.used, takeovers = 0,"
            " postponements = t.postponements + 1 - d.used, postponed_reason = d.reason",
            [("new_due", "timestamptz"), ("used", "smallint"), ("reason", "text")],
            values,
        )

    def bury(self, values: Sequence[str] = ()) -> str:
        """$1 ids, $2 fences, $3 now, $4 reasons, then an array for each column of `values`."""
        return self._finish(
            "settled_time = $3, attempts = t.attempts + 1, buried_reason = d.reason",
            [("reason", "text")],
            values,
            scalars=1,
        )

    def renew(self) -> str:
        """$1 ids, $2 fences, $3 lease."""
        return (
            f"UPDATE {self._name} AS t SET lease_until = statement_timestamp() + $3::interval"
            f" FROM unnest($1::bigint[], $2::bigint[]) AS d(id, fence) WHERE {_MATCH}"
            " RETURNING t.id"
        )

    def release(self) -> str:
        """$1 ids, $2 fences: ready again at once, as if never claimed."""
        return (
            f"UPDATE {self._name} AS t SET {_CLOSE}"
            f" FROM unnest($1::bigint[], $2::bigint[]) AS d(id, fence) WHERE {_MATCH}"
            " RETURNING t.id"
        )

    def redrive(self) -> str:
        """$1 ids, $2 now: buried rows are open and due again, with all their attempts."""
        return (
            f"UPDATE {self._name} AS t SET {_CLOSE}, settled_time = NULL, buried_reason = NULL,"
            " due_time = $2, attempts = 0, postponements = 0, takeovers = 0"
            " WHERE t.id = ANY($1::bigint[]) AND t.buried_reason IS NOT NULL RETURNING t.id"
        )

    def next_due_time(self, *, now: str = "$1") -> str:
        """$1 now."""
        return (
            f"SELECT due_time FROM {self._name} WHERE settled_time IS NULL AND due_time > {now}"
            f"{self._only} ORDER BY due_time LIMIT 1"
        )

    def depth(self) -> str:
        """$1 now: ready rows and open rows, each up to COUNT_LIMIT, and the oldest ready one."""
        ready = f"SELECT due_time FROM {self._name} WHERE settled_time IS NULL AND due_time <= $1"
        unleased = "(lease_until IS NULL OR lease_until <= statement_timestamp())"
        return (
            f"SELECT (SELECT count(*) FROM ({ready} AND {unleased} LIMIT {COUNT_LIMIT}) AS r),"
            f" ({ready} AND {unleased} ORDER BY due_time LIMIT 1),"
            f" (SELECT count(*) FROM (SELECT 1 FROM {self._name} WHERE settled_time IS NULL"
            f" LIMIT {COUNT_LIMIT}) AS o)"
        )

    def _answer(self, *, now: str, done: str) -> str:
        rows = [*self._returned[:DONE], "NULL::bigint[]", *self._returned[DONE:]]
        last = ["NULL"] * len(rows)
        last[DONE] = done
        last[CLAIM_COLUMNS.index("due_time")] = f"({self.next_due_time(now=now)})"
        return f"SELECT {', '.join(rows)} FROM claimed UNION ALL SELECT {', '.join(last)}"

    def _claim(self, *, now: str, lease: str, limit: str, settling: bool = False) -> str:
        conditions = [
            f"d.settled_time IS NULL{self._only}",
            f"d.due_time <= {now}",
            "(d.lease_until IS NULL OR d.lease_until <= statement_timestamp())",
        ]
        if settling:
            # One statement must not update a row twice.
            conditions.append("d.id NOT IN (SELECT id FROM done)")
        if self._lanes:
            # A row that this very statement settles blocks no longer.
            gone = " AND e.id NOT IN (SELECT id FROM done)" if settling else ""
            conditions.append(
                f"NOT EXISTS (SELECT FROM {self._name} AS e WHERE e.lane = d.lane"
                f" AND e.id < d.id AND e.settled_time IS NULL{gone})"
            )
        returned = ", ".join(f"t.{name}" for name in self._returned)
        # An array of places, not a join: computed once, and nothing is looked up again. A row that
        # moved in between is at none of them and stays unclaimed until the next look.
        return (
            f"UPDATE {self._name} AS t SET fence = t.fence + 1,"
            f" lease_until = statement_timestamp() + {lease}::interval,"
            " takeovers = t.takeovers + (t.lease_until IS NOT NULL)::int"
            f" WHERE t.ctid = ANY(ARRAY(SELECT d.ctid FROM {self._name} AS d"
            f" WHERE {' AND '.join(conditions)}"
            f" ORDER BY d.due_time, d.id LIMIT {limit} FOR UPDATE OF d SKIP LOCKED))"
            f" RETURNING {returned}"
        )

    def _finish(
        self,
        assignments: str,
        arrays: Sequence[tuple[str, str]],
        values: Sequence[str],
        *,
        scalars: int = 0,
    ) -> str:
        names, casts = ["id", "fence"], ["$1::bigint[]", "$2::bigint[]"]
        position = 2 + scalars
        for name, type_name in arrays:
            position += 1
            names.append(name)
            casts.append(f"${position}::{type_name}[]")
        for index, column in enumerate(values):
            position += 1
            names.append(f"v{index}")
            casts.append(f"${position}::{self._array_type(column)}")
            assignments += f", {self._quote(column)} = d.v{index}"
        return (
            f"UPDATE {self._name} AS t SET {_CLOSE}, {assignments}"
            f" FROM unnest({', '.join(casts)}) AS d({', '.join(names)}) WHERE {_MATCH}"
            " RETURNING t.id"
        )

    def _array_type(self, column: str) -> str:
        kind = self._table.c[column].type
        if isinstance(kind, sa.ARRAY):
            raise TypeError(f"column {column} is an array: an outcome cannot write it")
        return sa.ARRAY(kind).compile(self._dialect)
