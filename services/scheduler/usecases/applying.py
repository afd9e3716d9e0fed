"""Changing things: one transaction for all that an utterance asks for, once for each request."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from weakref import WeakValueDictionary

from chassis.clock import Clock
from chassis.crypto import keyed_hash
from chassis.errors import Code, RequestIdReused, ServiceError
from chassis.ids import derived_id, new_id
from services.scheduler.domain.change import (
    CancelItem,
    Change,
    ReopenTask,
    SetPreferences,
    Undo,
    reference_of,
)
from services.scheduler.domain.confirmation import bubble
from services.scheduler.domain.errors import ItemNotFound, UserErased
from services.scheduler.domain.item import Item
from services.scheduler.domain.notice import Notice, NoticeKind
from services.scheduler.domain.plan import Plan, State, plan
from services.scheduler.domain.preferences import Preferences
from services.scheduler.domain.remark import Remark, put_off, ranges, remarks, with_remarks
from services.scheduler.ports import (
    Bell,
    Book,
    Cancellation,
    Events,
    Notifier,
    Overtaken,
    Wanted,
)

# Somebody else changed the same person's things in between: look again, this often at most.
_TRIES = 10
# A hand-over that was under way takes milliseconds: within half a second it has arrived.
_ARRIVAL_TRIES, _ARRIVAL_PAUSE = 10, 0.05


class Busy(ServiceError):
    """This person's things are being changed by too many at once; try again."""

    code = Code.UNAVAILABLE
    reason = "BUSY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One utterance, or one call that stands for it; `body` is what a repeat must repeat."""

    user_id: str
    request_id: str
    body: bytes
    said: datetime
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """The items after each change (None for preferences), and the preferences."""

    results: Sequence[Item | None]
    preferences: Preferences
    # Reminders that had just started to go out, too late for the changes.
    started: int = 0
    remarks: Sequence[Remark] = ()


