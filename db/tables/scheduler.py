"""The scheduler's tables: people, their events and tasks, and the notices that follow from them.

What people wrote stands in one sealed `content` a row (titles, places, names, lists); the times by
which rows are found stand in the open. Every change of a person's things moves `people.version`,
so that two changes at the same time cannot both build on the same state.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from db.due import DUE_TABLE_OPTIONS, due_columns, due_indexes
from db.sealed import Sealed, person_keys_table
from db.tables import metadata

SCHEMA = "scheduler"

_INSTANT = sa.DateTime(timezone=True)
_WALL_TIME = sa.DateTime(timezone=False)
_ID = sa.Uuid(as_uuid=False)


def _schedule_columns(*, nullable: bool) -> list[sa.Column[object]]:
    """When something stands: its first start, and the wall-clock times it recurs by."""
    return [
        sa.Column("start_time", _INSTANT, nullable=nullable),
        # When nothing of it takes place any more; null while that is open.
        sa.Column("over_time", _INSTANT),
        sa.Column("local_start", _WALL_TIME, nullable=nullable),
        sa.Column("local_end", _WALL_TIME),
        sa.Column("all_day", sa.Boolean, nullable=False),
        sa.Column("time_zone", sa.Text, nullable=nullable),
        sa.Column("recurrence", sa.Text, nullable=False),
    ]


people = sa.Table(
    "people",
    metadata,
    sa.Column("user_id", sa.Text, primary_key=True),
    # Moves with every change of anything of this person.
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("time_zone", sa.Text, nullable=False),
    sa.Column("time_zone_confirmed", sa.Boolean, nullable=False),
    sa.Column("locale", sa.Text, nullable=False),
    sa.Column("reminder_lead_seconds", ARRAY(sa.Integer), nullable=False),
    # Hours, quiet hours and overviews: nothing that a row is found by.
    sa.Column("settings", JSONB, nullable=False, server_default=sa.text("'{}'")),
    sa.Column("last_task_number", sa.Integer, nullable=False),
    # What "it" and "that" mean: last made, changed or reminded of.
    sa.Column("last_item_id", _ID),
    # Up to then everything of them was erased: what they wrote before it and comes late is refused.
    # The row stays, because its version is what holds up a change that was under way.
    sa.Column("erase_time", _INSTANT),
    sa.Column("erased_generation", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("create_time", _INSTANT, nullable=False),
    sa.Column("update_time", _INSTANT, nullable=False),
    schema=SCHEMA,
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("event_id", _ID, primary_key=True),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("state", sa.SmallInteger, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("content", Sealed, nullable=False),
    *_schedule_columns(nullable=False),
    sa.Column("reminder_lead_seconds", ARRAY(sa.Integer), nullable=False),
    sa.Column("create_time", _INSTANT, nullable=False),
    sa.Column("update_time", _INSTANT, nullable=False),
    sa.Index("events_user_id_start_time_idx", "user_id", "start_time", "event_id"),
    schema=SCHEMA,
)

tasks = sa.Table(
    "tasks",
    metadata,
    sa.Column("task_id", _ID, primary_key=True),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("state", sa.SmallInteger, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("content", Sealed, nullable=False),
    # A keyed hash of the list's name: lists are found, and their names stay sealed.
    sa.Column("list_key", sa.LargeBinary, nullable=False),
    sa.Column("due_time", _INSTANT),
    *_schedule_columns(nullable=True),
    sa.Column("create_time", _INSTANT, nullable=False),
    sa.Column("update_time", _INSTANT, nullable=False),
    sa.UniqueConstraint("user_id", "number", name="tasks_user_id_number_key"),
    schema=SCHEMA,
)

# Outbox and reminders in one: a confirmation is due now, a reminder later. A handed-over notice is
# settled with `withdrawn_reason` null; one that was overtaken by a change says why.
notices = sa.Table(
    "notices",
    metadata,
    *due_columns(),
    sa.Column("notice_id", _ID, nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    # A reminder: the item, its version, the occurrence it is about, and how long before it.
    sa.Column("item_id", _ID),
    sa.Column("item_version", sa.Integer, nullable=False),
    sa.Column("occurrence", _INSTANT),
    sa.Column("lead_seconds", sa.Integer, nullable=False),
    # A reply: what to say, and the message that it answers.
    sa.Column("contents", Sealed),
    sa.Column("reply_to_message_id", sa.Text, nullable=False),
    # A cancellation: the notice to take back.
    sa.Column("cancelled_notice_id", _ID),
    sa.Column("withdrawn_reason", sa.Text),
    # The request that withdrew it: who takes that back has it hold again.
    sa.Column("withdrawn_by", _ID),
    # A nag: how many came before it.
    sa.Column("nag_number", sa.SmallInteger, nullable=False, server_default="0"),
    # Erasure and the operator's trace go by it.
    sa.Index("notices_user_id_idx", "user_id", "id"),
    sa.UniqueConstraint("notice_id", name="notices_notice_id_key"),
    sa.Index(
        "notices_item_id_idx", "item_id", "id", postgresql_where=sa.text("item_id IS NOT NULL")
    ),
    *due_indexes("notices"),
    schema=SCHEMA,
    **DUE_TABLE_OPTIONS,
)

# One row a request: its answer, given again to whoever repeats it.
changes = sa.Table(
    "changes",
    metadata,
    sa.Column("request_id", _ID, primary_key=True),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("body_hash", sa.LargeBinary, nullable=False),
    sa.Column("result", Sealed, nullable=False),
    # What takes it back; null where nothing can. And the request that did.
    sa.Column("inverse", Sealed),
    sa.Column("undone_by", _ID),
    sa.Column("create_time", _INSTANT, nullable=False),
    sa.Index("changes_create_time_idx", "create_time"),
    sa.Index("changes_user_id_idx", "user_id", "create_time"),
    schema=SCHEMA,
)

# One row a request for a feed; the newest that is not revoked works. Of its token there is only a
# keyed hash: whoever reads the table cannot read the calendar.
feeds = sa.Table(
    "feeds",
    metadata,
    sa.Column("request_id", _ID, primary_key=True),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("token_hash", sa.LargeBinary, nullable=False),
    sa.Column("create_time", _INSTANT, nullable=False),
    # To the hour: whether anybody reads it is all that counts.
    sa.Column("read_time", _INSTANT),
    sa.Column("revoke_time", _INSTANT),
    sa.UniqueConstraint("token_hash", name="feeds_token_hash_key"),
    sa.Index("feeds_user_id_idx", "user_id", "create_time"),
    schema=SCHEMA,
)

person_keys = person_keys_table(metadata, SCHEMA)
