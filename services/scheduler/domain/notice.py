"""Notices: what is to be said and when. Confirmations and reminders are of one kind of row.

A reminder is an alarm, not a copy: it names an item, its version and an occurrence. When it falls
due the item is asked what to say, and a notice that was made for an older version says nothing.
So a change and a reminder that falls due at the same time cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from enum import Enum

from chassis.ids import derived_id
from services.scheduler.domain.item import Event, Item, Task, item_id
from services.scheduler.domain.schedule import Schedule
from services.scheduler.domain.when import GRACE
from services.scheduler.domain.zone import to_instant

# What is handed over later than this after its time says so.
LATE = timedelta(seconds=60)
# A task for today that is made after 09:00 reminds at the next of these.
_LATER_TODAY = (time(13), time(18), time(21))
# How often a task that asks for it reminds again before it gives up.
MOST_NAGS = 10
_TICK = timedelta(microseconds=1)


class NoticeKind(Enum):
    """What a notice is; the value is stored."""

    REPLY = "reply"
    TASK_DUE = "task_due"
    EVENT_DUE = "event_due"
    # The same once more: because the person put it off, or has not said that it is done.
    TASK_SNOOZED = "task_snoozed"
    EVENT_SNOOZED = "event_snoozed"
    TASK_NAG = "task_nag"
    # Takes back one that was handed over.
    CANCEL = "cancel"
    # Overviews of a day and of a week.
    DIGEST = "digest"
    WEEKLY_DIGEST = "weekly_digest"
    # Tells notifier how the person wants to be reached.
    CONTACT = "contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One sentence: the name of a template of notifier and what fills it."""

    template: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to say at `due_time`.

    Reminders have an item, its version, an occurrence (the start they are about) and a lead;
    replies have contents and the message they answer.
    """

    notice_id: str
    user_id: str
    kind: NoticeKind
    due_time: datetime
    item_id: str = ""
    item_version: int = 0
    occurrence: datetime | None = None
    lead: timedelta = timedelta()
    contents: tuple[Content, ...] = ()
    reply_to_message_id: str = ""
    # How often a nag came before; and what it follows, of those that follow something.
    nag_number: int = 0
    parent_id: str = ""

    @property
    def request_id(self) -> str:
        """Under which notifier gets it, always the same."""
        return request_id(self.notice_id, self.occurrence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """Open reminders of an item that go away.

    Those about occurrences from `first` to `last`, due before `due_before`, of another version than
    `keep_version`, or the one of that id; None is no condition.
    """

    item_id: str
    first: datetime | None = None
    last: datetime | None = None
    due_before: datetime | None = None
    keep_version: int | None = None
    notice_id: str | None = None

    def takes(self, notice: Notice) -> bool:
        """Whether a reminder is among them."""
        if notice.item_id != self.item_id or notice.occurrence is None:
            return False
        return (
            (self.first is None or notice.occurrence >= self.first)
            and (self.last is None or notice.occurrence <= self.last)
            and (self.due_before is None or notice.due_time < self.due_before)
            and (self.keep_version is None or notice.item_version != self.keep_version)
            and (self.notice_id is None or notice.notice_id == self.notice_id)
        )


def request_id(notice_id: str, occurrence: datetime | None) -> str:
    """The request id of a notice."""
    return derived_id("notice", notice_id, occurrence.isoformat() if occurrence else "")


def reminders(item: Item, *, since: datetime) -> Iterator[Notice]:
    """The next reminder of each lead of an open item, none whose time is before `since`."""
    if not item.is_open or item.schedule is None:
        return
    if isinstance(item, Event):
        for lead in _leads(item):
            found = item.schedule.next_reminder(lead, since=since)
            if found is not None:
                yield _reminder(item, NoticeKind.EVENT_DUE, *found, lead=lead)
        return
    if item.due_time is None:
        return
    moment = _task_reminder(item.schedule, item.due_time, since)
    if moment is not None:
        yield _reminder(item, NoticeKind.TASK_DUE, item.due_time, moment)
    elif item.schedule.recurrence and not item.after_completion:
        yield from _following(item, NoticeKind.TASK_DUE, timedelta(), item.due_time, since)


def after_occurrence(item: Item, occurrence: datetime, *, since: datetime) -> Iterator[Notice]:
    """The reminders of a series after one of its occurrences."""
    if not item.is_open or item.schedule is None or not item.schedule.recurrence:
        return
    if isinstance(item, Event):
        for lead in _leads(item):
            yield from _following(item, NoticeKind.EVENT_DUE, lead, occurrence, since)
    elif not item.after_completion:
        yield from _following(item, NoticeKind.TASK_DUE, timedelta(), occurrence, since)


def following(item: Item, fired: Notice, *, now: datetime) -> Iterator[Notice]:
    """What comes after a reminder that fired: the next of its series, and the next nag.

    Nothing for a single time; what was missed is skipped.
    """
    upcoming = [
        replace(each, parent_id=fired.notice_id) for each in _next_of_series(item, fired, now)
    ]
    yield from upcoming
    if isinstance(item, Task) and item.nag and fired.nag_number < MOST_NAGS:
        nag = _nag(item, fired, now)
        if all(nag.due_time < each.due_time for each in upcoming):
            yield nag


def snoozed(item: Item, occurrence: datetime, *, until: datetime, notice_id: str) -> Notice:
    """The reminder of an occurrence, later."""
    kind = NoticeKind.TASK_SNOOZED if isinstance(item, Task) else NoticeKind.EVENT_SNOOZED
    return Notice(
        notice_id=notice_id,
        user_id=item.user_id,
        kind=kind,
        due_time=until,
        item_id=item_id(item),
        item_version=item.version,
        occurrence=occurrence,
    )


def is_valid(item: Item, notice: Notice) -> bool:
    """Whether a reminder still holds: its item is open, and still stands where it says."""
    if not item.is_open or item.version != notice.item_version or item.schedule is None:
        return False
    if notice.occurrence is None:
        return False
    if isinstance(item, Task) and notice.occurrence == item.due_time:
        return True
    return item.schedule.starts_at(notice.occurrence)


def _next_of_series(item: Item, fired: Notice, now: datetime) -> Iterator[Notice]:
    if fired.kind not in (NoticeKind.TASK_DUE, NoticeKind.EVENT_DUE):
        return
    if fired.occurrence is None or item.schedule is None or not item.schedule.recurrence:
        return
    if isinstance(item, Task) and item.after_completion:
        return
    yield from _following(item, fired.kind, fired.lead, fired.occurrence, now + _TICK)


def _nag(task: Task, fired: Notice, now: datetime) -> Notice:
    return Notice(
        # Derived, as those of a series are: a repeated step makes the same nag.
        notice_id=derived_id("nag", fired.notice_id),
        user_id=task.user_id,
        kind=NoticeKind.TASK_NAG,
        due_time=now + task.nag,
        item_id=task.task_id,
        item_version=task.version,
        occurrence=fired.occurrence,
        nag_number=fired.nag_number + 1,
        parent_id=fired.notice_id,
    )


def told_occurrence(item: Item, fired: Notice, *, now: datetime) -> datetime | None:
    """The occurrence to speak of: after a long downtime the latest that was missed."""
    latest = fired.occurrence
    if latest is None or item.schedule is None or now - fired.due_time <= LATE:
        return latest
    if fired.kind not in (NoticeKind.TASK_DUE, NoticeKind.EVENT_DUE):
        return latest
    for start in item.schedule.starts(after=latest):
        if item.schedule.reminder_of(start, fired.lead) > now:
            break
        latest = start
    return latest


def _following(
    item: Item, kind: NoticeKind, lead: timedelta, occurrence: datetime, since: datetime
) -> Iterator[Notice]:
    assert item.schedule is not None  # noqa: S101 - both callers have looked
    found = item.schedule.next_reminder(lead, since=since, after_start=occurrence)
    if found is not None:
        yield _reminder(item, kind, *found, lead=lead)


def _reminder(
    item: Item,
    kind: NoticeKind,
    occurrence: datetime,
    moment: datetime,
    *,
    lead: timedelta = timedelta(),
) -> Notice:
    lead_seconds = str(int(lead.total_seconds()))
    # Derived, so that a step repeated after a crash makes the same notice, not another one.
    notice_id = derived_id(
        "reminder", item_id(item), str(item.version), lead_seconds, occurrence.isoformat()
    )
    return Notice(
        notice_id=notice_id,
        user_id=item.user_id,
        kind=kind,
        due_time=moment,
        item_id=item_id(item),
        item_version=item.version,
        occurrence=occurrence,
        lead=lead,
    )


def _leads(event: Event) -> tuple[timedelta, ...]:
    if event.schedule.all_day:
        return event.leads[:1]
    return tuple(dict.fromkeys(event.leads))


def _task_reminder(schedule: Schedule, due: datetime, since: datetime) -> datetime | None:
    moment = schedule.reminder_of(due, timedelta())
    if moment >= since:
        return moment
    if not schedule.all_day or schedule.recurrence:
        return None
    day = schedule.local(due).date()
    later = (to_instant(datetime.combine(day, at), schedule.time_zone) for at in _LATER_TODAY)
    return next((moment for moment in later if moment >= since + GRACE), None)
