"""Every method behaves, for every client, as the authorization table says."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import grpc
import pytest
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status

from chassis.auth import ANY_CLIENT
from chassis.guessing import BURST
from chassis.status import DETAILS_KEY
from services.run import KINDS
from tests.security.conftest import Figure
from tests.security.methods import Method, diagnostics_of, methods_of, rules_of, table_of
from tests.security.page import PAGE, written
from tests.security.village import CLIENTS, TOKENS, Exposed, village

UNKNOWN = "unknown token"
NOBODY = "no token"
_AT_ONCE = 16


@pytest.mark.parametrize("service", sorted(KINDS))
def test_every_method_has_a_line_of_its_own_and_no_line_is_left_over(service: str) -> None:
    assert sorted(table_of(service)) == sorted(method.path for method in methods_of(service))


@pytest.mark.parametrize("service", sorted(KINDS))
def test_a_table_names_only_clients_that_there_are(service: str) -> None:
    named = {client for clients in table_of(service).values() for client in clients}
    assert named <= {ANY_CLIENT, *CLIENTS} - {"billing"}


@pytest.mark.timeout(240)
async def test_every_cell_of_the_table_is_as_it_says(database_url: str, figure: Figure) -> None:
    async with village(database_url, listen=Exposed) as running:
        cells = [
            (method, who)
            for service in running.ports
            for method in (*methods_of(service), *diagnostics_of(service))
            for who in (*CLIENTS, UNKNOWN, NOBODY)
        ]
        slots = asyncio.Semaphore(_AT_ONCE)
        channels = {
            name: grpc.aio.insecure_channel(running.address(name)) for name in running.ports
        }

        async def tried(method: Method, who: str) -> str:
            async with slots:
                found = await outcome(channels[method.service], method, who)
            wanted = expected(method, who)
            return "" if found == wanted else f"{method.path} by {who}: {found}, not {wanted}"

        wrong = [each for each in await asyncio.gather(*(tried(*cell) for cell in cells)) if each]
        for channel in channels.values():
            await channel.close()
    good = len(cells) - len(wrong)
    figure(f"authorization table: {good}/{len(cells)} cells as it says")
    assert not wrong, "\n".join(wrong)


async def test_who_guesses_tokens_is_slowed_down_and_others_at_that_address_are_not(
    database_url: str,
) -> None:
    method = methods_of("notifier")[0]
    async with (
        village(database_url, names=["notifier"]) as running,
        grpc.aio.insecure_channel(running.address("notifier")) as channel,
    ):
        said = [await answer(channel, method, UNKNOWN) for _ in range(BURST * 2)]
        friend = await outcome(channel, method, "ai")
    codes = [code for code, _ in said]
    assert codes[:BURST] == [grpc.StatusCode.UNAUTHENTICATED] * BURST
    assert grpc.StatusCode.RESOURCE_EXHAUSTED in codes[BURST:]
    refused = next(info for code, info in said if code is grpc.StatusCode.RESOURCE_EXHAUSTED)
    assert (refused.reason, refused.metadata["code"]) == ("RATE_LIMITED", "429")
    assert friend == "admitted"


def expected(method: Method, who: str) -> str:
    if who in (UNKNOWN, NOBODY):
        return "UNAUTHENTICATED UNAUTHENTICATED 401"
    allowed = rules_of(method.service).allows(method.path, who)
    return "admitted" if allowed else "PERMISSION_DENIED PERMISSION_DENIED "


async def outcome(channel: grpc.aio.Channel, method: Method, who: str) -> str:
    """ "admitted" where the guard let the call through, whatever became of it then."""
    code, info = await answer(channel, method, who)
    if code in (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED):
        return f"{code.name} {info.reason} {info.metadata['code']}"
    # Nobody listened, or nobody answered: that would prove nothing.
    refused = code in (grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED)
    return code.name if refused else "admitted"


async def answer(
    channel: grpc.aio.Channel, method: Method, who: str
) -> tuple[grpc.StatusCode, ErrorInfo]:
    """What an empty request is answered."""
    metadata = [] if who == NOBODY else [("authorization", f"Bearer {TOKENS.get(who, 'x' * 24)}")]
    try:
        await _asked(channel, method, metadata)
    except grpc.aio.AioRpcError as error:
        return error.code(), _info(error.trailing_metadata() or ())
    return grpc.StatusCode.OK, ErrorInfo()


async def _asked(channel: grpc.aio.Channel, method: Method, metadata: Any) -> None:
    kind = "_".join(
        "stream" if streams else "unary" for streams in (method.takes_stream, method.gives_stream)
    )
    request: Any = iter([b""]) if method.takes_stream else b""
    call = getattr(channel, kind)(method.path)(request, metadata=metadata, timeout=20)
    if not method.gives_stream:
        await call
        return
    # A watch goes on as long as one likes; its first answer is enough.
    await call.read()
    if not call.done():
        call.cancel()
        return
    code = await call.code()
    if code is not grpc.StatusCode.OK:
        raise grpc.aio.AioRpcError(
            code, await call.initial_metadata(), await call.trailing_metadata()
        )


def _info(trailers: Iterable[tuple[str, Any]]) -> ErrorInfo:
    info = ErrorInfo()
    for key, value in trailers:
        if key == DETAILS_KEY:
            for detail in Status.FromString(value).details:
                detail.Unpack(info)
    return info


def test_the_documents_show_the_table_as_it_is() -> None:
    page = PAGE.read_text()
    assert page == written(page), "run `make docs`"
