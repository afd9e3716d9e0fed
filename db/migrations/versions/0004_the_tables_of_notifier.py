"""the tables of notifier."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import db.sealed

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_changes",
        sa.Column("change_id", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("receive_time", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("change_id", name=op.f("account_changes_pkey")),
        schema="notifier",
    )
    op.create_table(
        "account_stops",
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("change_time", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("reason", name=op.f("account_stops_pkey")),
        schema="notifier",
    )
    op.create_table(
        "aliases",
        sa.Column("alias", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("alias", name=op.f("aliases_pkey")),
        schema="notifier",
    )
    op.create_index("aliases_user_id_idx", "aliases", ["user_id"], unique=False, schema="notifier")
    op.create_table(
        "allowances",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("counted", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("paid_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outside_slot", sa.Integer(), nullable=True),
        sa.Column("outside_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("user_id", name=op.f("allowances_pkey")),
        schema="notifier",
        postgresql_with={"fillfactor": 70},
    )
    op.create_table(
        "attempts",
        sa.Column("token", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("notification_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("is_repeat", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("template", sa.Text(), server_default="", nullable=False),
        sa.Column("start_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("provider_code", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("wamid_hash", sa.LargeBinary(), nullable=True),
        sa.Column("wamid", db.sealed.Sealed(), nullable=True),
        sa.Column("sent_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("played_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_code", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("attempts_pkey")),
        sa.UniqueConstraint(
            "notification_id", "number", name=op.f("attempts_notification_id_number_key")
        ),
        schema="notifier",
    )
    op.create_index(
        "attempts_wamid_hash_idx",
        "attempts",
        ["wamid_hash"],
        unique=False,
        schema="notifier",
        postgresql_where=sa.text("wamid_hash IS NOT NULL"),
    )
    op.create_table(
        "breakers",
        sa.Column("phone_id", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("openings", sa.Integer(), server_default="0", nullable=False),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("probe_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("change_time", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("phone_id", name=op.f("breakers_pkey")),
        schema="notifier",
    )
    op.create_table(
        "contacts",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("generation", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("phone", db.sealed.Sealed(), nullable=True),
        sa.Column("business_user_id", db.sealed.Sealed(), nullable=True),
        sa.Column("parent_user_id", db.sealed.Sealed(), nullable=True),
        sa.Column("display_name", db.sealed.Sealed(), nullable=True),
        sa.Column("time_zone_guess", sa.Text(), server_default="", nullable=False),
        sa.Column("locale_guess", sa.Text(), server_default="", nullable=False),
        sa.Column("first_message_id", sa.Text(), nullable=False),
        sa.Column("last_inbound_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unreachable_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unreachable_code", sa.Integer(), server_default="0", nullable=False),
        sa.Column("stop_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stop_request_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("identity_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("time_zone", sa.Text(), server_default="", nullable=False),
        sa.Column("quiet_start", sa.Time(), nullable=True),
        sa.Column("quiet_end", sa.Time(), nullable=True),
        sa.Column("locale", sa.Text(), server_default="", nullable=False),
        sa.Column("is_spoken", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("marketing_stop_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("contacts_pkey")),
        schema="notifier",
    )
    op.create_table(
        "documents",
        sa.Column("notification_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("content", db.sealed.Sealed(), nullable=False),
        sa.Column("media_id", db.sealed.Sealed(), nullable=True),
        sa.Column("upload_time", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("notification_id", name=op.f("documents_pkey")),
        schema="notifier",
    )
    op.create_index(
        "documents_user_id_idx", "documents", ["user_id"], unique=False, schema="notifier"
    )
    op.create_table(
        "erasures",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("request_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("erase_time", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("erasures_pkey")),
        schema="notifier",
    )
    op.create_table(
        "grants",
        sa.Column("scope", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("free_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token", sa.Uuid(as_uuid=False), nullable=True),
        sa.PrimaryKeyConstraint("scope", "slot", name=op.f("grants_pkey")),
        schema="notifier",
        postgresql_with={"fillfactor": 50, "autovacuum_vacuum_scale_factor": 0.05},
    )
    op.create_index(
        "grants_free_time_idx", "grants", ["scope", "free_time"], unique=False, schema="notifier"
    )
    op.create_table(
        "identity_conflicts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("other_user_id", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("record_time", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("identity_conflicts_pkey")),
        sa.UniqueConstraint(
            "user_id", "other_user_id", name=op.f("identity_conflicts_user_id_other_user_id_key")
        ),
        schema="notifier",
    )
    op.create_table(
        "inbound_messages",
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("wamid", db.sealed.Sealed(), nullable=False),
        sa.Column("message_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record_time", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("inbound_messages_pkey")),
        schema="notifier",
    )
    op.create_index(
        "inbound_messages_record_time_idx",
        "inbound_messages",
        ["record_time"],
        unique=False,
        schema="notifier",
    )
    op.create_index(
        "inbound_messages_user_id_idx",
        "inbound_messages",
        ["user_id"],
        unique=False,
        schema="notifier",
    )
    op.create_table(
        "notifications",
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
        sa.Column("notification_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("request_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("type", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("state_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("body", db.sealed.Sealed(), nullable=False),
        sa.Column("reply_to_message_id", sa.Text(), server_default="", nullable=False),
        sa.Column("holds_overflow", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_mergeable", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("counted_day", sa.Date(), nullable=True),
        sa.Column("bubble_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("ambiguous", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("send_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expire_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_time", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("notifications_pkey")),
        sa.UniqueConstraint("notification_id", name=op.f("notifications_notification_id_key")),
        sa.UniqueConstraint("request_id", name=op.f("notifications_request_id_key")),
        schema="notifier",
        postgresql_with={
            "fillfactor": 70,
            "autovacuum_vacuum_scale_factor": 0.02,
            "autovacuum_vacuum_insert_scale_factor": 0.1,
            "autovacuum_analyze_scale_factor": 0.05,
            "autovacuum_vacuum_cost_delay": 0,
        },
    )
    op.create_index(
        "notifications_bubble_id_idx",
        "notifications",
        ["bubble_id"],
        unique=False,
        schema="notifier",
        postgresql_where=sa.text("bubble_id IS NOT NULL"),
    )
    op.create_index(
        "notifications_buried_idx",
        "notifications",
        ["settled_time", "id"],
        unique=False,
        schema="notifier",
        postgresql_where=sa.text("buried_reason IS NOT NULL"),
    )
    op.create_index(
        "notifications_counted_day_idx",
        "notifications",
        ["user_id", "counted_day"],
        unique=False,
        schema="notifier",
        postgresql_where=sa.text("counted_day IS NOT NULL"),
    )
    op.create_index(
        "notifications_due_idx",
        "notifications",
        ["due_time", "id"],
        unique=False,
        schema="notifier",
        postgresql_where=sa.text("settled_time IS NULL"),
    )
    op.create_index(
        "notifications_open_idx",
        "notifications",
        ["user_id", "due_time"],
        unique=False,
        schema="notifier",
        postgresql_where=sa.text("settled_time IS NULL AND is_mergeable"),
    )
    op.create_index(
        "notifications_other_due_idx",
        "notifications",
        ["due_time", "id"],
        unique=False,
        schema="notifier",
        postgresql_where=sa.text("settled_time IS NULL AND NOT is_urgent"),
    )
    op.create_index(
        "notifications_reply_to_message_id_idx",
        "notifications",
        ["reply_to_message_id", "id"],
        unique=False,
        schema="notifier",
        postgresql_where=sa.text("reply_to_message_id <> ''"),
    )
    op.create_index(
        "notifications_urgent_due_idx",
        "notifications",
        ["due_time", "id"],
        unique=False,
        schema="notifier",
        postgresql_where=sa.text("settled_time IS NULL AND is_urgent"),
    )
    op.create_index(
        "notifications_user_id_idx",
        "notifications",
        ["user_id", "id"],
        unique=False,
        schema="notifier",
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
        schema="notifier",
    )
    op.create_table(
        "provider_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("notification_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("token", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("event_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provider_code", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("provider_events_pkey")),
        sa.UniqueConstraint("token", "status", name=op.f("provider_events_token_status_key")),
        schema="notifier",
    )
    op.create_index(
        "provider_events_notification_id_idx",
        "provider_events",
        ["notification_id", "id"],
        unique=False,
        schema="notifier",
    )
    op.create_table(
        "suppressions",
        sa.Column("alias", sa.LargeBinary(), nullable=False),
        sa.Column("erase_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stop_time", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("alias", name=op.f("suppressions_pkey")),
        schema="notifier",
    )
    op.create_index(
        "suppressions_erase_time_idx",
        "suppressions",
        ["erase_time"],
        unique=False,
        schema="notifier",
        postgresql_where=sa.text("stop_time IS NULL"),
    )
    op.create_table(
        "template_pauses",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("name", "language", name=op.f("template_pauses_pkey")),
        schema="notifier",
    )
