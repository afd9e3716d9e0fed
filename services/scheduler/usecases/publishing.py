"""Giving calendars away: as a file, and as a feed that calendar programs read again and again."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.clock import Clock
from chassis.crypto import keyed_hash
from services.scheduler.domain.errors import CalendarFeedNotFound
from services.scheduler.domain.ical.outgoing import FORMAT, calendar
from services.scheduler.domain.item import Event, Item, Task
from services.scheduler.ports import Book, Feed, Feeds

MOST_EVENTS, MOST_TASKS = 2000, 1000
# What one answer over gRPC may carry is 4 MiB, and writing a MiB takes a second.
LARGEST = 2 * 1024 * 1024
# What an item takes beside its words: names of properties, times, alarms.
_FRAME = 900
# A feed shows what was and what comes, not everything that ever was.
_FEED_PAST = timedelta(days=92)
_FEED_FUTURE = timedelta(days=50 * 366)
_PAGE = 500
_TOKEN_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A calendar file."""

    content: bytes
    events: int
    tasks: int
    has_more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """A feed and what opens it."""

    feed: Feed
    token: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a reader gets; no content where they have it already."""

    etag: str
    content: bytes | None


class Publishing:
    """Writes calendars; `url` is where ingress serves them, with a slash at its end.

    A token is made from the request that asks for it and a key, so that a repeat gets the same one
    although none is stored.
    """

    def __init__(
        self, book: Book, feeds: Feeds, *, clock: Clock, token_key: bytes, hash_key: bytes, url: str
    ) -> None:
        self._book = book
        self._feeds = feeds
        self._clock = clock
        self._token_key = token_key
        self._hash_key = hash_key
        self._url = url
        # Writing a large one is work: one at a time, away from the event loop.
        self._turn = asyncio.Lock()

    async def export(self, user_id: str) -> Exported:
        """All open events and due tasks."""
        events = await self._events(user_id)
        tasks = await self._tasks(user_id)
        items: list[Item] = [*tasks[:MOST_TASKS], *events[:MOST_EVENTS]]
        content, written = await self._written(user_id, items)
        return Exported(
            content=content,
            events=sum(isinstance(item, Event) for item in written),
            tasks=sum(isinstance(item, Task) for item in written),
            has_more=len(written) < len(events) + len(tasks),
        )

    async def create_feed(self, user_id: str, request_id: str) -> Created:
        """A new feed; the one before stops to work. Raises RequestIdReused."""
        secret = keyed_hash(
            self._token_key, f"{user_id}\x1f{request_id}".encode(), size=_TOKEN_BYTES
        )
        token = base64.urlsafe_b64encode(secret).decode().rstrip("=")
        feed = await self._feeds.create(
            user_id, self._hash(token), request_id=request_id, now=self._clock.now()
        )
        return Created(feed=feed, token=token, url=f"{self._url}{token}.ics")

    async def feed(self, user_id: str) -> Feed:
        """The person's feed. Raises CalendarFeedNotFound."""
        return await self._feeds.get(user_id)

    async def revoke_feed(self, user_id: str) -> Feed:
        """Ends the person's feed. Raises CalendarFeedNotFound."""
        return await self._feeds.revoke(user_id, now=self._clock.now())

    async def read_feed(self, token: str, etag: str) -> Page:
        """What the token opens. Raises CalendarFeedNotFound."""
        if not _TOKEN.fullmatch(token):
            raise CalendarFeedNotFound
        now = self._clock.now()
        reader = await self._feeds.read(self._hash(token), now=now)
        # The window moves with the days, so the content does too.
        state = f"{reader.user_id}\x1f{reader.version}\x1f{now:%Y-%m-%d}\x1f{FORMAT}"
        current = keyed_hash(self._hash_key, state.encode()).hex()
        if etag == current:
            return Page(etag=current, content=None)
        items = await self._book.standing(reader.user_id, now - _FEED_PAST, now + _FEED_FUTURE)
        content, _ = await self._written(reader.user_id, items)
        return Page(etag=current, content=content)

    def _hash(self, token: str) -> bytes:
        return keyed_hash(self._hash_key, token.encode(), size=_TOKEN_BYTES)

    async def _written(self, user_id: str, items: Sequence[Item]) -> tuple[bytes, Sequence[Item]]:
        """The file, and what is in it: the first ones are left out where all would be too large."""
        preferences = await self._book.preferences(user_id)
        kept = _fitting(items)
        async with self._turn:
            content = await asyncio.to_thread(calendar, kept, preferences, self._clock.now())
        return content, kept

    async def _events(self, user_id: str) -> Sequence[Event]:
        found: list[Event] = []
        after: tuple[datetime, str] | None = None
        while len(found) <= MOST_EVENTS:
            page = await self._book.events(user_id, cancelled=False, after=after, limit=_PAGE)
            found.extend(page)
            if len(page) < _PAGE:
                break
            after = (page[-1].schedule.instant, page[-1].event_id)
        return found

    async def _tasks(self, user_id: str) -> Sequence[Task]:
        found: list[Task] = []
        after = 0
        while len(found) <= MOST_TASKS:
            page = await self._book.tasks(
                user_id, list_name="", completed=False, after=after, limit=_PAGE
            )
            found.extend(task for task in page if task.due_time is not None)
            if len(page) < _PAGE:
                break
            after = page[-1].number
        return found


def _fitting(items: Sequence[Item]) -> Sequence[Item]:
    """As many as fit into one answer; the first ones are left out."""
    size = 0
    for number, item in enumerate(reversed(items)):
        size += _FRAME + len(_words(item).encode()) * 5 // 4
        if size > LARGEST:
            return items[len(items) - number :]
    return items


def _words(item: Item) -> str:
    if isinstance(item, Task):
        return f"{item.title}{item.title}{item.notes}{item.list_name}"
    # Each alarm and each person has a line, the alarms with the title.
    people = "".join(f"{name:50}" for name in item.participants)
    excluded = " " * 50 * len(item.schedule.excluded)
    return f"{item.title * (1 + len(item.leads))}{item.place}{item.notes}{people}{excluded}"
