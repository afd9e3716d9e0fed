"""Cuts an iCalendar file into its events, within bounds, before anything is parsed.

Lines are unfolded and everything but the few properties that Hark reads is dropped here, so that
attachments, nesting and other surprises never reach a parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.scheduler.domain.errors import CalendarUnreadable

LARGEST = 1024 * 1024
MOST_LINES = 60_000
MOST_EVENTS = 500
_DEEPEST = 8
_LONGEST_LINE = 16_384
_LARGEST_EVENT = 65_536
_KEPT = frozenset(
    {
        "UID",
        "DTSTART",
        "DTEND",
        "DURATION",
        "RRULE",
        "RDATE",
        "EXDATE",
        "RECURRENCE-ID",
        "SUMMARY",
        "LOCATION",
        "DESCRIPTION",
        "STATUS",
        "ATTENDEE",
        "TRIGGER",
        "X-HARK-ID",
    }
)
_NAME = re.compile(r"[A-Za-z0-9-]+")
# The parser would look zones up by whatever name a stranger gave; `incoming` knows better.
ZONE = "X-ZONE"
_ZONE = re.compile(r";TZID=", re.IGNORECASE)
_TIMES = frozenset({"DTSTART", "DTEND", "RDATE", "EXDATE", "RECURRENCE-ID"})
# What is no event and no part of the calendar's own description.
_OTHERS = frozenset({"VTODO", "VJOURNAL", "VFREEBUSY"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """The events of a file, each a text of its own; and how much was left out."""

    events: tuple[str, ...]
    others: int = 0
    too_many: int = 0
    malformed: int = 0


@dataclass(slots=True)
class _Open:
    """An event that has begun; `size` in characters."""

    lines: list[str]
    depth: int
    size: int = 0
    is_broken: bool = False

    def add(self, line: str) -> None:
        self.size += len(line)
        self.is_broken |= self.size > _LARGEST_EVENT or len(line) > _LONGEST_LINE
        if not self.is_broken:
            self.lines.append(line)


def scanned(content: bytes) -> Scanned:
    """The events of a file. Raises CalendarUnreadable for what is none, or is too large."""
    if len(content) > LARGEST:
        raise CalendarUnreadable(metadata={"limit": str(LARGEST)})
    text = content.decode("utf-8-sig", errors="replace").replace("\x00", "")
    lines = _unfolded(text)
    if next(lines, "").strip().upper() != "BEGIN:VCALENDAR":
        raise CalendarUnreadable
    return _Scan().run(lines)


class _Scan:
    def __init__(self) -> None:
        self._stack = ["VCALENDAR"]
        self._event: _Open | None = None
        self._events: list[str] = []
        self._others = self._too_many = self._malformed = 0

    def run(self, lines: Iterator[str]) -> Scanned:
        for line in lines:
            key, _, value = line.partition(":")
            upper = key.upper()
            if upper == "BEGIN":
                self._begin(value.strip().upper())
            elif upper == "END":
                self._end(value.strip().upper())
            elif self._event is not None:
                self._property(line)
        # A file that ends in the middle of something was cut off on its way.
        self._malformed += self._event is not None
        return Scanned(
            events=tuple(self._events),
            others=self._others,
            too_many=self._too_many,
            malformed=self._malformed,
        )

    def _begin(self, name: str) -> None:
        self._stack.append(name)
        if len(self._stack) > _DEEPEST:
            raise CalendarUnreadable
        if self._event is None and name == "VEVENT":
            self._event = _Open([], len(self._stack))
        elif self._event is not None and name == "VALARM":
            self._event.add("BEGIN:VALARM")
        elif self._event is None and name in _OTHERS:
            self._others += 1

    def _end(self, name: str) -> None:
        if not self._stack or self._stack[-1] != name:
            raise CalendarUnreadable
        event = self._event
        if event is not None and len(self._stack) == event.depth:
            self._close(event)
        elif event is not None and name == "VALARM":
            event.add("END:VALARM")
        self._stack.pop()
        if not self._stack:
            # Several calendars may stand in one file.
            self._stack = []

    def _close(self, event: _Open) -> None:
        self._event = None
        if event.is_broken:
            self._malformed += 1
        elif len(self._events) == MOST_EVENTS:
            self._too_many += 1
        else:
            text = "\r\n".join(("BEGIN:VEVENT", *event.lines, "END:VEVENT", ""))
            self._events.append(text)

    def _property(self, line: str) -> None:
        event = self._event
        if event is None:
            return
        name = _NAME.match(line)
        in_alarm = len(self._stack) > event.depth
        if name is None or name[0].upper() not in _KEPT:
            return
        if in_alarm and (self._stack[-1] != "VALARM" or name[0].upper() != "TRIGGER"):
            return
        if name[0].upper() in _TIMES:
            line = _ZONE.sub(f";{ZONE}=", line, count=1)
        event.add(line)


def _unfolded(text: str) -> Iterator[str]:
    """Content lines: one that begins with a blank goes on with the line before."""
    current: list[str] = []
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text)):
        if number > MOST_LINES:
            raise CalendarUnreadable(metadata={"limit": str(MOST_LINES)})
        if line[:1] in (" ", "\t"):
            current.append(line[1:])
            continue
        if current:
            yield "".join(current)
        current = [line] if line.strip() else []
    if current:
        yield "".join(current)
