"""the tables of scheduler."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import db.sealed

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "changes",
        sa.Column("request_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("result", db.sealed.Sealed(), nullable=False),
        sa.Column("inverse", db.sealed.Sealed(), nullable=True),
        sa.Column("undone_by", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("request_id", name=op.f("changes_pkey")),
        schema="scheduler",
    )
    op.create_index(
        "changes_create_time_idx", "changes", ["create_time"], unique=False, schema="scheduler"
    )
    op.create_index(
        "changes_user_id_idx",
        "changes",
        ["user_id", "create_time"],
        unique=False,
        schema="scheduler",
    )
    op.create_table(
        "events",
        sa.Column("event_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", db.sealed.Sealed(), nullable=False),
        sa.Column("start_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("over_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("local_start", sa.DateTime(), nullable=False),
        sa.Column("local_end", sa.DateTime(), nullable=True),
        sa.Column("all_day", sa.Boolean(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("recurrence", sa.Text(), nullable=False),
        sa.Column("reminder_lead_seconds", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("events_pkey")),
        schema="scheduler",
    )
    op.create_index(
        "events_user_id_start_time_idx",
        "events",
        ["user_id", "start_time", "event_id"],
        unique=False,
        schema="scheduler",
    )
    op.create_table(
        "feeds",
        sa.Column("request_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoke_time", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("request_id", name=op.f("feeds_pkey")),
        sa.UniqueConstraint("token_hash", name="feeds_token_hash_key"),
        schema="scheduler",
    )
    op.create_index(
        "feeds_user_id_idx", "feeds", ["user_id", "create_time"], unique=False, schema="scheduler"
    )
    op.create_table(
        "notices",
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
        sa.Column("notice_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("item_version", sa.Integer(), nullable=False),
        sa.Column("occurrence", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lead_seconds", sa.Integer(), nullable=False),
        sa.Column("contents", db.sealed.Sealed(), nullable=True),
        sa.Column("reply_to_message_id", sa.Text(), nullable=False),
        sa.Column("cancelled_notice_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("nag_number", sa.SmallInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("notices_pkey")),
        sa.UniqueConstraint("notice_id", name="notices_notice_id_key"),
        schema="scheduler",
        postgresql_with={
            "fillfactor": 70,
            "autovacuum_vacuum_scale_factor": 0.02,
            "autovacuum_vacuum_insert_scale_factor": 0.1,
            "autovacuum_analyze_scale_factor": 0.05,
            "autovacuum_vacuum_cost_delay": 0,
        },
    )
    op.create_index(
        "notices_buried_idx",
        "notices",
        ["settled_time", "id"],
        unique=False,
        schema="scheduler",
        postgresql_where=sa.text("buried_reason IS NOT NULL"),
    )
    op.create_index(
        "notices_due_idx",
        "notices",
        ["due_time", "id"],
        unique=False,
        schema="scheduler",
        postgresql_where=sa.text("settled_time IS NULL"),
    )
    op.create_index(
        "notices_item_id_idx",
        "notices",
        ["item_id", "id"],
        unique=False,
        schema="scheduler",
        postgresql_where=sa.text("item_id IS NOT NULL"),
    )
    op.create_index(
        "notices_user_id_idx", "notices", ["user_id", "id"], unique=False, schema="scheduler"
    )
    op.create_table(
        "people",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("time_zone_confirmed", sa.Boolean(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("reminder_lead_seconds", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column(
            "settings",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("last_task_number", sa.Integer(), nullable=False),
        sa.Column("last_item_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("erase_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_generation", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("people_pkey")),
        schema="scheduler",
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
        schema="scheduler",
    )
    op.create_table(
        "tasks",
        sa.Column("task_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", db.sealed.Sealed(), nullable=False),
        sa.Column("list_key", sa.LargeBinary(), nullable=False),
        sa.Column("due_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("start_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("local_start", sa.DateTime(), nullable=True),
        sa.Column("local_end", sa.DateTime(), nullable=True),
        sa.Column("all_day", sa.Boolean(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=True),
        sa.Column("recurrence", sa.Text(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("task_id", name=op.f("tasks_pkey")),
        sa.UniqueConstraint("user_id", "number", name="tasks_user_id_number_key"),
        schema="scheduler",
    )
