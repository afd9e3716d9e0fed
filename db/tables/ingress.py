"""The ingress service's tables: the inbox of webhooks, and people to be forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from db.due import DUE_TABLE_OPTIONS, due_columns, due_indexes
from db.sealed import Sealed, under_service_key
from db.tables import metadata

SCHEMA = "ingress"

inbox = sa.Table(
    "inbox",
    metadata,
    *due_columns(lane=True),
    # The keyed hash of what makes two deliveries the same thing.
    sa.Column("dedupe_key", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("kind", sa.SmallInteger, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    # The keyed hash of whom it is about, by which an erasure finds it; null where it is nobody.
    sa.Column("person_key", sa.LargeBinary, nullable=True),
    # The digest in Hark's message id; null for what is about no message.
    sa.Column("message_key", sa.LargeBinary, nullable=True),
    sa.Column("payload", Sealed, nullable=False, info=under_service_key("dedupe_key")),
    sa.Column("receive_time", sa.DateTime(timezone=True), nullable=False),
    sa.Column("skipped_reason", sa.Text, nullable=True),
    *due_indexes("inbox", lane=True),
    sa.Index(
        "inbox_message_key_idx",
        "message_key",
        "id",
        postgresql_where=sa.text("message_key IS NOT NULL"),
    ),
    schema=SCHEMA,
    **DUE_TABLE_OPTIONS,
)

# One row a person who is to be erased by all services, or was: what falls due is asking them. Kept
# for good, because a restore may bring the person back; nothing in it says who they were.
erasures = sa.Table(
    "erasures",
    metadata,
    *due_columns(),
    sa.Column("user_id", sa.Text, nullable=False, unique=True),
    sa.Column("request_id", sa.Uuid(as_uuid=False), nullable=False),
    # What they wrote until then goes.
    sa.Column("erase_time", sa.DateTime(timezone=True), nullable=False),
    sa.Column("state", sa.SmallInteger, nullable=False),
    # What finds their parts in the inbox and makes the other services sure whom they erase; null
    # before the notifier was asked, and empty after the end. The keys have 16 bytes each, joined.
    sa.Column("generation", sa.BigInteger),
    sa.Column("person_keys", sa.LargeBinary),
    # How many rows of what went.
    sa.Column("receipt", JSONB, nullable=False, server_default="{}"),
    *due_indexes("erasures"),
    schema=SCHEMA,
    **DUE_TABLE_OPTIONS,
)
