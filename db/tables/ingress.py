"""The ingress service's table: the inbox of webhooks."""

from __future__ import annotations

import sqlalchemy as sa

from db.due import DUE_TABLE_OPTIONS, due_columns, due_indexes
from db.sealed import Sealed
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
    # The digest in Hark's message id; null for what is about no message.
    sa.Column("message_key", sa.LargeBinary, nullable=True),
    sa.Column("payload", Sealed, nullable=False),
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
