"""Tasks in the orders in which people want them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from services.scheduler.domain.item import Priority, Task
from services.scheduler.domain.order import Order, ordered
from tests.unit.scheduler.calendars import NOW, USER


def task(number: int, due: str = "", **given: object) -> Task:
    made = Task(
        task_id=str(number),
        user_id=USER,
        number=number,
        title=str(number),
        create_time=NOW,
        update_time=NOW,
        due_time=datetime.fromisoformat(due) if due else None,
    )
    return replace(made, **given)  # type: ignore[arg-type]


TASKS = [
    task(1, list_name="tasks"),
    task(2, "2026-11-25T09:00Z", list_name="tasks", priority=Priority.LOW),
    task(3, list_name="Shopping", priority=Priority.HIGH),
    task(4, "2026-11-24T09:00Z", list_name="tasks"),
    task(5, list_name="shopping"),
    task(6, "2026-11-26T09:00Z", list_name="tasks", priority=Priority.HIGH),
]


@pytest.mark.parametrize(
    ("order", "numbers"),
    [
        (Order.NUMBER, [1, 2, 3, 4, 5, 6]),
        (Order.LIST, [3, 5, 6, 4, 1, 2]),
        (Order.PRIORITY, [6, 3, 4, 1, 5, 2]),
        (Order.DUE_TIME, [4, 2, 6, 3, 1, 5]),
    ],
)
def test_tasks_stand_in_the_order_that_was_asked_for(order: Order, numbers: list[int]) -> None:
    assert [each.number for each in ordered(TASKS, order)] == numbers
