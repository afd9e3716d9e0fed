"""From whatever ended a call to the one error its caller is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

import grpc

from chassis.errors import Code, RemoteError, ServiceError
from chassis.status import DETAILS_KEY, to_status

_PUSHBACK_KEY = "grpc-retry-pushback-ms"
_DEFAULT_PUSHBACK_MS = 100
_STATUS_CODES = {code: grpc.StatusCode[code.name] for code in Code}


class NoTimeLeft(ServiceError):
    """The deadline leaves no time for the work; nothing was done."""

    code = Code.DEADLINE_EXCEEDED
    reason = "NO_TIME_LEFT"


class PeerTimedOut(ServiceError):
    """A service this one needs did not answer in time; repeat the call with the same request_id."""

    code = Code.DEADLINE_EXCEEDED
    reason = "PEER_TIMED_OUT"


class PeerUnavailable(ServiceError):
    """A service this one needs does not answer; repeat the call later with the same request_id."""

    code = Code.UNAVAILABLE
    reason = "PEER_UNAVAILABLE"


class StorageUnavailable(ServiceError):
    """What this service stores things in does not answer; repeat the call with the same id."""

    code = Code.UNAVAILABLE
    reason = "STORAGE_UNAVAILABLE"


class MalformedRequest(ServiceError):
    """The request is no message of the expected type."""

    code = Code.INVALID_ARGUMENT
    reason = "MALFORMED_REQUEST"


class Unimplemented(ServiceError):
    """This method is not served here."""

    code = Code.UNIMPLEMENTED
    reason = "UNIMPLEMENTED"


class Abortable(Protocol):
    """The part of a servicer context that ends a call."""

    def abort(
        self,
        code: grpc.StatusCode,
        details: str = "",
        trailing_metadata: tuple[tuple[str, str | bytes], ...] = (),
    ) -> Awaitable[None]:
        """Ends the call with a status; raises to end the handler too."""
        ...


def never(_error: BaseException) -> bool:
    """For a server without a store: nothing is an outage of it."""
    return False


def known(
    error: Exception, is_outage: Callable[[BaseException], bool] = never
) -> ServiceError | None:
    """What the caller is told, or None where `error` is a mistake of ours.

    An outage of a peer, or (`is_outage`) of the store, is told as such; a refusal by a peer that
    nobody translated is a mistake.
    """
    if isinstance(error, RemoteError):
        if error.remote_code is Code.DEADLINE_EXCEEDED:
            return PeerTimedOut()
        return PeerUnavailable(retry_delay=error.retry_delay) if error.is_outage else None
    if isinstance(error, ServiceError):
        return error
    if isinstance(error, NotImplementedError):
        return Unimplemented()
    return StorageUnavailable() if is_outage(error) else None


async def refuse(call: Abortable, error: ServiceError, domain: str) -> None:
    """Ends the call with the status of `error`; raises what ends the handler too."""
    status = to_status(error, domain)
    trailers: tuple[tuple[str, str | bytes], ...] = ((DETAILS_KEY, status.SerializeToString()),)
    if error.code is Code.UNAVAILABLE:
        trailers += ((_PUSHBACK_KEY, str(_pushback_ms(error))),)
    await call.abort(_STATUS_CODES[error.code], status.message, trailers)


def _pushback_ms(error: ServiceError) -> int:
    """How long the caller's channel waits before it tries again; -1 is that it must not.

    What a peer could not do has been tried again by our own channel: retries must not multiply.
    """
    if isinstance(error, PeerUnavailable):
        return -1
    if error.retry_delay is None:
        return _DEFAULT_PUSHBACK_MS
    return max(0, round(error.retry_delay.total_seconds() * 1000))
