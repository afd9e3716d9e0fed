"""What scheduler refuses, each with a stable reason."""

from __future__ import annotations

from chassis.errors import Code, InvalidArgument, ServiceError


class TimeInPast(ServiceError):
    """The time had already passed when the person asked; ask for another one."""

    code = Code.INVALID_ARGUMENT
    reason = "TIME_IN_PAST"


class TimeZoneUnknown(ServiceError):
    """There is no IANA time zone of this name; send one such as "Europe/Lisbon"."""

    code = Code.INVALID_ARGUMENT
    reason = "TIME_ZONE_UNKNOWN"


class ItemNotFound(ServiceError):
    """Nothing that this person has open fits the reference; ask which item is meant."""

    code = Code.FAILED_PRECONDITION
    reason = "ITEM_NOT_FOUND"


class ItemAmbiguous(ServiceError):
    """Several items fit the reference; ask which of `candidates` is meant."""

    code = Code.FAILED_PRECONDITION
    reason = "ITEM_AMBIGUOUS"


class EventNotFound(ServiceError):
    """This person has no event of this id."""

    code = Code.NOT_FOUND
    reason = "EVENT_NOT_FOUND"


class TaskNotFound(ServiceError):
    """This person has no task of this id."""

    code = Code.NOT_FOUND
    reason = "TASK_NOT_FOUND"


def invalid(field: str, problem: str) -> InvalidArgument:
    """The refusal of one field."""
    return InvalidArgument(f"{field}: {problem}", violations={field: problem})
