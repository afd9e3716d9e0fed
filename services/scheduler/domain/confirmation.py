"""What a person is told about what they asked for, and when a reminder falls due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

from services.scheduler.domain.change import (
    AddEvent,
    AddTask,
    CancelItem,
    Change,
    CompleteTask,
    EditItem,
    MoveItem,
    ReopenTask,
    SetPreferences,
    SnoozeItem,
    Undo,
)
from services.scheduler.domain.inverse import Inverse
from services.scheduler.domain.item import DEFAULT_LIST, Item, Task, item_id, named
from services.scheduler.domain.notice import LATE, Content, Notice
from services.scheduler.domain.preferences import Preferences
from services.scheduler.domain.series import series
from services.scheduler.domain.setting import setting
from services.scheduler.domain.wording import Voice, adverb, counted, point, soon, voice_of
from services.scheduler.domain.zone import to_local

# What notifier takes in one notification.
MOST_PARTS = 10
_FEW = 3
_LONGEST_TITLE = 500
_SHORTENED_TITLE = 120


def confirmation(
    change: Change,
    item: Item | None,
    notices: Sequence[Notice],
    *,
    preferences: Preferences,
    said: datetime,
    now: datetime,
    occurrence: datetime | None = None,
) -> Content:
    """What to say about one change; `item` is the item after it, `notices` its new reminders.

    `occurrence` is what was called off of a series: that one, or all from then on.
    """
    told = _Told(preferences, now)
    match change:
        case AddTask():
            return _task_added(change, _task(item), notices, told, said)
        case AddEvent():
            return Content(
                template="event_created",
                parameters={"title": _title(item), "time": told.span(_item(item))},
            )
        case CompleteTask():
            return _numbered("task_completed", _task(item))
        case ReopenTask():
            return _numbered("task_reopened", _task(item))
        case CancelItem():
            return _cancelled(_item(item), occurrence, told)
        case EditItem() if change.when is None:
            return Content(template="item_updated", parameters={"title": _title(item)})
        case SnoozeItem():
            return _snoozed(change, _item(item), notices, told)
        case Undo():
            raise TypeError("worded by `undone`")
        case MoveItem() | EditItem():
            parameters = {"title": _title(item), "time": told.span(_item(item))}
            return Content(template="item_moved", parameters=parameters)
        case SetPreferences():
            return setting(change.names, preferences)
        case _:
            assert_never(change)


def undone(items: Sequence[Item], inverse: Inverse) -> Sequence[Content]:
    """What to say about a change that was taken back: a sentence for each item."""
    created = set(inverse.created)
    told = [
        Content(
            template="creation_undone" if item_id(item) in created else "change_undone",
            parameters={"title": item.title},
        )
        for item in items
    ]
    if inverse.preferences is not None:
        told.append(Content(template="settings_undone"))
    return told


def overlap(title: str, time: str) -> Content:
    """What to say about an event that takes place at the same time."""
    return Content(template="overlap", parameters={"title": title, "time": time})


def day_full(most: int) -> Content:
    """What to say about a day with more reminders than go out."""
    return Content(template="day_full", parameters={"number": str(most)})


def due(
    item: Item, notice: Notice, occurrence: datetime, preferences: Preferences, now: datetime
) -> Content:
    """What to say when a reminder falls due; what is late says so."""
    is_late = now - notice.due_time > LATE
    if isinstance(item, Task) and not is_late:
        parameters = {"title": item.title, "number": str(item.number), "item": named(item)}
        return Content(template="task_due", parameters=parameters)
    time = _Told(preferences, now).occurrence(item, occurrence)
    template = "task_due" if isinstance(item, Task) else "event_due"
    if is_late:
        template += "_late"
    parameters = {"title": item.title, "time": time, "item": named(item)}
    return Content(template=template, parameters=parameters)


def time_text(item: Item, preferences: Preferences, now: datetime) -> str:
    """When an item stands, as its person reads it; empty for a task without a time."""
    if item.schedule is None:
        return ""
    told = _Told(preferences, now)
    if isinstance(item, Task):
        return told.occurrence(item, item.due_time or item.schedule.instant)
    often = series(item.schedule, told.voice)
    return often or told.occurrence(item, _start(item, now))


def occurrence_text(
    item: Item,
    occurrence: datetime,
    preferences: Preferences,
    now: datetime,
    *,
    is_day_known: bool = False,
) -> str:
    """When one occurrence starts, as its person reads it.

    Where the day is known ("what's on tomorrow?") it is not said again: a time, or nothing for
    what takes all day.
    """
    if not is_day_known:
        return _Told(preferences, now).occurrence(item, occurrence)
    if item.schedule is not None and item.schedule.all_day:
        return ""
    return _Told(preferences, occurrence).occurrence(item, occurrence)


class _Told:
    """Times as one person hears them at one moment."""

    def __init__(self, preferences: Preferences, now: datetime) -> None:
        self.voice: Voice = voice_of(preferences)
        self._zone = preferences.time_zone
        self._now = now
        self._today = to_local(now, self._zone)

    def occurrence(self, item: Item, start: datetime) -> str:
        all_day = item.schedule is not None and item.schedule.all_day
        return adverb(to_local(start, self._zone), self._today, all_day=all_day, by=self.voice)

    def span(self, item: Item) -> str:
        if item.schedule is None:
            return ""
        often = series(item.schedule, self.voice)
        if often:
            return often
        start = item.due_time if isinstance(item, Task) else None
        local = to_local(start or _start(item, self._now), self._zone)
        return point(local, self._today, all_day=item.schedule.all_day, by=self.voice)

    def list_name(self, task: Task) -> str:
        """What its list is called; the usual one in the person's language."""
        if task.list_name == DEFAULT_LIST:
            return self.voice.texts.usual_list
        return task.list_name

    def reminder(self, task: Task, moment: datetime, delay: timedelta | None) -> str:
        if task.schedule is not None and task.schedule.recurrence:
            often = series(task.schedule, self.voice)
            if often:
                return often
        return self.later(moment, delay)

    def later(self, moment: datetime, delay: timedelta | None) -> str:
        if delay is not None and (text := soon(delay, self.voice)):
            return text
        local = to_local(moment, self._zone)
        return adverb(local, self._today, all_day=False, by=self.voice)


