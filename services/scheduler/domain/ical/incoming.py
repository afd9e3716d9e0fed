"""What one event of an iCalendar file says, in Hark's words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from itertools import islice
from typing import Any

from icalendar import Event as Component
from icalendar.timezone import windows_to_olson

from chassis.errors import InvalidArgument
from services.scheduler.domain.ical.scanning import ZONE
from services.scheduler.domain.preferences import LONGEST_LEAD, MOST_LEADS, Preferences
from services.scheduler.domain.schedule import Schedule
from services.scheduler.domain.zone import is_zone, to_instant, to_local

_LONGEST_TITLE, _LONGEST_PLACE, _LONGEST_NAME, _LONGEST_NOTES = 500, 500, 200, 2000
_MOST_NAMES = 20
_MOST_EXCLUDED = 200
_LONGEST_UID = 512
_LONGEST = timedelta(days=366)
_RARE = timedelta(days=10 * 366)
_FIRST_YEAR, _LAST_YEAR = 1970, 2200
_MIDNIGHT = time()


class Skip(IntEnum):
    """Why an event is left out; the values are those of the wire."""

    OVER = 1
    MALFORMED = 2
    RULE_UNSUPPORTED = 3
    TIME_ZONE_UNKNOWN = 4
    NOT_AN_EVENT = 5
    CANCELLED = 6
    TOO_MANY = 7
    DUPLICATE = 8


class Skipped(Exception):
    """This one cannot be taken."""

    def __init__(self, reason: Skip) -> None:
        self.reason = reason
        super().__init__(reason.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """An event of a file.

    `replaces` is the occurrence of its series that it stands for, `leads` None where the file
    says nothing about reminders, `hark_id` what Hark itself wrote there.
    """

    uid: str
    title: str
    schedule: Schedule
    place: str = ""
    notes: str = ""
    participants: tuple[str, ...] = ()
    leads: tuple[timedelta, ...] | None = None
    replaces: datetime | None = None
    is_cancelled: bool = False
    hark_id: str = ""


def incoming(text: str, preferences: Preferences, *, untitled: str) -> Incoming:
    """The event that a text of `scanning` says. Raises Skipped."""
    try:
        component = Component.from_ical(text)
        return _read(component, preferences, untitled)
    except Skipped:
        raise
    except InvalidArgument as error:
        # Our own refusal of a rule.
        raise Skipped(Skip.RULE_UNSUPPORTED) from error
    except Exception as error:
        # A stranger's file and a stranger's parser: whatever goes wrong is about this one event.
        raise Skipped(Skip.MALFORMED) from error


def _read(component: Any, preferences: Preferences, untitled: str) -> Incoming:
    uid = str(component.get("UID", "")).strip()
    if not uid or len(uid) > _LONGEST_UID or isinstance(component.get("DTSTART"), list):
        raise Skipped(Skip.MALFORMED)
    schedule = _schedule(component, preferences)
    replaces = component.get("RECURRENCE-ID")
    return Incoming(
        uid=uid,
        title=_line(component.get("SUMMARY"), _LONGEST_TITLE) or untitled,
        schedule=schedule,
        place=_line(component.get("LOCATION"), _LONGEST_PLACE),
        notes=str(component.get("DESCRIPTION", "")).strip()[:_LONGEST_NOTES],
        participants=_names(component),
        leads=_leads(component),
        replaces=None if replaces is None else _instant(replaces, schedule, preferences),
        is_cancelled=str(component.get("STATUS", "")).upper() == "CANCELLED",
        hark_id=_line(component.get("X-HARK-ID"), 64),
    )


def _schedule(component: Any, preferences: Preferences) -> Schedule:
    given = component.get("DTSTART")
    if given is None:
        raise Skipped(Skip.MALFORMED)
    rule = _rule(component)
    start, where, all_day = _wall(given, preferences)
    if where == "UTC" and not rule:
        # Nobody lives in UTC; a single instant is theirs in any zone.
        where = preferences.time_zone
        start = to_local(given.dt, where)
    schedule = Schedule(
        instant=to_instant(start, where),
        local_start=start,
        time_zone=where,
        all_day=all_day,
    )
    if not rule:
        # In a gap, the time shown is the time it will really be.
        schedule = replace(schedule, local_start=to_local(schedule.instant, where))
    schedule = replace(schedule, local_end=_end(component, schedule, preferences))
    if rule:
        schedule = replace(schedule, recurrence=rule)
        if _is_rare(schedule):
            raise Skipped(Skip.RULE_UNSUPPORTED)
        schedule = replace(schedule, excluded=_excluded(component, schedule, preferences))
    return schedule


def _is_rare(schedule: Schedule) -> bool:
    """Whether it hardly ever takes place: to look for its next time would cost everybody's."""
    found = list(islice(schedule.candidates(), 2))
    if not found or found[0] - schedule.instant > _RARE:
        return True
    if len(found) == 2:
        return found[1] - found[0] > _RARE
    rule = schedule.rule
    if rule is None or rule.count == 1:
        return False
    # There is no second one: because the rule ends soon, or because none was found for long.
    return rule.until is None or to_instant(rule.until, schedule.time_zone) - found[0] > _RARE


