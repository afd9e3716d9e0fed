"""Items, agendas and preferences onto the wire."""

from __future__ import annotations

from datetime import datetime, timedelta

from hark.scheduler.v1.event_pb2 import Event as EventMessage
from hark.scheduler.v1.preferences_pb2 import Preferences as PreferencesMessage
from hark.scheduler.v1.scheduler_service_pb2 import AgendaItem, ChangeResult
from hark.scheduler.v1.task_pb2 import Priority
from hark.scheduler.v1.task_pb2 import Task as TaskMessage
from services.scheduler.domain.item import Event, Task
from services.scheduler.domain.preferences import Preferences
from services.scheduler.domain.remark import Remark
from services.scheduler.domain.schedule import Schedule
from services.scheduler.domain.zone import to_local
from services.scheduler.servicer import settings
from services.scheduler.usecases.reading import Line, Shown


def result(shown: Shown | None) -> ChangeResult:
    """What one change led to."""
    if shown is None:
        return ChangeResult()
    if isinstance(shown.item, Task):
        return ChangeResult(task=task(shown))
    return ChangeResult(event=event(shown))


def changed(shown: Shown | None, remark: Remark | None) -> ChangeResult:
    """What one change led to, and what there is to say about it."""
    made = result(shown)
    if remark is None:
        return made
    made.is_day_full = remark.is_day_full
    for each in remark.overlaps:
        overlap = made.overlaps.add(
            event_id=each.event_id, title=each.title, time_text=each.time_text
        )
        overlap.start_time.FromDatetime(each.start_time)
    return made


def agenda_item(line: Line) -> AgendaItem:
    """One occurrence."""
    made = AgendaItem(time_text=line.time_text)
    made.start_time.FromDatetime(line.start_time)
    if isinstance(line.shown.item, Task):
        made.task.CopyFrom(task(line.shown))
    else:
        made.event.CopyFrom(event(line.shown))
    return made


def event(shown: Shown) -> EventMessage:
    """An event."""
    given = shown.item
    assert isinstance(given, Event)  # noqa: S101 - callers have looked
    schedule = given.schedule
    start = schedule.first_start() or schedule.instant
    zone = _zone(schedule, shown.preferences)
    made = EventMessage(
        event_id=given.event_id,
        user_id=given.user_id,
        title=given.title,
        local_start=_wall(start, schedule, zone),
        all_day=schedule.all_day,
        time_zone=zone,
        place=given.place,
        participants=given.participants,
        recurrence=schedule.recurrence,
        state=EventMessage.State.ValueType(given.state),
        time_text=shown.time_text,
        notes=given.notes,
        remind_at_start=timedelta() in given.leads,
        etag=str(given.revision),
        series_id=given.series_id,
    )
    made.start_time.FromDatetime(start)
    end = schedule.end_of(start)
    if end is not None:
        made.end_time.FromDatetime(end)
    for lead in given.leads:
        if lead:
            made.reminder_leads.add().FromTimedelta(lead)
    for excluded in schedule.excluded:
        made.excluded_times.add().FromDatetime(excluded)
    if given.series_start is not None:
        made.series_start_time.FromDatetime(given.series_start)
    made.create_time.FromDatetime(given.create_time)
    made.update_time.FromDatetime(given.update_time)
    return made


def task(shown: Shown) -> TaskMessage:
    """A task."""
    given = shown.item
    assert isinstance(given, Task)  # noqa: S101 - callers have looked
    made = TaskMessage(
        task_id=given.task_id,
        user_id=given.user_id,
        number=given.number,
        title=given.title,
        list_name=given.list_name,
        state=TaskMessage.State.ValueType(given.state),
        time_text=shown.time_text,
        notes=given.notes,
        priority=Priority.ValueType(given.priority),
        repeats_after_completion=given.after_completion,
        etag=str(given.revision),
        series_id=given.series_id,
    )
    if given.nag:
        made.nag.FromTimedelta(given.nag)
    if given.series_start is not None:
        made.series_start_time.FromDatetime(given.series_start)
    if given.schedule is not None and given.due_time is not None:
        zone = _zone(given.schedule, shown.preferences)
        made.due_time.FromDatetime(given.due_time)
        made.local_due = _wall(given.due_time, given.schedule, zone)
        made.time_zone = zone
        made.recurrence = given.schedule.recurrence
        for excluded in given.schedule.excluded:
            made.excluded_times.add().FromDatetime(excluded)
    made.create_time.FromDatetime(given.create_time)
    made.update_time.FromDatetime(given.update_time)
    return made


def preferences(user_id: str, given: Preferences) -> PreferencesMessage:
    """A person's preferences."""
    return settings.message(user_id, given)


def _zone(schedule: Schedule, preferences: Preferences) -> str:
    """A single time is shown in the zone where its person is now."""
    if schedule.recurrence or schedule.all_day:
        return schedule.time_zone
    return preferences.time_zone


def _wall(instant: datetime, schedule: Schedule, zone: str) -> str:
    local = to_local(instant, zone)
    return local.date().isoformat() if schedule.all_day else local.isoformat(timespec="seconds")
