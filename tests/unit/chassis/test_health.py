"""What health says, and when it stops saying it."""

from __future__ import annotations

import asyncio

import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse, HealthListRequest

from chassis.health import HealthServicer, UnknownService

NOT_SERVING, SERVING = HealthCheckResponse.NOT_SERVING, HealthCheckResponse.SERVING


async def check(health: HealthServicer, service: str) -> int:
    return (await health.Check(HealthCheckRequest(service=service), None)).status


async def test_nothing_serves_until_it_is_said_to() -> None:
    health = HealthServicer(["a.A", "b.B"])
    assert await check(health, "") == NOT_SERVING

    health.set_all(True)
    health.set_serving("b.B", False)

    assert [await check(health, name) for name in ("", "a.A", "b.B")] == [
        SERVING,
        SERVING,
        NOT_SERVING,
    ]


async def test_an_unknown_service_is_not_found() -> None:
    health = HealthServicer(["a.A"])

    with pytest.raises(UnknownService):
        await check(health, "c.C")
    with pytest.raises(KeyError):
        health.set_serving("c.C", True)


async def test_the_list_holds_every_service_and_the_whole() -> None:
    health = HealthServicer(["a.A"])
    health.set_serving("a.A", True)

    listed = await health.List(HealthListRequest(), None)

    assert {name: each.status for name, each in listed.statuses.items()} == {
        "": NOT_SERVING,
        "a.A": SERVING,
    }


async def test_a_watch_tells_the_state_then_each_change_and_ends_on_drain() -> None:
    health = HealthServicer(["a.A"])
    seen: list[int] = []
    arrived = asyncio.Event()

    async def watch() -> None:
        async for answer in health.Watch(HealthCheckRequest(service="a.A"), None):
            seen.append(answer.status)
            arrived.set()

    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        group.create_task(watch())
        for change in (
            lambda: None,
            lambda: health.set_serving("a.A", True),
            lambda: health.set_serving("a.A", False),
            lambda: health.set_serving("a.A", True),
            health.drain,
        ):
            arrived.clear()
            change()
            await arrived.wait()

    assert seen == [NOT_SERVING, SERVING, NOT_SERVING, SERVING, NOT_SERVING]


async def test_a_watch_of_an_unknown_service_says_so_and_ends_on_drain_too() -> None:
    health = HealthServicer([])
    health.drain()

    answers = [each async for each in health.Watch(HealthCheckRequest(service="c.C"), None)]

    assert [each.status for each in answers] == [HealthCheckResponse.SERVICE_UNKNOWN]


async def test_nothing_serves_again_once_the_server_drains() -> None:
    health = HealthServicer(["a.A"])
    health.set_all(True)
    health.drain()

    health.set_all(True)
    health.set_serving("a.A", True)

    assert [await check(health, name) for name in ("", "a.A")] == [NOT_SERVING, NOT_SERVING]
