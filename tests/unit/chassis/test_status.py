"""Errors on the wire: one ErrorInfo, the details their code asks for, small enough to travel."""

from __future__ import annotations

from datetime import timedelta

import grpc
import pytest
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, QuotaFailure, RetryInfo
from google.rpc.status_pb2 import Status

from chassis.errors import Code, InvalidArgument, RemoteError, ServiceError
from chassis.status import DETAILS_KEY, from_rpc_error, to_status

DOMAIN = "hark.probe.v1"


class RateLimited(ServiceError):
    """Too many; wait."""

    code = Code.RESOURCE_EXHAUSTED
    reason = "RATE_LIMITED"
    legacy_code = 429


class NotThere(ServiceError):
    """It is not there."""

    code = Code.NOT_FOUND
    reason = "NOT_THERE"


class Away(ServiceError):
    """It does not answer."""

    code = Code.UNAVAILABLE
    reason = "AWAY"


class Particular(ServiceError):
    """Has arguments of its own."""

    code = Code.FAILED_PRECONDITION
    reason = "PARTICULAR"

    def __init__(self, number: int) -> None:
        super().__init__(f"number {number}", metadata={"number": str(number)})


def details(status: Status) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for packed in status.details:
        for kind in (ErrorInfo, BadRequest, QuotaFailure, RetryInfo):
            message = kind()
            if packed.Unpack(message):
                found.setdefault(kind.__name__, []).append(message)
    return found


def on_the_wire(status: Status) -> grpc.aio.AioRpcError:
    code = next(code for code in grpc.StatusCode if code.value[0] == status.code)
    trailers = grpc.aio.Metadata((DETAILS_KEY, status.SerializeToString()))
    return grpc.aio.AioRpcError(code, grpc.aio.Metadata(), trailers, status.message)


def test_a_refused_field_is_named_in_bad_request() -> None:
    status = to_status(InvalidArgument("fix it", violations={"event.title": "is blank"}), DOMAIN)

    assert (status.code, status.message) == (3, "fix it")
    (info,) = details(status)["ErrorInfo"]
    assert info == ErrorInfo(reason="INVALID_ARGUMENT", domain=DOMAIN)
    (bad,) = details(status)["BadRequest"]
    assert [(v.field, v.description) for v in bad.field_violations] == [("event.title", "is blank")]


def test_a_quota_comes_with_its_failure_its_end_and_the_code_people_knew() -> None:
    error = RateLimited(metadata={"limit": "24"}, retry_delay=timedelta(seconds=90))

    found = details(to_status(error, DOMAIN))

    (info,) = found["ErrorInfo"]
    assert dict(info.metadata) == {"limit": "24", "code": "429"}
    (quota,) = found["QuotaFailure"]
    assert [(v.subject, v.description) for v in quota.violations] == [
        ("RATE_LIMITED", "Too many; wait.")
    ]
    (retry,) = found["RetryInfo"]
    assert retry.retry_delay.ToTimedelta() == timedelta(seconds=90)


def test_a_quota_whose_end_is_unknown_names_no_time() -> None:
    assert "RetryInfo" not in details(to_status(RateLimited(), DOMAIN))


def test_unavailable_always_says_when_to_try_again() -> None:
    (retry,) = details(to_status(Away(), DOMAIN))["RetryInfo"]

    assert retry.retry_delay.ToTimedelta() == timedelta(seconds=1)


def test_an_internal_error_says_nothing_of_what_went_wrong() -> None:
    error = ServiceError("Ada's number is 555", metadata={"text": "call Ada"})

    status = to_status(error, DOMAIN)

    assert status.message == "internal error"
    assert b"Ada" not in status.SerializeToString()
    assert details(status) == {"ErrorInfo": [ErrorInfo(reason="INTERNAL", domain=DOMAIN)]}


