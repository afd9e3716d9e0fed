"""Port `Book` over Postgres: one statement to look, one to write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import orjson
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.crypto import Unreadable
from db.engine import autocommit, raw
from db.sealed import PersonKeys, PersonSeal, context
from services.scheduler.domain.errors import EventNotFound, TaskNotFound
from services.scheduler.domain.inverse import Undoable
from services.scheduler.domain.item import Event, Item, Task
from services.scheduler.domain.notice import Notice
from services.scheduler.domain.notice import request_id as notice_request_id
from services.scheduler.domain.plan import Plan, State
from services.scheduler.domain.preferences import Preferences
from services.scheduler.domain.remark import Remark
from services.scheduler.ports import Done, Overtaken, Span, Wanted, Written
from services.scheduler.storage import codec, columns, rows, settings, statements

_MOST_FOUND = 500
_MOST_STANDING = 1000
_MOST_ERASURES = 10_000
_BEFORE_ALL = (datetime(1, 1, 1, tzinfo=UTC), "00000000-0000-0000-0000-000000000000")

Opened = TypeVar("Opened", Task, Event)


class StoredBook:
    """Everybody's things; every statement is a transaction of its own."""

    def __init__(self, engine: AsyncEngine, keys: PersonKeys, *, list_hash_key: bytes) -> None:
        self._engine = autocommit(engine)
        self._keys = keys
        self._list_hash_key = list_hash_key
        # Of those who came back: the end of the life before, as of the key at hand.
        self._erasures: dict[str, datetime] = {}

    async def look_up(self, user_id: str, request_id: str) -> tuple[State, Done | None]:
        """The person's state, and what this request did if it came before."""
        (row,) = await self._fetch(statements.LOOK_UP, user_id, request_id)
        self._notice_erasure(user_id, row["erase_time"])
        if row["result"] is not None:
            return State(user_id=user_id), await self._done(row, request_id)
        return _state(user_id, row), None

    async def undoable(self, user_id: str, change_request_id: str) -> Undoable | None:
        """The last change that was not taken back; or that one, where it was."""
        found = await self._fetch(statements.UNDOABLE, user_id, change_request_id or None)
        seal = await self._seal(user_id, found)
        if seal is None:
            return None
        known = [_undoable(row, seal) for row in found]
        named = [each for each in known if each.is_undone]
        return named[0] if named else max(known, key=lambda each: each.inverse.version)

    async def find(self, user_id: str, wanted: Wanted, now: datetime) -> Sequence[Item]:
        """The items that a change may be about, newest first."""
        ids = list(wanted.ids)
        tasks = await self._fetch(
            statements.FIND_TASKS,
            user_id,
            wanted.open or wanted.apart,
            wanted.completed,
            wanted.anchored,
            list(wanted.numbers),
            ids,
            _MOST_FOUND,
        )
        events: Sequence[Any] = ()
        if wanted.open or wanted.anchored or wanted.apart or ids:
            events = await self._fetch(
                statements.FIND_EVENTS,
                user_id,
                wanted.open or wanted.apart,
                wanted.anchored,
                ids,
                now,
                _MOST_FOUND,
            )
        return [*await self._tasks(user_id, tasks), *await self._events(user_id, events)]

    async def write(
        self,
        plan: Plan,
        *,
        before: State,
        notices: Sequence[Notice],
        remarks: Sequence[Remark],
        request_id: str,
        body_hash: bytes,
        now: datetime,
    ) -> Written | None:
        """Writes all of it, if the state is still `before`."""
        user_id, after = before.user_id, plan.state
        # Outside of the write: a key is durable before anything is sealed with it.
        seal = await self._keys.seal_for(user_id)
        result = seal.seal(
            codec.encode(plan.results, after.preferences, remarks),
            context(rows.CHANGES, "result", request_id),
        )
        inverse = None
        if plan.inverse is not None and not plan.inverse.is_empty:
            inverse = seal.seal(
                codec.encode_inverse(plan.inverse), context(rows.CHANGES, "inverse", request_id)
            )
        gone, *going = columns.of_withdrawals(plan.withdrawals)
        tasks = [item for item in plan.items if isinstance(item, Task)]
        events = [item for item in plan.items if isinstance(item, Event)]
        found = await self._fetch(
            statements.WRITE,
            user_id,
            before.version,
            after.preferences.time_zone,
            not after.preferences.is_guess,
            after.preferences.locale,
            rows.seconds(after.preferences.reminder_leads),
            after.last_task_number,
            after.last_item_id or None,
            now,
            request_id,
            body_hash,
            result,
            gone,
            *columns.of_events(events, seal),
            *columns.of_tasks(tasks, seal, self._list_hash_key),
            *columns.of_notices(notices, seal),
            orjson.dumps(settings.settings(after.preferences)).decode(),
            *going,
            inverse,
            plan.undone or None,
            list(plan.reopened),
        )
        if not found:
            return None
        return Written(
            overtaken=[
                Overtaken(
                    request_id=notice_request_id(str(row["notice_id"]), row["occurrence"]),
                    is_recent=row["is_recent"],
                )
                for row in found
                if row["notice_id"] is not None
            ]
        )

    async def guess(
        self, user_id: str, *, time_zone: str, locale: str, now: datetime
    ) -> Preferences:
        """Keeps guesses where nothing is known yet; looks first, because mostly all is known."""
        rows_found = await self._fetch(statements.PREFERENCES, user_id)
        known = rows.preferences_of(rows_found[0]) if rows_found else Preferences()
        is_known = bool(rows_found) and (not known.is_guess or known.time_zone != "UTC")
        if is_known or (rows_found and not time_zone):
            return known
        await self._fetch(
            statements.GUESS,
            user_id,
            time_zone or known.time_zone,
            locale or known.locale,
            rows.seconds(known.reminder_leads),
            now,
        )
        return await self.preferences(user_id)

    async def preferences(self, user_id: str) -> Preferences:
        """The preferences; the default ones where nothing is known."""
        found = await self._fetch(statements.PREFERENCES, user_id)
        return rows.preferences_of(found[0]) if found else Preferences()

    async def event(self, user_id: str, event_id: str) -> Event:
        """One event. Raises EventNotFound."""
        found = await self._events(user_id, await self._fetch(statements.EVENT, user_id, event_id))
        if not found:
            raise EventNotFound(metadata={"event_id": event_id})
        return found[0]

    async def task(self, user_id: str, task_id: str) -> Task:
        """One task. Raises TaskNotFound."""
        found = await self._tasks(user_id, await self._fetch(statements.TASK, user_id, task_id))
        if not found:
            raise TaskNotFound(metadata={"task_id": task_id})
        return found[0]

    async def events(
        self,
        user_id: str,
        *,
        cancelled: bool,
        after: tuple[datetime, str] | None,
        limit: int,
        span: Span = (None, None),
    ) -> Sequence[Event]:
        """Events by (start, id), from after that on, that stand in a span."""
        start, event_id = after or _BEFORE_ALL
        return await self._events(
            user_id,
            await self._fetch(statements.EVENTS, user_id, cancelled, start, event_id, limit, *span),
        )

    async def tasks(
        self, user_id: str, *, list_name: str, completed: bool, after: int, limit: int
    ) -> Sequence[Task]:
        """Tasks by number, from after that on; of all lists where the name is empty."""
        key = rows.list_key(self._list_hash_key, user_id, list_name) if list_name else None
        found = await self._fetch(statements.TASKS, user_id, key, completed, after, limit)
        return await self._tasks(user_id, found)

    async def standing(self, user_id: str, start: datetime, end: datetime) -> Sequence[Item]:
        """Open items that may stand in [start, end), at most 1,000 of each kind."""
        arguments = (user_id, start, end, _MOST_STANDING)
        events = await self._fetch(statements.STANDING_EVENTS, *arguments)
        tasks = await self._fetch(statements.STANDING_TASKS, *arguments)
        return [*await self._events(user_id, events), *await self._tasks(user_id, tasks)]

    async def _done(self, row: Any, request_id: str) -> Done:
        owner = row["change_user_id"]
        seal = (await self._keys.existing([owner])).get(owner)
        if seal is None:
            # Erased since: the request is known, its answer is not any more.
            return Done(body_hash=b"", results=(), preferences=Preferences())
        stored = seal.open(row["result"], context(rows.CHANGES, "result", request_id))
        results, preferences, remarks = codec.decode(stored)
        return Done(
            body_hash=row["body_hash"], results=results, preferences=preferences, remarks=remarks
        )

    def _notice_erasure(self, user_id: str, erase_time: datetime | None) -> None:
        """Drops the key of a life that has ended: another replica may have erased it.

        What is sealed from then on is sealed under the key of the new one.
        """
        if erase_time is None or self._erasures.get(user_id) == erase_time:
            return
        self._keys.forget([user_id])
        self._erasures[user_id] = erase_time
        while len(self._erasures) > _MOST_ERASURES:
            self._erasures.pop(next(iter(self._erasures)))

    async def _tasks(self, user_id: str, found: Sequence[Any]) -> Sequence[Task]:
        return await self._opened(user_id, found, rows.task_of)

    async def _events(self, user_id: str, found: Sequence[Any]) -> Sequence[Event]:
        return await self._opened(user_id, found, rows.event_of)

    async def _opened(
        self, user_id: str, found: Sequence[Any], read: Callable[[Any, PersonSeal], Opened]
    ) -> Sequence[Opened]:
        seal = await self._seal(user_id, found)
        if seal is None:
            return []
        try:
            return [read(row, seal) for row in found]
        except Unreadable:
            # The key at hand may be that of a life that another replica erased.
            self._keys.forget([user_id])
            fresh = await self._seal(user_id, found)
            return [read(row, fresh) for row in found] if fresh else []

    async def _seal(self, user_id: str, found: Sequence[Any]) -> PersonSeal | None:
        """The person's seal; without a key they were erased, and what is left says nothing."""
        return (await self._keys.existing([user_id])).get(user_id) if found else None

    async def _fetch(self, statement: str, *arguments: Any) -> Sequence[Any]:
        async with self._engine.connect() as connection:
            driver = await raw(connection)
            found: Sequence[Any] = await driver.fetch(statement, *arguments)
            return found


def _state(user_id: str, row: Any) -> State:
    if row["version"] is None:
        return State(user_id=user_id)
    return State(
        user_id=user_id,
        preferences=rows.preferences_of(row),
        last_task_number=row["last_task_number"],
        last_item_id=str(row["last_item_id"] or ""),
        version=row["version"],
        erase_time=row["erase_time"],
    )


def _undoable(row: Any, seal: PersonSeal) -> Undoable:
    request_id = str(row["request_id"])
    stored = seal.open(row["inverse"], context(rows.CHANGES, "inverse", request_id))
    return Undoable(
        request_id=request_id,
        create_time=row["create_time"],
        inverse=codec.decode_inverse(stored),
        is_undone=row["undone_by"] is not None,
    )
