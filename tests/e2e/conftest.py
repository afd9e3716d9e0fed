"""One Hark for the end-to-end tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest_asyncio

from tests.e2e.system import System, new_folder


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def system() -> AsyncIterator[System]:
    """A whole Hark, simulator included, as `make up` starts it."""
    with new_folder() as folder:
        system = System(Path(folder))
        try:
            await system.up()
            yield system
        finally:
            await system.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    """What speaks to the simulator's control API."""
    async with httpx2.AsyncClient(timeout=30.0) as client:
        yield client
