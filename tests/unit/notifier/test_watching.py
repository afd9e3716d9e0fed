"""Following notifications, with the ledger in memory and bells that are rung by hand."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from chassis.errors import InvalidArgument
from services.notifier.domain.notification import (
    Notification,
    NotificationNotFound,
    State,
    TooManyWatchers,
    Type,
)
from services.notifier.usecases.watching import MAX_WATCHERS, Watching
from tests.unit.notifier.fakes import ADA, NOW, FakeLedger

MINUTE = timedelta(minutes=1)


class Shelf(FakeLedger):
    """Notifications that a test moves; counts the looks at them."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: dict[str, Notification] = {}
        self.looks: list[set[str]] = []
        self.fails = False

    def put(self, state: State = State.QUEUED) -> str:
        notification_id = str(uuid.uuid4())
        self.shown[notification_id] = Notification(
            notification_id=notification_id,
            user_id=ADA,
            type=Type.TASK_UPDATE,
            kind="task_due",
            state=state,
            state_reason="",
            contents=(),
            reply_to_message_id="",
            request_id=str(uuid.uuid4()),
            create_time=NOW,
            due_time=NOW,
            expire_time=NOW,
        )
        return notification_id

    def move(self, notification_id: str, state: State) -> None:
        self.shown[notification_id] = replace(self.shown[notification_id], state=state)

    async def get(self, *, notification_id: str = "", request_id: str = "") -> Notification:
        if notification_id not in self.shown:
            raise NotificationNotFound
        return self.shown[notification_id]

    async def glance(self, notification_ids: Collection[str]) -> Mapping[str, Notification]:
        self.looks.append(set(notification_ids))
        if self.fails:
            self.fails = False
            raise ConnectionError
        return {each: self.shown[each] for each in notification_ids if each in self.shown}


class HandBell:
    """Rings when it is told to; never by itself."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self.rings = 0

    def ring(self) -> None:
        self.rings += 1
        self._rung.set()

    async def wait(self, timeout: timedelta) -> bool:
        await self._rung.wait()
        self._rung.clear()
        return True


class Post:
    """A `Watching` that runs for as long as the block lasts."""

    def __init__(self) -> None:
        self.shelf, self.bell = Shelf(), HandBell()
        self.watching = Watching(self.shelf, self.bell, ring=self.bell.ring)

    async def __aenter__(self) -> Post:
        self._running = asyncio.create_task(self.watching.run())
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.watching.stop()
        await self._running

    async def states(self, notification_id: str, limit: timedelta = MINUTE) -> list[State]:
        watched = self.watching.watch(notification_id=notification_id, request_id="", limit=limit)
        return [shown.state async for shown in watched]


async def until(condition: Callable[[], bool]) -> None:
    """Lets others run until the condition holds; fails after 20 s."""
    for _look in range(20_000):
        if condition():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("it never came to that")


async def test_a_watch_sees_what_changes_and_ends_when_nothing_can() -> None:
    async with Post() as post:
        notification_id = post.shelf.put()
        states = []
        watched = post.watching.watch(notification_id=notification_id, request_id="", limit=MINUTE)
        async for shown in watched:
            states.append(shown.state)
            step = {State.QUEUED: State.SENT, State.SENT: State.PLAYED}
            if shown.state in step:
                post.shelf.move(notification_id, step[shown.state])
                post.watching.touch()
        assert states == [State.QUEUED, State.SENT, State.PLAYED]


async def test_what_is_over_is_shown_once() -> None:
    async with Post() as post:
        assert await post.states(post.shelf.put(State.CANCELLED)) == [State.CANCELLED]
        assert post.shelf.looks == []


async def test_many_watchers_share_one_look_and_many_changes_one_ring() -> None:
    async with Post() as post:
        ids = [post.shelf.put() for _ in range(20)]
        watches = [asyncio.create_task(post.states(each)) for each in ids]
        await until(lambda: len(post.watching._watchers) == len(ids))
        before = post.bell.rings
        for each in ids:
            post.shelf.move(each, State.CANCELLED)
            post.watching.touch()
        assert post.bell.rings == before + 1
        assert await asyncio.gather(*watches) == [[State.QUEUED, State.CANCELLED]] * 20
        assert set(ids) in post.shelf.looks
        assert len(post.shelf.looks) <= 2


async def test_a_watch_ends_at_its_limit_and_with_the_service() -> None:
    async with Post() as post:
        assert await post.states(post.shelf.put(), timedelta()) == [State.QUEUED]
        watch = asyncio.create_task(post.states(post.shelf.put()))
        await until(lambda: bool(post.watching._watchers))
    assert await watch == [State.QUEUED]


async def test_a_look_that_fails_is_made_again() -> None:
    async with Post() as post:
        notification_id = post.shelf.put()
        watch = asyncio.create_task(post.states(notification_id))
        await until(lambda: any(each.notification_id for each in post.watching._watchers))
        post.shelf.fails = True
        post.watching.touch()
        await until(lambda: bool(post.shelf.looks))
        post.shelf.move(notification_id, State.FAILED)
        post.watching.touch()
        assert await watch == [State.QUEUED, State.FAILED]


async def test_there_is_a_bound_on_watchers_and_nobody_watches_nothing() -> None:
    async with Post() as post:
        notification_id = post.shelf.put()
        watches = [
            post.watching.watch(notification_id=notification_id, request_id="", limit=MINUTE)
            for _ in range(MAX_WATCHERS)
        ]
        for each in watches:
            await anext(each)
        with pytest.raises(TooManyWatchers):
            await post.states(notification_id)
        for each in watches:
            await each.aclose()
        with pytest.raises(NotificationNotFound):
            await post.states(str(uuid.uuid4()))
        with pytest.raises(InvalidArgument):
            await post.states("Ada")
        assert post.watching._watchers == set()
