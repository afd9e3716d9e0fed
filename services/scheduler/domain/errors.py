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


class OccurrenceNotFound(ServiceError):
    """The item does not stand at that time; look at the agenda for when it does."""

    code = Code.FAILED_PRECONDITION
    reason = "OCCURRENCE_NOT_FOUND"


class NothingToSnooze(ServiceError):
    """The item is done, over, or has no time; there is no reminder to put off."""

    code = Code.FAILED_PRECONDITION
    reason = "NOTHING_TO_SNOOZE"


class NothingToUndo(ServiceError):
    """There is no change of this person that can be taken back, or it is not the last one."""

    code = Code.FAILED_PRECONDITION
    reason = "NOTHING_TO_UNDO"


class UndoTooLate(ServiceError):
    """The last change is more than 10 minutes old; say what it should be instead."""

    code = Code.FAILED_PRECONDITION
    reason = "UNDO_TOO_LATE"


class EtagMismatch(ServiceError):
    """The item was changed since it was read; read it again."""

    code = Code.ABORTED
    reason = "ETAG_MISMATCH"


class UserErased(ServiceError):
    """All that is known of this person was erased after they wrote this; it is not acted upon."""

    code = Code.FAILED_PRECONDITION
    reason = "USER_ERASED"


class CalendarUnreadable(ServiceError):
    """This is no iCalendar file, or it is too large or too deeply nested; nothing was taken."""

    code = Code.INVALID_ARGUMENT
    reason = "CALENDAR_UNREADABLE"


class CalendarFeedNotFound(ServiceError):
    """There is no such calendar feed, or it was revoked; create a new one."""

    code = Code.NOT_FOUND
    reason = "CALENDAR_FEED_NOT_FOUND"


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
