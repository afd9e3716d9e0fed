"""A scheduler's use cases over a real Postgres, driven step by step, and the model beside it.

The model knows alarms only: what must be said at which instant. It shares no code with what it
models: one-off and daily things of one person whose clock is UTC.
"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from chassis.crypto import Keyring, derive
from chassis.ids import new_id
from db.engine import open_engine
from db.sealed import PersonKeys
from db.tables.scheduler import person_keys
from services.scheduler.domain.change import Change
from services.scheduler.ports import Accepted, Cancellation, Handover, Telling
from services.scheduler.storage.book import StoredBook
from services.scheduler.storage.notices import StoredNotices, notice_queue
from services.scheduler.storage.records import StoredRecords
from services.scheduler.usecases.applying import Applied, Applying, Request
from services.scheduler.usecases.delivering import Delivering
from services.scheduler.usecases.routines import Routines

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LEAD = timedelta(minutes=10)
DAY = timedelta(days=1)


class Crashed(Exception):
    """The worker is gone, in the middle of what it did."""


@dataclass
class Clock:
    moment: datetime = START

    def now(self) -> datetime:
        return self.moment


@dataclass
class Silent:
    """Ports that nobody looks at."""

    def ring(self) -> None: ...

    def applied(self, *_: Any) -> None: ...

    def handed_over(self, *_: Any) -> None: ...

    def not_taken_back(self, *_: Any) -> None: ...

    async def tell(self, *_: Any, **__: Any) -> None: ...


@dataclass
class Recorder:
    """Port `Notifier`: takes each request id once; may lose its answer."""

    clock: Clock
    taken: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    crash: str = ""

    async def hand_over(self, tellings: Sequence[Telling], now: datetime) -> Sequence[Handover]:
        if self.crash == "before":
            raise Crashed
        for telling in tellings:
            if telling.notice.occurrence is not None:
                title = telling.contents[0].parameters["title"]
                assert telling.notice.due_time <= self.clock.now(), "early"
                key = telling.notice.request_id
                self.taken.setdefault(key, (title, telling.notice.due_time))
        if self.crash == "after":
            raise Crashed
        return [Accepted()] * len(tellings)

    async def cancel(self, request_id: str) -> Cancellation:
        return Cancellation.STARTED if request_id in self.taken else Cancellation.UNKNOWN


class System:
    """The use cases of one scheduler, for one person at a time."""

    def __init__(self, url: str) -> None:
        self.clock = Clock()
        self.engine = open_engine(url, application_name="machine", pool_size=4)
        self.keys = PersonKeys(self.engine, person_keys, Keyring([("k", b"k" * 32)]))
        self.notifier = Recorder(self.clock)
        book = StoredBook(self.engine, self.keys, list_hash_key=derive(b"h" * 32, "lists"))
        self.notices = StoredNotices(self.engine, self.keys)
        self.queue = notice_queue(self.engine)
        silent: Any = Silent()
        self.applying = Applying(
            book,
            self.notifier,
            bell=silent,
            events=silent,
            clock=self.clock,
            hash_key=derive(b"h" * 32, "requests"),
            most_a_day=24,
        )
        routines = Routines(book, self.notices, self.notifier, silent, events=silent, rng=Random(1))
        self.delivering = Delivering(
            self.notices, self.notifier, routines, events=silent, clock=self.clock, rng=Random(1)
        )
        self.records = StoredRecords(self.engine, self.keys, self.clock)
        self.user_id = ""

    async def begin(self) -> None:
        self.user_id, self.clock.moment = new_id(), START
        self.notifier.taken.clear()

    async def end(self) -> None:
        await self.records.erase(self.user_id, generation=1, until=self.clock.now())

    async def close(self) -> None:
        await self.queue.close()
        await self.engine.dispose()

    async def says(self, change: Change, *, twice: bool = False) -> Applied:
        request = Request(
            user_id=self.user_id,
            request_id=new_id(),
            body=repr(change).encode(),
            said=self.clock.now(),
            changes=(change,),
        )
        applied = await self.applying.change(request)
        if twice:
            again = await self.applying.change(request)
            assert again.results == applied.results
        return applied

    async def drain(self, crash: str = "") -> None:
        """Works off what is due; or begins to, and crashes."""
        self.notifier.crash = crash
        while True:
            claims = await self.queue.claim(100, self.clock.now())
            if not claims:
                return
            try:
                outcomes = await self.delivering.deliver(await self.notices.alarms(claims))
                if crash == "settle":
                    raise Crashed
            except Crashed:
                # What its lease running out does, without the wait.
                await self.queue.release(claims)
                return
            finally:
                self.notifier.crash = ""
            await self.queue.finish(list(zip(claims, outcomes, strict=True)), self.clock.now())

    def fired(self) -> list[tuple[str, datetime]]:
        return sorted(self.notifier.taken.values())


@dataclass(frozen=True, order=True)
class Alarm:
    """One thing to be said."""

    title: str
    occurrence: datetime
    due: datetime
    is_snooze: bool = False
    version: int = 1


@dataclass
class Thing:
    """A task or an event as the model sees it; `first` is where it begins, or stands."""

    title: str
    first: datetime
    is_daily: bool
    is_task: bool
    excluded: set[datetime] = field(default_factory=set)
    is_open: bool = True
    version: int = 1

    def reminder(self, occurrence: datetime) -> datetime:
        return occurrence if self.is_task else occurrence - LEAD

    def next_after(self, since: datetime, after: datetime | None = None) -> Alarm | None:
        """The first reminder not before `since`, of an occurrence later than `after`."""
        occurrence = self.first
        while True:
            fits = after is None or occurrence > after
            if fits and occurrence not in self.excluded and self.reminder(occurrence) >= since:
                due = self.reminder(occurrence)
                return Alarm(self.title, occurrence, due, version=self.version)
            if not self.is_daily or occurrence > since + 400 * DAY:
                return None
            occurrence += DAY


@dataclass
class Before:
    """What takes a change of the model back."""

    time: datetime
    things: dict[str, Thing | None]
    withdrawn: set[Alarm] = field(default_factory=set)
    snoozes: set[Alarm] = field(default_factory=set)


class Model:
    """What must be said, and what was."""

    def __init__(self) -> None:
        self.things: dict[str, Thing] = {}
        self.alarms: set[Alarm] = set()
        self.known: set[Alarm] = set()
        self.fired: list[tuple[str, datetime]] = []
        self.history: list[Before] = []

    def begin(self, now: datetime, *titles: str) -> Before:
        before = Before(now, {title: copy.deepcopy(self.things.get(title)) for title in titles})
        self.history.append(before)
        return before

    def withdraw(self, before: Before, takes: Callable[[Alarm], bool]) -> None:
        gone = {alarm for alarm in self.alarms if takes(alarm)}
        before.withdrawn |= gone
        self.alarms -= gone

    def add(self, alarm: Alarm | None) -> None:
        """Each reminder of a series fires once, however often it is asked for."""
        if alarm is not None and (alarm.title, alarm.version, alarm.occurrence) not in self._told():
            self.alarms.add(alarm)

    def _told(self) -> set[tuple[str, int, datetime]]:
        return {(a.title, a.version, a.occurrence) for a in self.known if not a.is_snooze}

    def drain(self, now: datetime) -> None:
        while due := sorted(alarm for alarm in self.alarms if alarm.due <= now):
            for alarm in due:
                self.alarms.discard(alarm)
                self.known.add(alarm)
                self.fired.append((alarm.title, alarm.due))
                thing = self.things[alarm.title]
                if thing.is_daily and not alarm.is_snooze:
                    tick = timedelta(microseconds=1)
                    self.add(thing.next_after(now + tick, alarm.occurrence))

    def undo(self, now: datetime) -> bool:
        """Whether there was something to take back."""
        if not self.history or now - self.history[-1].time > timedelta(minutes=10):
            return False
        before = self.history.pop()
        for title, thing in before.things.items():
            if thing is None:
                self.things[title].is_open = False
                self.alarms = {alarm for alarm in self.alarms if alarm.title != title}
                continue
            version = thing.version
            self.alarms = {a for a in self.alarms if a.title != title or a.version == version}
            thing.version = version
            self.things[title] = thing
        self.alarms -= before.snoozes
        self.alarms |= before.withdrawn
        return True


def run(loop: asyncio.AbstractEventLoop, step: Any) -> Any:
    """One step of the system, from a test that is not a coroutine."""
    return asyncio.run_coroutine_threadsafe(step, loop).result(60)
