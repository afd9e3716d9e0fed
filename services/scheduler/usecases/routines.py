"""What falls due because of a person's preferences: overviews, and telling notifier of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from random import Random

from chassis.errors import RemoteError
from chassis.ids import derived_id
from chassis.outcome import Bury, Outcome, Postpone, Settle
from services.scheduler.domain.agenda import overview, overview_bounds, stands
from services.scheduler.domain.notice import Content, Notice, NoticeKind
from services.scheduler.domain.routine import (
    OVERVIEWS,
    STALE,
    is_asked_for,
    next_overview,
)
from services.scheduler.ports import (
    Alarm,
    Book,
    Contacts,
    Deferred,
    Events,
    Notices,
    Notifier,
    Telling,
)
from services.scheduler.usecases.outcomes import outcome, pause

ROUTINE = OVERVIEWS | {NoticeKind.CONTACT}
SUPERSEDED, MISSED, NOTHING = "SUPERSEDED", "MISSED", "NOTHING_PLANNED"
# Overviews are asked for at the same round hours: so many are looked up at a time.
_AT_A_TIME = 4
_DAYS = {NoticeKind.DIGEST: 1, NoticeKind.WEEKLY_DIGEST: 7}
_MOST_STANDS = 100
# A person's preferences do not change faster than this many times while notifier is told.
_TRIES = 3


class Routines:
    """Carries out what is due, each once."""

    def __init__(
        self,
        book: Book,
        notices: Notices,
        notifier: Notifier,
        contacts: Contacts,
        *,
        events: Events,
        rng: Random,
    ) -> None:
        self._book = book
        self._notices = notices
        self._notifier = notifier
        self._contacts = contacts
        self._events = events
        self._rng = rng

    async def carry_out(self, alarms: Sequence[Alarm], now: datetime) -> Sequence[Outcome]:
        """An outcome for each, in order."""
        overviews = [index for index, each in enumerate(alarms) if each.notice.kind in OVERVIEWS]
        done = await self._give_overviews([alarms[index] for index in overviews], now)
        outcomes = dict(zip(overviews, done, strict=True))
        for index, alarm in enumerate(alarms):
            if alarm.notice.kind is NoticeKind.CONTACT:
                outcomes[index] = await self._tell_contacts(alarm, now)
        return [outcomes[index] for index in range(len(alarms))]

    async def _give_overviews(self, alarms: Sequence[Alarm], now: datetime) -> list[Outcome]:
        """Says what is planned, where it is wanted and something is; then comes the next one."""
        slots = asyncio.Semaphore(_AT_A_TIME)

        async def in_words(alarm: Alarm) -> Content | str:
            async with slots:
                return await self._in_words(alarm, now)

        said = await asyncio.gather(*(in_words(alarm) for alarm in alarms))
        tellings = [
            Telling(notice=alarm.notice, contents=(told,), is_late=False)
            for alarm, told in zip(alarms, said, strict=True)
            if isinstance(told, Content)
        ]
        answers = iter(await self._notifier.hand_over(tellings, now) if tellings else ())
        outcomes: list[Outcome] = []
        upcoming: list[Notice] = []
        for alarm, told in zip(alarms, said, strict=True):
            if isinstance(told, Content):
                answer = next(answers)
                telling = Telling(notice=alarm.notice, contents=(told,), is_late=False)
                self._events.handed_over(telling, answer, now)
                outcomes.append(outcome(alarm, answer, now, self._rng))
                if isinstance(answer, Deferred):
                    continue
            else:
                outcomes.append(Settle(values={"withdrawn_reason": told}))
            upcoming.extend(next_overview(alarm.notice, alarm.preferences, now))
        if upcoming:
            await self._notices.add((), upcoming)
        return outcomes

    async def _in_words(self, alarm: Alarm, now: datetime) -> Content | str:
        """What to say, or the reason to say nothing."""
        notice, preferences = alarm.notice, alarm.preferences
        if not is_asked_for(notice, preferences):
            return SUPERSEDED
        # From its own time on, not from when it was postponed to.
        if now - (notice.occurrence or notice.due_time) > STALE:
            return MISSED
        days = _DAYS[notice.kind]
        start, end = overview_bounds(days, preferences, now)
        items = await self._book.standing(notice.user_id, start, end)
        found = [
            stand
            for stand in stands(items, start, end, limit=_MOST_STANDS)
            if stand.start >= now or (stand.item.schedule and stand.item.schedule.all_day)
        ]
        if not found:
            return NOTHING
        text = overview(found, days, preferences, now)
        return Content(template="reply", parameters={"text": text})

    async def _tell_contacts(self, alarm: Alarm, now: datetime) -> Outcome:
        """Tells notifier the newest preferences; again, if they change meanwhile.

        Two replicas may do so at the same time: whoever wrote last has looked afterwards.
        """
        notice = alarm.notice
        preferences = await self._book.preferences(notice.user_id)
        for number in range(_TRIES):
            try:
                await self._contacts.tell(
                    notice.user_id, preferences, request_id=_request_id(notice, number)
                )
            except RemoteError as error:
                if not error.is_outage:
                    return Bury(reason=error.remote_reason)
                return Postpone(due_time=now + pause(alarm, self._rng), reason=error.remote_reason)
            told, preferences = preferences, await self._book.preferences(notice.user_id)
            if told == preferences:
                return Settle()
        return Postpone(due_time=now + pause(alarm, self._rng), reason="CHANGED_MEANWHILE")


def _request_id(notice: Notice, number: int) -> str:
    return derived_id("contact", notice.notice_id, str(number))
