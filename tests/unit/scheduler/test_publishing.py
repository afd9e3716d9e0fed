"""What is given away fits into one answer, whatever people wrote into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import icalendar

from services.scheduler.domain.item import Event, Task
from services.scheduler.domain.preferences import Preferences
from services.scheduler.usecases.publishing import LARGEST, Publishing
from tests.unit.scheduler.calendars import LISBON, NOW, USER, event, schedule


class Shelf:
    """The part of a book that publishing reads."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._events = events

    async def preferences(self, user_id: str) -> Preferences:
        return LISBON

    async def events(
        self, user_id: str, *, cancelled: bool, after: Any, limit: int
    ) -> Sequence[Event]:
        return self._events if after is None else ()

    async def tasks(self, user_id: str, **_given: Any) -> Sequence[Task]:
        return ()


class StoppedClock:
    def now(self) -> datetime:
        return NOW


def publishing(events: Sequence[Event]) -> Publishing:
    shelf: Any = Shelf(events)
    return Publishing(
        shelf, shelf, clock=StoppedClock(), token_key=b"t" * 32, hash_key=b"h" * 32, url="x/"
    )


async def test_a_calendar_that_is_too_large_for_an_answer_keeps_what_comes_last() -> None:
    notes = "ü" * 2000
    # Each 4 kB and a little.
    many = [
        event(f"{number}", schedule("2026-11-30T09:00"), number, notes=notes)
        for number in range(499)
    ]
    whole = await publishing(many[:10]).export(USER)
    assert (whole.events, whole.has_more) == (10, False)
    doubled = [replace(each, notes=notes * 2, title="ü" * 500) for each in many]
    cut = await publishing(doubled).export(USER)
    assert len(cut.content) <= LARGEST
    assert cut.has_more
    components = icalendar.Calendar.from_ical(cut.content).walk("VEVENT")
    assert 0 < cut.events == len(components) < len(doubled)
    last = components[-1]["X-HARK-ID"]
    assert str(last) == doubled[-1].event_id
