"""In which order tasks are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import Enum

from services.scheduler.domain.item import Priority, Task

_NEVER = datetime.max.replace(tzinfo=UTC)
# What nobody rated stands between what matters and what can wait.
_RANKS = {Priority.HIGH: 0, Priority.MEDIUM: 1, Priority.UNSPECIFIED: 1, Priority.LOW: 2}


class Order(Enum):
    """What comes first."""

    NUMBER = "number"
    LIST = "list"
    PRIORITY = "priority"
    DUE_TIME = "due_time"


def ordered(tasks: Sequence[Task], order: Order) -> Sequence[Task]:
    """The tasks in an order; what is equal stands by number."""
    match order:
        case Order.NUMBER:
            return tasks
        case Order.LIST:
            return sorted(tasks, key=lambda task: (task.list_name.casefold(), *_matters(task)))
        case Order.PRIORITY:
            return sorted(tasks, key=_matters)
        case Order.DUE_TIME:
            return sorted(tasks, key=lambda task: (task.due_time or _NEVER, *_matters(task)))


def _matters(task: Task) -> tuple[int, datetime, int]:
    return _RANKS[task.priority], task.due_time or _NEVER, task.number
