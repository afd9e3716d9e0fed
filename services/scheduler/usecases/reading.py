"""Looking things up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from chassis.clock import Clock
from services.scheduler.domain.agenda import Period, days_of, stands, told
from services.scheduler.domain.confirmation import occurrence_text, time_text
from services.scheduler.domain.errors import invalid
from services.scheduler.domain.free import FreeTime, Hours, free_times
from services.scheduler.domain.free import time_text as time_text_of
from services.scheduler.domain.free import told as free_told
from services.scheduler.domain.item import Item
from services.scheduler.domain.order import Order, ordered
from services.scheduler.domain.preferences import Preferences
from services.scheduler.domain.wording import is_locale
from services.scheduler.domain.zone import day_bounds, is_zone, to_local
from services.scheduler.ports import Book, Span

LONGEST_AGENDA_DAYS = 366
MOST_ORDERED = 1000
LONGEST_SEARCH_DAYS = 92


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """What stands on some days; `text` says it."""

    lines: Sequence[Line]
    has_more: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A free time to look for; no days are the next seven."""

    length: timedelta
    first: date | None
    last: date | None
    hours: Hours
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Free:
    """Free times, each as its person reads its start; `text` says the first one."""

    times: Sequence[tuple[FreeTime, str]]
    text: str


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
        self,
        user_id: str,
        *,
        cancelled: bool,
        after: tuple[datetime, str] | None,
        limit: int,
        span: Span = (None, None),
    ) -> tuple[Sequence[Shown], bool]:
        """Events by start that stand in a span, and whether there are more."""
        found = await self._book.events(
            user_id, cancelled=cancelled, after=after, limit=limit + 1, span=span
        )
        preferences = await self._book.preferences(user_id)
        return await self.shown(found[:limit], preferences), len(found) > limit

    async def tasks(
        self,
        user_id: str,
        *,
        list_name: str,
        completed: bool,
        after: int,
        limit: int,
        order: Order = Order.NUMBER,
    ) -> tuple[Sequence[Shown], bool]:
        """Tasks in an order, and whether there are more; only by number `after` says something."""
        # What is sealed cannot be ordered by the database.
        most = limit if order is Order.NUMBER else MOST_ORDERED
        found = await self._book.tasks(
            user_id, list_name=list_name, completed=completed, after=after, limit=most + 1
        )
        found = ordered(found, order)
        preferences = await self._book.preferences(user_id)
        return await self.shown(found[:limit], preferences), len(found) > limit

    async def agenda(self, user_id: str, first: date, last: date, *, limit: int) -> Agenda:
        """What stands on the days from `first` to `last`, by time."""
        if last < first:
            raise invalid("end_date", "must not be before start_date")
        if (last - first).days > LONGEST_AGENDA_DAYS:
            raise invalid("end_date", f"must be within {LONGEST_AGENDA_DAYS} days of start_date")
        preferences = await self._book.preferences(user_id)
        start, end = day_bounds(first, last, preferences.time_zone)
        items = await self._book.standing(user_id, start, end)
        found = stands(items, start, end, limit=limit + 1)
        now = self._clock.now()
        lines = [
            Line(
                shown=_shown(stand.item, preferences, now),
                start_time=stand.start,
                time_text=occurrence_text(
                    stand.item, stand.start, preferences, now, is_day_known=first == last
                ),
            )
            for stand in found[:limit]
        ]
        text = told(found, first, last, preferences, now)
        return Agenda(lines=lines, has_more=len(found) > limit, text=text)

    async def days(self, user_id: str, period: Period) -> tuple[date, date]:
        """The first and the last day that the person means by it."""
        preferences = await self._book.preferences(user_id)
        return days_of(period, preferences, self._clock.now())

    async def free_times(self, user_id: str, wanted: Wanted) -> Free:
        """The next times at which nothing takes place."""
        preferences = await self._book.preferences(user_id)
        now = self._clock.now()
        today = to_local(now, preferences.time_zone).date()
        first = max(wanted.first or today, today)
        last = wanted.last or first + timedelta(days=6)
        if not timedelta() <= last - first <= timedelta(days=LONGEST_SEARCH_DAYS):
            raise invalid("end_date", f"must be within {LONGEST_SEARCH_DAYS} days from today on")
        # A day more at each end: what stands there may reach in.
        start, end = day_bounds(first, last, preferences.time_zone)
        items = await self._book.standing(user_id, start - timedelta(days=1), end)
        free = free_times(
            items,
            first,
            last,
            wanted.hours,
            length=wanted.length,
            time_zone=preferences.time_zone,
            now=now,
        )
        found = list(islice(free, wanted.limit))
        return Free(
            times=[(each, time_text_of(each, preferences, now)) for each in found],
            text=free_told(found[0] if found else None, preferences, now),
        )

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
