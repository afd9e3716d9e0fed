"""The answer to a request as bytes, to be given again to whoever repeats the request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

import orjson

from services.scheduler.domain.inverse import Inverse
from services.scheduler.domain.item import Event, EventState, Item, Priority, Task, TaskState
from services.scheduler.domain.preferences import Preferences
from services.scheduler.domain.remark import Overlap, Remark
from services.scheduler.domain.schedule import Schedule
from services.scheduler.storage import settings

_TIMES = {"create_time", "update_time", "due_time", "instant", "local_start", "local_end"}
_TIMES |= {"series_start", "start_time", "reminder_time"}
_LEADS = {"leads", "reminder_leads"}


def encode(
    results: Sequence[Item | None], preferences: Preferences, remarks: Sequence[Remark]
) -> bytes:
    """The answer as JSON."""
    answer = {
        "results": [
            None if item is None else [type(item).__name__, _plain(item)] for item in results
        ],
        "preferences": settings.everything(preferences),
        "remarks": [_plain(each) for each in remarks],
    }
    return orjson.dumps(answer)


def decode(stored: bytes) -> tuple[Sequence[Item | None], Preferences, Sequence[Remark]]:
    """The answer as it was."""
    answer = orjson.loads(stored)
    results = [None if each is None else _item(*each) for each in answer["results"]]
    remarks = [_remark(each) for each in answer.get("remarks", ())]
    return results, settings.preferences(answer["preferences"]), remarks


def encode_inverse(inverse: Inverse) -> bytes:
    """What takes a change back, as JSON."""
    given = {
        "items": [[type(item).__name__, _plain(item)] for item in inverse.items],
        "created": list(inverse.created),
        "version": inverse.version,
        "touched": list(inverse.touched),
        "notice_ids": [list(each) for each in inverse.notice_ids],
        "preferences": inverse.preferences and settings.everything(inverse.preferences),
    }
    return orjson.dumps(given)


def decode_inverse(stored: bytes) -> Inverse:
    """What takes a change back."""
    given = orjson.loads(stored)
    before = given["preferences"]
    return Inverse(
        items=[_item(*each) for each in given["items"]],
        created=given["created"],
        version=given["version"],
        touched=given["touched"],
        notice_ids=[(item, notice) for item, notice in given["notice_ids"]],
        preferences=settings.preferences(before) if before else None,
    )


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, IntEnum):
        return int(value)
    if isinstance(value, datetime):
        # As text with its offset, or without one: wall-clock times have none.
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


def _remark(given: dict[str, Any]) -> Remark:
    overlaps = tuple(Overlap(**_typed(each)) for each in given["overlaps"])
    return Remark(
        position=given["position"],
        overlaps=overlaps,
        is_day_full=given["is_day_full"],
        reminder_time=_typed(given)["reminder_time"],
    )


def _item(kind: str, given: dict[str, Any]) -> Item:
    values = _typed(given)
    if values["schedule"] is not None:
        schedule = _typed(values["schedule"])
        # Answers that were stored before there were any exceptions have none.
        excluded = schedule.pop("excluded", ())
        schedule["excluded"] = tuple(datetime.fromisoformat(each) for each in excluded)
        values["schedule"] = Schedule(**schedule)
    if kind == Event.__name__:
        values["state"] = EventState(values["state"])
        values["participants"] = tuple(values["participants"])
        return Event(**values)
    values["state"] = TaskState(values["state"])
    values["priority"] = Priority(values.get("priority", 0))
    values["nag"] = timedelta(seconds=values.get("nag", 0))
    return Task(**values)


def _typed(given: dict[str, Any]) -> dict[str, Any]:
    values = dict(given)
    for name, value in given.items():
        if name in _TIMES and value is not None:
            values[name] = datetime.fromisoformat(value)
        elif name in _LEADS:
            values[name] = tuple(timedelta(seconds=each) for each in value)
    return values
