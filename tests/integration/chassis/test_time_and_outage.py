"""How long a call may take, and what its channel does when the other side is away."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from chassis import context
from chassis.channel import Peer
from chassis.errors import Code, InvalidArgument, RemoteError, ServiceError
from tests.integration.chassis.conftest import (
    AI,
    Connect,
    Echo,
    Serve,
)


class QuotaSpent(ServiceError):
    """The day's quota is spent."""

    code = Code.RESOURCE_EXHAUSTED
    reason = "QUOTA_SPENT"
    legacy_code = 429


class Busy(ServiceError):
    """It cannot answer now."""

    code = Code.UNAVAILABLE
    reason = "BUSY"


async def test_the_time_left_shrinks_with_every_hop(
    echo: Echo, serve: Serve, connect: Connect
) -> None:
    left: list[float] = []

    async def last(_request: Any, _context: Any) -> Any:
        left.append(context.remaining() or 0.0)
        return echo.response()

    far, far_stub = connect(await serve(Echo=last))

    async def first(request: Any, _context: Any) -> Any:
        left.append(context.remaining() or 0.0)
        return await far.call(far_stub.Echo, request, timeout=60)

    near, near_stub = connect(await serve(Echo=first))
    await near.call(near_stub.Echo, echo.request(), timeout=3)

    assert 2 < left[0] <= 3
    # A hop gives on what is left, less what it needs for the way home, however much it asked for.
    assert left[0] - 0.5 < left[1] <= left[0] - context.RETURN_MARGIN_SECONDS + 0.005


async def test_work_that_no_time_is_left_for_is_refused(
    echo: Echo, serve: Serve, connect: Connect
) -> None:
    async def never(_request: Any, _context: Any) -> Any:
        raise AssertionError("must not be reached")

    running = await serve(Echo=never)
    peer, stub = connect(running)
    await peer.channel.channel_ready()

    with context.bind(timeout=context.RETURN_MARGIN_SECONDS / 2), pytest.raises(RemoteError) as own:
        await peer.call(stub.Echo, echo.request(), timeout=5)
    with pytest.raises(RemoteError) as theirs:
        await peer.call(stub.Echo, echo.request(), timeout=context.RETURN_MARGIN_SECONDS * 0.9)

    assert own.value.remote_code is theirs.value.remote_code is Code.DEADLINE_EXCEEDED


async def test_a_call_that_outlasts_its_deadline_is_stopped_and_counted_as_such(
    echo: Echo, serve: Serve, connect: Connect, logged: io.StringIO
) -> None:
    stopped = asyncio.Event()

    async def slow(_request: Any, _context: Any) -> Any:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    running = await serve(Echo=slow)
    peer, stub = connect(running)

    with pytest.raises(RemoteError) as caught:
        await peer.call(stub.Echo, echo.request(), timeout=0.1)
    async with asyncio.timeout(5):
        await stopped.wait()

    assert caught.value.remote_code is Code.DEADLINE_EXCEEDED
    assert running.handled("Echo", "DEADLINE_EXCEEDED") == 1


async def test_leaving_a_stream_early_stops_it_at_the_other_end(
    echo: Echo, serve: Serve, connect: Connect
) -> None:
    stopped = asyncio.Event()

    async def endless(_request: Any, _context: Any) -> AsyncIterator[Any]:
        try:
            while True:
                yield echo.response("tick")
        finally:
            stopped.set()

    peer, stub = connect(await serve(Count=endless))

    stream = peer.stream(stub.Count, echo.request(), timeout=5)
    async for _ in stream:
        break
    await stream.aclose()

    async with asyncio.timeout(5):
        await stopped.wait()


async def test_the_channel_tries_again_where_the_peer_was_unavailable(
    echo: Echo, serve: Serve, connect: Connect
) -> None:
    attempts: list[str] = []

    async def busy_twice(_request: Any, _context: Any) -> Any:
        attempts.append(context.request_id.get())
        if len(attempts) < 3:
            raise Busy(retry_delay=timedelta(milliseconds=10))
        return echo.response("at last")

    peer, stub = connect(await serve(Echo=busy_twice))

    with context.bind(request_id="r1"):
        answer = await peer.call(stub.Echo, echo.request(), timeout=5)

    assert answer.text == "at last"
    assert attempts == ["r1"] * 3


@pytest.mark.parametrize("error", [QuotaSpent(), InvalidArgument(), ServiceError()])
async def test_the_channel_does_not_repeat_what_was_refused(
    error: ServiceError, echo: Echo, serve: Serve, connect: Connect
) -> None:
    attempts: list[int] = []

    async def refuse(_request: Any, _context: Any) -> Any:
        attempts.append(1)
        raise error

    peer, stub = connect(await serve(Echo=refuse))

    with pytest.raises(RemoteError):
        await peer.call(stub.Echo, echo.request(), timeout=5)

    assert len(attempts) == 1


async def test_retries_of_two_hops_do_not_multiply(
    echo: Echo, serve: Serve, connect: Connect
) -> None:
    first_hop: list[int] = []
    second_hop: list[int] = []

    async def busy(_request: Any, _context: Any) -> Any:
        second_hop.append(1)
        raise Busy(retry_delay=timedelta(milliseconds=10))

    far, far_stub = connect(await serve(Echo=busy))

    async def forward(request: Any, _context: Any) -> Any:
        first_hop.append(1)
        return await far.call(far_stub.Echo, request, timeout=5)

    near, near_stub = connect(await serve(Echo=forward))

    with pytest.raises(RemoteError) as caught:
        await near.call(near_stub.Echo, echo.request(), timeout=5)

    assert caught.value.remote_reason == "PEER_UNAVAILABLE"
    assert caught.value.is_outage
    assert (len(first_hop), len(second_hop)) == (1, 3)


async def test_a_peer_that_is_not_there_is_an_outage(echo: Echo, connect: Connect) -> None:
    peer = Peer("127.0.0.1:1", token=AI)
    stub = echo.stubs.EchoServiceStub(peer.channel)
    try:
        with pytest.raises(RemoteError) as caught:
            await peer.call(stub.Echo, echo.request(), timeout=5)
    finally:
        await peer.close()

    assert caught.value.is_outage


async def test_a_peer_that_restarts_is_found_again_soon(
    echo: Echo, serve: Serve, connect: Connect
) -> None:
    async def answer(_request: Any, _context: Any) -> Any:
        return echo.response("here")

    running = await serve(Echo=answer)
    peer, stub = connect(running)
    await peer.call(stub.Echo, echo.request(), timeout=5)
    await running.server.stop(0)
    with pytest.raises(RemoteError):
        await peer.call(stub.Echo, echo.request(), timeout=1)

    await serve(listen=f"127.0.0.1:{running.port}", Echo=answer)

    async with asyncio.timeout(5):
        await peer.channel.channel_ready()
        assert (await peer.call(stub.Echo, echo.request(), timeout=5)).text == "here"


def test_a_peer_outside_its_loop_is_refused_at_once() -> None:
    with pytest.raises(RuntimeError, match="no running event loop"):
        Peer("127.0.0.1:1", token=AI)
