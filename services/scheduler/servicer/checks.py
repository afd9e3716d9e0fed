"""Looks at every field of a request before anything happens, and tells all that is wrong."""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
import uuid
from datetime import UTC, date, datetime, time, timedelta

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from chassis.errors import InvalidArgument
from services.scheduler.domain.preferences import LONGEST_LEAD, MOST_LEADS

PAGE_SIZE, LARGEST_PAGE = 50, 200
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_.:-]{1,128}")
_TIME_OF_DAY = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_LONGEST_TOKEN = 18
_NEWEST = 2**63 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Checks:
    """Collects what is wrong with a request; `close` raises it all at once."""

    def __init__(self) -> None:
        self._violations: dict[str, str] = {}

    def refuse(self, field: str, problem: str) -> None:
        """Notes what is wrong with a field."""
        self._violations.setdefault(field, problem)

    def close(self) -> None:
        """Raises InvalidArgument if anything was wrong."""
        if self._violations:
            raise InvalidArgument(violations=self._violations)

    def uuid(self, field: str, value: str) -> str:
        """A UUID in its usual form."""
        try:
            return str(uuid.UUID(value))
        except ValueError:
            self.refuse(field, "must be a UUID")
            return ""

    def message_id(self, field: str, value: str) -> str:
        """Hark's id of a message."""
        if not _MESSAGE_ID.fullmatch(value):
            self.refuse(field, "must be 1 to 128 letters, digits or _ . : -")
        return value

    def text(self, field: str, value: str, longest: int, *, required: bool = True) -> str:
        """A line of text: blanks and line ends become single blanks; no control characters."""
        line = " ".join(value.split())
        if required and not line:
            self.refuse(field, "must not be empty")
        if len(line) > longest:
            self.refuse(field, f"must have at most {longest} characters")
        if any(unicodedata.category(char) in ("Cc", "Cs") for char in line):
            self.refuse(field, "must not have control characters")
        return line

    def moment(self, field: str, stamp: Timestamp, *, is_set: bool = True) -> datetime:
        """An instant."""
        if not is_set:
            self.refuse(field, "must be set")
            return _EPOCH
        try:
            return stamp.ToDatetime(tzinfo=UTC)
        except (ValueError, OverflowError):
            self.refuse(field, "must be a time from year 1 to 9999")
            return _EPOCH

    def duration(self, field: str, given: Duration, longest: timedelta) -> timedelta:
        """A span from nothing to `longest`, whole seconds."""
        try:
            span = given.ToTimedelta()
        except (ValueError, OverflowError):
            span = timedelta(-1)
        if not timedelta() <= span <= longest:
            self.refuse(field, f"must be 0 to {int(longest.total_seconds())} s")
            return timedelta()
        return timedelta(seconds=int(span.total_seconds()))

    def leads(self, field: str, given: list[Duration]) -> tuple[timedelta, ...]:
        """How long before to remind."""
        if len(given) > MOST_LEADS:
            self.refuse(field, f"must be at most {MOST_LEADS}")
        return tuple(
            self.duration(f"{field}[{index}]", each, LONGEST_LEAD)
            for index, each in enumerate(given[:MOST_LEADS])
        )

    def day(self, field: str, value: str) -> date:
        """A date."""
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.refuse(field, "must be a date such as 2026-11-22")
            return _EPOCH.date()

    def time_of_day(self, field: str, value: str) -> time:
        """A wall-clock time of day, to the minute."""
        if not _TIME_OF_DAY.fullmatch(value):
            self.refuse(field, "must be a time of day such as 07:30")
            return time()
        return time.fromisoformat(value)

    def page_size(self, asked: int) -> int:
        """How many to answer with."""
        if not 0 <= asked <= LARGEST_PAGE:
            self.refuse("page_size", f"must be 1 to {LARGEST_PAGE}, or 0 for {PAGE_SIZE}")
        return asked or PAGE_SIZE

    def event_page(self, token: str) -> tuple[datetime, str] | None:
        """Where a page of events goes on."""
        if not token:
            return None
        try:
            moment, _, event_id = base64.urlsafe_b64decode(token).decode().partition(" ")
            start = datetime.fromisoformat(moment)
            if start.tzinfo is None:
                raise ValueError("no offset")
            return start, str(uuid.UUID(event_id))
        except (binascii.Error, ValueError):
            self.refuse("page_token", "must be the next_page_token of the page before")
            return None

    def notice_page(self, token: str) -> int:
        """Where a page of notices goes on; beyond the newest where there is no token."""
        if not token:
            return _NEWEST
        if not re.fullmatch(r"[0-9]{1,18}", token):
            self.refuse("page_token", "must be the next_page_token of the page before")
        return int(token) if token.isdecimal() and len(token) <= _LONGEST_TOKEN else _NEWEST

    def task_page(self, token: str) -> int:
        """Where a page of tasks goes on."""
        if not token:
            return 0
        if not re.fullmatch(r"[0-9]{1,9}", token):
            self.refuse("page_token", "must be the next_page_token of the page before")
            return 0
        return int(token)


def event_page_token(start: datetime, event_id: str) -> str:
    """What `Checks.event_page` reads."""
    return base64.urlsafe_b64encode(f"{start.isoformat()} {event_id}".encode()).decode()
