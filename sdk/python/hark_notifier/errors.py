"""What the notifier refuses, as classes: one for each thing a caller can do about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

import grpc
from google.protobuf.message import DecodeError
from google.rpc.error_details_pb2 import (  # type: ignore[import-untyped]
    BadRequest,
    ErrorInfo,
    QuotaFailure,
    RetryInfo,
)
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]

_DETAILS_KEY = "grpc-status-details-bin"


class NotifierError(Exception):
    """The call was refused, or did not come through.

    `reason` is the notifier's own word, e.g. "TEMPLATE_NOT_FOUND", and never changes its meaning;
    `code` is the gRPC status, e.g. "NOT_FOUND". `metadata` has the variable parts, `violations`
    what is wrong field by field, `retry_delay` when to try again, where that is known.
    """

    reasons: ClassVar[frozenset[str]] = frozenset()

    def __init__(
        self,
        message: str,
        *,
        code: str,
        reason: str,
        metadata: Mapping[str, str] | None = None,
        violations: Mapping[str, str] | None = None,
        retry_delay: timedelta | None = None,
    ) -> None:
        super().__init__(f"{reason}: {message}" if message else reason)
        self.message = message
        self.code = code
        self.reason = reason
        self.metadata = dict(metadata or {})
        self.violations = dict(violations or {})
        self.retry_delay = retry_delay


class InvalidArgument(NotifierError):
    """A field is missing or out of bounds (`violations` says which); correct the request."""


class RequestIdReused(NotifierError):
    """The same request id came earlier with another message; derive it from what causes it."""

    reasons = frozenset({"REQUEST_ID_REUSED"})


class NotFound(NotifierError):
    """There is no such notification, or it was deleted after its retention."""


class TemplateUnknown(NotFound):
    """There is no template of this name; `Notifier.templates` lists them."""

    reasons = frozenset({"TEMPLATE_NOT_FOUND"})


class UserUnknown(NotFound):
    """Nobody with this id or number has written to Hark, or they were erased."""

    reasons = frozenset({"USER_NOT_FOUND"})


class PersonStopped(NotifierError):
    """They asked not to be written to; wait until they start again."""

    reasons = frozenset({"USER_STOPPED"})


class AlreadyStarted(NotifierError):
    """It has gone out, or is about to: it cannot be taken back any more."""

    reasons = frozenset({"NOTIFICATION_STARTED"})


class QuotaExceeded(NotifierError):
    """A cap is reached; try again after `retry_delay`, or send with `hold=True`."""


class Unauthenticated(NotifierError):
    """The token is missing, or not one of `HARK_TOKENS`."""


class PermissionDenied(NotifierError):
    """This client may not call this method."""


class Unavailable(NotifierError):
    """The notifier does not answer; repeat the call later with the same request id."""


class TimedOut(NotifierError):
    """No answer in time; it may have been accepted: repeat with the same request id."""


_BY_CODE: Mapping[str, type[NotifierError]] = {
    "INVALID_ARGUMENT": InvalidArgument,
    "NOT_FOUND": NotFound,
    "ALREADY_EXISTS": RequestIdReused,
    "RESOURCE_EXHAUSTED": QuotaExceeded,
    "UNAUTHENTICATED": Unauthenticated,
    "PERMISSION_DENIED": PermissionDenied,
    "UNAVAILABLE": Unavailable,
    "DEADLINE_EXCEEDED": TimedOut,
}
_BY_REASON: Mapping[str, type[NotifierError]] = {
    reason: cls
    for cls in (RequestIdReused, TemplateUnknown, UserUnknown, PersonStopped, AlreadyStarted)
    for reason in cls.reasons
}
_CODES = {code.value[0]: code.name for code in grpc.StatusCode}


def error_of(code: str, reason: str, message: str, **details: Any) -> NotifierError:
    """The class for a reason, or for a code, or the plain one."""
    cls = _BY_REASON.get(reason) or _BY_CODE.get(code) or NotifierError
    return cls(message, code=code, reason=reason or code, **details)


def code_name(number: int) -> str:
    """A status code by its number."""
    return _CODES.get(number, "UNKNOWN")


def from_rpc(error: grpc.aio.AioRpcError) -> NotifierError:
    """What a failed call says."""
    code = error.code().name
    status = _status(error)
    reason = ""
    details: dict[str, Any] = {}
    for packed in status.details:
        if packed.Is(ErrorInfo.DESCRIPTOR):
            info = ErrorInfo.FromString(packed.value)
            reason, details["metadata"] = info.reason, dict(info.metadata)
        elif packed.Is(BadRequest.DESCRIPTOR):
            bad = BadRequest.FromString(packed.value)
            details["violations"] = {v.field: v.description for v in bad.field_violations}
        elif packed.Is(QuotaFailure.DESCRIPTOR):
            quota = QuotaFailure.FromString(packed.value)
            details["violations"] = {v.subject: v.description for v in quota.violations}
        elif packed.Is(RetryInfo.DESCRIPTOR):
            delay = RetryInfo.FromString(packed.value).retry_delay
            details["retry_delay"] = delay.ToTimedelta()
    return error_of(code, reason, status.message or error.details() or "", **details)


def _status(error: grpc.aio.AioRpcError) -> Any:
    for key, value in error.trailing_metadata() or ():
        if key == _DETAILS_KEY and isinstance(value, bytes):
            try:
                return Status.FromString(value)
            except DecodeError:
                break
    return Status()
