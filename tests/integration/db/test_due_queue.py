"""The due queue against a real Postgres: claims, fences, leases, lanes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.outcome import Bury, Postpone, Settle
from db.due import Claim, DueQueue
from db.sealed import Ciphertext
from tests.integration.db.due_jobs import rows, terminate_backends
from tests.integration.db.due_tables import jobs, lane_jobs

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


async def add(engine: AsyncEngine, *labels: str, due: datetime = NOW) -> None:
    async with engine.begin() as connection:
        rows = [{"due_time": due, "label": label} for label in labels]
        await connection.execute(sa.insert(jobs), rows)


async def add_to_lane(engine: AsyncEngine, lane: bytes, *labels: str, due: datetime = NOW) -> None:
    async with engine.begin() as connection:
        for label in labels:
            row = {"due_time": due, "label": label, "lane": lane}
            await connection.execute(sa.insert(lane_jobs), row)


def labels(claims: Sequence[Claim]) -> list[str]:
    return [claim.row["label"] for claim in claims]


async def expire_leases(engine: AsyncEngine, table: sa.Table = jobs) -> None:
    """What the passing of the lease does, without the waiting."""
    past = sa.text("statement_timestamp() - interval '1 ms'")
    async with engine.begin() as connection:
        leased = table.c.lease_until.is_not(None)
        await connection.execute(sa.update(table).where(leased).values(lease_until=past))


@pytest.fixture
def queue(jobs_engine: AsyncEngine) -> DueQueue:
    return DueQueue(jobs_engine, jobs, columns=[jobs.c.label, "secret"])


@pytest.fixture
def lanes(jobs_engine: AsyncEngine) -> DueQueue:
    return DueQueue(jobs_engine, lane_jobs, columns=["label"])


async def test_rows_are_claimed_earliest_due_first_and_never_before_they_are_due(
    jobs_engine: AsyncEngine, queue: DueQueue
) -> None:
    await add(jobs_engine, "later", due=NOW - SECOND)
    await add(jobs_engine, "first", due=NOW - 2 * SECOND)
    await add(jobs_engine, "not yet", due=NOW + SECOND)
    await add(jobs_engine, "just now", due=NOW)

    assert labels(await queue.claim(2, NOW)) == ["first", "later"]
    assert labels(await queue.claim(10, NOW)) == ["just now"]
    assert await queue.claim(10, NOW) == []
    assert labels(await queue.claim(10, NOW + SECOND)) == ["not yet"]


async def test_two_replicas_never_hold_the_same_row(jobs_engine: AsyncEngine) -> None:
    await add(jobs_engine, *(str(number) for number in range(400)))
    replicas = [DueQueue(jobs_engine, jobs, columns=["label"]) for _ in range(4)]

    async def claim_all(queue: DueQueue) -> list[str]:
        held: list[str] = []
        while claims := await queue.claim(7, NOW):
            held += labels(claims)
        return held

    held = await asyncio.gather(*(claim_all(queue) for queue in replicas))
    everything = [label for labels_ in held for label in labels_]
    assert sorted(everything, key=int) == [str(number) for number in range(400)]


async def test_a_settled_row_is_closed_and_carries_its_values(
    jobs_engine: AsyncEngine, queue: DueQueue
) -> None:
    await add(jobs_engine, "a")
    (claim,) = await queue.claim(1, NOW)

    sealed = Ciphertext(b"sealed")
    assert await queue.settle(claim, NOW + SECOND, values={"answer": "42", "secret": sealed})

    (row,) = await rows(jobs_engine)
    assert (row.settled_time, row.answer, row.secret) == (NOW + SECOND, "42", sealed)
    assert row.lease_until is None
    assert await queue.claim(1, NOW + 9 * SECOND) == []
    assert not await queue.settle(claim, NOW), "settling twice changes nothing"


async def test_sealed_columns_come_back_as_ciphertext_and_take_nothing_else(
    jobs_engine: AsyncEngine, queue: DueQueue
) -> None:
    async with jobs_engine.begin() as connection:
        row = {"due_time": NOW, "secret": Ciphertext(b"sealed")}
        await connection.execute(sa.insert(jobs), row)
    (claim,) = await queue.claim(1, NOW)

    assert type(claim.row["secret"]) is Ciphertext
    with pytest.raises(TypeError):
        await queue.settle(claim, NOW, values={"secret": b"what somebody wrote"})


async def test_a_stale_fence_does_nothing(jobs_engine: AsyncEngine, queue: DueQueue) -> None:
    await add(jobs_engine, "a")
    (old,) = await queue.claim(1, NOW)
    await expire_leases(jobs_engine)
    (new,) = await queue.claim(1, NOW)
    assert (new.id, new.fence > old.fence, new.takeovers) == (old.id, True, 1)

    due_time = NOW + SECOND
    assert not await queue.settle(old, NOW, values={"answer": "old"})
    assert not await queue.postpone(old, NOW, due_time=due_time, reason="OLD")
    assert not await queue.bury(old, NOW, reason="OLD")
    assert await queue.renew([old]) == set()
    assert await queue.release([old]) == set()

    assert await queue.settle(new, NOW, values={"answer": "new"})
    assert (await rows(jobs_engine))[0].answer == "new"


async def test_an_expired_lease_still_settles_while_nobody_took_the_row(
    jobs_engine: AsyncEngine, queue: DueQueue
) -> None:
    await add(jobs_engine, "a")
    (claim,) = await queue.claim(1, NOW)
    await expire_leases(jobs_engine)
    assert await queue.settle(claim, NOW)


async def test_leases_follow_the_database_clock_whatever_the_application_says(
    jobs_engine: AsyncEngine,
) -> None:
    queue = DueQueue(jobs_engine, jobs, lease=timedelta(seconds=0.3))
    await add(jobs_engine, "a")
    (claim,) = await queue.claim(1, NOW)

    assert await queue.claim(1, NOW + timedelta(days=365)) == []
    async with asyncio.timeout(5):
        while not (taken := await queue.claim(1, NOW)):
            assert await queue.renew([]) == set()
    assert taken[0].id == claim.id


async def test_a_renewed_lease_outlasts_its_first_term(jobs_engine: AsyncEngine) -> None:
    queue = DueQueue(jobs_engine, jobs, lease=timedelta(seconds=60))
    await add(jobs_engine, "a")
    (claim,) = await queue.claim(1, NOW)
    before = (await rows(jobs_engine))[0].lease_until
    assert await queue.renew([claim]) == {claim.id}
    assert (await rows(jobs_engine))[0].lease_until > before


async def test_postponing_for_an_outage_uses_no_attempt(
    jobs_engine: AsyncEngine, queue: DueQueue
) -> None:
    await add(jobs_engine, "a")
    for round_ in range(5):
        now = NOW + round_ * SECOND
        (claim,) = await queue.claim(1, now)
        assert (claim.attempts, claim.postponements) == (0, round_)
        assert await queue.postpone(claim, now, due_time=now + SECOND, reason="PEER_DOWN")
        assert await queue.claim(1, now) == []
    (row,) = await rows(jobs_engine)
    assert (row.postponed_reason, row.buried_reason) == ("PEER_DOWN", None)


async def test_the_third_failed_attempt_buries_and_redriving_starts_over(
    jobs_engine: AsyncEngine, queue: DueQueue
) -> None:
    await add(jobs_engine, "a")
    for _ in range(3):
        (claim,) = await queue.claim(1, NOW)
        await queue.postpone(claim, NOW, due_time=NOW, reason="POISON", uses_attempt=True)
    (row,) = await rows(jobs_engine)
    assert (row.attempts, row.buried_reason, row.settled_time) == (3, "POISON", NOW)
    assert await queue.claim(1, NOW + SECOND) == []

    assert await queue.redrive([row.id, 999], NOW + SECOND) == {row.id}
    assert await queue.redrive([row.id], NOW + SECOND) == set(), "it is open already"
    (again,) = await queue.claim(1, NOW + SECOND)
    assert again.attempts == 0
    assert not await queue.settle(claim, NOW), "the claim from before the burial is stale"
    assert await queue.settle(again, NOW)


async def test_a_settled_row_cannot_be_redriven(jobs_engine: AsyncEngine, queue: DueQueue) -> None:
    await add(jobs_engine, "a")
    (claim,) = await queue.claim(1, NOW)
    await queue.settle(claim, NOW)
    assert await queue.redrive([claim.id], NOW) == set()


async def test_outcomes_of_every_kind_are_written_together(
    jobs_engine: AsyncEngine, queue: DueQueue
) -> None:
    await add(jobs_engine, *"abcdef")
    a, b, c, d, _, f = await queue.claim(6, NOW)
    later = NOW + SECOND
    done, more = await queue.finish_and_claim(
        [
            (f, Settle()),
            (a, Settle()),
            (b, Settle(values={"answer": "b"})),
            (c, Postpone(due_time=later, reason="C", values={"answer": "c"})),
            (d, Bury(reason="D")),
        ],
        10,
        NOW,
    )
    assert done == {a.id, b.id, c.id, d.id, f.id}
    assert more == []
    by_label = {row.label: row for row in await rows(jobs_engine)}
    assert [by_label[x].answer for x in "abcd"] == [None, "b", "c", None]
    assert by_label["c"].due_time == later
    assert by_label["d"].buried_reason == "D"
    assert by_label["e"].lease_until is not None
    assert by_label["e"].settled_time is None
    assert by_label["f"].settled_time == NOW


async def test_settling_and_claiming_in_one_statement_takes_the_next_rows_only(
    jobs_engine: AsyncEngine, queue: DueQueue
) -> None:
    await add(jobs_engine, *"abcd")
    first = await queue.claim(2, NOW)
    # Although their leases have run out, what is settled here is not claimed here.
    await expire_leases(jobs_engine)
    done, second = await queue.finish_and_claim([(c, Settle()) for c in first], 10, NOW)
    assert done == {claim.id for claim in first}
    assert labels(second) == ["c", "d"]
    assert [row.settled_time for row in await rows(jobs_engine)] == [NOW, NOW, None, None]


async def test_a_stale_settle_in_one_statement_with_a_claim_settles_nothing(
    jobs_engine: AsyncEngine, queue: DueQueue
) -> None:
    await add(jobs_engine, "a")
    (old,) = await queue.claim(1, NOW)
    await expire_leases(jobs_engine)
    done, claimed = await queue.finish_and_claim([(old, Settle())], 1, NOW)
    # Nobody had taken it: this very settle wins.
    assert (done, claimed) == ({old.id}, [])

    await add(jobs_engine, "b")
    (old,) = await queue.claim(1, NOW)
    await expire_leases(jobs_engine)
    (new,) = await queue.claim(1, NOW)
    done, claimed = await queue.finish_and_claim([(old, Settle())], 1, NOW)
    assert (done, claimed) == (set(), [])
    assert await queue.settle(new, NOW)


async def test_an_outcome_joins_the_callers_transaction(
    jobs_engine: AsyncEngine, queue: DueQueue
) -> None:
    await add(jobs_engine, "a")
    (claim,) = await queue.claim(1, NOW)
    async with jobs_engine.connect() as connection:
        assert await queue.settle(claim, NOW, connection=connection)
        await connection.rollback()
    assert (await rows(jobs_engine))[0].settled_time is None
    async with jobs_engine.begin() as connection:
        assert await queue.settle(claim, NOW, connection=connection)
    assert (await rows(jobs_engine))[0].settled_time == NOW


async def test_released_rows_are_ready_at_once_with_their_attempts(
    jobs_engine: AsyncEngine, queue: DueQueue
) -> None:
    await add(jobs_engine, "a")
    (claim,) = await queue.claim(1, NOW)
    assert await queue.release([claim]) == {claim.id}
    (again,) = await queue.claim(1, NOW)
    assert (again.attempts, again.postponements, again.takeovers) == (0, 0, 0)


async def test_depth_and_the_next_due_time(jobs_engine: AsyncEngine, queue: DueQueue) -> None:
    assert await queue.depth(NOW) == (0, timedelta(), 0)
    assert await queue.next_due_time(NOW) is None
    await add(jobs_engine, "a", due=NOW - 5 * SECOND)
    await add(jobs_engine, "b", "c", due=NOW - SECOND)
    await add(jobs_engine, "d", due=NOW + 7 * SECOND)
    await queue.claim(1, NOW)
    assert await queue.depth(NOW) == (2, SECOND, 4)
    assert await queue.next_due_time(NOW) == NOW + 7 * SECOND


async def test_lanes_are_strictly_in_order_and_do_not_wait_for_each_other(
    jobs_engine: AsyncEngine, lanes: DueQueue
) -> None:
    await add_to_lane(jobs_engine, b"ada", "a1", "a2", "a3")
    await add_to_lane(jobs_engine, b"bob", "b1", "b2")

    first = await lanes.claim(10, NOW)
    assert labels(first) == ["a1", "b1"]
    assert await lanes.claim(10, NOW) == [], "leased rows block their lane"

    done, second = await lanes.finish_and_claim([(first[0], Settle())], 10, NOW)
    assert done == {first[0].id}
    assert labels(second) == ["a2"]

    await lanes.postpone(second[0], NOW, due_time=NOW + SECOND, reason="LATER")
    assert await lanes.claim(10, NOW) == [], "postponed rows block their lane"

    (again,) = await lanes.claim(10, NOW + SECOND)
    await lanes.bury(again, NOW, reason="POISON")
    assert labels(await lanes.claim(10, NOW)) == ["a3"], "a buried row does not"


async def test_a_stale_settle_does_not_unblock_its_lane(
    jobs_engine: AsyncEngine, lanes: DueQueue
) -> None:
    await add_to_lane(jobs_engine, b"ada", "a1", "a2")
    (old,) = await lanes.claim(10, NOW)
    await expire_leases(jobs_engine, lane_jobs)
    (new,) = await lanes.claim(10, NOW)
    assert await lanes.finish_and_claim([(old, Settle())], 10, NOW) == (set(), [])
    assert await lanes.settle(new, NOW)


async def test_a_row_due_later_blocks_those_behind_it(
    jobs_engine: AsyncEngine, lanes: DueQueue
) -> None:
    await add_to_lane(jobs_engine, b"ada", "a1", due=NOW + SECOND)
    await add_to_lane(jobs_engine, b"ada", "a2")
    assert await lanes.claim(10, NOW) == []
    assert labels(await lanes.claim(10, NOW + SECOND)) == ["a1"]


async def test_replicas_that_race_for_lanes_keep_every_lane_in_order(
    jobs_engine: AsyncEngine,
) -> None:
    for number in range(12):
        for lane in (b"ada", b"bob", b"eve", b"joe"):
            await add_to_lane(jobs_engine, lane, f"{lane.decode()}{number:02}")
    begun: list[str] = []
    open_now: set[str] = set()

    async def replica() -> None:
        queue = DueQueue(jobs_engine, lane_jobs, columns=["label"])
        results: list[tuple[Claim, Settle]] = []
        while len(begun) < 48 or results:
            done, claims = await queue.finish_and_claim(results, 3, NOW)
            assert len(done) == len(results)
            for claim, _ in results:
                open_now.discard(claim.row["label"][:3])
            for claim in claims:
                assert claim.row["label"][:3] not in open_now
                open_now.add(claim.row["label"][:3])
            begun.extend(labels(claims))
            # Held over a switch to the other replicas.
            await asyncio.sleep(0)
            results = [(claim, Settle()) for claim in claims]

    async with asyncio.TaskGroup() as tasks:
        for _ in range(3):
            tasks.create_task(replica())
    for name in ("ada", "bob", "eve", "joe"):
        mine = [label for label in begun if label.startswith(name)]
        assert mine == [f"{name}{number:02}" for number in range(12)]


async def test_a_terminated_backend_costs_one_call(
    jobs_engine: AsyncEngine, queue: DueQueue, postgres_admin: asyncpg.Connection
) -> None:
    await add(jobs_engine, "a")
    await queue.next_due_time(NOW)
    await terminate_backends(postgres_admin, jobs_engine)
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await queue.claim(1, NOW)
    assert labels(await queue.claim(1, NOW)) == ["a"]
