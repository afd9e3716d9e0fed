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
    # The request that last stopped or started us.
    sa.Column("stop_request_id", sa.Uuid(as_uuid=False)),
    # When their number or user id last changed: older messages no longer tell their names.
    _instant("identity_time"),
    # Their own IANA zone, empty while there is only the guess; and when not to disturb them, local
    # time in it. Both or neither; the end may lie before the start, on the next day then.
    _text("time_zone"),
    sa.Column("quiet_start", sa.Time),
    sa.Column("quiet_end", sa.Time),
    # Their own language, empty while there is only the guess; and whether they listen, not read.
    _text("locale"),
    sa.Column("is_spoken", sa.Boolean, nullable=False, server_default=sa.false()),
    # WhatsApp's own opt-out: nothing that it calls marketing may go to them.
    _instant("marketing_stop_time"),
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
    # Claimed before what is not; may share a bubble with others of the same instant.
    sa.Column("is_urgent", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("is_mergeable", sa.Boolean, nullable=False, server_default=sa.false()),
    # The person's local day against which it counts; null where it does not.
    sa.Column("counted_day", sa.Date),
    # The notification that it went out with, in one bubble: that one's attempts are its own.
    sa.Column("bubble_id", sa.Uuid(as_uuid=False)),
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
    *(
        sa.Index(
            f"notifications_{name}_due_idx",
            "due_time",
            "id",
            postgresql_where=sa.text(f"settled_time IS NULL AND {condition}"),
        )
        for name, condition in (("urgent", "is_urgent"), ("other", "NOT is_urgent"))
    ),
    sa.Index("notifications_user_id_idx", "user_id", "id"),
    sa.Index(
        "notifications_counted_day_idx",
        "user_id",
        "counted_day",
        postgresql_where=sa.text("counted_day IS NOT NULL"),
    ),
    # What of one person is open, to find what is due with it.
    sa.Index(
        "notifications_open_idx",
        "user_id",
        "due_time",
        postgresql_where=sa.text("settled_time IS NULL AND is_mergeable"),
    ),
    sa.Index(
        "notifications_bubble_id_idx",
        "bubble_id",
        postgresql_where=sa.text("bubble_id IS NOT NULL"),
    ),
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

# The right to make one provider call, or to write to one person outside their window: as many rows
# of a scope as its cap allows. Whoever takes a row has it until `free_time`, and that is moved to
# the window's length after the call's end: no window can hold more calls than there are rows.
grants = sa.Table(
    "grants",
    metadata,
    sa.Column("scope", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("slot", sa.Integer, primary_key=True, autoincrement=False),
    _instant("free_time", nullable=False),
    # Who has it: an attempt's token.
    sa.Column("token", sa.Uuid(as_uuid=False)),
    sa.Index("grants_free_time_idx", "scope", "free_time"),
    schema=SCHEMA,
    postgresql_with={"fillfactor": 50, "autovacuum_vacuum_scale_factor": 0.05},
)

# What one person has had: notifications of their local day, and until when what went out to them
# ahead of the pace is paid back.
allowances = sa.Table(
    "allowances",
    metadata,
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("day", sa.Date),
    sa.Column("counted", sa.SmallInteger, nullable=False, server_default="0"),
    _instant("paid_time"),
    # Their row among the grants for people outside the window, and until when it is theirs.
    sa.Column("outside_slot", sa.Integer),
    _instant("outside_until"),
    schema=SCHEMA,
    postgresql_with={"fillfactor": 70},
)

# One row a phone number; closed while `open_until` is null.
breakers = sa.Table(
    "breakers",
    metadata,
    sa.Column("phone_id", sa.Text, primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("openings", sa.Integer, nullable=False, server_default="0"),
    _instant("open_until"),
    # The one probe of a half-open breaker is under way; a dead prober's lapses.
    _instant("probe_until"),
    _text("reason"),
    _instant("change_time"),
    schema=SCHEMA,
)

# Approved templates that the provider does not take at present.
template_pauses = sa.Table(
    "template_pauses",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    # As Meta spells it, e.g. "pt_BR"; empty: in every language.
    sa.Column("language", sa.Text, primary_key=True),
    _instant("until", nullable=False),
    _text("reason"),
    schema=SCHEMA,
)

# The file that goes along with a notification, and the id that its upload got: a retry does not
# upload it again.
documents = sa.Table(
    "documents",
    metadata,
    sa.Column("notification_id", sa.Uuid(as_uuid=False), primary_key=True),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("content", Sealed, nullable=False),
    sa.Column("media_id", Sealed),
    _instant("upload_time"),
    sa.Index("documents_user_id_idx", "user_id"),
    schema=SCHEMA,
)

# People who were erased: what carries this generation, or an older one, is void.
erasures = sa.Table(
    "erasures",
    metadata,
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("generation", sa.BigInteger, nullable=False),
    sa.Column("request_id", sa.Uuid(as_uuid=False), nullable=False),
    _instant("erase_time", nullable=False),
    schema=SCHEMA,
)

# The names of people who were erased, as keyed hashes: what was written before must not make them
# known again (kept as long as it may still come), and that they had stopped us (kept for good).
suppressions = sa.Table(
    "suppressions",
    metadata,
    sa.Column("alias", sa.LargeBinary, primary_key=True),
    _instant("erase_time", nullable=False),
    _instant("stop_time"),
    sa.Index(
        "suppressions_erase_time_idx", "erase_time", postgresql_where=sa.text("stop_time IS NULL")
    ),
    schema=SCHEMA,
)

# What WhatsApp said about the account, its number and its templates, and what followed.
account_changes = sa.Table(
    "account_changes",
    metadata,
    sa.Column("change_id", sa.Text, primary_key=True),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("effect", sa.Text, nullable=False),
    # The template's or the number's name, and WhatsApp's word for it; never a person.
    _text("subject"),
    _text("detail"),
    _instant("receive_time", nullable=False),
    schema=SCHEMA,
)

# Why nothing may be sent at present; one row a reason. Without an end, until WhatsApp lifts it.
account_stops = sa.Table(
    "account_stops",
    metadata,
    sa.Column("reason", sa.Text, primary_key=True),
    _instant("until"),
    _instant("change_time", nullable=False),
    schema=SCHEMA,
)
