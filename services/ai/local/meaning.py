"""Intents out of an analysed text: its slots, its time, what is missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from services.ai.domain.intent import (
    AddEvent,
    AddTask,
    Cancel,
    CompleteTask,
    FindFreeTime,
    Grain,
    Help,
    Intent,
    ItemReference,
    Move,
    RemindMe,
    ReopenTask,
    SetTimeZone,
    ShowAgenda,
    ShowTasks,
    SmallTalk,
    Snooze,
    Undo,
    Unknown,
    When,
)
from services.ai.local.analysis import Analysis
from services.ai.local.commands import clues, slots
from services.ai.local.commands.extras import Extras
from services.ai.local.commands.zones import zone_of
from services.ai.local.temporal.select import timed
from services.ai.local.text import Text

_NO_EXTRAS = Extras("")
_FREE = re.compile(r"\b(?:free|available|availability|openings?|open slots?|gaps?)\b")


class Made(NamedTuple):
    """Intents and the names of what must be asked for."""

    intents: Sequence[Intent]
    missing: Sequence[str] = ()


def when_of(analysis: Analysis, now: datetime) -> When | None:
    """The time of a text as an intent holds it."""
    repeat = timed(analysis.reading)
    if repeat is not None:
        start = repeat.first(now)
        clocked = bool(repeat.clocks) or repeat.part_hour is not None
        return When(
            start=start,
            end=repeat.until_on(start),
            grain=Grain.MINUTE if clocked else Grain.DAY,
            time_of_day=clocked or repeat.is_sub_daily,
            rrule=repeat.rule(clocks=False),
        )
    if analysis.chosen is None:
        return None
    time = analysis.chosen.time
    moment = time.start or time.end
    if moment is None:
        return None
    end = time.end if time.start else None
    if not time.has_time and end is not None and end - moment <= timedelta(days=1):
        end = None
    return When(
        start=moment,
        end=end,
        grain=Grain(time.grain),
        time_of_day=time.has_time,
        instant_offset=moment - now if time.elapsed else None,
        assumed=time.assumed,
        has_date=time.has_date or time.elapsed,
    )


def intents_of(analysis: Analysis, now: datetime, extras: Extras = _NO_EXTRAS) -> Made:
    """What an analysed text asks for; `extras` was said beside it."""
    kind, text, spans = analysis.verdict.intent, analysis.text, analysis.spans
    when = when_of(analysis, now)
    if kind == clues.REMIND:
        title = slots.reminder_title(text.original, spans)
        if when is None and extras.nag_minutes:
            by = timedelta(minutes=extras.nag_minutes)
            when = When(start=now + by, instant_offset=by)
        reminder = RemindMe(
            title=title, when=when, priority=extras.priority, nag_minutes=extras.nag_minutes
        )
        return Made([reminder], _lacking(what=not title, when=when is None))
    if kind == clues.EVENT:
        parts = slots.event_slots(text.original, spans)
        event = AddEvent(
            title=parts.title,
            when=when,
            place=parts.place,
            people=parts.people,
            reminder_minutes=extras.leads,
        )
        lacks_name = not parts.title and not parts.people
        return Made([event], _lacking(what=lacks_name, when=when is None))
    if kind == clues.TASK:
        return _tasks(text, spans, when, extras)
    return _others(kind, analysis, when, now)


def _lacking(**lacks: bool) -> tuple[str, ...]:
    return tuple(name for name, missing in lacks.items() if missing)


def _tasks(text: Text, spans: Sequence[tuple[int, int]], when: When | None, extras: Extras) -> Made:
    items, name = slots.list_items(text.original, spans)
    tasks = [
        AddTask(
            title=item,
            when=when,
            list_name=name,
            priority=extras.priority,
            repeats_after_completion=extras.after_completion and bool(when and when.rrule),
        )
        for item in items
    ]
    return Made(tasks) if tasks else Made([AddTask(title="", list_name=name)], ["what"])


def _others(kind: str, analysis: Analysis, when: When | None, now: datetime) -> Made:
    text = analysis.text
    if kind == clues.AGENDA:
        return Made([agenda(analysis, when, now)])
    if kind == clues.TASKS:
        return Made([ShowTasks(list_name=slots.list_items(text.original, [])[1])])
    if kind == clues.ZONE:
        zone = zone_of(text.original)
        return Made([SetTimeZone(time_zone=zone)], [] if zone else ["time_zone"])
    if kind == clues.UNDO:
        return Made([Undo()])
    if kind == clues.HELP:
        return Made([Help()])
    if kind == clues.TALK:
        return Made([SmallTalk(kind=_talk(text.lower))])
    if kind in (clues.CANCEL, clues.MOVE, clues.SNOOZE, clues.DONE, clues.REOPEN):
        return _changes(kind, analysis, when, now)
    return Made([Unknown()])


def _talk(lower: str) -> str:
    if re.search(r"\b(?:than|thx|ty|cheers|dank|grac|merc|obrig|appreciat)", lower):
        return "thanks"
    leaving = re.search(r"bye|night|see you|nacht|adi[oó]s|tsch|revoir|tchau|adeus|later", lower)
    return "farewell" if leaving else "greeting"


def agenda(analysis: Analysis, when: When | None, now: datetime) -> ShowAgenda | FindFreeTime:
    """The days that are asked about, or the window in which free time is."""
    if _FREE.search(analysis.text.lower):
        return free_time(analysis, when)
    if when is None:
        return ShowAgenda()
    last = (when.end - timedelta(seconds=1)).date() if when.end else when.start.date()
    return ShowAgenda(start=when.start.date(), end=max(last, when.start.date()))


def free_time(analysis: Analysis, when: When | None) -> FindFreeTime:
    """Gaps are looked for in the stretch that was said, of the length that was said."""
    minutes = min(_length_seconds(analysis) // 60, 24 * 60)
    if when is None or when.instant_offset is not None:
        return FindFreeTime(length_minutes=minutes)
    end = when.end
    if end is None:
        midnight = when.start.replace(hour=0, minute=0, second=0, microsecond=0)
        end = midnight + timedelta(days=1)
        if when.time_of_day and not minutes and analysis.chosen and analysis.chosen.time.has_date:
            end = when.start + timedelta(hours=1)
    return FindFreeTime(start=when.start, end=end, length_minutes=minutes)


def _length_seconds(analysis: Analysis) -> int:
    """The first duration that was said, 0 for none."""
    lengths = [one.length for one in analysis.reading.found if one.length is not None]
    return lengths[0].seconds + lengths[0].days * 86400 if lengths else 0


def references(analysis: Analysis) -> list[ItemReference]:
    """The items that a request to change something speaks about."""
    which = slots.reference(analysis.text.original, analysis.spans)
    return [ItemReference(number=number) for number in which.numbers] or [
        ItemReference(words=which.words, is_last=which.is_last)
    ]


def _changes(kind: str, analysis: Analysis, when: When | None, now: datetime) -> Made:
    items = references(analysis)
    if kind in (clues.CANCEL, clues.DONE, clues.REOPEN) and when is not None and not when.rrule:
        items = [item if item.number else replace(item, when=when) for item in items]
        items = [replace(item, is_last=False) for item in items]
    if kind == clues.DONE:
        return Made([CompleteTask(item=item) for item in items])
    if kind == clues.REOPEN:
        return Made([ReopenTask(item=item) for item in items])
    if kind == clues.CANCEL:
        return Made([Cancel(item=item) for item in items])
    if kind == clues.SNOOZE:
        if when is None and (seconds := _length_seconds(analysis)):
            by = timedelta(seconds=seconds)
            when = When(start=now + by, instant_offset=by)
        return Made([Snooze(item=items[0], when=when)])
    return Made([Move(item=items[0], when=when)], [] if when else ["when"])