class Applying:
    """Applies changes."""

    def __init__(
        self,
        book: Book,
        notifier: Notifier,
        *,
        bell: Bell,
        events: Events,
        clock: Clock,
        hash_key: bytes,
        most_a_day: int,
    ) -> None:
        self._most_a_day = most_a_day
        self._book = book
        self._notifier = notifier
        self._bell = bell
        self._events = events
        self._clock = clock
        self._hash_key = hash_key
        # Within this process a person's changes wait for each other rather than collide.
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def apply(self, request: Request, *, message_id: str, answer: str) -> Applied:
        """Applies the changes and confirms them, together with `answer`, in one bubble.

        Raises what `plan` raises, and RequestIdReused.
        """
        return await self._once(request, message_id=message_id, answer=answer)

    async def change(self, request: Request, *, missing: ServiceError | None = None) -> Applied:
        """Applies the changes and tells the person nothing.

        Raises as `apply` does, but `missing` where the item is not there.
        """
        try:
            return await self._once(request, message_id="", answer="")
        except ItemNotFound as error:
            raise missing or error from error

    async def _once(self, request: Request, *, message_id: str, answer: str) -> Applied:
        body_hash = keyed_hash(self._hash_key, request.body)
        turn = self._turns.get(request.user_id)
        if turn is None:
            turn = self._turns[request.user_id] = asyncio.Lock()
        async with turn:
            for _ in range(_TRIES):
                applied = await self._try(request, body_hash, message_id, answer)
                if applied is not None:
                    return applied
        raise Busy

    async def _try(
        self, request: Request, body_hash: bytes, message_id: str, answer: str
    ) -> Applied | None:
        state, done = await self._book.look_up(request.user_id, request.request_id)
        if done is not None:
            if done.body_hash != body_hash:
                raise RequestIdReused(metadata={"request_id": request.request_id})
            return Applied(results=done.results, preferences=done.preferences, remarks=done.remarks)
        if state.erase_time is not None and request.said <= state.erase_time:
            raise UserErased
        now = self._clock.now()
        full = await self._with_items(state, request.changes, now)
        made = plan(full, request.changes, said=request.said, now=now, new_id=new_id)
        notices = list(made.notices)
        found: Sequence[Remark] = put_off(made)
        if message_id:
            found = [*found, *await self._remarks(made, now)]
            told = with_remarks(made, found, most=self._most_a_day)
            notices.append(_confirmation(request, told, message_id, answer, now))
        written = await self._book.write(
            made,
            before=state,
            notices=notices,
            remarks=found,
            request_id=request.request_id,
            body_hash=body_hash,
            now=now,
        )
        if written is None:
            return None
        self._bell.ring()
        self._events.applied(made, request.changes)
        started = await self._take_back(written.overtaken)
        return Applied(
            results=made.results,
            preferences=made.state.preferences,
            started=started,
            remarks=found,
        )

    async def _remarks(self, made: Plan, now: datetime) -> Sequence[Remark]:
        """What the new times overlap, and whether their days are full."""
        spans = ranges(made)
        if not spans:
            return ()
        user_id = made.state.user_id
        stood = await asyncio.gather(*(self._book.standing(user_id, *span) for span in spans))
        standing = [item for items in stood for item in items]
        return remarks(made, standing, now=now, most=self._most_a_day)

    async def _with_items(self, state: State, changes: Sequence[Change], now: datetime) -> State:
        undo = next((each for each in changes if isinstance(each, Undo)), None)
        if undo is not None:
            found = await self._book.undoable(state.user_id, undo.change_request_id)
            ids = found.inverse.ids if found is not None else ()
            items = await self._book.find(state.user_id, Wanted(ids=ids), now) if ids else ()
            return replace(state, items=items, undoable=found)
        wanted = _wanted(state, changes)
        if wanted is None or not state.version:
            return state
        return replace(state, items=await self._book.find(state.user_id, wanted, now))

    async def _take_back(self, overtaken: Sequence[Overtaken]) -> int:
        """Cancels at notifier what it was given before the change; how many it had just started.

        The change also wrote a notice that does the same, which an outage cannot lose.
        """
        started = 0
        for each in overtaken:
            try:
                outcome = await self._cancelled(each)
            except ServiceError as error:
                self._events.not_taken_back(error.reason)
                break
            started += each.is_recent and outcome is Cancellation.STARTED
        return started

    async def _cancelled(self, overtaken: Overtaken) -> Cancellation:
        """What became of one; waits a moment for one that is on its way and not there yet."""
        outcome = await self._notifier.cancel(overtaken.request_id)
        for _ in range(_ARRIVAL_TRIES):
            if outcome is not Cancellation.UNKNOWN or not overtaken.is_recent:
                break
            await asyncio.sleep(_ARRIVAL_PAUSE)
            outcome = await self._notifier.cancel(overtaken.request_id)
        return outcome


def _confirmation(
    request: Request, made: Plan, message_id: str, answer: str, now: datetime
) -> Notice:
    return Notice(
        notice_id=confirmation_id(request.request_id),
        user_id=request.user_id,
        kind=NoticeKind.REPLY,
        due_time=now,
        contents=bubble(made.contents, answer, made.state.preferences),
        reply_to_message_id=message_id,
    )


def confirmation_id(request_id: str) -> str:
    """The notice that confirms a request."""
    return derived_id("confirmation", request_id)


def _wanted(state: State, changes: Sequence[Change]) -> Wanted | None:
    """What the changes may be about; None where they only make new things."""
    references = [found for change in changes if (found := reference_of(change)) is not None]
    zone_changes = any(
        isinstance(each, SetPreferences) and "time_zone" in each.names for each in changes
    )
    if not references and not zone_changes:
        return None
    ids = {each for found in references for each in (found.task_id, found.event_id) if each}
    if state.last_item_id and any(found.is_last for found in references):
        ids.add(state.last_item_id)
    searched = any(
        (found.words or found.when) and not (found.number or found.task_id or found.event_id)
        for found in references
    )
    return Wanted(
        open=searched,
        completed=searched and any(isinstance(each, ReopenTask) for each in changes),
        anchored=zone_changes,
        # A series takes along what was changed for single occurrences of it.
        apart=any(isinstance(each, CancelItem) for each in changes),
        numbers=sorted({found.number for found in references if found.number}),
        ids=sorted(ids),
    )
