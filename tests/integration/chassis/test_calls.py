"""Calls between two services: what arrives, what comes back, who may, and how long it may take."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import grpc
import orjson
import pytest

from chassis import context
from chassis.errors import Code, InvalidArgument, RemoteError, ServiceError
from tests.integration.chassis.conftest import (
    AI,
    AI_NEXT,
    OPERATOR,
    SCHEDULER,
    SERVICE,
    Connect,
    Echo,
    Serve,
)


class QuotaSpent(ServiceError):
    """The day's quota is spent."""

    code = Code.RESOURCE_EXHAUSTED
    reason = "QUOTA_SPENT"
    legacy_code = 429


async def requests(echo: Echo, *texts: str) -> AsyncIterator[Any]:
    for text in texts:
        yield echo.request(text)


async def drain(responses: AsyncIterator[Any], *, into: list[str]) -> None:
    async for response in responses:
        into.append(response.text)


async def test_every_shape_of_call_carries_its_messages(
    echo: Echo, serve: Serve, connect: Connect
) -> None:
    async def one(request: Any, _context: Any) -> Any:
        return echo.response(request.text)

    async def many(request: Any, _context: Any) -> AsyncIterator[Any]:
        for letter in request.text:
            yield echo.response(letter)

    async def gather(arriving: AsyncIterator[Any], _context: Any) -> Any:
        return echo.response("".join([each.text async for each in arriving]))

    async def chat(arriving: AsyncIterator[Any], _context: Any) -> AsyncIterator[Any]:
        async for each in arriving:
            yield echo.response(each.text.upper())

    running = await serve(Echo=one, Count=many, Gather=gather, Chat=chat)
    peer, stub = connect(running)

    assert (await peer.call(stub.Echo, echo.request("hi"), timeout=5)).text == "hi"
    streamed = [each.text async for each in peer.stream(stub.Count, echo.request("abc"), timeout=5)]
    assert streamed == ["a", "b", "c"]
    uploaded = await peer.upload(stub.Gather, requests(echo, "a", "b"), timeout=5)
    assert uploaded.text == "ab"
    chat_call = stub.Chat(
        requests(echo, "a", "b"), metadata=(("authorization", f"Bearer {AI}"),), timeout=5
    )
    assert [each.text async for each in chat_call] == ["A", "B"]
    assert [running.handled(name, "OK") for name in ("Echo", "Count", "Gather", "Chat")] == [1] * 4


@pytest.mark.parametrize(
    "error",
    [
        InvalidArgument("fix it", violations={"a.b": "is blank", "c": "is späť"}),
        QuotaSpent("wait", metadata={"limit": "24"}, retry_delay=timedelta(seconds=90)),
    ],
)
async def test_an_error_crosses_the_wire_with_all_it_says(
    error: ServiceError, echo: Echo, serve: Serve, connect: Connect
) -> None:
    async def refuse(_request: Any, _context: Any) -> Any:
        raise error

    async def refuse_midway(_request: Any, _context: Any) -> AsyncIterator[Any]:
        yield echo.response("first")
        raise error

    running = await serve(Echo=refuse, Count=refuse_midway)
    peer, stub = connect(running, errors=(QuotaSpent, InvalidArgument))

    with pytest.raises(type(error)) as unary:
        await peer.call(stub.Echo, echo.request(), timeout=5)
    arrived: list[str] = []
    with pytest.raises(type(error)) as streamed:
        await drain(peer.stream(stub.Count, echo.request(), timeout=5), into=arrived)

    assert arrived == ["first"]
    legacy = {"code": "429"} if isinstance(error, QuotaSpent) else {}
    for back in (unary.value, streamed.value):
        assert back.message == error.message
        assert back.metadata == error.metadata | legacy
        assert back.retry_delay == error.retry_delay
        if error.violations:
            assert back.violations == error.violations
    assert running.handled("Echo", error.code.name) == 1
    assert running.handled("Count", error.code.name) == 1


async def test_an_error_the_caller_does_not_know_names_its_domain(
    echo: Echo, serve: Serve, connect: Connect
) -> None:
    async def refuse(_request: Any, _context: Any) -> Any:
        raise QuotaSpent("wait")

    peer, stub = connect(await serve(Echo=refuse))

    with pytest.raises(RemoteError) as caught:
        await peer.call(stub.Echo, echo.request(), timeout=5)

    assert caught.value.domain == "hark.chassistest.v1"
    assert caught.value.remote_reason == "QUOTA_SPENT"
    assert caught.value.remote_code is Code.RESOURCE_EXHAUSTED


