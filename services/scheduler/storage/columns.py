"""Rows turned into columns, as `unnest` takes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from db.sealed import PersonSeal
from services.scheduler.domain.item import Event, Task
from services.scheduler.domain.notice import Notice, Withdrawal
from services.scheduler.storage import rows

_EVENT_COLUMNS, _TASK_COLUMNS, _NOTICE_COLUMNS, _REMINDER_COLUMNS = 13, 15, 9, 10
_WITHDRAWAL_COLUMNS = 6


def of_events(events: Sequence[Event], seal: PersonSeal) -> Sequence[Sequence[Any]]:
    """The columns of `statements.WRITE` for events."""
    return _columns(
        [
            (
                event.create_time,
                event.event_id,
                int(event.state),
                event.version,
                rows.event_content(event, seal),
                *rows.schedule_values(event.schedule),
                # An array of arrays would have to be a rectangle.
                "{" + ",".join(str(each) for each in rows.seconds(event.leads)) + "}",
            )
            for event in events
        ],
        _EVENT_COLUMNS,
    )


def of_tasks(tasks: Sequence[Task], seal: PersonSeal, list_hash: bytes) -> Sequence[Sequence[Any]]:
    """The columns of `statements.WRITE` for tasks."""
    return _columns(
        [
            (
                task.create_time,
                task.task_id,
                task.number,
                int(task.state),
                task.version,
                rows.task_content(task, seal),
                rows.list_key(list_hash, task.user_id, task.list_name),
                task.due_time,
                *rows.schedule_values(task.schedule),
            )
            for task in tasks
        ],
        _TASK_COLUMNS,
    )


def of_notices(notices: Sequence[Notice], seal: PersonSeal) -> Sequence[Sequence[Any]]:
    """The columns of `statements.WRITE` for notices."""
    return _columns(
        [
            (
                notice.due_time,
                notice.notice_id,
                notice.kind.value,
                notice.item_id or None,
                notice.item_version,
                notice.occurrence,
                int(notice.lead.total_seconds()),
                rows.sealed_contents(notice.contents, notice.notice_id, seal),
                notice.reply_to_message_id,
            )
            for notice in notices
        ],
        _NOTICE_COLUMNS,
    )


def of_reminders(notices: Sequence[Notice]) -> Sequence[Sequence[Any]]:
    """The columns of `statements.FOLLOW`."""
    return _columns(
        [
            (
                notice.user_id,
                notice.due_time,
                notice.notice_id,
                notice.kind.value,
                notice.item_id,
                notice.item_version,
                notice.occurrence,
                int(notice.lead.total_seconds()),
                notice.nag_number,
                notice.parent_id or None,
            )
            for notice in notices
        ],
        _REMINDER_COLUMNS,
    )


def of_withdrawals(withdrawals: Sequence[Withdrawal]) -> Sequence[Sequence[Any]]:
    """The columns of `statements.WRITE` for what goes away; the first are the items."""
    return _columns(
        [
            (
                each.item_id,
                each.first,
                each.last,
                each.due_before,
                each.keep_version,
                each.notice_id,
            )
            for each in withdrawals
        ],
        _WITHDRAWAL_COLUMNS,
    )


def _columns(table: Sequence[Sequence[Any]], width: int) -> Sequence[Sequence[Any]]:
    return [list(column) for column in zip(*table, strict=True)] or [[] for _ in range(width)]
