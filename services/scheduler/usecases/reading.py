"""Looking things up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from chassis.clock import Clock
from services.scheduler.domain.confirmation import occurrence_text, time_text
from services.scheduler.domain.errors import invalid
from services.scheduler.domain.item import Event, Item, item_id
from services.scheduler.domain.preferences import Preferences
from services.scheduler.domain.schedule import between
from services.scheduler.domain.wording import is_locale
from services.scheduler.domain.zone import day_bounds, is_zone
from services.scheduler.ports import Book

LONGEST_AGENDA_DAYS = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An item as its person reads it."""

    item: Item
    preferences: Preferences
    time_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One occurrence in an agenda."""

    shown: Shown
    start_time: datetime
    time_text: str


class Reading:
    """Reads events, tasks, agendas and preferences."""

    def __init__(self, book: Book, clock: Clock) -> None:
        self._book = book
        self._clock = clock

    async def shown(self, items: Sequence[Item], preferences: Preferences) -> Sequence[Shown]:
        """Items with the times that their person reads."""
        now = self._clock.now()
        return [_shown(item, preferences, now) for item in items]

    async def event(self, user_id: str, event_id: str) -> Shown:
        """One event. Raises EventNotFound."""
        event = await self._book.event(user_id, event_id)
        return _shown(event, await self._book.preferences(user_id), self._clock.now())

    async def task(self, user_id: str, task_id: str) -> Shown:
        """One task. Raises TaskNotFound."""
        task = await self._book.task(user_id, task_id)
        return _shown(task, await self._book.preferences(user_id), self._clock.now())

    async def events(
        self, user_id: str, *, cancelled: bool, after: tuple[datetime, str] | None, limit: int
    ) -> tuple[Sequence[Shown], bool]:
        """Events by start, and whether there are more."""
        found = await self._book.events(user_id, cancelled=cancelled, after=after, limit=limit + 1)
        preferences = await self._book.preferences(user_id)
        return await self.shown(found[:limit], preferences), len(found) > limit

    async def tasks(
        self, user_id: str, *, list_name: str, completed: bool, after: int, limit: int
    ) -> tuple[Sequence[Shown], bool]:
        """Tasks by number, and whether there are more."""
        found = await self._book.tasks(
            user_id, list_name=list_name, completed=completed, after=after, limit=limit + 1
        )
        preferences = await self._book.preferences(user_id)
        return await self.shown(found[:limit], preferences), len(found) > limit

    async def agenda(
        self, user_id: str, first: date, last: date, *, limit: int
    ) -> tuple[Sequence[Line], bool]:
        """What stands on the days from `first` to `last`, by time, and whether there is more."""
        if last < first:
            raise invalid("end_date", "must not be before start_date")
        if (last - first).days > LONGEST_AGENDA_DAYS:
            raise invalid("end_date", f"must be within {LONGEST_AGENDA_DAYS} days of start_date")
        preferences = await self._book.preferences(user_id)
        start, end = day_bounds(first, last, preferences.time_zone)
        items = await self._book.standing(user_id, start, end)
        stands = [
            (moment, item_id(item), item)
            for item in items
            for moment in islice(_starts(item, start, end), limit + 1)
        ]
        stands.sort(key=lambda stand: stand[:2])
        now = self._clock.now()
        lines = [
            Line(
                shown=_shown(item, preferences, now),
                start_time=moment,
                time_text=occurrence_text(
                    item, moment, preferences, now, is_day_known=first == last
                ),
            )
            for moment, _, item in stands[:limit]
        ]
        return lines, len(stands) > limit

    async def preferences(
        self, user_id: str, *, time_zone_guess: str, locale_guess: str
    ) -> Preferences:
        """How the person likes to be served; guesses are kept where nothing is known.

        A guess that is no zone or no locale is none.
        """
        time_zone = time_zone_guess if is_zone(time_zone_guess) else ""
        locale = locale_guess if is_locale(locale_guess) else ""
        if not time_zone and not locale:
            return await self._book.preferences(user_id)
        return await self._book.guess(
            user_id, time_zone=time_zone, locale=locale, now=self._clock.now()
        )


def _shown(item: Item, preferences: Preferences, now: datetime) -> Shown:
    return Shown(item=item, preferences=preferences, time_text=time_text(item, preferences, now))


def _starts(item: Item, start: datetime, end: datetime) -> Iterator[datetime]:
    """When an item stands in [start, end); a task, from where it is due now."""
    if item.schedule is None:
        return
    if isinstance(item, Event):
        yield from between(item.schedule, start, end)
        return
    if item.due_time is None:
        return
    if start <= item.due_time < end:
        yield item.due_time
    if item.schedule.recurrence:
        since = max(start, item.due_time + timedelta(microseconds=1))
        yield from between(item.schedule, since, end)
