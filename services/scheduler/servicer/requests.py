"""Changes and times from the wire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from hark.scheduler.v1 import change_pb2, event_pb2, task_pb2
from services.scheduler.domain.change import (
    AddEvent,
    AddTask,
    CancelItem,
    Change,
    CompleteTask,
    MoveItem,
    ReopenTask,
    SetPreferences,
)
from services.scheduler.domain.item import DEFAULT_LIST
from services.scheduler.domain.reference import Reference
from services.scheduler.domain.when import FARTHEST, When
from services.scheduler.servicer.checks import Checks

MOST_CHANGES = 20
LONGEST_TITLE, LONGEST_LIST, LONGEST_PLACE, LONGEST_NAME = 500, 100, 500, 200
_MOST_PARTICIPANTS = 20
_LONGEST_RULE = 500
_NOWHEN = When(local_date=date(1970, 1, 1))


def changes(given: Sequence[change_pb2.Change], checks: Checks) -> Sequence[Change]:
    """The changes of an utterance."""
    if not 1 <= len(given) <= MOST_CHANGES:
        checks.refuse("changes", f"must be 1 to {MOST_CHANGES}")
        return ()
    found = [_change(each, checks, f"changes[{index}]") for index, each in enumerate(given)]
    return [each for each in found if each is not None]


def _change(given: change_pb2.Change, checks: Checks, field: str) -> Change | None:
    kind = given.WhichOneof("change")
    match kind:
        case "add_task":
            return _add_task(given.add_task, checks, f"{field}.{kind}")
        case "add_event":
            return _add_event(given.add_event, checks, f"{field}.{kind}")
        case "complete_task":
            return CompleteTask(item=_item(given.complete_task.item, checks, f"{field}.{kind}"))
        case "reopen_task":
            return ReopenTask(item=_item(given.reopen_task.item, checks, f"{field}.{kind}"))
        case "cancel_item":
            return CancelItem(item=_item(given.cancel_item.item, checks, f"{field}.{kind}"))
        case "move_item":
            return MoveItem(
                item=_item(given.move_item.item, checks, f"{field}.{kind}"),
                when=when(given.move_item.when, checks, f"{field}.{kind}.when"),
            )
        case "set_time_zone":
            return SetPreferences(time_zone=given.set_time_zone.time_zone)
        case _:
            checks.refuse(field, "must say what to change")
            return None


def _add_task(given: change_pb2.AddTask, checks: Checks, field: str) -> AddTask:
    return AddTask(
        title=checks.text(f"{field}.title", given.title, LONGEST_TITLE),
        when=when(given.when, checks, f"{field}.when") if given.HasField("when") else None,
        list_name=_list_name(given.list_name, checks, f"{field}.list_name"),
    )


def _add_event(given: change_pb2.AddEvent, checks: Checks, field: str) -> AddEvent:
    return AddEvent(
        title=checks.text(f"{field}.title", given.title, LONGEST_TITLE),
        when=when(given.when, checks, f"{field}.when"),
        place=checks.text(f"{field}.place", given.place, LONGEST_PLACE, required=False),
        participants=_participants(given.participants, checks, f"{field}.participants"),
    )


def created_event(event: event_pb2.Event, given: change_pb2.When, checks: Checks) -> AddEvent:
    """The event of a `CreateEvent`."""
    return AddEvent(
        title=checks.text("event.title", event.title, LONGEST_TITLE),
        when=_with_rule(when(given, checks, "when"), event.recurrence, checks, "event"),
        place=checks.text("event.place", event.place, LONGEST_PLACE, required=False),
        participants=_participants(event.participants, checks, "event.participants"),
        leads=checks.leads("event.reminder_leads", list(event.reminder_leads)) or None,
    )


def created_task(task: task_pb2.Task, given: change_pb2.When | None, checks: Checks) -> AddTask:
    """The task of a `CreateTask`."""
    due = None if given is None else when(given, checks, "when")
    if due is None and task.recurrence:
        checks.refuse("when", "must say when a recurring task is first due")
    if due is not None:
        due = _with_rule(due, task.recurrence, checks, "task")
    return AddTask(
        title=checks.text("task.title", task.title, LONGEST_TITLE),
        when=due,
        list_name=_list_name(task.list_name, checks, "task.list_name"),
    )


def _with_rule(given: When, rule: str, checks: Checks, field: str) -> When:
    if rule and given.recurrence and rule != given.recurrence:
        checks.refuse(f"{field}.recurrence", "must not differ from that of `when`")
    return replace(given, recurrence=given.recurrence or rule)


def _list_name(given: str, checks: Checks, field: str) -> str:
    return checks.text(field, given, LONGEST_LIST, required=False) or DEFAULT_LIST


def _participants(given: Sequence[str], checks: Checks, field: str) -> tuple[str, ...]:
    if len(given) > _MOST_PARTICIPANTS:
        checks.refuse(field, f"must be at most {_MOST_PARTICIPANTS}")
    return tuple(
        checks.text(f"{field}[{index}]", name, LONGEST_NAME)
        for index, name in enumerate(given[:_MOST_PARTICIPANTS])
    )


def _item(given: change_pb2.ItemReference, checks: Checks, field: str) -> Reference:
    field = f"{field}.item"
    if given.number < 0:
        checks.refuse(f"{field}.number", "must not be negative")
    reference = Reference(
        number=max(given.number, 0),
        words=checks.text(f"{field}.words", given.words, LONGEST_TITLE, required=False),
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
