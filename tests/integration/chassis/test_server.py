"""What an operator's tools find at a server, and how it leaves."""

from __future__ import annotations

import asyncio
import base64
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.rpc.error_details_pb2 import ErrorInfo
from grpc_channelz.v1 import channelz_pb2, channelz_pb2_grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2

from chassis import health, reflection
from chassis.auth import Authorization, Tokens
from chassis.channel import Peer
from chassis.errors import Code, RemoteError
from chassis.server import CHANNELZ, GrpcServer
from chassis.settings import ListenAddress
from chassis.telemetry import ServerMetrics, new_registry
from tests.integration.chassis.conftest import AI, OPERATOR, SERVICE, Connect, Echo, Serve

BUF = Path(sys.executable).parent / "buf"
SERVED = {SERVICE, health.SERVICE_NAME, CHANNELZ, reflection.V1, reflection.V1ALPHA}


class Elsewhere(ListenAddress):
    """A loopback address that counts as one the network can reach."""

    is_loopback = False  # type: ignore[assignment]


@pytest.fixture
async def exposed() -> AsyncIterator[tuple[str, str]]:
    """Two servers the network can reach: as they are, and with health open for probes."""
    started: list[GrpcServer] = []
    ports: list[int] = []
    for open_health in (False, True):
        server = GrpcServer(
            Elsewhere("127.0.0.1", 0),
            [],
            tokens=Tokens.parse(f"ai:{AI},operator:{OPERATOR}"),
            authorization=Authorization({}),
            metrics=ServerMetrics(new_registry()),
            open_health=open_health,
        )
        ports.append(await server.start())
        started.append(server)
    yield f"127.0.0.1:{ports[0]}", f"127.0.0.1:{ports[1]}"
    for server in started:
        await server.stop(0)


async def reflect(address: str, service: str, **asked: str) -> Any:
    """The answer to one reflection request made under the given service name."""
    async with grpc.aio.insecure_channel(address) as channel:
        method = channel.stream_stream(
            f"/{service}/ServerReflectionInfo",
            reflection_pb2.ServerReflectionRequest.SerializeToString,
            reflection_pb2.ServerReflectionResponse.FromString,
        )
        call = method(iter([reflection_pb2.ServerReflectionRequest(**asked)]), timeout=5)
        return await call.read()


def answer_of(echo: Echo) -> Any:
    async def answer(request: Any, _context: Any) -> Any:
        return echo.response(request.text)

    return answer


@pytest.mark.parametrize("version", [reflection.V1, reflection.V1ALPHA])
async def test_reflection_lists_every_service_and_describes_each(
    version: str, serve: Serve
) -> None:
    running = await serve()

    listed = await reflect(running.address, version, list_services="*")
    described = {
        name: await reflect(running.address, version, file_containing_symbol=name)
        for name in SERVED
    }

    assert {each.name for each in listed.list_services_response.service} == SERVED
    for name, answer in described.items():
        assert answer.file_descriptor_response.file_descriptor_proto, name
    unknown = await reflect(running.address, version, file_containing_symbol="no.Such")
    assert unknown.error_response.error_code == grpc.StatusCode.NOT_FOUND.value[0]


