"""Taking over what stands in another calendar."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.clock import Clock
from chassis.crypto import keyed_hash
from chassis.errors import RequestIdReused
from services.scheduler.domain.ical.incoming import Skip
from services.scheduler.domain.ical.taking import Read, Taken, read, taken
from services.scheduler.domain.item import Event
from services.scheduler.domain.notice import Notice, Withdrawal, reminders
from services.scheduler.domain.preferences import Preferences
from services.scheduler.domain.state import Plan, State
from services.scheduler.domain.wording import counted, voice_of
from services.scheduler.ports import Bell, Book, Done, Events, Wanted
from services.scheduler.usecases.applying import Busy

_TRIES = 10
# Ids that are looked up in one query.
_AT_A_TIME = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an import came to; `text` says it in the person's words."""

    new: int
    changed: int
    unchanged: int
    skipped: Mapping[Skip, int]
    text: str


class Importing:
    """Imports calendars, one at a time: reading one is work, and people wait for others."""

    def __init__(
        self, book: Book, *, bell: Bell, events: Events, clock: Clock, hash_key: bytes
    ) -> None:
        self._book = book
        self._bell = bell
        self._events = events
        self._clock = clock
        self._hash_key = hash_key
        self._turn = asyncio.Lock()

    async def take(self, user_id: str, request_id: str, content: bytes) -> Report:
        """Takes a file's events over, once for each request.

        Raises CalendarUnreadable, RequestIdReused.
        """
        body_hash = keyed_hash(self._hash_key, b"import\0" + user_id.encode() + b"\0" + content)
        async with self._turn:
            for _ in range(_TRIES):
                report = await self._try(user_id, request_id, content, body_hash)
                if report is not None:
                    return report
        raise Busy

    async def _try(
        self, user_id: str, request_id: str, content: bytes, body_hash: bytes
    ) -> Report | None:
        state, done = await self._book.look_up(user_id, request_id)
        if done is not None and done.body_hash != body_hash:
            raise RequestIdReused(metadata={"request_id": request_id})
        preferences = done.preferences if done is not None else state.preferences
        found = await asyncio.to_thread(
            read, content, user_id, preferences, worked=time.thread_time
        )
        known = await self._known(user_id, found.ids)
        now = self._clock.now()
        made = await asyncio.to_thread(taken, found, user_id, known, preferences, now)
        if done is not None:
            return _repeated(found, made, done)
        plan = await asyncio.to_thread(_plan, state, made, now)
        written = await self._book.write(
            plan,
            before=state,
            notices=plan.notices,
            request_id=request_id,
            body_hash=body_hash,
            remarks=(),
            now=now,
        )
        if written is None:
            return None
        self._bell.ring()
        self._events.imported(user_id, len(made.new), len(made.changed))
        return _report(
            len(made.new), len(made.changed), made.unchanged, made.skipped, state.preferences
        )

    async def _known(self, user_id: str, ids: Sequence[str]) -> Mapping[str, Event]:
        known: dict[str, Event] = {}
        for start in range(0, len(ids), _AT_A_TIME):
            wanted = Wanted(ids=list(ids[start : start + _AT_A_TIME]))
            for item in await self._book.find(user_id, wanted, self._clock.now()):
                if isinstance(item, Event):
                    known[item.event_id] = item
        return known


def _plan(state: State, made: Taken, now: datetime) -> Plan:
    """All that must be written; takes as long as there are rules to look ahead in."""
    retimed = [event for event, is_retimed in made.changed if is_retimed]
    notices: list[Notice] = []
    for event in (*made.new, *retimed):
        notices.extend(reminders(event, since=now))
        # Worked out here, where it keeps nobody waiting; storing asks again.
        _ = event.schedule.over_time
    items = [*made.new, *(event for event, _ in made.changed)]
    return Plan(
        state=state,
        results=items,
        items=items,
        notices=notices,
        contents=(),
        withdrawals=[Withdrawal(item_id=event.event_id) for event in retimed],
    )


def _repeated(found: Read, made: Taken, done: Done) -> Report:
    """The first answer again: what was written then is there now."""
    written = [item for item in done.results if item is not None]
    new = sum(item.revision == 1 for item in written)
    unchanged = len(found.events) - len(written) - sum(made.skipped.values())
    unchanged += sum(found.skipped.values())
    return _report(new, len(written) - new, max(unchanged, 0), made.skipped, done.preferences)


def _report(
    new: int,
    changed: int,
    unchanged: int,
    skipped: Mapping[Skip, int],
    preferences: Preferences,
) -> Report:
    texts = voice_of(preferences).texts.calendar
    said = [counted(texts.imported, new)] if new else []
    if changed:
        said.append(counted(texts.updated, changed))
    if not said:
        said.append(texts.nothing_new)
    said += [counted(texts.skipped[reason.name], number) for reason, number in skipped.items()]
    return Report(
        new=new, changed=changed, unchanged=unchanged, skipped=skipped, text=" ".join(said)
    )
