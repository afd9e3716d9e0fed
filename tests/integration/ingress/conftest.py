"""A whole ingress: real HTTP in front, real Postgres behind, recording peers beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from chassis import log
from tests.integration.ingress.graph import Graph
from tests.integration.ingress.house import House
from tests.integration.ingress.peers import RecordingAi, RecordingNotifier, Serving


@pytest.fixture(scope="session", autouse=True)
def logging() -> None:
    """As in production; structlog's own pretty tracebacks block the loop for seconds."""
    log.configure("ingress", "WARNING", strict=True, console=False)


@pytest_asyncio.fixture(loop_scope="session")
async def serving() -> AsyncIterator[Serving]:
    async with Graph() as graph:
        serving = Serving(RecordingAi(), RecordingNotifier(), graph)
        await serving.start("ai")
        await serving.start("notifier")
        yield serving
        await serving.stop("ai")
        await serving.stop("notifier")


@pytest_asyncio.fixture(loop_scope="session")
async def house(database_url: str, serving: Serving) -> AsyncIterator[House]:
    async with House(database_url, serving) as house:
        yield house
