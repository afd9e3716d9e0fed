"""Times, items and parts of them from the wire."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

from hark.scheduler.v1 import change_pb2
from services.scheduler.domain.change import WHOLE, Part, Scope
from services.scheduler.domain.reference import Reference
from services.scheduler.domain.when import FARTHEST, When
from services.scheduler.servicer.checks import Checks

LONGEST_WORDS = 500
_LONGEST_RULE = 500
_NOWHEN = When(local_date=date(1970, 1, 1))
_SCOPES = {
    change_pb2.SCOPE_UNSPECIFIED: None,
    change_pb2.SCOPE_THIS: Scope.THIS,
    change_pb2.SCOPE_THIS_AND_FOLLOWING: Scope.FOLLOWING,
    change_pb2.SCOPE_ALL: Scope.ALL,
}


def part(
    scope: change_pb2.Scope.ValueType,
    occurrence: change_pb2.When | None,
    checks: Checks,
    field: str,
) -> Part:
    """How much of a recurring item; `occurrence` is None where it was not set."""
    if scope not in _SCOPES:
        checks.refuse(f"{field}.scope", "must be this, this and following, or all")
        return WHOLE
    stands = None
    if occurrence is not None:
        stands = when(occurrence, checks, f"{field}.occurrence")
        if stands.time_of_day is not None:
            checks.refuse(f"{field}.occurrence", "must say its day")
        stands = replace(stands, local_end=None, recurrence="")
    return Part(scope=_SCOPES[scope], occurrence=stands)


def item(given: change_pb2.ItemReference, checks: Checks, field: str) -> Reference:
    """What names a task or an event."""
    field = f"{field}.item"
    if given.number < 0:
        checks.refuse(f"{field}.number", "must not be negative")
    reference = Reference(
        number=max(given.number, 0),
        words=checks.text(f"{field}.words", given.words, LONGEST_WORDS, required=False),
        when=when(given.when, checks, f"{field}.when") if given.HasField("when") else None,
        is_last=given.is_last,
        task_id=checks.uuid(f"{field}.task_id", given.task_id) if given.task_id else "",
        event_id=checks.uuid(f"{field}.event_id", given.event_id) if given.event_id else "",
    )
    if reference == Reference():
        checks.refuse(field, "must say which item is meant")
    return reference


def when(given: change_pb2.When, checks: Checks, field: str) -> When:
    """A time; `local_time` may be a time of day alone, where there is a day already."""
    kind = given.WhichOneof("start")
    rule = given.recurrence.strip()
    if len(rule) > _LONGEST_RULE:
        checks.refuse(f"{field}.recurrence", f"must have at most {_LONGEST_RULE} characters")
        return _NOWHEN
    end = _end(given.local_end, kind, checks, f"{field}.local_end")
    match kind:
        case "local_time":
            return _local_time(given.local_time, end, rule, checks, f"{field}.local_time")
        case "local_date":
            day = checks.day(f"{field}.local_date", given.local_date)
            return When(local_date=day, local_end=end, recurrence=rule)
        case "after":
            delay = checks.duration(f"{field}.after", given.after, FARTHEST)
            return When(after=delay, local_end=end, recurrence=rule)
        case "instant":
            instant = checks.moment(f"{field}.instant", given.instant)
            return When(instant=instant.astimezone(UTC), local_end=end, recurrence=rule)
        case _:
            checks.refuse(field, "must say when")
            return _NOWHEN


def _local_time(
    text: str, end: datetime | date | None, rule: str, checks: Checks, field: str
) -> When:
    try:
        if "-" not in text:
            at = time.fromisoformat(text)
            if at.tzinfo is None:
                return When(time_of_day=at, local_end=end, recurrence=rule)
        moment = datetime.fromisoformat(text)
    except ValueError:
        checks.refuse(field, "must be a time such as 2026-11-22T18:00:00")
        return _NOWHEN
    if moment.tzinfo is not None or not _is_in_calendar(moment):
        checks.refuse(field, "must be a wall-clock time without offset, from 1970 to 2200")
        return _NOWHEN
    return When(local_time=moment, local_end=end, recurrence=rule)


def _end(text: str, kind: str | None, checks: Checks, field: str) -> datetime | date | None:
    if not text:
        return None
    try:
        end = date.fromisoformat(text) if kind == "local_date" else datetime.fromisoformat(text)
    except ValueError:
        checks.refuse(field, "must have the form of the start")
        return None
    if isinstance(end, datetime) and (end.tzinfo is not None or not _is_in_calendar(end)):
        checks.refuse(field, "must be a wall-clock time without offset, from 1970 to 2200")
        return None
    return end


def _is_in_calendar(moment: datetime) -> bool:
    return 1970 <= moment.year <= 2200
