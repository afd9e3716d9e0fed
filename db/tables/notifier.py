"""The notifier's tables: who can be reached and how, what they are told, and what became of it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from db.due import DUE_TABLE_OPTIONS, due_columns, due_indexes
from db.sealed import Sealed, person_keys_table
from db.tables import metadata

SCHEMA = "notifier"

_INSTANT = sa.DateTime(timezone=True)


def _instant(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, _INSTANT, nullable=nullable)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


person_keys = person_keys_table(metadata, SCHEMA)

# People who wrote. An address is here and nowhere else.
contacts = sa.Table(
    "contacts",
    metadata,
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("generation", sa.BigInteger, nullable=False, server_default="1"),
    # The digits that the person's own messages come from; replies go there literally.
    sa.Column("phone", Sealed),
    sa.Column("business_user_id", Sealed),
    sa.Column("parent_user_id", Sealed),
    sa.Column("display_name", Sealed),
    _text("time_zone_guess"),
    _text("locale_guess"),
    # The message that made them known: it is a first contact however often it is delivered.
    sa.Column("first_message_id", sa.Text, nullable=False),
    _instant("last_inbound_time", nullable=False),
    _instant("window_until", nullable=False),
    _instant("unreachable_time"),
    sa.Column("unreachable_code", sa.Integer, nullable=False, server_default="0"),
    _instant("stop_time"),
    _instant("create_time", nullable=False),
    schema=SCHEMA,
)

# Every name WhatsApp has for a person, as a keyed hash of kind and value.
aliases = sa.Table(
    "aliases",
    metadata,
    sa.Column("alias", sa.LargeBinary, primary_key=True),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("kind", sa.SmallInteger, nullable=False),
    _instant("create_time", nullable=False),
    sa.Index("aliases_user_id_idx", "user_id"),
    schema=SCHEMA,
)

# Messages whose sender's names belonged to two people. Nobody is merged; someone looks at it.
identity_conflicts = sa.Table(
    "identity_conflicts",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("other_user_id", sa.Text, nullable=False),
    sa.Column("message_id", sa.Text, nullable=False),
    _instant("record_time", nullable=False),
    sa.UniqueConstraint("user_id", "other_user_id"),
    schema=SCHEMA,
)

# What quoting a message and marking it as read takes.
inbound_messages = sa.Table(
    "inbound_messages",
    metadata,
    sa.Column("message_id", sa.Text, primary_key=True),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("wamid", Sealed, nullable=False),
    _instant("message_time", nullable=False),
    _instant("record_time", nullable=False),
    sa.Index("inbound_messages_user_id_idx", "user_id"),
    sa.Index("inbound_messages_record_time_idx", "record_time"),
    schema=SCHEMA,
)

notifications = sa.Table(
    "notifications",
    metadata,
    *due_columns(),
    sa.Column("notification_id", sa.Uuid(as_uuid=False), nullable=False, unique=True),
    sa.Column("request_id", sa.Uuid(as_uuid=False), nullable=False, unique=True),
    sa.Column("request_hash", sa.LargeBinary, nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("type", sa.SmallInteger, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("state", sa.SmallInteger, nullable=False),
    _text("state_reason"),
    # Contents and the bubble rendered from them, as JSON.
    sa.Column("body", Sealed, nullable=False),
    _text("reply_to_message_id"),
    sa.Column("holds_overflow", sa.Boolean, nullable=False, server_default=sa.false()),
    # Attempts started, and how many of them nobody knows the outcome of.
    sa.Column("tries", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Column("ambiguous", sa.SmallInteger, nullable=False, server_default="0"),
    _instant("create_time", nullable=False),
    _instant("send_time", nullable=False),
    _instant("expire_time", nullable=False),
    _instant("sent_time"),
    _instant("delivered_time"),
    _instant("read_time"),
    *due_indexes("notifications"),
    sa.Index("notifications_user_id_idx", "user_id", "id"),
    sa.Index(
        "notifications_reply_to_message_id_idx",
        "reply_to_message_id",
        "id",
        postgresql_where=sa.text("reply_to_message_id <> ''"),
    ),
    schema=SCHEMA,
    **DUE_TABLE_OPTIONS,
)

# One row a provider call, written before the call. Its token travels with the message.
attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("token", sa.Uuid(as_uuid=False), primary_key=True),
    sa.Column("notification_id", sa.Uuid(as_uuid=False), nullable=False),
    sa.Column("number", sa.SmallInteger, nullable=False),
    sa.Column("is_repeat", sa.Boolean, nullable=False, server_default=sa.false()),
    # The approved template that it had; empty for a plain message.
    _text("template"),
    _instant("start_time", nullable=False),
    _instant("end_time"),
    sa.Column("outcome", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Column("provider_code", sa.Integer, nullable=False, server_default="0"),
    _text("reason"),
    sa.Column("wamid_hash", sa.LargeBinary),
    sa.Column("wamid", Sealed),
    # What the provider's statuses have shown, each by the earliest time it was said to be.
    _instant("sent_time"),
    _instant("delivered_time"),
    _instant("read_time"),
    _instant("played_time"),
    _instant("failed_time"),
    sa.Column("failed_code", sa.Integer, nullable=False, server_default="0"),
    sa.UniqueConstraint("notification_id", "number"),
    sa.Index(
        "attempts_wamid_hash_idx",
        "wamid_hash",
        postgresql_where=sa.text("wamid_hash IS NOT NULL"),
    ),
    schema=SCHEMA,
)

provider_events = sa.Table(
    "provider_events",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("notification_id", sa.Uuid(as_uuid=False), nullable=False),
    sa.Column("token", sa.Uuid(as_uuid=False), nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    _instant("event_time", nullable=False),
    _instant("record_time", nullable=False),
    sa.Column("provider_code", sa.Integer, nullable=False, server_default="0"),
    sa.UniqueConstraint("token", "status"),
    sa.Index("provider_events_notification_id_idx", "notification_id", "id"),
    schema=SCHEMA,
)