def _start(item: Item, now: datetime) -> datetime:
    """The start to speak of: of a series the next one, or its first."""
    schedule = item.schedule
    assert schedule is not None  # noqa: S101 - callers have looked
    if not schedule.recurrence:
        return schedule.instant
    return schedule.next_start(now) or schedule.instant


def _task_added(
    change: AddTask, task: Task, notices: Sequence[Notice], told: _Told, said: datetime
) -> Content:
    if not notices:
        parameters = {"number": str(task.number), "title": task.title, "list": told.list_name(task)}
        return Content(template="task_created", parameters=parameters)
    delay = change.when.after if change.when is not None else None
    time = told.reminder(task, notices[0].due_time, delay)
    parameters = {"title": task.title, "time": time, "number": str(task.number)}
    return Content(template="reminder_set", parameters=parameters)


def _cancelled(item: Item, occurrence: datetime | None, told: _Told) -> Content:
    if occurrence is not None:
        parameters = {"title": item.title, "time": told.occurrence(item, occurrence)}
        schedule = item.schedule
        goes_on = schedule is not None and schedule.next_start(occurrence) is not None
        template = "occurrence_cancelled" if goes_on else "series_ended"
        return Content(template=template, parameters=parameters)
    if isinstance(item, Task):
        return _numbered("task_deleted", item)
    return Content(template="event_cancelled", parameters={"title": item.title})


def _snoozed(change: SnoozeItem, item: Item, notices: Sequence[Notice], told: _Told) -> Content:
    time = told.later(notices[0].due_time, change.when.after)
    return Content(template="reminder_snoozed", parameters={"title": item.title, "time": time})


def _numbered(template: str, task: Task) -> Content:
    return Content(template=template, parameters={"number": str(task.number), "title": task.title})


def _item(item: Item | None) -> Item:
    assert item is not None  # noqa: S101 - only preferences have no item
    return item


def _task(item: Item | None) -> Task:
    assert isinstance(item, Task)  # noqa: S101 - these changes are about tasks
    return item


def _title(item: Item | None) -> str:
    return _item(item).title


def bubble(
    contents: Sequence[Content], answer: str, preferences: Preferences
) -> tuple[Content, ...]:
    """What goes into one bubble: a sentence for each change, then what ai answers.

    notifier takes ten parts and 4,096 characters; what does not fit is counted.
    """
    room = MOST_PARTS - (1 if answer else 0)
    kept = list(contents[: room if len(contents) <= room else room - 1])
    longest = _LONGEST_TITLE if len(kept) <= _FEW else _SHORTENED_TITLE
    parts = [_shortened(content, longest) for content in kept]
    if len(contents) > len(kept):
        more_changes = voice_of(preferences).texts.more_changes
        text = counted(more_changes, len(contents) - len(kept))
        parts.append(Content(template="reply", parameters={"text": text}))
    if answer:
        parts.append(Content(template="reply", parameters={"text": answer}))
    return tuple(parts)


def _shortened(content: Content, longest: int) -> Content:
    cut = {
        name: value if len(value) <= longest else f"{value[: longest - 1].rstrip()}…"
        for name, value in content.parameters.items()
    }
    return Content(template=content.template, parameters=cut)
