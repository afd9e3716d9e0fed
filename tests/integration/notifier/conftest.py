"""A notifier of its own for each test, and the Graph API that it talks to."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.integration.notifier.graph import ScriptedGraph, scripted_graph
from tests.integration.notifier.house import House, notifier


@pytest_asyncio.fixture(loop_scope="session")
async def graph() -> AsyncIterator[ScriptedGraph]:
    async with scripted_graph() as graph:
        yield graph


@pytest_asyncio.fixture(loop_scope="session")
async def house(database_url: str, graph: ScriptedGraph) -> AsyncIterator[House]:
    async with notifier(database_url, graph.url) as house:
        yield house
