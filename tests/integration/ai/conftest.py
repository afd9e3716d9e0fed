"""Gemini's stand-in for the tests of ai."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.integration.simulator.world import World, world


@pytest_asyncio.fixture(loop_scope="session")
async def outside() -> AsyncIterator[World]:
    """A fresh outside world."""
    async with world() as made:
        yield made
