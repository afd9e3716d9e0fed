"""`ServiceError` to `google.rpc.Status` and back: the one place that knows the wire format."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.message import DecodeError, Message

# googleapis-common-protos has stubs but no py.typed marker.
from google.rpc.error_details_pb2 import (  # type: ignore[import-untyped]
    BadRequest,
    ErrorInfo,
    QuotaFailure,
    RetryInfo,
)
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]

from chassis.errors import Code, RemoteError, ServiceError

DETAILS_KEY = "grpc-status-details-bin"
# Details travel as one trailer, and a peer may refuse headers beyond 8 KiB.
_LARGEST_STATUS = 4096
_LONGEST_TEXT = 300
_UNAVAILABLE_RETRY = timedelta(seconds=1)


def to_status(error: ServiceError, domain: str) -> Status:
    """The status that says `error`; `domain` is the proto package that speaks.

    Texts are cut at 300 bytes, and what does not fit in 4 KiB is left out: violations first, then
    metadata; `metadata["left_out"]` says how many.
    """
    code = error.code
    if code is Code.INTERNAL:
        return _packed(code, "internal error", [ErrorInfo(reason="INTERNAL", domain=domain)])
    metadata = {_cut(key): _cut(str(value)) for key, value in error.metadata.items()}
    violations = [(_cut(name), _cut(str(text))) for name, text in error.violations.items()]
    legacy_code = getattr(error, "legacy_code", None)
    left_out = 0
    while True:
        fixed = {} if legacy_code is None else {"code": str(legacy_code)}
        if left_out:
            fixed["left_out"] = str(left_out)
        info = ErrorInfo(reason=error.reason, domain=domain, metadata=metadata | fixed)
        details = [info, *_extra_details(error, violations)]
        status = _packed(code, _cut(error.message), details)
        if status.ByteSize() <= _LARGEST_STATUS or not (violations or metadata):
            return status
        left_out += 1
        if violations:
            violations.pop()
        else:
            metadata.popitem()


def from_rpc_error(
    error: grpc.aio.AioRpcError, classes: Iterable[type[ServiceError]] = ()
) -> ServiceError:
    """The error a peer answered with: one of `classes` with its reason, else `RemoteError`."""
    code = _code(error)
    status = _status(error)
    message = status.message or error.details() or code.name
    details: dict[str, Any] = {"metadata": {}, "violations": {}, "retry_delay": None}
    reason, domain = "", ""
    for packed in status.details:
        if (info := _unpacked(packed, ErrorInfo)) is not None:
            reason, domain = info.reason, info.domain
            details["metadata"] = dict(info.metadata)
        elif (bad := _unpacked(packed, BadRequest)) is not None:
            details["violations"] = {v.field: v.description for v in bad.field_violations}
        elif (quota := _unpacked(packed, QuotaFailure)) is not None:
            details["violations"] = {v.subject: v.description for v in quota.violations}
        elif (retry := _unpacked(packed, RetryInfo)) is not None:
            details["retry_delay"] = retry.retry_delay.ToTimedelta()
    for cls in classes:
        if cls.reason == reason and getattr(cls, "domain", domain) == domain:
            known = cls.__new__(cls)
            # Subclasses may ask for arguments of their own; the wire has only these.
            ServiceError.__init__(known, message, **details)
            return known
    return RemoteError(
        message, remote_code=code, remote_reason=reason or code.name, domain=domain, **details
    )


def _extra_details(error: ServiceError, violations: list[tuple[str, str]]) -> list[Message]:
    details: list[Message] = []
    if error.code is Code.RESOURCE_EXHAUSTED:
        listed = violations or [(error.reason, _cut(error.message))]
        quota = QuotaFailure()
        for subject, description in listed:
            quota.violations.add(subject=subject, description=description)
        details.append(quota)
    elif violations:
        bad = BadRequest()
        for field, description in violations:
            bad.field_violations.add(field=field, description=description)
        details.append(bad)
    delay = error.retry_delay
    if delay is None and error.code is Code.UNAVAILABLE:
        delay = _UNAVAILABLE_RETRY
    if delay is not None:
        retry = RetryInfo()
        retry.retry_delay.FromTimedelta(max(delay, timedelta()))
        details.append(retry)
    return details


def _packed(code: Code, message: str, details: Iterable[Message]) -> Status:
    status = Status(code=code.value, message=message)
    for detail in details:
        status.details.add().Pack(detail)
    return status


def _cut(text: str) -> str:
    """At most 300 bytes of valid UTF-8: the message travels percent-encoded as well."""
    encoded = text.encode("utf-8", "replace")
    return encoded[:_LONGEST_TEXT].decode("utf-8", "ignore")


def _code(error: grpc.aio.AioRpcError) -> Code:
    number = error.code().value[0]
    return Code(number) if number else Code.UNKNOWN


def _status(error: grpc.aio.AioRpcError) -> Status:
    for key, value in error.trailing_metadata() or ():
        if key == DETAILS_KEY and isinstance(value, bytes):
            try:
                return Status.FromString(value)
            except DecodeError:
                break
    return Status()


def _unpacked(packed: AnyMessage, kind: type[Any]) -> Any:
    if not packed.Is(kind.DESCRIPTOR):
        return None
    message = kind()
    try:
        packed.Unpack(message)
    except DecodeError:
        return None
    return message
