"""The store fails, and nothing that was answered 200 is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.clock import SystemClock
from chassis.crypto import Keyring
from db.due import DueQueue
from db.sealed import ServiceSeal
from db.tables.ingress import inbox
from services.ingress.domain.part import Kind, Part
from services.ingress.domain.refusal import InboxFull
from services.ingress.storage.inbox import GroupCommit, payload_place
from services.ingress.wiring import make_names
from services.ingress.worker import COLUMNS
from tests.integration.ingress.house import House, text_message, webhook
from tests.integration.ingress.peers import Serving
from tests.integration.ingress.waiting import until

NAMES = make_names(b"h" * 32)
KEYRING = Keyring([("k1", b"k" * 32)])


async def test_while_the_store_refuses_the_answer_is_503_and_then_200_again(
    house: House, postgres_admin: asyncpg.Connection
) -> None:
    database = await house.connection.fetchval("SELECT current_database()")
    body = webhook(text_message("kept by WhatsApp until we are back"))
    await postgres_admin.execute(f'ALTER DATABASE "{database}" ALLOW_CONNECTIONS false')
    await postgres_admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", database
    )
    answer = await house.post(body)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["error"]["reason"] == "INBOX_UNAVAILABLE"

    await postgres_admin.execute(f'ALTER DATABASE "{database}" ALLOW_CONNECTIONS true')
    assert (await house.post(body)).status_code == 200

    async def is_handled() -> bool:
        return house.serving.ai.texts() == ["kept by WhatsApp until we are back"]

    await until(is_handled)
    house.connection = await asyncpg.connect(house.database_url)


async def test_a_cut_connection_is_replaced_without_anyone_noticing(
    house: House, postgres_admin: asyncpg.Connection
) -> None:
    await house.say("before")
    database = await house.connection.fetchval("SELECT current_database()")
    await postgres_admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = $1 AND query LIKE '%arrived AS MATERIALIZED%'",
        database,
    )
    await house.say("after", first=2)
    await house.settled()
    assert house.serving.ai.texts() == ["before", "after"]


class Observed:
    """Counts what was stored."""

    def __init__(self) -> None:
        self.commits: list[tuple[int, int]] = []

    def stored(self, parts: int, new: int) -> None:
        self.commits.append((parts, new))

    def waiting(self, size: int) -> None:
        self.last = size


def a_part(number: int, *, kind: str = "text", payload: bytes = b"{}") -> Part:
    key = number.to_bytes(16, "big")
    return Part(Kind.MESSAGE, kind, key, b"l" * 16, None, payload)


def a_commit(engine: AsyncEngine, observed: Observed, *, queue_bytes: int = 1 << 20) -> GroupCommit:
    return GroupCommit(
        engine,
        KEYRING,
        NAMES,
        clock=SystemClock(),
        queue_bytes=queue_bytes,
        ring=lambda: None,
        observer=observed,
    )


async def stored_all(commit: GroupCommit, webhooks: Sequence[Sequence[Part]]) -> None:
    async with asyncio.TaskGroup() as tasks:
        for parts in webhooks:
            tasks.create_task(commit.store(parts))
        # Everything waits before the writer starts.
        await asyncio.sleep(0)
        writer = tasks.create_task(commit.run())
        await commit.stop()
    await writer


async def test_webhooks_that_wait_together_share_one_commit(engine: AsyncEngine) -> None:
    observed = Observed()
    await stored_all(a_commit(engine, observed), [[a_part(number)] for number in range(16)])
    assert observed.commits == [(16, 16)]
    assert observed.last == 0


async def test_of_many_that_wait_half_are_stored_while_the_others_wait(
    engine: AsyncEngine,
) -> None:
    observed = Observed()
    await stored_all(a_commit(engine, observed), [[a_part(number)] for number in range(100)])
    assert observed.commits == [(50, 50), (32, 32), (18, 18)]
    assert observed.last == 0


async def test_a_part_that_postgres_refuses_fails_alone_and_is_kept_as_unreadable(
    engine: AsyncEngine,
) -> None:
    webhooks = [[a_part(number)] for number in range(20)]
    webhooks[7] = [a_part(7, kind="a\0b", payload=b"what the bad one says")]
    await stored_all(a_commit(engine, Observed()), webhooks)

    claims = await DueQueue(engine, inbox, columns=COLUMNS, lanes=False).claim(
        100, datetime.now(UTC)
    )
    kinds = [Kind(claim.row["kind"]) for claim in claims]
    assert (kinds.count(Kind.MESSAGE), kinds.count(Kind.UNREADABLE)) == (19, 1)
    (bad,) = (claim.row for claim in claims if claim.row["kind"] == Kind.UNREADABLE)
    assert bad["type"] == "NOT_STORABLE"
    opened = ServiceSeal(KEYRING).open(bad["payload"], payload_place(bad["dedupe_key"]))
    assert opened == b"what the bad one says"


async def test_ids_follow_arrival_although_rows_are_written_in_the_order_of_keys(
    engine: AsyncEngine,
) -> None:
    arrival = [9, 3, 7, 1, 8]
    await stored_all(a_commit(engine, Observed()), [[a_part(number) for number in arrival]])
    claims = await DueQueue(engine, inbox, columns=COLUMNS, lanes=False).claim(
        100, datetime.now(UTC)
    )
    by_id = sorted(claims, key=lambda claim: claim.id)
    assert [int.from_bytes(claim.row["dedupe_key"], "big") for claim in by_id] == arrival


async def test_two_replicas_that_write_the_same_keys_in_other_orders_do_not_deadlock(
    engine: AsyncEngine,
) -> None:
    forth = [[a_part(number) for number in range(200)] for _ in range(10)]
    back = [[a_part(number) for number in reversed(range(200))] for _ in range(10)]
    seen = Observed(), Observed()
    await asyncio.gather(
        stored_all(a_commit(engine, seen[0]), forth), stored_all(a_commit(engine, seen[1]), back)
    )
    assert sum(new for observed in seen for _, new in observed.commits) == 200


async def test_a_queue_that_is_full_sends_the_next_away_at_once(engine: AsyncEngine) -> None:
    commit = a_commit(engine, Observed(), queue_bytes=10_000)
    waiting = asyncio.create_task(commit.store([a_part(1, payload=b"x" * 9_000)]))
    await asyncio.sleep(0)
    with pytest.raises(InboxFull):
        await commit.store([a_part(2, payload=b"x" * 9_000)])
    writer = asyncio.create_task(commit.run())
    await waiting
    await commit.store([a_part(2, payload=b"x" * 9_000)])
    await commit.stop()
    await writer


async def test_a_house_with_a_full_queue_says_when_to_come_back(
    database_url: str, serving: Serving
) -> None:
    async with House(database_url, serving, queue_bytes=4 * 1024 * 1024) as house:
        filler = {"type": "x", "id": "wamid.x", "from": "1", "filler": "x" * (3 * 1024 * 1024)}
        bodies = [webhook(filler | {"id": f"wamid.{number}"}) for number in range(6)]
        answers = await asyncio.gather(*(house.post(body) for body in bodies))
        refused = [answer for answer in answers if answer.status_code != 200]
        assert {answer.status_code for answer in refused} <= {503}
        for answer in refused:
            assert answer.headers["retry-after"] == "5"
        for body in bodies:
            assert (await house.post(body)).status_code == 200
        assert await house.count() == 6
