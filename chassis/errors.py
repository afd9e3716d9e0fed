"""The one error type that survives the wire.

A `ServiceError` is a class with a reason. On the server the interceptor turns it into a
`google.rpc.Status` with `ErrorInfo`; on the client the channel turns that back into the same class
(or a plain `ServiceError`, where the class belongs to another service).

This module must import nothing that does I/O: `domain/` and `usecases` raise these.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import Enum
from typing import ClassVar


class Code(Enum):
    """The canonical gRPC status codes that Hark answers with; values are the wire numbers."""

    CANCELLED = 1
    UNKNOWN = 2
    INVALID_ARGUMENT = 3
    DEADLINE_EXCEEDED = 4
    NOT_FOUND = 5
    ALREADY_EXISTS = 6
    PERMISSION_DENIED = 7
    RESOURCE_EXHAUSTED = 8
    FAILED_PRECONDITION = 9
    ABORTED = 10
    OUT_OF_RANGE = 11
    UNIMPLEMENTED = 12
    INTERNAL = 13
    UNAVAILABLE = 14
    DATA_LOSS = 15
    UNAUTHENTICATED = 16


class ServiceError(Exception):
    """Something a caller must be told: a code, a stable reason, and what to do about it.

    Subclasses set `code` and `reason` and say in their docstring what happened. `message` is short
    English that says what to do; it never holds what a person wrote nor a phone number. Anything
    variable in it stands in `metadata` too (keys `lower_snake`, values strings).
    """

    code: ClassVar[Code] = Code.INTERNAL
    reason: ClassVar[str] = "INTERNAL"

    def __init__(
        self,
        message: str = "",
        *,
        metadata: Mapping[str, str] | None = None,
        violations: Mapping[str, str] | None = None,
        retry_delay: timedelta | None = None,
    ) -> None:
        self.message = message or " ".join((type(self).__doc__ or "").split())
        self.metadata: dict[str, str] = dict(metadata or {})
        # INVALID_ARGUMENT: field path -> what is wrong with it.
        self.violations: dict[str, str] = dict(violations or {})
        # RESOURCE_EXHAUSTED and UNAVAILABLE: when trying again makes sense, where that is known.
        self.retry_delay = retry_delay
        super().__init__(self.message)


class RemoteError(ServiceError):
    """A peer refused the call."""

    def __init__(
        self,
        message: str,
        *,
        remote_code: Code,
        remote_reason: str,
        domain: str,
        metadata: Mapping[str, str] | None = None,
        violations: Mapping[str, str] | None = None,
        retry_delay: timedelta | None = None,
    ) -> None:
        super().__init__(message, metadata=metadata, violations=violations, retry_delay=retry_delay)
        self.remote_code = remote_code
        self.remote_reason = remote_reason
        self.domain = domain

    @property
    def is_outage(self) -> bool:
        """Whether the peer (or the way to it) failed, rather than this request."""
        return self.remote_code in _OUTAGE


_OUTAGE = frozenset(
    {
        Code.UNAVAILABLE,
        Code.DEADLINE_EXCEEDED,
        Code.CANCELLED,
        Code.ABORTED,
        Code.UNKNOWN,
        Code.INTERNAL,
        Code.RESOURCE_EXHAUSTED,
        Code.UNAUTHENTICATED,
        Code.PERMISSION_DENIED,
        Code.UNIMPLEMENTED,
    }
)


class InvalidArgument(ServiceError):
    """A field is missing or out of bounds; nothing was changed."""

    code = Code.INVALID_ARGUMENT
    reason = "INVALID_ARGUMENT"


class RequestIdReused(ServiceError):
    """The same request_id came earlier with another body; nothing was changed."""

    code = Code.ALREADY_EXISTS
    reason = "REQUEST_ID_REUSED"