async def test_a_mistake_is_internal_and_its_text_stays_inside(
    echo: Echo, serve: Serve, connect: Connect, logged: io.StringIO
) -> None:
    async def stumble(_request: Any, _context: Any) -> Any:
        raise KeyError("call Ada")

    peer, stub = connect(await serve(Echo=stumble))

    with pytest.raises(RemoteError) as caught:
        await peer.call(stub.Echo, echo.request(), timeout=5)

    assert (caught.value.remote_code, caught.value.message) == (Code.INTERNAL, "internal error")
    lines = [orjson.loads(line) for line in logged.getvalue().splitlines()]
    (mistake,) = [line for line in lines if line["event"] == "unexpected error"]
    assert mistake["error"] == "builtins.KeyError"
    assert " stumble" in mistake["where"]
    assert "Ada" not in logged.getvalue()


@pytest.mark.parametrize("name", ["Unwritten", "UnwrittenStream"])
async def test_an_rpc_nobody_wrote_is_unimplemented(
    name: str, echo: Echo, serve: Serve, connect: Connect
) -> None:
    running = await serve()
    peer, stub = connect(running)

    if name == "Unwritten":
        called = peer.call(stub.Unwritten, echo.request(), timeout=5)
    else:
        called = drain(peer.stream(stub.UnwrittenStream, echo.request(), timeout=5), into=[])

    with pytest.raises(RemoteError) as caught:
        await called

    assert caught.value.remote_code is Code.UNIMPLEMENTED
    assert caught.value.remote_reason == "UNIMPLEMENTED"
    assert running.handled(name, "UNIMPLEMENTED") == 1


async def test_a_method_nobody_declared_is_unimplemented_and_counted_without_its_name(
    echo: Echo, serve: Serve, connect: Connect
) -> None:
    running = await serve()
    peer, _stub = connect(running)
    call = peer.channel.unary_unary("/made.up.Service/Method", bytes, bytes)

    with pytest.raises(RemoteError) as caught:
        await peer.call(call, b"x", timeout=5)

    assert caught.value.remote_code is Code.UNIMPLEMENTED
    assert running.handled("unknown", "UNIMPLEMENTED", service="unknown") == 1


async def test_a_blocking_behaviour_is_refused_before_the_server_starts(
    echo: Echo, serve: Serve
) -> None:
    def blocking(_request: Any, _context: Any) -> Any:
        return echo.response()

    with pytest.raises(TypeError, match="not asynchronous"):
        await serve(Echo=blocking)


async def test_a_request_that_is_no_message_is_the_callers_mistake(
    serve: Serve, connect: Connect
) -> None:
    async def never(_request: Any, _context: Any) -> Any:
        raise AssertionError("must not be reached")

    peer, _stub = connect(await serve(Echo=never))
    raw = peer.channel.unary_unary(f"/{SERVICE}/Echo", bytes, bytes)

    with pytest.raises(RemoteError) as caught:
        await peer.call(raw, b"\xff\xff\xff", timeout=5)

    assert caught.value.remote_code is Code.INVALID_ARGUMENT
    assert caught.value.remote_reason == "MALFORMED_REQUEST"


async def test_a_request_that_is_too_large_is_refused(
    echo: Echo, serve: Serve, connect: Connect
) -> None:
    async def never(_request: Any, _context: Any) -> Any:
        raise AssertionError("must not be reached")

    running = await serve(Echo=never, options={"max_receive_message_bytes": 1024})
    peer, stub = connect(running)

    with pytest.raises(RemoteError) as caught:
        await peer.call(stub.Echo, echo.request("x" * 2048), timeout=5)

    assert caught.value.remote_code is Code.RESOURCE_EXHAUSTED


IDENTITIES = {
    "nobody": None,
    "a wrong token": "Bearer " + "x" * 32,
    "a token cut short": f"Bearer {AI[:-1]}",
    "another scheme": f"Basic {AI}",
    "ai": f"Bearer {AI}",
    "ai, rotated": f"bearer {AI_NEXT}",
    "scheduler": f"Bearer {SCHEDULER}",
    "operator": f"Bearer {OPERATOR}",
}
STRANGERS = ("nobody", "a wrong token", "a token cut short", "another scheme")


