"""What a caller is told when something ends a call."""

from __future__ import annotations

from datetime import timedelta

import grpc
import pytest

from chassis.errors import Code, InvalidArgument, RemoteError, ServiceError
from chassis.refusal import PeerTimedOut, PeerUnavailable, Unimplemented, known, refuse


class Away(ServiceError):
    """It does not answer."""

    code = Code.UNAVAILABLE
    reason = "AWAY"


class RecordingCall:
    """Remembers how it was ended."""

    def __init__(self) -> None:
        self.code = grpc.StatusCode.OK
        self.trailers: dict[str, str | bytes] = {}

    async def abort(
        self,
        code: grpc.StatusCode,
        details: str = "",
        trailing_metadata: tuple[tuple[str, str | bytes], ...] = (),
    ) -> None:
        self.code = code
        self.trailers = dict(trailing_metadata)


def remote(code: Code) -> RemoteError:
    return RemoteError("no", remote_code=code, remote_reason="X", domain="hark.probe.v1")


def test_an_error_of_ours_is_told_as_it_is() -> None:
    error = InvalidArgument("fix it")

    assert known(error) is error


@pytest.mark.parametrize("error", [KeyError("Ada"), remote(Code.NOT_FOUND)])
def test_a_mistake_of_ours_is_not_told(error: Exception) -> None:
    assert known(error) is None


def test_what_nobody_wrote_is_unimplemented() -> None:
    assert isinstance(known(NotImplementedError()), Unimplemented)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (Code.UNAVAILABLE, PeerUnavailable),
        (Code.RESOURCE_EXHAUSTED, PeerUnavailable),
        (Code.DEADLINE_EXCEEDED, PeerTimedOut),
    ],
)
def test_an_outage_of_a_peer_is_told_as_one(code: Code, told: type[ServiceError]) -> None:
    assert isinstance(known(remote(code)), told)


@pytest.mark.parametrize(
    ("error", "pushback"),
    [
        (Away(), "100"),
        (Away(retry_delay=timedelta(seconds=2)), "2000"),
        (Away(retry_delay=timedelta(seconds=-2)), "0"),
        (PeerUnavailable(retry_delay=timedelta(seconds=2)), "-1"),
    ],
)
async def test_only_one_layer_retries_an_outage(error: ServiceError, pushback: str) -> None:
    call = RecordingCall()

    await refuse(call, error, "hark.probe.v1")

    assert call.code is grpc.StatusCode.UNAVAILABLE
    assert call.trailers["grpc-retry-pushback-ms"] == pushback


async def test_other_errors_say_nothing_about_retries() -> None:
    call = RecordingCall()

    await refuse(call, InvalidArgument(), "hark.probe.v1")

    assert call.code is grpc.StatusCode.INVALID_ARGUMENT
    assert set(call.trailers) == {"grpc-status-details-bin"}
