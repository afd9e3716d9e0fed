"""Erasing a person: everywhere, with a send in flight, while they write, and after a restore."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from db.engine import open_engine
from hark.ingress.v1.erasure_pb2 import Erasure
from hark.ingress.v1.ingress_service_pb2 import ListErasuresRequest
from tests.integration.notifier.graph import Reply, ScriptedGraph
from tests.security.conftest import Figure
from tests.security.forgetting import (
    assert_forgotten,
    contact,
    erase,
    finished,
    in_state,
    rows_of,
    settled,
    until,
)
from tests.security.said import ADA, said
from tests.security.village import village

BO = "15550100002"
pytestmark = pytest.mark.timeout(240)


async def test_a_person_is_erased_everywhere_and_is_somebody_new_afterwards(
    database_url: str, engine: AsyncEngine, graph: ScriptedGraph, figure: Figure
) -> None:
    async with village(database_url, graph.url) as running:
        await said(running, "remind me to call Ada in 2 hours")
        await said(running, "add milk to my shopping list")
        await said(running, "remind me to water the plants in 2 hours", sender=BO, name="Bo")
        await graph.sent(3, timeout=40)
        await settled(running)
        ada, bo = await contact(running), await contact(running, BO)
        assert ada is not None
        assert bo is not None
        bos = await rows_of(engine, bo.user_id)

        await erase(running, ada.user_id)
        done = await finished(running, ada.user_id)

        assert await contact(running) is None
        await assert_forgotten(engine, ada.user_id)
        assert await rows_of(engine, bo.user_id) == bos
        receipt = done.receipt
        assert (receipt.contact_count, receipt.turn_count) == (1, 2)
        assert receipt.part_count >= 2
        assert receipt.scheduler_row_count >= 3

        sent = len(graph.sends)
        running.clock.offset += timedelta(hours=3)
        await until(partial(told, graph, BO, "plants", after=sent))
        assert {each["to"] for each in graph.sends[sent:]} == {f"+{BO}"}
        await said(running, "hello again")
        await until(partial(told, graph, ADA, after=sent))
        again = await contact(running)
        assert again is not None
        assert again.user_id != ada.user_id
    figure(
        f"erasure of one person: {receipt.turn_count} turns, {receipt.part_count} parts, "
        f"{receipt.scheduler_row_count} rows of the scheduler; nothing left in any table"
    )


async def test_a_person_is_erased_while_something_is_being_sent_to_them(
    database_url: str, engine: AsyncEngine, graph: ScriptedGraph
) -> None:
    graph.script.append(Reply(waits=True))
    async with village(database_url, graph.url) as running:
        await said(running, "remind me to call Ada in 2 hours")
        await graph.sent(1, timeout=40)
        ada = await contact(running)
        assert ada is not None
        await erase(running, ada.user_id)
        await in_state(running, ada.user_id, Erasure.STATE_SWEPT)
        sent = len(graph.sends)
        graph.release.set()
        await finished(running, ada.user_id)
        running.clock.offset += timedelta(hours=3)
        await said(running, "hello", sender=BO)
        await until(partial(told, graph, BO, after=sent))
        await settled(running)
    # What had begun could not be called back; nothing else went to them, and nothing is known.
    assert {each["to"] for each in graph.sends[sent:]} == {f"+{BO}"}
    await assert_forgotten(engine, ada.user_id)


async def test_a_person_is_erased_while_they_write(
    database_url: str, engine: AsyncEngine, graph: ScriptedGraph
) -> None:
    async with village(database_url, graph.url) as running:
        await said(running, "remind me to call Ada in 2 hours")
        await graph.sent(1, timeout=40)
        ada = await contact(running)
        assert ada is not None

        async def keeps_writing() -> None:
            for number in range(20):
                await said(running, f"add thing {number} to my list")

        writing = asyncio.create_task(keeps_writing())
        await erase(running, ada.user_id)
        await in_state(running, ada.user_id, Erasure.STATE_SWEPT)
        await writing
        await finished(running, ada.user_id)
        running.clock.offset += timedelta(minutes=10)
        await settled(running)
        await said(running, "add the last thing to my list")
        await settled(running)
        again = await contact(running)
    await assert_forgotten(engine, ada.user_id)
    assert again is not None
    assert again.user_id != ada.user_id


async def test_a_restore_brings_back_nobody_who_was_erased(
    database_url: str, graph: ScriptedGraph
) -> None:
    backup = f"{database_url.rpartition('/')[2].partition('?')[0]}_backup"
    async with village(database_url, graph.url) as running:
        await said(running, "remind me to call Ada in 2 hours")
        await graph.sent(1, timeout=40)
        await settled(running)
        ada = await contact(running)
        assert ada is not None
    restored = await copied(database_url, backup)
    async with village(database_url, graph.url) as running:
        await erase(running, ada.user_id)
        await finished(running, ada.user_id)
        ledger = await running.call("ingress", "ListErasures", ListErasuresRequest())
    async with village(restored, graph.url) as running:
        assert await contact(running) is not None
        for entry in ledger.erasures:
            await erase(running, entry.user_id, erase_time=entry.erase_time)
            await finished(running, entry.user_id)
        assert await contact(running) is None
    engine = open_engine(restored, application_name="test")
    await assert_forgotten(engine, ada.user_id)
    await engine.dispose()


async def told(graph: ScriptedGraph, to: str, words: str = "", *, after: int = 0) -> bool:
    """Whether something with these words went to this number since then."""
    return any(each["to"] == f"+{to}" and words in json.dumps(each) for each in graph.sends[after:])


async def copied(url: str, name: str) -> str:
    """A backup of a database that nobody uses at the moment, restored under another name."""
    whole, mark, rest = url.partition("?")
    source = whole.rpartition("/")[2]
    other = f"{whole.rpartition('/')[0]}/postgres{mark}{rest}"
    engine = open_engine(other, application_name="test")
    async with engine.connect() as connection:
        alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
        gone = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
        await alone.execute(sa.text(gone), {"name": source})
        await alone.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}"'))
        await alone.execute(sa.text(f'CREATE DATABASE "{name}" TEMPLATE "{source}"'))
    await engine.dispose()
    return f"{whole.rpartition('/')[0]}/{name}{mark}{rest}"
