"""Figures that the security tests publish, and what they share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from tests.integration.notifier.graph import ScriptedGraph, scripted_graph

Figure = Callable[[str], None]
_FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Figure:
    """Takes a line that stands at the end of the run, whatever is captured."""
    return request.config.stash.setdefault(_FIGURES, []).append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    figures = terminalreporter.config.stash.get(_FIGURES, [])
    if figures:
        terminalreporter.section("security")
        for line in figures:
            terminalreporter.write_line(line)


@pytest_asyncio.fixture(loop_scope="session")
async def graph() -> AsyncIterator[ScriptedGraph]:
    async with scripted_graph() as graph:
        yield graph
