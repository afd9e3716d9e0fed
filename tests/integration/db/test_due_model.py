"""The due queue against a model of it: any sequence of calls leaves the rows the model has."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.outcome import Bury, Outcome, Postpone, Settle
from db.due import Claim, DueQueue
from db.due.statements import Statements
from db.engine import open_engine
from tests.integration.db.due_model import LEASE, MAX_ATTEMPTS, REPLICAS, START, Model, Results, Row
from tests.integration.db.due_tables import jobs, lane_jobs, metadata

COMPARED = (
    *("due_time", "attempts", "postponements", "takeovers", "fence"),
    *("settled_time", "postponed_reason", "buried_reason"),
)


offsets = st.integers(-3, 3).map(lambda seconds: timedelta(seconds=seconds))
limits = st.integers(0, 4)
picks = st.lists(st.integers(0, 10_000), min_size=1, max_size=4, unique=True)
replicas = st.integers(0, REPLICAS - 1)


class Comparison(RuleBasedStateMachine):
    """Does everything to the real queue and to the model."""

    engine: AsyncEngine
    runner: asyncio.Runner
    table: sa.Table

    @initialize()
    def begin(self) -> None:
        lanes = "lane" in self.table.c
        self.model = Model(lanes=lanes)
        self.now = START
        self.claims: list[Claim] = []
        self.queues = [
            DueQueue(self.engine, self.table, lease=LEASE, max_attempts=MAX_ATTEMPTS)
            for _ in range(REPLICAS)
        ]
        self.execute(f"TRUNCATE {self.table.name} RESTART IDENTITY")

    def teardown(self) -> None:
        for queue in getattr(self, "queues", []):
            self.wait(queue.close())

    def wait(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(coroutine)

    def execute(self, statement: str, **values: object) -> None:
        async def run() -> None:
            async with self.engine.begin() as connection:
                await connection.execute(sa.text(statement), values)

        self.wait(run())

    def picked(self, numbers: Sequence[int]) -> list[Claim]:
        """Claims, old and new, at most one of each row."""
        chosen = [self.claims[number % len(self.claims)] for number in numbers]
        return list({claim.id: claim for claim in chosen}.values())

    @rule(offset=offsets, lane=st.integers(0, 2))
    def add(self, offset: timedelta, lane: int) -> None:
        row = Row(id=len(self.model.rows) + 1, lane=lane, due_time=self.now + offset)
        self.model.add(row)
        columns = {"due_time": row.due_time, "label": str(lane)}
        if "lane" in self.table.c:
            columns["lane"] = bytes([lane])
        names, places = ", ".join(columns), ", ".join(f":{name}" for name in columns)
        self.execute(f"INSERT INTO {self.table.name} ({names}) VALUES ({places})", **columns)

    @rule(offset=offsets)
    def clock_moves(self, offset: timedelta) -> None:
        self.now += offset

    @rule(replica=replicas, limit=limits)
    def claim(self, replica: int, limit: int) -> None:
        expected = self.model.claim(limit, self.now)
        self.check_claims(self.wait(self.queues[replica].claim(limit, self.now)), expected)

    @precondition(lambda self: self.claims)
    @rule(replica=replicas, numbers=picks, limit=limits, offset=offsets, data=st.data())
    def finish_and_claim(
        self,
        replica: int,
        numbers: Sequence[int],
        limit: int,
        offset: timedelta,
        data: st.DataObject,
    ) -> None:
        due = self.now + offset
        outcomes: st.SearchStrategy[Outcome] = st.sampled_from(
            [
                Settle(),
                Settle(values={"label": "done"}),
                Postpone(due_time=due, reason="OUTAGE"),
                Postpone(due_time=due, reason="FAILED", uses_attempt=True),
                Bury(reason="POISON"),
            ]
        )
        results: Results = [(claim, data.draw(outcomes)) for claim in self.picked(numbers)]
        expected_done = self.model.finish(results, self.now)
        expected = self.model.claim(limit, self.now)
        done, claims = self.wait(self.queues[replica].finish_and_claim(results, limit, self.now))
        assert done == expected_done
        self.check_claims(claims, expected)

    @precondition(lambda self: self.claims)
    @rule(replica=replicas, numbers=picks)
    def renew(self, replica: int, numbers: Sequence[int]) -> None:
        claims = self.picked(numbers)
        assert self.wait(self.queues[replica].renew(claims)) == self.model.renew(claims)

    @precondition(lambda self: self.claims)
    @rule(replica=replicas, numbers=picks)
    def release(self, replica: int, numbers: Sequence[int]) -> None:
        claims = self.picked(numbers)
        assert self.wait(self.queues[replica].release(claims)) == self.model.release(claims)

    @precondition(lambda self: self.claims)
    @rule(numbers=picks)
    def leases_run_out(self, numbers: Sequence[int]) -> None:
        ids = [claim.id for claim in self.picked(numbers)]
        for id_ in ids:
            self.model.expire(id_)
        self.execute(
            f"UPDATE {self.table.name} SET lease_until = statement_timestamp() - interval '1 s'"
            " WHERE id = ANY(:ids) AND lease_until IS NOT NULL",
            ids=ids,
        )

    @precondition(lambda self: self.model.rows)
    @rule(replica=replicas, numbers=picks)
    def redrive(self, replica: int, numbers: Sequence[int]) -> None:
        ids = list({number % len(self.model.rows) + 1 for number in numbers})
        expected = self.model.redrive(ids, self.now)
        assert self.wait(self.queues[replica].redrive(ids, self.now)) == expected

    @invariant()
    def rows_are_as_the_model_has_them(self) -> None:
        if not hasattr(self, "model"):
            return

        async def read() -> Sequence[Any]:
            live = sa.text("lease_until > statement_timestamp() AS live")
            async with self.engine.connect() as connection:
                return (await connection.execute(sa.select(self.table, live))).mappings().all()

        real = {row["id"]: row for row in self.wait(read())}
        assert real.keys() == self.model.rows.keys()
        for id_, row in self.model.rows.items():
            stored = real[id_]
            assert stored["live"] == ((not row.expired) if row.leased else None)
            assert {n: stored[n] for n in COMPARED} == {n: getattr(row, n) for n in COMPARED}

    @invariant()
    def the_next_due_time_is_the_earliest_to_come(self) -> None:
        if not hasattr(self, "model"):
            return
        coming = [
            row.due_time
            for row in self.model.rows.values()
            if row.settled_time is None and row.due_time > self.now
        ]
        found = self.wait(self.queues[0].next_due_time(self.now))
        assert found == min(coming, default=None)

    def check_claims(self, claims: Sequence[Claim], expected: Sequence[Row]) -> None:
        fields = ("id", "fence", "attempts", "postponements", "takeovers", "due_time")
        real = [tuple(getattr(claim, field) for field in fields) for claim in claims]
        assert real == [tuple(getattr(row, field) for field in fields) for row in expected]
        self.claims += claims


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    """A loop of this test's own: hypothesis calls from plain functions."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def model_engine(database_url: str, runner: asyncio.Runner) -> Iterator[AsyncEngine]:
    engine = open_engine(database_url, application_name="model", pool_size=5)

    async def create() -> None:
        async with engine.begin() as connection:
            await connection.run_sync(metadata.create_all)

    runner.run(create())
    yield engine
    runner.run(engine.dispose())


