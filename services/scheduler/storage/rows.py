"""Rows to items and back; what people wrote is sealed on the way in."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson

from chassis.crypto import keyed_hash
from db.sealed import Ciphertext, PersonSeal, context
from services.scheduler.domain.item import Event, EventState, Item, Priority, Task, TaskState
from services.scheduler.domain.notice import Content
from services.scheduler.domain.preferences import Preferences
from services.scheduler.domain.schedule import Schedule
from services.scheduler.storage import settings

EVENTS, TASKS, NOTICES, CHANGES = (
    f"scheduler.{name}" for name in ("events", "tasks", "notices", "changes")
)


def seconds(leads: tuple[timedelta, ...]) -> list[int]:
    """Leads as they are stored."""
    return [int(lead.total_seconds()) for lead in leads]


def leads(stored: list[int]) -> tuple[timedelta, ...]:
    """Leads as they were."""
    return tuple(timedelta(seconds=each) for each in stored)


def list_key(key: bytes, user_id: str, list_name: str) -> bytes:
    """What stands for a list's name; capitals and accents make no other list."""
    plain = unicodedata.normalize("NFKC", list_name).casefold().strip()
    return keyed_hash(key, f"{user_id}\x1f{plain}".encode())


def schedule_values(schedule: Schedule | None) -> tuple[Any, ...]:
    """The columns of a schedule, in the order of the tables."""
    if schedule is None:
        return (None, None, None, None, False, None, "")
    return (
        schedule.instant,
        schedule.over_time,
        schedule.local_start,
        schedule.local_end,
        schedule.all_day,
        schedule.time_zone,
        schedule.recurrence,
    )


def _schedule(row: Mapping[str, Any], content: Mapping[str, Any]) -> Schedule | None:
    if row["start_time"] is None:
        return None
    return Schedule(
        instant=row["start_time"],
        local_start=row["local_start"],
        local_end=row["local_end"],
        all_day=row["all_day"],
        time_zone=row["time_zone"],
        recurrence=row["recurrence"],
        excluded=tuple(datetime.fromisoformat(each) for each in content.get("excluded", ())),
    )


def _more(item: Item) -> Mapping[str, Any]:
    """What no row is found by, of events and tasks alike; what is empty is left out."""
    known = {
        "notes": item.notes,
        "revision": item.revision,
        "series": item.series_id,
        "series_start": item.series_start and item.series_start.isoformat(),
        "excluded": [each.isoformat() for each in item.schedule.excluded] if item.schedule else (),
    }
    return {key: value for key, value in known.items() if value}


def _more_of(content: Mapping[str, Any], version: int) -> dict[str, Any]:
    """What `_more` made; of rows from before there was any, too."""
    start = content.get("series_start")
    return {
        "notes": content.get("notes", ""),
        "revision": content.get("revision", version),
        "series_id": content.get("series", ""),
        "series_start": datetime.fromisoformat(start) if start else None,
    }


def event_content(event: Event, seal: PersonSeal) -> Ciphertext:
    """What the person said about an event."""
    content = {
        "title": event.title,
        "place": event.place,
        "participants": event.participants,
        **_more(event),
    }
    return seal.seal(orjson.dumps(content), context(EVENTS, "content", event.event_id))


def task_content(task: Task, seal: PersonSeal) -> Ciphertext:
    """What the person said about a task."""
    content = {"title": task.title, "list": task.list_name, **_more(task)}
    if task.priority:
        content["priority"] = int(task.priority)
    if task.after_completion:
        content["after_completion"] = True
    if task.nag:
        content["nag"] = int(task.nag.total_seconds())
    return seal.seal(orjson.dumps(content), context(TASKS, "content", task.task_id))


def event_of(row: Mapping[str, Any], seal: PersonSeal) -> Event:
    """The event in a row."""
    event_id = str(row["event_id"])
    content = orjson.loads(seal.open(row["content"], context(EVENTS, "content", event_id)))
    schedule = _schedule(row, content)
    if schedule is None:
        raise ValueError("an event without a start")
    return Event(
        event_id=event_id,
        user_id=row["user_id"],
        title=content["title"],
        place=content["place"],
        participants=tuple(content["participants"]),
        **_more_of(content, row["version"]),
        schedule=schedule,
        leads=leads(row["reminder_lead_seconds"]),
        state=EventState(row["state"]),
        version=row["version"],
        create_time=row["create_time"],
        update_time=row["update_time"],
    )


def task_of(row: Mapping[str, Any], seal: PersonSeal) -> Task:
    """The task in a row."""
    task_id = str(row["task_id"])
    content = orjson.loads(seal.open(row["content"], context(TASKS, "content", task_id)))
    return Task(
        task_id=task_id,
        user_id=row["user_id"],
        number=row["number"],
        title=content["title"],
        list_name=content["list"],
        **_more_of(content, row["version"]),
        priority=Priority(content.get("priority", 0)),
        after_completion=content.get("after_completion", False),
        nag=timedelta(seconds=content.get("nag", 0)),
        schedule=_schedule(row, content),
        due_time=row["due_time"],
        state=TaskState(row["state"]),
        version=row["version"],
        create_time=row["create_time"],
        update_time=row["update_time"],
    )


def preferences_of(row: Mapping[str, Any]) -> Preferences:
    """The preferences in a row of people; the default ones where there is none."""
    if row["time_zone"] is None:
        return Preferences()
    return Preferences(
        time_zone=row["time_zone"],
        is_guess=not row["time_zone_confirmed"],
        locale=row["locale"],
        reminder_leads=leads(row["reminder_lead_seconds"]),
        **settings.arguments(row["settings"]),
    )


def sealed_contents(
    contents: tuple[Content, ...], notice_id: str, seal: PersonSeal
) -> Ciphertext | None:
    """What a reply says; None for a notice that says nothing of its own."""
    if not contents:
        return None
    plain = [[content.template, dict(content.parameters)] for content in contents]
    return seal.seal(orjson.dumps(plain), context(NOTICES, "contents", notice_id))


def contents_of(stored: bytes, notice_id: str, seal: PersonSeal) -> tuple[Content, ...]:
    """What a reply says."""
    plain = orjson.loads(seal.open(stored, context(NOTICES, "contents", notice_id)))
    return tuple(Content(template=name, parameters=given) for name, given in plain)
