"""The ai service's tables: how each message was understood, and what the model cost."""

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
    # Which engines were gone through: "local", "gemini", "local_timed_out", …
    sa.Column("path", sa.Text, nullable=False, server_default=""),
    sa.Column("heard", Sealed, nullable=False),
    sa.Column("interpretation", Sealed, nullable=False),
    # What came of it: the question that was asked, the items it was about. Not set before the end.
    sa.Column("outcome", Sealed),
    sa.Column("message_time", sa.DateTime(timezone=True), nullable=False),
    sa.Column("interpret_time", sa.DateTime(timezone=True), nullable=False),
    sa.Column("finish_time", sa.DateTime(timezone=True)),
    sa.Index("turns_user_id_idx", "user_id", "interpret_time"),
    sa.Index("turns_interpret_time_idx", "interpret_time"),
    schema=SCHEMA,
)

# One row a day for each person, and one for all of them (user_id ''). Money is in millionths of a
# dollar; what is set aside for a call under way is in it.
model_usage = sa.Table(
    "model_usage",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("calls", sa.BigInteger, nullable=False),
    sa.Column("input_tokens", sa.BigInteger, nullable=False),
    sa.Column("output_tokens", sa.BigInteger, nullable=False),
    sa.Column("cost", sa.BigInteger, nullable=False),
    schema=SCHEMA,
)

# People who were erased: nothing that comes late for them is understood any more. Their ids are
# random, and never given again.
erasures = sa.Table(
    "erasures",
    metadata,
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column(
        "erase_time",
        sa.DateTime(timezone=True),
        nullable=False,
        server_default=sa.text("statement_timestamp()"),
    ),
    schema=SCHEMA,
)

person_keys = person_keys_table(metadata, SCHEMA)
