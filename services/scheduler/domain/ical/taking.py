"""What an import changes: a file's events beside those that are there already."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from chassis.ids import derived_id
from services.scheduler.domain.ical.incoming import Incoming, Skip, Skipped, incoming
from services.scheduler.domain.ical.outgoing import DOMAIN
from services.scheduler.domain.ical.scanning import scanned
from services.scheduler.domain.item import Event
from services.scheduler.domain.preferences import Preferences
from services.scheduler.domain.schedule import Schedule
from services.scheduler.domain.wording import voice_of

# Reading a file may take so long, in seconds of work; what is left then is too many. Rules that
# hardly ever take place are looked for far ahead, and somebody may have written 500 of them.
_MOST_WORK = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a file says: events by the id that they have or get here, and what was left out."""

    events: Mapping[str, Incoming] = field(default_factory=dict)
    series: Mapping[str, str] = field(default_factory=dict)
    skipped: Mapping[Skip, int] = field(default_factory=dict)

    @property
    def ids(self) -> Sequence[str]:
        """Under which to look for what is there already."""
        own = (each.hark_id for each in self.events.values() if _is_own(each))
        return [*self.events, *own]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What is written: new and changed events; and how many stay just so."""

    new: Sequence[Event]
    changed: Sequence[tuple[Event, bool]]
    unchanged: int
    skipped: Mapping[Skip, int]


def read(
    content: bytes, user_id: str, preferences: Preferences, *, worked: Callable[[], float]
) -> Read:
    """Reads a file. Raises CalendarUnreadable. `worked` tells seconds of work done so far."""
    found = scanned(content)
    skipped: Counter[Skip] = Counter()
    skipped[Skip.NOT_AN_EVENT] += found.others
    skipped[Skip.TOO_MANY] += found.too_many
    skipped[Skip.MALFORMED] += found.malformed
    untitled = voice_of(preferences).texts.calendar.untitled
    until = worked() + _MOST_WORK
    said: dict[tuple[str, datetime | None], Incoming] = {}
    for text in found.events:
        try:
            if worked() > until:
                raise Skipped(Skip.TOO_MANY)
            each = incoming(text, preferences, untitled=untitled)
        except Skipped as skip:
            skipped[skip.reason] += 1
            continue
        skipped[Skip.DUPLICATE] += (each.uid, each.replaces) in said
        said[each.uid, each.replaces] = each
    return _in_series(user_id, list(said.values()), +skipped)


def _in_series(user_id: str, said: Sequence[Incoming], skipped: Counter[Skip]) -> Read:
    """Exceptions become events of their own, and their series does without these starts."""
    masters = {each.uid: each for each in said if each.replaces is None and each.schedule.rule}
    left_out: dict[str, set[datetime]] = {}
    events: dict[str, Incoming] = {}
    series: dict[str, str] = {}
    for each in said:
        key = _id(user_id, each)
        if each.replaces is not None and each.uid in masters:
            left_out.setdefault(each.uid, set()).add(each.replaces)
            series[key] = _id(user_id, masters[each.uid])
        if each.is_cancelled:
            # An occurrence that does not take place is no event, and nothing that was missed.
            skipped[Skip.CANCELLED] += key not in series
            continue
        events[key] = each
    for uid, starts in left_out.items():
        key = _id(user_id, masters[uid])
        if key in events:
            events[key] = _without(events[key], starts)
    return Read(events=events, series=series, skipped=+skipped)


def taken(
    found: Read, user_id: str, known: Mapping[str, Event], preferences: Preferences, now: datetime
) -> Taken:
    """What to write, given the events that are there already."""
    skipped = Counter(found.skipped)
    new: list[Event] = []
    changed: list[tuple[Event, bool]] = []
    unchanged = 0
    for key, each in found.events.items():
        before = known.get(each.hark_id if _is_own(each) else "") or known.get(key)
        if before is None and _is_over(each.schedule, now):
            skipped[Skip.OVER] += 1
        elif before is None:
            master = found.series.get(key, "")
            new.append(_new(each, key, user_id, master, preferences, now))
        elif not before.is_open:
            skipped[Skip.CANCELLED] += 1
        elif (after := _changed(before, each, now)) is None:
            unchanged += 1
        else:
            changed.append(after)
    return Taken(new=new, changed=changed, unchanged=unchanged, skipped=+skipped)


def _new(
    each: Incoming,
    key: str,
    user_id: str,
    master: str,
    preferences: Preferences,
    now: datetime,
) -> Event:
    return Event(
        event_id=key,
        user_id=user_id,
        title=each.title,
        schedule=each.schedule,
        leads=preferences.reminder_leads if each.leads is None else each.leads,
        place=each.place,
        notes=each.notes,
        participants=each.participants,
        series_id=master,
        series_start=each.replaces if master else None,
        create_time=now,
        update_time=now,
    )


def _changed(before: Event, each: Incoming, now: datetime) -> tuple[Event, bool] | None:
    """The event as the file has it, and whether its reminders are others; None if it is so."""
    words: dict[str, Any] = {
        "title": each.title,
        "place": each.place,
        "notes": each.notes,
        "participants": each.participants,
    }
    is_same = all(getattr(before, name) == value for name, value in words.items())
    leads = before.leads if each.leads is None or before.schedule.all_day else each.leads
    is_timed_same = leads == before.leads and _essence(before.schedule) == _essence(each.schedule)
    if is_timed_same:
        return None if is_same else (before.edited(now, **words), False)
    return replace(before.rescheduled(each.schedule, now), leads=leads, **words), True


def _essence(schedule: Schedule) -> object:
    """What tells two schedules apart that are written differently."""
    start = next(iter(schedule.candidates()), schedule.instant)
    end = schedule.end_of(start)
    is_wall = bool(schedule.recurrence) or schedule.all_day
    zone = schedule.time_zone if is_wall and not schedule.is_elapsed else ""
    return (start, end, schedule.all_day, zone, schedule.rule, frozenset(schedule.excluded))


def _without(each: Incoming, starts: Iterable[datetime]) -> Incoming:
    excluded = tuple(sorted({*each.schedule.excluded, *starts}))
    return replace(each, schedule=replace(each.schedule, excluded=excluded))


def _is_over(schedule: Schedule, now: datetime) -> bool:
    if schedule.recurrence:
        return schedule.next_start(now - timedelta(days=1)) is None
    end = schedule.end_of(schedule.instant) or schedule.instant
    return end + (timedelta(days=1) if schedule.all_day else timedelta()) <= now


def _is_own(each: Incoming) -> bool:
    """Whether Hark wrote it, so that the id it names may be one of this person's."""
    if not each.uid.endswith(DOMAIN) or not each.hark_id:
        return False
    try:
        return str(uuid.UUID(each.hark_id)) == each.hark_id
    except ValueError:
        return False


def _id(user_id: str, each: Incoming) -> str:
    replaces = each.replaces.isoformat() if each.replaces is not None else ""
    return derived_id("calendar", user_id, each.uid, replaces)