@pytest.mark.parametrize(
    "error",
    [
        InvalidArgument(
            "é" * 5_000, violations={f"field_{n}" * 9: "x" * 5_000 for n in range(200)}
        ),
        NotThere("x" * 5_000, metadata={f"key_{n}": "y" * 5_000 for n in range(200)}),
        NotThere("\udc80 lone", metadata={"bad": "\udc80"}),
    ],
)
def test_however_much_an_error_has_to_say_it_fits_in_a_trailer(error: ServiceError) -> None:
    status = to_status(error, DOMAIN)

    assert status.ByteSize() <= 4096
    assert len(details(status)["ErrorInfo"]) == 1
    assert len(status.message.encode()) <= 300


def test_what_was_left_out_is_counted() -> None:
    error = InvalidArgument(violations={f"f{n}": "x" * 300 for n in range(100)})

    found = details(to_status(error, DOMAIN))

    (info,), (bad,) = found["ErrorInfo"], found["BadRequest"]
    assert int(info.metadata["left_out"]) + len(bad.field_violations) == 100


def test_an_error_comes_back_as_the_class_that_the_caller_knows() -> None:
    sent = RateLimited("slow down", metadata={"limit": "24"}, retry_delay=timedelta(seconds=3))

    back = from_rpc_error(on_the_wire(to_status(sent, DOMAIN)), (NotThere, RateLimited))

    assert type(back) is RateLimited
    assert back.message == "slow down"
    assert back.metadata == {"limit": "24", "code": "429"}
    assert back.retry_delay == timedelta(seconds=3)


def test_a_class_with_arguments_of_its_own_comes_back_too() -> None:
    back = from_rpc_error(on_the_wire(to_status(Particular(7), DOMAIN)), (Particular,))

    assert type(back) is Particular
    assert (back.message, back.metadata) == ("number 7", {"number": "7"})


def test_a_class_of_another_domain_is_not_mistaken_for_this_one() -> None:
    class Elsewhere(NotThere):
        """The same reason in another package."""

        domain = "hark.elsewhere.v1"

    back = from_rpc_error(on_the_wire(to_status(NotThere(), DOMAIN)), (Elsewhere,))

    assert type(back) is RemoteError


def test_any_other_error_comes_back_whole_as_a_remote_error() -> None:
    sent = InvalidArgument("fix it", violations={"a.b": "is wrong"}, metadata={"k": "v"})

    back = from_rpc_error(on_the_wire(to_status(sent, DOMAIN)))

    assert isinstance(back, RemoteError)
    assert (back.remote_code, back.remote_reason) == (Code.INVALID_ARGUMENT, "INVALID_ARGUMENT")
    assert back.domain == DOMAIN
    assert (back.violations, back.metadata) == ({"a.b": "is wrong"}, {"k": "v"})
    assert not back.is_outage


@pytest.mark.parametrize(
    "trailers",
    [
        None,
        grpc.aio.Metadata(),
        grpc.aio.Metadata((DETAILS_KEY, b"\xff\xff\xff")),
        grpc.aio.Metadata((DETAILS_KEY, b"\x1a\x04\x12\x02\xff\xff")),
    ],
)
def test_an_answer_without_readable_details_is_still_an_error(
    trailers: grpc.aio.Metadata | None,
) -> None:
    wire = grpc.aio.AioRpcError(grpc.StatusCode.UNAVAILABLE, None, trailers, "no route")

    back = from_rpc_error(wire)

    assert isinstance(back, RemoteError)
    assert (back.remote_code, back.remote_reason) == (Code.UNAVAILABLE, "UNAVAILABLE")
    assert back.message == "no route"
    assert back.is_outage


def test_details_whose_content_is_broken_are_left_aside() -> None:
    status = to_status(NotThere("not there"), DOMAIN)
    status.details[0].value = b"\xff\xff"

    back = from_rpc_error(on_the_wire(status), (NotThere,))

    assert isinstance(back, RemoteError)
    assert back.remote_code is Code.NOT_FOUND
