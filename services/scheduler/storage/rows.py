"""Rows to items and back; what people wrote is sealed on the way in."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson

from chassis.crypto import keyed_hash
from db.sealed import Ciphertext, PersonSeal, context
from services.scheduler.domain.item import Event, EventState, Task, TaskState
from services.scheduler.domain.notice import Content
from services.scheduler.domain.preferences import Preferences
from services.scheduler.domain.schedule import Schedule

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


def _schedule(row: Mapping[str, Any]) -> Schedule | None:
    if row["start_time"] is None:
        return None
    return Schedule(
        instant=row["start_time"],
        local_start=row["local_start"],
        local_end=row["local_end"],
        all_day=row["all_day"],
        time_zone=row["time_zone"],
        recurrence=row["recurrence"],
    )


def event_content(event: Event, seal: PersonSeal) -> Ciphertext:
    """What the person said about an event."""
    content = {
        "title": event.title,
        "place": event.place,
        "participants": event.participants,
    }
    return seal.seal(orjson.dumps(content), context(EVENTS, "content", event.event_id))


def task_content(task: Task, seal: PersonSeal) -> Ciphertext:
    """What the person said about a task."""
    content = {"title": task.title, "list": task.list_name}
    return seal.seal(orjson.dumps(content), context(TASKS, "content", task.task_id))


def event_of(row: Mapping[str, Any], seal: PersonSeal) -> Event:
    """The event in a row."""
    event_id = str(row["event_id"])
    content = orjson.loads(seal.open(row["content"], context(EVENTS, "content", event_id)))
    schedule = _schedule(row)
    if schedule is None:
        raise ValueError("an event without a start")
    return Event(
        event_id=event_id,
        user_id=row["user_id"],
        title=content["title"],
        place=content["place"],
        participants=tuple(content["participants"]),
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
        schedule=_schedule(row),
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
