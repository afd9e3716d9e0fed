"""the tables of ingress."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import db.sealed

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("due_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("postponements", sa.Integer(), server_default="0", nullable=False),
        sa.Column("takeovers", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("fence", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("postponed_reason", sa.Text(), nullable=True),
        sa.Column("buried_reason", sa.Text(), nullable=True),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("erase_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=True),
        sa.Column("person_keys", sa.LargeBinary(), nullable=True),
        sa.Column(
            "receipt", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("erasures_pkey")),
        sa.UniqueConstraint("user_id", name=op.f("erasures_user_id_key")),
        schema="ingress",
        postgresql_with={
            "fillfactor": 70,
            "autovacuum_vacuum_scale_factor": 0.02,
            "autovacuum_vacuum_insert_scale_factor": 0.1,
            "autovacuum_analyze_scale_factor": 0.05,
            "autovacuum_vacuum_cost_delay": 0,
        },
    )
    op.create_index(
        "erasures_buried_idx",
        "erasures",
        ["settled_time", "id"],
        unique=False,
        schema="ingress",
        postgresql_where=sa.text("buried_reason IS NOT NULL"),
    )
    op.create_index(
        "erasures_due_idx",
        "erasures",
        ["due_time", "id"],
        unique=False,
        schema="ingress",
        postgresql_where=sa.text("settled_time IS NULL"),
    )
    op.create_table(
        "inbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("due_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("postponements", sa.Integer(), server_default="0", nullable=False),
        sa.Column("takeovers", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("fence", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("postponed_reason", sa.Text(), nullable=True),
        sa.Column("buried_reason", sa.Text(), nullable=True),
        sa.Column("lane", sa.LargeBinary(), nullable=False),
        sa.Column("dedupe_key", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("person_key", sa.LargeBinary(), nullable=True),
        sa.Column("message_key", sa.LargeBinary(), nullable=True),
        sa.Column("payload", db.sealed.Sealed(), nullable=False),
        sa.Column("receive_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("skipped_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("inbox_pkey")),
        sa.UniqueConstraint("dedupe_key", name=op.f("inbox_dedupe_key_key")),
        schema="ingress",
        postgresql_with={
            "fillfactor": 70,
            "autovacuum_vacuum_scale_factor": 0.02,
            "autovacuum_vacuum_insert_scale_factor": 0.1,
            "autovacuum_analyze_scale_factor": 0.05,
            "autovacuum_vacuum_cost_delay": 0,
        },
    )
    op.create_index(
        "inbox_buried_idx",
        "inbox",
        ["settled_time", "id"],
        unique=False,
        schema="ingress",
        postgresql_where=sa.text("buried_reason IS NOT NULL"),
    )
    op.create_index(
        "inbox_due_idx",
        "inbox",
        ["due_time", "id"],
        unique=False,
        schema="ingress",
        postgresql_where=sa.text("settled_time IS NULL"),
    )
    op.create_index(
        "inbox_lane_idx",
        "inbox",
        ["lane", "id"],
        unique=False,
        schema="ingress",
        postgresql_where=sa.text("settled_time IS NULL"),
    )
    op.create_index(
        "inbox_message_key_idx",
        "inbox",
        ["message_key", "id"],
        unique=False,
        schema="ingress",
        postgresql_where=sa.text("message_key IS NOT NULL"),
    )
