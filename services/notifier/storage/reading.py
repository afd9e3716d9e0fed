"""Rows as what they mean."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg

from chassis.errors import RequestIdReused, ServiceError
from db.sealed import Seal
from services.notifier.domain.notification import (
    CLOSED,
    Attempt,
    AttemptOutcome,
    Notification,
    ProviderEvent,
    State,
    Type,
)
from services.notifier.ports import Judged
from services.notifier.storage.sealing import Body, opened_body


def fresh(judged: Judged, notification_id: str, row: asyncpg.Record) -> Notification:
    """A notification that was just taken on."""
    state = State(row["new_state"])
    return Notification(
        notification_id=notification_id,
        user_id=judged.user_id,
        type=judged.kind.type,
        kind=judged.kind.name,
        state=state,
        state_reason=row["new_reason"],
        held_until=row["new_due_time"] if state is State.HELD else None,
        contents=judged.draft.contents,
        buttons=judged.buttons,
        document=judged.draft.document,
        locale=judged.locale,
        reply_to_message_id=judged.draft.reply_to_message_id,
        request_id=judged.request_id,
        create_time=judged.create_time,
        due_time=judged.send_time,
        expire_time=row["new_expire_time"],
    )


def answered(judged: Judged, row: asyncpg.Record) -> Notification | ServiceError:
    """The answer to a request that was accepted before: as it now stands, if it is the same."""
    if row["request_hash"] != judged.request_hash:
        return RequestIdReused(metadata={"notification_id": str(row["notification_id"])})
    state, reason = _standing(row)
    return Notification(
        notification_id=str(row["notification_id"]),
        user_id=judged.user_id,
        type=judged.kind.type,
        kind=judged.kind.name,
        state=state,
        state_reason=reason,
        held_until=row["due_time"] if state is State.HELD else None,
        contents=judged.draft.contents,
        buttons=judged.buttons,
        document=judged.draft.document,
        locale=judged.locale,
        reply_to_message_id=judged.draft.reply_to_message_id,
        request_id=judged.request_id,
        create_time=row["create_time"],
        due_time=row["send_time"],
        expire_time=row["expire_time"],
        sent_time=row["sent_time"],
        delivered_time=row["delivered_time"],
        read_time=row["read_time"],
    )


def notification(
    row: asyncpg.Record,
    seal: Seal | None,
    *,
    attempts: Sequence[asyncpg.Record] = (),
    events: Sequence[asyncpg.Record] = (),
) -> Notification:
    """A stored notification; without its person's key (erased) it says nothing."""
    notification_id = str(row["notification_id"])
    # What can no longer be read says nothing.
    body = Body(contents=(), text="", locale="")
    if seal is not None and row["body"]:
        body = opened_body(seal, notification_id, row["body"])
    state, reason = _standing(row)
    return Notification(
        notification_id=notification_id,
        user_id=row["user_id"],
        # One that was cancelled before it came has none yet.
        type=Type(row["type"]) if row["type"] else None,
        bubble_id=str(row["bubble_id"]) if row["bubble_id"] else "",
        kind=row["kind"],
        state=state,
        state_reason=reason,
        held_until=row["due_time"] if state is State.HELD else None,
        contents=body.contents,
        reply_to_message_id=row["reply_to_message_id"],
        request_id=str(row["request_id"]),
        create_time=row["create_time"],
        due_time=row["send_time"],
        expire_time=row["expire_time"],
        sent_time=row["sent_time"],
        delivered_time=row["delivered_time"],
        read_time=row["read_time"],
        attempts=[_attempt(attempt) for attempt in attempts],
        events=[_event(event) for event in events],
        buttons=body.buttons,
        document=body.document,
        locale=body.locale,
    )


def _standing(row: asyncpg.Record) -> tuple[State, str]:
    """State and reason; a row that its queue buried is dead, whatever it was doing."""
    state = State(row["state"])
    if row["buried_reason"] is not None and state not in CLOSED:
        return State.DEAD, row["buried_reason"]
    return state, row["state_reason"]


def _attempt(row: asyncpg.Record) -> Attempt:
    return Attempt(
        number=row["number"],
        start_time=row["start_time"],
        end_time=row["end_time"],
        outcome=AttemptOutcome(row["outcome"]),
        provider_code=row["provider_code"],
        reason=row["reason"],
        template=row["template"],
    )


def _event(row: asyncpg.Record) -> ProviderEvent:
    return ProviderEvent(
        status=row["status"],
        event_time=row["event_time"],
        record_time=row["record_time"],
        provider_code=row["provider_code"],
    )
