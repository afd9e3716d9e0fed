"""What the tests of erasure ask of a village."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.errors import RemoteError
from db.tables import metadata
from hark.ingress.v1.erasure_pb2 import Erasure
from hark.ingress.v1.ingress_service_pb2 import (
    EraseUserRequest,
    GetErasureRequest,
    GetInboxRequest,
)
from hark.notifier.v1.contact_pb2 import Contact
from hark.notifier.v1.notifier_service_pb2 import GetContactRequest
from services.ingress.domain.erasure import SECOND_ROUND
from tests.security.said import ADA
from tests.security.village import Village

SECONDS = 40
# Rows that say that somebody was erased, or that something was sent, and nothing about whom.
LEFT = {
    "ai.erasures",
    "ingress.erasures",
    "notifier.erasures",
    "notifier.notifications",
    "scheduler.people",
}


async def until(probe: Callable[[], Awaitable[Any]]) -> Any:
    """What `probe` finds, once it finds something."""
    async with asyncio.timeout(SECONDS):
        while not (found := await probe()):  # noqa: ASYNC110 - another process changes it
            await asyncio.sleep(0.05)
        return found


async def contact(village: Village, sender: str = ADA) -> Contact | None:
    """Who has this number."""
    request = GetContactRequest(phone_number=f"+{sender}")
    try:
        found: Contact = (await village.call("notifier", "GetContact", request)).contact
    except RemoteError as error:
        if error.remote_reason != "USER_NOT_FOUND":
            raise
        return None
    return found


async def erase(village: Village, user_id: str, **fields: Any) -> Erasure:
    """Asks for an erasure; how it stands."""
    request = EraseUserRequest(user_id=user_id, request_id=str(uuid.uuid4()), **fields)
    erasure: Erasure = (await village.call("ingress", "EraseUser", request)).erasure
    return erasure


async def in_state(village: Village, user_id: str, state: Any) -> Erasure:
    """The erasure, once it stands there."""

    async def reached() -> Erasure | None:
        request = GetErasureRequest(user_id=user_id)
        erasure: Erasure = (await village.call("ingress", "GetErasure", request)).erasure
        return erasure if erasure.state == state else None

    found: Erasure = await until(reached)
    return found


async def finished(village: Village, user_id: str) -> Erasure:
    """The erasure after both rounds; moves the clock to the second."""
    await in_state(village, user_id, Erasure.STATE_SWEPT)
    village.clock.offset += SECOND_ROUND + timedelta(seconds=1)
    return await in_state(village, user_id, Erasure.STATE_FINISHED)


async def settled(village: Village) -> None:
    """Returns when no part waits."""

    async def is_empty() -> bool:
        found = await village.call("ingress", "GetInbox", GetInboxRequest())
        return bool(found.open_count == 0)

    await until(is_empty)


async def rows_of(engine: AsyncEngine, user_id: str) -> dict[str, int]:
    """How many rows of each table say that they are this person's."""
    found = {}
    async with engine.connect() as connection:
        for table in metadata.sorted_tables:
            if "user_id" in table.c:
                count = sa.select(sa.func.count()).where(table.c.user_id == user_id)
                if rows := int(await connection.scalar(count) or 0):
                    found[str(table)] = rows
    return found


async def assert_forgotten(engine: AsyncEngine, user_id: str) -> None:
    """Nothing of this person is left, in no service."""
    left = await rows_of(engine, user_id)
    assert set(left) <= LEFT, left
    async with engine.connect() as connection:
        for table in metadata.sorted_tables:
            for column in table.c:
                if column.name in ("body", "content", "contents", "wamid") and "user_id" in table.c:
                    kept = sa.select(sa.func.count()).where(
                        table.c.user_id == user_id, sa.func.length(column) > 0
                    )
                    assert await connection.scalar(kept) == 0, f"{table}.{column.name}"
