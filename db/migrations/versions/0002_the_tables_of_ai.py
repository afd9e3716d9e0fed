"""the tables of ai."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import db.sealed

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column(
            "erase_time",
            sa.DateTime(timezone=True),
            server_default=sa.text("statement_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("erasures_pkey")),
        schema="ai",
    )
    op.create_table(
        "model_usage",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("calls", sa.BigInteger(), nullable=False),
        sa.Column("input_tokens", sa.BigInteger(), nullable=False),
        sa.Column("output_tokens", sa.BigInteger(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "user_id", name=op.f("model_usage_pkey")),
        schema="ai",
    )
    op.create_table(
        "person_keys",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("wrapped_key", db.sealed.Sealed(), nullable=False),
        sa.Column("generation", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "create_time",
            sa.DateTime(timezone=True),
            server_default=sa.text("statement_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("person_keys_pkey")),
        schema="ai",
    )
    op.create_table(
        "turns",
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), server_default="", nullable=False),
        sa.Column("heard", db.sealed.Sealed(), nullable=False),
        sa.Column("interpretation", db.sealed.Sealed(), nullable=False),
        sa.Column("outcome", db.sealed.Sealed(), nullable=True),
        sa.Column("message_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("interpret_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finish_time", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("message_id", name=op.f("turns_pkey")),
        schema="ai",
    )
    op.create_index(
        "turns_interpret_time_idx", "turns", ["interpret_time"], unique=False, schema="ai"
    )
    op.create_index(
        "turns_user_id_idx", "turns", ["user_id", "interpret_time"], unique=False, schema="ai"
    )
