"""A time as a person said it, and the schedule that it means."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from services.scheduler.domain.errors import TimeInPast, invalid
from services.scheduler.domain.schedule import Schedule
from services.scheduler.domain.zone import to_instant, to_local

# Clocks of phones and servers differ; what is said "now" is not in the past.
GRACE = timedelta(minutes=1)
FARTHEST = timedelta(days=50 * 366)


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A moment or span. Exactly one of the first five is set.

    `time_of_day` alone ("at six") only makes sense for something that has a day already.
    """

    local_time: datetime | None = None
    local_date: date | None = None
    time_of_day: time | None = None
    after: timedelta | None = None
    instant: datetime | None = None
    local_end: datetime | date | None = None
    recurrence: str = ""


def resolved(when: When, *, said: datetime, time_zone: str, field: str = "when") -> Schedule:
    """The schedule that `when` means to someone in `time_zone` who spoke at `said`.

    Raises TimeInPast for a single time before that, a series that is over, InvalidArgument for
    what is too far away or ends before it starts.
    """
    schedule = _start(when, said, time_zone, field)
    if when.recurrence:
        # A series keeps the wall clock as said, even if its first day has a gap there.
        start = when.local_time or schedule.local_start
        series = replace(schedule, local_start=start, recurrence=when.recurrence.upper())
        schedule = _recurring(series, said, field)
    if when.local_end is not None:
        schedule = replace(schedule, local_end=_end(when.local_end, schedule, field))
    _check(schedule, said, field)
    return schedule


def moved(
    schedule: Schedule, when: When, *, said: datetime, time_zone: str, occurrence: datetime | None
) -> Schedule:
    """`schedule` at its new time: what `when` leaves open, stays.

    `occurrence` is the start that the person has in mind: the next one of a series. A series moves
    as a whole; another weekday takes the place of the only one that a weekly rule names.
    """
    old = to_local(occurrence or schedule.instant, time_zone)
    length = None if schedule.local_end is None else schedule.local_end - schedule.local_start
    new = when
    if when.time_of_day is not None:
        new = replace(when, local_time=datetime.combine(old.date(), when.time_of_day))
        new = replace(new, time_of_day=None)
    elif when.local_date is not None and not schedule.all_day:
        new = replace(when, local_time=datetime.combine(when.local_date, old.time()))
        new = replace(new, local_date=None)
    series = schedule.recurrence and not when.recurrence
    target = resolved(new, said=said, time_zone=time_zone)
    if series:
        target = _moved_series(schedule, target, old, said)
    if target.local_end is None and length is not None and target.all_day == schedule.all_day:
        target = replace(target, local_end=target.local_start + length)
    return target


def _moved_series(schedule: Schedule, target: Schedule, old: datetime, said: datetime) -> Schedule:
    rule = schedule.recurrence.upper()
    if target.local_start.date() != old.date():
        rule = _on_another_day(rule, old, target.local_start)
    return _recurring(replace(target, recurrence=_without_times(rule)), said, "when")


def _on_another_day(rule: str, old: datetime, new: datetime) -> str:
    names = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
    kept = []
    for part in rule.split(";"):
        if part == f"BYDAY={names[old.weekday()]}" and "FREQ=WEEKLY" in rule:
            kept.append(f"BYDAY={names[new.weekday()]}")
        elif part == f"BYMONTHDAY={old.day}":
            kept.append(f"BYMONTHDAY={new.day}")
        elif part.startswith(("BYDAY=", "BYMONTHDAY=", "BYSETPOS=")):
            raise invalid("when", "a series on several days keeps its days; say only the time")
        else:
            kept.append(part)
    return ";".join(kept)


def _without_times(rule: str) -> str:
    return ";".join(p for p in rule.split(";") if not p.startswith(("BYHOUR=", "BYMINUTE=")))


def _start(when: When, said: datetime, time_zone: str, field: str) -> Schedule:
    if when.local_time is not None:
        instant = to_instant(when.local_time, time_zone)
    elif when.local_date is not None:
        midnight = datetime.combine(when.local_date, time())
        instant = to_instant(midnight, time_zone)
        return Schedule(instant=instant, local_start=midnight, time_zone=time_zone, all_day=True)
    elif when.after is not None:
        instant = said + when.after
    elif when.instant is not None:
        instant = when.instant.astimezone(UTC)
    else:
        raise invalid(field, "say a day; a time of day alone fits only what has a day already")
    # In a gap, the time shown is the time it will really be.
    return Schedule(instant=instant, local_start=to_local(instant, time_zone), time_zone=time_zone)


def _recurring(schedule: Schedule, said: datetime, field: str) -> Schedule:
    rule = schedule.rule
    if rule is not None and rule.frequency.is_sub_daily and schedule.all_day:
        raise invalid(f"{field}.recurrence", "repeats within the day, but has no time of day")
    if rule is not None and schedule.all_day and (rule.hours or rule.minutes):
        raise invalid(f"{field}.recurrence", "has times of day, but starts on a whole day")
    if schedule.first_start() is None:
        raise invalid(f"{field}.recurrence", "never takes place")
    if schedule.next_start(said - GRACE - _day_of(schedule)) is None:
        raise TimeInPast(violations={field: "the last occurrence is over"})
    return schedule


def _day_of(schedule: Schedule) -> timedelta:
    return timedelta(days=1) if schedule.all_day else timedelta()


def _end(given: datetime | date, schedule: Schedule, field: str) -> datetime:
    if isinstance(given, datetime) == schedule.all_day:
        raise invalid(f"{field}.local_end", "must have the form of the start")
    end = given if isinstance(given, datetime) else datetime.combine(given, time())
    if end <= schedule.local_start:
        raise invalid(f"{field}.local_end", "must be later than the start")
    if end - schedule.local_start > timedelta(days=366):
        raise invalid(f"{field}.local_end", "must be within a year of the start")
    return end


def _check(schedule: Schedule, said: datetime, field: str) -> None:
    if schedule.instant > said + FARTHEST:
        raise invalid(field, "must be within 50 years")
    if schedule.recurrence:
        return
    today = to_local(said, schedule.time_zone).date()
    is_past = (
        schedule.local_start.date() < today if schedule.all_day else schedule.instant < said - GRACE
    )
    if is_past:
        raise TimeInPast(violations={field: "has already passed"})
