"""The ai service's tables: how each message was understood."""

from __future__ import annotations

import sqlalchemy as sa

from db.sealed import Sealed, person_keys_table
from db.tables import metadata

SCHEMA = "ai"

turns = sa.Table(
    "turns",
    metadata,
    sa.Column("message_id", sa.Text, primary_key=True),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("state", sa.SmallInteger, nullable=False),
    sa.Column("engine", sa.Text, nullable=False),
    sa.Column("heard", Sealed, nullable=False),
    sa.Column("interpretation", Sealed, nullable=False),
    sa.Column("message_time", sa.DateTime(timezone=True), nullable=False),
    sa.Column("interpret_time", sa.DateTime(timezone=True), nullable=False),
    sa.Column("finish_time", sa.DateTime(timezone=True)),
    sa.Index("turns_user_id_idx", "user_id", "interpret_time"),
    sa.Index("turns_interpret_time_idx", "interpret_time"),
    schema=SCHEMA,
)

person_keys = person_keys_table(metadata, SCHEMA)
