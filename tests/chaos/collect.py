"""The end of a run: everything that can be looked at is written into the history."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.crypto import derive
from chassis.ids import derived_id, message_id
from tests.chaos.history import AUDIT, LOG, META, History, items
from tests.chaos.storage import Storage
from tests.chaos.world import World

# Nothing that is sealed is of use to a checker; everything else is.
TABLES = {
    "ingress.inbox": "id, kind, type, message_key, settled_time, skipped_reason, buried_reason,"
    " postponed_reason, receive_time, due_time, attempts, takeovers",
    "ai.turns": "message_id, user_id, state, message_time, finish_time",
    "scheduler.changes": "request_id, user_id, create_time",
    "scheduler.tasks": "task_id, user_id, number, state, due_time",
    "scheduler.notices": "id, notice_id, user_id, kind, item_id, item_version, occurrence,"
    " lead_seconds, reply_to_message_id, due_time, settled_time, withdrawn_reason, buried_reason,"
    " postponed_reason, takeovers",
    "notifier.notifications": "id, notification_id, request_id, user_id, kind, state, state_reason,"
    " reply_to_message_id, tries, ambiguous, due_time, create_time, send_time, settled_time,"
    " buried_reason, sent_time, delivered_time, read_time, takeovers",
    "notifier.attempts": "token, notification_id, number, is_repeat, start_time, end_time, outcome,"
    " reason, sent_time, delivered_time, read_time, failed_time",
    "notifier.provider_events": "token, status, event_time, record_time",
}


async def collect(
    history: History, world: World, storage: Storage, *, meta: dict[str, Any], hash_key: bytes
) -> None:
    """Reads the simulator's log, the tables and the audit."""
    entries, missed = await world.log()
    state = await world.state()
    connection = await storage.connect()
    try:
        for name, columns in TABLES.items():
            for row in await connection.fetch(f"SELECT {columns} FROM {name}"):
                history.add(f"table:{name}", **_row(name, dict(row)))
        for row in await connection.fetch("SELECT * FROM chaos.audit ORDER BY seq"):
            history.add(AUDIT, **_row("", dict(row)))
    finally:
        await connection.close()
    for entry in entries:
        history.add(LOG, **entry)
    key = derive(hash_key, "message-id")
    named = {item["id"] for e in entries if e["kind"] == "webhook" for _, item in items(e["body"])}
    history.add(
        META,
        **meta,
        app_secret="test_app_secret",
        message_ids={wamid: message_id(key, wamid) for wamid in sorted(named)},
        missed=missed,
        dropped=state["webhooks"]["dropped"],
        end=state["now"],
    )


def _row(name: str, row: dict[str, Any]) -> dict[str, Any]:
    made = {column: _plain(value) for column, value in row.items()}
    if name == "ingress.inbox" and row["message_key"] is not None:
        made["message_id"] = _message_id(row["message_key"])
    if name == "scheduler.notices":
        occurrence = row["occurrence"]
        made["request_id"] = derived_id(
            "notice", str(row["notice_id"]), occurrence.isoformat() if occurrence else ""
        )
    return made


def _message_id(key: bytes) -> str:
    return "m_" + base64.b32encode(key).decode().rstrip("=").lower()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value.hex() if isinstance(value, bytes) else value
