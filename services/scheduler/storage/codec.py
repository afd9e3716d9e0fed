"""The answer to a request as bytes, to be given again to whoever repeats the request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

import orjson

from services.scheduler.domain.item import Event, EventState, Item, Task, TaskState
from services.scheduler.domain.preferences import Preferences
from services.scheduler.domain.schedule import Schedule

_TIMES = {"create_time", "update_time", "due_time", "instant", "local_start", "local_end"}
_LEADS = {"leads", "reminder_leads"}


def encode(results: Sequence[Item | None], preferences: Preferences) -> bytes:
    """The answer as JSON."""
    answer = {
        "results": [
            None if item is None else [type(item).__name__, _plain(item)] for item in results
        ],
        "preferences": _plain(preferences),
    }
    return orjson.dumps(answer)


def decode(stored: bytes) -> tuple[Sequence[Item | None], Preferences]:
    """The answer as it was."""
    answer = orjson.loads(stored)
    results = [None if each is None else _item(*each) for each in answer["results"]]
    return results, Preferences(**_typed(answer["preferences"]))


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


def _item(kind: str, given: dict[str, Any]) -> Item:
    values = _typed(given)
    if values["schedule"] is not None:
        values["schedule"] = Schedule(**_typed(values["schedule"]))
    if kind == Event.__name__:
        values["state"] = EventState(values["state"])
        values["participants"] = tuple(values["participants"])
        return Event(**values)
    values["state"] = TaskState(values["state"])
    return Task(**values)


def _typed(given: dict[str, Any]) -> dict[str, Any]:
    values = dict(given)
    for name, value in given.items():
        if name in _TIMES and value is not None:
            values[name] = datetime.fromisoformat(value)
        elif name in _LEADS:
            values[name] = tuple(timedelta(seconds=each) for each in value)
    return values