async def curl(*arguments: str, address: str, path: str = "") -> subprocess.CompletedProcess[str]:
    command = (BUF, "curl", "--protocol", "grpc", "--http2-prior-knowledge", *arguments)
    return await asyncio.to_thread(
        subprocess.run,
        (*command, f"http://{address}{path}"),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


async def test_buf_curl_lists_describes_and_calls_by_reflection_v1(
    echo: Echo, serve: Serve
) -> None:
    running = await serve(Echo=answer_of(echo))
    v1 = ("--reflect-protocol", "grpc-v1")

    services = await curl(*v1, "--list-services", address=running.address)
    methods = await curl(*v1, "--list-methods", address=running.address)
    checked = await curl(*v1, address=running.address, path="/grpc.health.v1.Health/Check")
    echoed = await curl(
        *v1,
        "--header",
        f"authorization: Bearer {AI}",
        "--data",
        '{"text":"hi"}',
        address=running.address,
        path=f"/{SERVICE}/Echo",
    )

    assert set(services.stdout.split()) == SERVED, services.stderr
    assert f"{SERVICE}/Echo" in methods.stdout, methods.stderr
    assert json.loads(checked.stdout) == {"status": "SERVING"}, checked.stderr
    assert json.loads(echoed.stdout) == {"text": "hi"}, echoed.stderr


async def test_buf_curl_shows_the_details_of_an_error(serve: Serve) -> None:
    running = await serve()

    refused = await curl("--data", "{}", address=running.address, path=f"/{SERVICE}/Echo")

    told = json.loads(refused.stderr)
    assert told["code"] == "unauthenticated"
    (detail,) = told["details"]
    assert detail["type"] == "google.rpc.ErrorInfo"
    padding = "=" * (-len(detail["value"]) % 4)
    assert ErrorInfo.FromString(base64.b64decode(detail["value"] + padding)) == ErrorInfo(
        reason="UNAUTHENTICATED", domain="hark.chassistest.v1", metadata={"code": "401"}
    )


async def test_channelz_knows_the_server_and_counts_its_calls(
    echo: Echo, serve: Serve, connect: Connect
) -> None:
    running = await serve(Echo=answer_of(echo))
    peer, stub = connect(running)
    channelz = channelz_pb2_grpc.ChannelzStub(peer.channel)

    for _ in range(3):
        await peer.call(stub.Echo, echo.request("hi"), timeout=5)
    # A call is counted a moment after its answer has arrived; asking is counted too.
    for _ in range(100):
        answer = await peer.call(channelz.GetServers, channelz_pb2.GetServersRequest(), timeout=5)
        # Channelz tells of the whole process, also of servers that other tests have left behind.
        counts = [each.data.calls_succeeded for each in answer.server if each.listen_socket]
        if counts and max(counts) >= 3:
            break

    assert max(counts) >= 3


async def test_health_tells_each_service_and_the_whole(serve: Serve, connect: Connect) -> None:
    running = await serve()
    peer, _stub = connect(running)
    stub = health_pb2_grpc.HealthStub(peer.channel)

    async def statuses() -> dict[str, str]:
        listed = await peer.call(stub.List, health_pb2.HealthListRequest(), timeout=5)
        name_of = health_pb2.HealthCheckResponse.ServingStatus.Name
        return {name: name_of(each.status) for name, each in listed.statuses.items()}

    assert await statuses() == {"": "SERVING", SERVICE: "SERVING"}
    running.server.set_serving(SERVICE, False)
    assert await statuses() == {"": "SERVING", SERVICE: "NOT_SERVING"}
    with pytest.raises(RemoteError) as caught:
        await peer.call(stub.Check, health_pb2.HealthCheckRequest(service="no.Such"), timeout=5)
    assert caught.value.remote_code is Code.NOT_FOUND


async def test_a_watch_says_not_serving_and_ends_when_the_server_drains(
    serve: Serve, connect: Connect
) -> None:
    running = await serve()
    peer, _stub = connect(running)
    stub = health_pb2_grpc.HealthStub(peer.channel)
    watch = stub.Watch(health_pb2.HealthCheckRequest(service=SERVICE), timeout=20)
    statuses = aiter(watch)
    first = await anext(statuses)

    async with asyncio.timeout(5):
        stopped = asyncio.ensure_future(running.server.stop(10))
        rest = [each.status async for each in statuses]
        await stopped

    assert first.status == health_pb2.HealthCheckResponse.SERVING
    assert rest == [health_pb2.HealthCheckResponse.NOT_SERVING]
    assert await watch.code() is grpc.StatusCode.OK


async def call_until_refused(peer: Peer, method: Any, request: Any) -> None:
    """Calls often enough for a stop that is under way to be noticed."""
    for _ in range(1_000):
        await peer.call(method, request, timeout=5)


async def test_a_call_in_flight_finishes_while_new_ones_are_refused(
    echo: Echo, serve: Serve, connect: Connect
) -> None:
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def wait(request: Any, _context: Any) -> Any:
        arrived.set()
        await go_on.wait()
        return echo.response(request.text)

    running = await serve(Echo=wait, Erase=answer_of(echo))
    peer, stub = connect(running)
    late_peer, late_stub = connect(running, token=OPERATOR)
    await late_peer.channel.channel_ready()

    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        in_flight = group.create_task(peer.call(stub.Echo, echo.request("hi"), timeout=10))
        await arrived.wait()
        stopping = group.create_task(running.server.stop(10))
        with pytest.raises(RemoteError) as refused:
            await call_until_refused(late_peer, late_stub.Erase, echo.request())
        assert not stopping.done()
        go_on.set()

    assert in_flight.result().text == "hi"
    assert refused.value.remote_code is Code.UNAVAILABLE


async def test_no_caller_is_told_cancelled_because_a_server_begins_to_stop(
    echo: Echo, serve: Serve, connect: Connect
) -> None:
    async def code_in_the_end(peer: Peer, stub: Any) -> Code:
        with pytest.raises(RemoteError) as refused:
            await call_until_refused(peer, stub.Echo, echo.request())
        return refused.value.remote_code

    codes: list[Code] = []
    for _round in range(3):
        running = await serve(Echo=answer_of(echo))
        pairs = [connect(running) for _ in range(8)]
        async with asyncio.timeout(20), asyncio.TaskGroup() as group:
            callers = [group.create_task(code_in_the_end(*pair)) for pair in pairs]
            await pairs[0][0].call(pairs[0][1].Echo, echo.request(), timeout=5)
            group.create_task(running.server.stop(5))
        codes += [caller.result() for caller in callers]

    assert Code.CANCELLED not in codes
    assert codes.count(Code.UNAVAILABLE) >= len(codes) - 1


async def test_a_call_that_outlasts_the_grace_is_cut_off(
    echo: Echo, serve: Serve, connect: Connect
) -> None:
    arrived = asyncio.Event()

    async def wait(_request: Any, _context: Any) -> Any:
        arrived.set()
        await asyncio.Event().wait()

    running = await serve(Echo=wait)
    peer, stub = connect(running)

    async with asyncio.timeout(5):
        in_flight = asyncio.ensure_future(peer.call(stub.Echo, echo.request(), timeout=10))
        await arrived.wait()
        await running.server.stop(0.05)
        with pytest.raises(RemoteError) as cut:
            await in_flight

    assert cut.value.is_outage


async def test_a_taken_port_is_refused_and_never_shared(serve: Serve) -> None:
    running = await serve()

    with pytest.raises(OSError, match=f"cannot listen on {running.address}"):
        await serve(listen=running.address)


async def test_more_calls_at_once_than_allowed_are_refused(
    echo: Echo, serve: Serve, connect: Connect
) -> None:
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def wait(_request: Any, _context: Any) -> Any:
        arrived.set()
        await go_on.wait()
        return echo.response()

    running = await serve(Echo=wait, options={"max_concurrent_rpcs": 1})
    peer, stub = connect(running)

    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        group.create_task(peer.call(stub.Echo, echo.request(), timeout=5))
        await arrived.wait()
        with pytest.raises(RemoteError) as refused:
            await peer.call(stub.Echo, echo.request(), timeout=5)
        go_on.set()

    assert refused.value.remote_code is Code.RESOURCE_EXHAUSTED


DIAGNOSTICS = {
    "health": f"/{health.SERVICE_NAME}/Check",
    "reflection v1": f"/{reflection.V1}/ServerReflectionInfo",
    "reflection v1alpha": f"/{reflection.V1ALPHA}/ServerReflectionInfo",
    "channelz": f"/{CHANNELZ}/GetServers",
}


async def outcomes(address: str, token: str) -> dict[str, str]:
    """What each diagnostic method answers to this token."""
    metadata = (("authorization", f"Bearer {token}"),) if token else ()
    found: dict[str, str] = {}
    async with grpc.aio.insecure_channel(address) as channel:
        for name, method in DIAGNOSTICS.items():
            call = channel.stream_stream(method, bytes, bytes)
            try:
                async for _ in call(iter([b""]), timeout=5, metadata=metadata):
                    pass
            except grpc.aio.AioRpcError as error:
                found[name] = error.code().name
            else:
                found[name] = "OK"
    return found


async def test_where_the_network_can_reach_it_only_the_operator_looks_inside(
    exposed: tuple[str, str],
) -> None:
    address, probed = exposed
    inside = ("reflection v1", "reflection v1alpha", "channelz")

    assert await outcomes(address, "") == dict.fromkeys(DIAGNOSTICS, "UNAUTHENTICATED")
    assert await outcomes(address, AI) == {
        "health": "OK",
        **dict.fromkeys(inside, "PERMISSION_DENIED"),
    }
    assert await outcomes(address, OPERATOR) == dict.fromkeys(DIAGNOSTICS, "OK")
    assert await outcomes(probed, "") == {
        "health": "OK",
        **dict.fromkeys(inside, "UNAUTHENTICATED"),
    }


async def test_on_this_machine_alone_anyone_looks_inside(serve: Serve) -> None:
    running = await serve()

    assert await outcomes(running.address, "") == dict.fromkeys(DIAGNOSTICS, "OK")
