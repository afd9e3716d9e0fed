"""Handing over what fell due: replies and reminders in words, cancellations as they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from chassis.clock import Clock
from chassis.crash import crash_point
from chassis.errors import ServiceError
from chassis.outcome import Outcome, Postpone, Settle
from services.scheduler.domain.confirmation import due
from services.scheduler.domain.notice import (
    LATE,
    Notice,
    NoticeKind,
    following,
    is_valid,
    told_occurrence,
)
from services.scheduler.ports import (
    Alarm,
    Cancellation,
    Deferred,
    Events,
    Handover,
    Notices,
    Notifier,
    Telling,
)
from services.scheduler.usecases.outcomes import outcome, pause
from services.scheduler.usecases.routines import ROUTINE, Routines

# A hand-over that was under way when its notice was taken back arrives within this time.
_STRAGGLER = timedelta(seconds=10)
SUPERSEDED = "SUPERSEDED"


class Delivering:
    """Hands due notices over, each once."""

    def __init__(
        self,
        notices: Notices,
        notifier: Notifier,
        routines: Routines,
        *,
        events: Events,
        clock: Clock,
        rng: Random,
    ) -> None:
        self._routines = routines
        self._notices = notices
        self._notifier = notifier
        self._events = events
        self._clock = clock
        self._rng = rng

    async def deliver(self, alarms: Sequence[Alarm]) -> Sequence[Outcome]:
        """What became of each, in order.

        A reminder is settled only once notifier has it and what follows from it is stored; both
        may be repeated after a crash without a second effect.
        """
        crash_point("scheduler.claimed")
        now = self._clock.now()
        outcomes: dict[int, Outcome] = {}
        tellings: list[tuple[int, Telling]] = []
        routine: list[int] = []
        for index, alarm in enumerate(alarms):
            if alarm.notice.kind in ROUTINE:
                routine.append(index)
            elif alarm.notice.kind is NoticeKind.CANCEL:
                outcomes[index] = await self._cancel(alarm, now)
            elif (telling := _telling(alarm, now)) is not None:
                tellings.append((index, telling))
            else:
                outcomes[index] = Settle(values={"withdrawn_reason": SUPERSEDED})
        if tellings:
            outcomes |= await self._hand_over(alarms, tellings, now)
        # Last: what was timed to the minute does not wait for overviews.
        done = await self._routines.carry_out([alarms[index] for index in routine], now)
        outcomes |= zip(routine, done, strict=True)
        return [outcomes[index] for index in range(len(alarms))]

    async def _hand_over(
        self, alarms: Sequence[Alarm], tellings: Sequence[tuple[int, Telling]], now: datetime
    ) -> dict[int, Outcome]:
        crash_point("scheduler.before_handover")
        answers = await self._notifier.hand_over([telling for _, telling in tellings], now)
        crash_point("scheduler.after_handover")
        fired: list[Notice] = []
        next_ones: list[Notice] = []
        outcomes: dict[int, Outcome] = {}
        for (index, telling), answer in zip(tellings, answers, strict=True):
            alarm = alarms[index]
            outcomes[index] = self._outcome(alarm, answer, now)
            self._events.handed_over(telling, answer, now)
            if alarm.item is not None and not isinstance(answer, Deferred):
                # Also after a refusal: one occurrence that cannot be told must not end the series.
                fired.append(alarm.notice)
                next_ones.extend(following(alarm.item, alarm.notice, now=now))
        if fired:
            await self._notices.add(fired, next_ones)
        return outcomes

    def _outcome(self, alarm: Alarm, answer: Handover, now: datetime) -> Outcome:
        return outcome(alarm, answer, now, self._rng)

    async def _cancel(self, alarm: Alarm, now: datetime) -> Outcome:
        try:
            outcome = await self._notifier.cancel(alarm.cancelled_request_id)
        except ServiceError as error:
            return Postpone(due_time=now + self._pause(alarm), reason=error.reason)
        if outcome is Cancellation.UNKNOWN and now - alarm.notice.due_time < _STRAGGLER:
            return Postpone(due_time=now + timedelta(seconds=1), reason="NOT_THERE_YET")
        return Settle()

    def _pause(self, alarm: Alarm) -> timedelta:
        return pause(alarm, self._rng)


def _telling(alarm: Alarm, now: datetime) -> Telling | None:
    """A notice in words; None for one that a change has overtaken."""
    notice = alarm.notice
    if notice.kind is NoticeKind.REPLY:
        if not notice.contents:
            return None
        return Telling(notice=notice, contents=notice.contents, is_late=False)
    item = alarm.item
    if item is None or not is_valid(item, notice):
        return None
    occurrence = told_occurrence(item, notice, now=now)
    if occurrence is None:
        return None
    content = due(item, notice, occurrence, alarm.preferences, now)
    return Telling(notice=notice, contents=(content,), is_late=now - notice.due_time > LATE)