def _wall(given: Any, preferences: Preferences) -> tuple[datetime, str, bool]:
    """The wall-clock time of a property, its zone, and whether it is a whole day."""
    value = given.dt
    if not isinstance(value, datetime):
        if not isinstance(value, date):
            raise Skipped(Skip.MALFORMED)
        _check_year(value.year)
        return datetime.combine(value, _MIDNIGHT), preferences.time_zone, True
    _check_year(value.year)
    name = str(given.params.get(ZONE, ""))
    wall = value.replace(tzinfo=None, fold=0, microsecond=0)
    if value.tzinfo is not None:
        return wall, "UTC", False
    return wall, _zone(name) if name else preferences.time_zone, False


def _zone(name: str) -> str:
    """The IANA zone of a TZID: plain, behind a prefix, or as Windows calls it."""
    plain = name.strip().strip('"')
    parts = plain.split("/")
    for candidate in (plain, "/".join(parts[-2:]), "/".join(parts[-3:])):
        if candidate and len(candidate) < 64 and is_zone(candidate):
            return candidate
    windows = windows_to_olson.WINDOWS_TO_OLSON.get(plain, "")
    if is_zone(windows):
        return windows
    raise Skipped(Skip.TIME_ZONE_UNKNOWN)


def _end(component: Any, schedule: Schedule, preferences: Preferences) -> datetime | None:
    given, length = component.get("DTEND"), component.get("DURATION")
    if given is None and length is None:
        return None
    if given is not None:
        wall, where, all_day = _wall(given, preferences)
        if all_day != schedule.all_day:
            raise Skipped(Skip.MALFORMED)
        end = wall if all_day else to_local(to_instant(wall, where), schedule.time_zone)
    else:
        span = length.dt
        if schedule.all_day:
            end = schedule.local_start + timedelta(days=max(span.days, 1))
        else:
            end = to_local(schedule.instant + span, schedule.time_zone)
    # Some programs write an end that is the start.
    if end <= schedule.local_start:
        return None
    if end - schedule.local_start > _LONGEST:
        raise Skipped(Skip.MALFORMED)
    return end


def _rule(component: Any) -> str:
    given = component.get("RRULE")
    if given is None:
        if component.get("RDATE") is not None:
            raise Skipped(Skip.RULE_UNSUPPORTED)
        return ""
    if isinstance(given, list) or component.get("RDATE") is not None:
        raise Skipped(Skip.RULE_UNSUPPORTED)
    return str(given.to_ical().decode()).upper()


def _excluded(component: Any, schedule: Schedule, preferences: Preferences) -> tuple[datetime, ...]:
    given = component.get("EXDATE", [])
    found: list[datetime] = []
    for each in given if isinstance(given, list) else [given]:
        for value in each.dts:
            found.append(_instant(value, schedule, preferences, str(each.params.get(ZONE, ""))))
            if len(found) > _MOST_EXCLUDED:
                raise Skipped(Skip.RULE_UNSUPPORTED)
    return tuple(sorted(set(found)))


def _instant(
    given: Any, schedule: Schedule, preferences: Preferences, zone_name: str = ""
) -> datetime:
    """The start that an exception is about; a bare date means that day's."""
    value = given.dt
    if not isinstance(value, datetime):
        at = _MIDNIGHT if schedule.all_day else schedule.local_start.time()
        return to_instant(datetime.combine(value, at), schedule.time_zone)
    if value.tzinfo is not None:
        return value.astimezone(UTC)
    name = zone_name or str(given.params.get(ZONE, ""))
    where = _zone(name) if name else preferences.time_zone
    return to_instant(value.replace(tzinfo=None, fold=0), where)


def _leads(component: Any) -> tuple[timedelta, ...] | None:
    """How long before the start the file reminds; None where it says nothing of use."""
    found: list[timedelta] = []
    for alarm in component.walk("VALARM"):
        trigger = alarm.get("TRIGGER")
        value = getattr(trigger, "dt", None)
        if isinstance(value, timedelta) and trigger.params.get("RELATED", "START") == "START":
            lead = timedelta(seconds=int(-value.total_seconds()))
            if timedelta() <= lead <= LONGEST_LEAD and lead not in found:
                found.append(lead)
    return tuple(found[:MOST_LEADS]) if found else None


def _names(component: Any) -> tuple[str, ...]:
    given = component.get("ATTENDEE", [])
    everybody: Sequence[Any] = given if isinstance(given, list) else [given]
    names = (_line(each.params.get("CN"), _LONGEST_NAME) for each in everybody)
    return tuple(_first(names, _MOST_NAMES))


def _first(names: Iterable[str], most: int) -> list[str]:
    return [name for name in names if name][:most]


def _line(given: Any, longest: int) -> str:
    if given is None or isinstance(given, list):
        return ""
    line = "".join(char if char.isprintable() else " " for char in str(given))
    return " ".join(line.split())[:longest]


def _check_year(year: int) -> None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise Skipped(Skip.MALFORMED)