@pytest.mark.parametrize("identity", IDENTITIES)
async def test_every_method_times_every_identity_is_as_the_table_says(
    identity: str, echo: Echo, serve: Serve, connect: Connect
) -> None:
    reached: list[tuple[str, str]] = []

    def behaviour(name: str) -> Any:
        async def answer(_request: Any, _context: Any) -> Any:
            reached.append((name, context.caller.get()))
            return echo.response()

        return answer

    async def count(_request: Any, _context: Any) -> AsyncIterator[Any]:
        reached.append(("Count", context.caller.get()))
        yield echo.response()

    table = {f"/{SERVICE}/Echo": ("ai", "operator"), f"/{SERVICE}/Count": ("*",)}
    running = await serve(
        table={**table, f"/{SERVICE}/Erase": ("operator",)},
        Echo=behaviour("Echo"),
        Erase=behaviour("Erase"),
        Gather=behaviour("Gather"),
        Count=count,
    )
    _peer, stub = connect(running)
    given = IDENTITIES[identity]
    metadata = () if given is None else (("authorization", given),)

    async def outcome(name: str) -> str:
        method = getattr(stub, name)
        try:
            if name == "Count":
                async for _ in method(echo.request(), metadata=metadata, timeout=5):
                    pass
            elif name == "Gather":
                await method(requests(echo, "a"), metadata=metadata, timeout=5)
            else:
                await method(echo.request(), metadata=metadata, timeout=5)
        except grpc.aio.AioRpcError as error:
            return error.code().name
        return "OK"

    outcomes = {name: await outcome(name) for name in ("Echo", "Erase", "Gather", "Count")}

    client = identity.split(",")[0]
    if identity in STRANGERS:
        assert set(outcomes.values()) == {"UNAUTHENTICATED"}
        assert reached == []
        return
    allowed = {"ai": {"Echo", "Count"}, "scheduler": {"Count"}, "operator": set(outcomes)}[client]
    allowed -= {"Gather"}
    assert {name for name, code in outcomes.items() if code == "OK"} == allowed
    assert {code for name, code in outcomes.items() if name not in allowed} == {"PERMISSION_DENIED"}
    assert sorted(reached) == sorted((name, client) for name in allowed)


async def test_a_refused_stranger_is_told_the_code_people_knew(
    echo: Echo, serve: Serve, connect: Connect
) -> None:
    peer, stub = connect(await serve(), token="x" * 32)

    with pytest.raises(RemoteError) as caught:
        await peer.call(stub.Echo, echo.request(), timeout=5)

    assert caught.value.remote_reason == "UNAUTHENTICATED"
    assert caught.value.metadata == {"code": "401"}
    assert "authorization: Bearer" in caught.value.message


async def test_a_strangers_request_is_not_even_parsed(serve: Serve, connect: Connect) -> None:
    peer, _stub = connect(await serve(), token="x" * 32)
    raw = peer.channel.unary_unary(f"/{SERVICE}/Echo", bytes, bytes)

    with pytest.raises(RemoteError) as caught:
        await peer.call(raw, b"\xff\xff\xff", timeout=5)

    assert caught.value.remote_code is Code.UNAUTHENTICATED


async def test_ids_travel_from_hop_to_hop_and_into_every_line(
    echo: Echo, serve: Serve, connect: Connect, logged: io.StringIO
) -> None:
    seen: list[tuple[str, str, str]] = []

    async def last(_request: Any, _context: Any) -> Any:
        seen.append((context.request_id.get(), context.message_id.get(), context.caller.get()))
        return echo.response()

    far, far_stub = connect(await serve(Echo=last), token=SCHEDULER)

    async def first(request: Any, _context: Any) -> Any:
        seen.append((context.request_id.get(), context.message_id.get(), context.caller.get()))
        return await far.call(far_stub.Echo, request, timeout=5)

    near, near_stub = connect(await serve(Echo=first))

    with context.bind(request_id="r1", message_id="m_1"):
        await near.call(near_stub.Echo, echo.request(), timeout=5)

    assert seen == [("r1", "m_1", "ai"), ("r1", "m_1", "scheduler")]
    lines = [orjson.loads(line) for line in logged.getvalue().splitlines()]
    calls = [line for line in lines if line["event"] == "rpc"]
    assert [(line["caller"], line["code"]) for line in calls] == [
        ("scheduler", "OK"),
        ("ai", "OK"),
    ]
    for line in calls:
        assert (line["request_id"], line["message_id"]) == ("r1", "m_1")
        assert line["method"] == f"/{SERVICE}/Echo"
        assert 0 < line["seconds"] < 5


async def test_a_call_without_a_request_id_is_given_one_and_ids_do_not_linger(
    echo: Echo, serve: Serve, connect: Connect
) -> None:
    seen: list[tuple[str, str]] = []

    async def note(_request: Any, _context: Any) -> Any:
        seen.append((context.request_id.get(), context.message_id.get()))
        return echo.response()

    peer, stub = connect(await serve(Echo=note))

    with context.bind(request_id="r1", message_id="m_1"):
        await peer.call(stub.Echo, echo.request(), timeout=5)
    await peer.call(stub.Echo, echo.request(), timeout=5)

    assert seen[0] == ("r1", "m_1")
    assert len(seen[1][0]) == 36
    assert seen[1][1] == ""