def compare(engine: AsyncEngine, runner: asyncio.Runner, table: sa.Table, **options: Any) -> None:
    """Runs random sequences of calls; raises AssertionError where queue and model disagree."""

    class Machine(Comparison):
        pass

    Machine.engine, Machine.runner, Machine.table = engine, runner, table
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=30,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            **options,
        ),
    )


@pytest.mark.timeout(300)
@pytest.mark.parametrize("table", [jobs, lane_jobs], ids=["without lanes", "with lanes"])
def test_any_sequence_of_calls_leaves_the_rows_that_the_model_has(
    model_engine: AsyncEngine, runner: asyncio.Runner, table: sa.Table
) -> None:
    compare(model_engine, runner, table)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("table", "written", "mutated"),
    [
        (jobs, "t.fence = d.fence", "true"),
        (jobs, "d.due_time <= ", "true OR d.due_time <= "),
        (jobs, "SET fence = t.fence + 1, lease", "SET lease"),
        (jobs, "d.lease_until IS NULL OR ", "true OR "),
        (lane_jobs, "e.lane = d.lane", "false"),
        (lane_jobs, "e.settled_time IS NULL", "e.lease_until IS NOT NULL"),
    ],
    ids=["no fence", "too early", "shared fence", "no lease", "no lane", "waiting rows pass"],
)
def test_the_comparison_notices_a_broken_queue(
    model_engine: AsyncEngine,
    runner: asyncio.Runner,
    monkeypatch: pytest.MonkeyPatch,
    table: sa.Table,
    written: str,
    mutated: str,
) -> None:
    for name in ("claim", "settle_and_claim", "_finish", "renew", "release"):
        original = getattr(Statements, name)

        def broken(self: Statements, *args: Any, _original: Any = original, **kw: Any) -> str:
            return str(_original(self, *args, **kw)).replace(written, mutated)

        monkeypatch.setattr(Statements, name, broken)
    with pytest.raises((AssertionError, ExceptionGroup)):
        compare(model_engine, runner, table, phases=[Phase.generate], database=None)
