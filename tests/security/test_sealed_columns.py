"""Every column that may hold text is sealed, or says here why it need not be."""

from __future__ import annotations

from fnmatch import fnmatch

import pytest
import sqlalchemy as sa

from db.rotation import columns_of
from db.sealed import Sealed
from db.tables import metadata

# What cannot hold a word, a name or a number that somebody wrote.
_HARMLESS = (sa.Integer, sa.Boolean, sa.DateTime, sa.Date, sa.Time, sa.Uuid, sa.Float, sa.Numeric)
# Column → why it stands in the open.
OPEN = {
    "*.user_id": "Hark's own random id",
    "*.other_user_id": "Hark's own random id",
    "*.message_id": "a keyed hash of WhatsApp's id",
    "*.first_message_id": "a keyed hash of WhatsApp's id",
    "*.reply_to_message_id": "a keyed hash of WhatsApp's id",
    "*.*_reason": "an UPPER_SNAKE reason of ours",
    "*.reason": "an UPPER_SNAKE reason of ours",
    "*.time_zone": "one of the IANA names, checked on the way in",
    "*.time_zone_guess": "one of the IANA names",
    "*.locale": "a language tag, checked on the way in",
    "*.locale_guess": "a language tag",
    "*.recurrence": "an RFC 5545 rule made by us: times, no words",
    "*.reminder_lead_seconds": "numbers",
    "*.kind": "the name of a kind of ours",
    "ai.turns.engine": "the name of an engine of ours",
    "ai.turns.path": "names of engines of ours",
    "ingress.erasures.person_keys": "keyed hashes",
    "ingress.erasures.receipt": "counts",
    "ingress.inbox.dedupe_key": "a keyed hash",
    "ingress.inbox.lane": "a keyed hash",
    "ingress.inbox.message_key": "a keyed hash",
    "ingress.inbox.person_key": "a keyed hash",
    "ingress.inbox.type": "WhatsApp's word for a kind of message, checked on the way in",
    "notifier.account_changes.*": "about the account and its templates, never about a person",
    "notifier.aliases.alias": "a keyed hash",
    "notifier.suppressions.alias": "a keyed hash",
    "notifier.attempts.template": "the name of a template of ours",
    "notifier.attempts.wamid_hash": "a keyed hash",
    "notifier.breakers.phone_id": "the id of Hark's own number",
    "notifier.notifications.request_hash": "a keyed hash",
    "notifier.provider_events.status": "WhatsApp's word for a state",
    "notifier.template_pauses.*": "names and languages of templates of ours",
    "scheduler.feeds.token_hash": "a keyed hash",
    "scheduler.changes.body_hash": "a keyed hash",
    "scheduler.people.settings": "switches, days and times, no words",
    "scheduler.tasks.list_key": "a keyed hash",
}


def columns() -> list[tuple[str, sa.Column[object]]]:
    return [
        (f"{table.schema}.{table.name}.{column.name}", column)
        for table in metadata.sorted_tables
        for column in table.c
    ]


def why_open(name: str) -> list[str]:
    return [pattern for pattern in OPEN if fnmatch(name, pattern)]


def test_every_column_is_sealed_or_says_why_not() -> None:
    silent = [
        name
        for name, column in columns()
        if not isinstance(column.type, Sealed)
        and not isinstance(column.type, _HARMLESS)
        and not why_open(name)
    ]
    assert silent == []


def test_nothing_is_excused_that_is_not_there() -> None:
    names = [name for name, _ in columns()]
    stale = [p for p in OPEN if not any(fnmatch(name, p) for name in names)]
    assert stale == []


def test_what_is_sealed_by_a_service_is_what_a_rotation_goes_through() -> None:
    """What is found under no person's key must be rotated, or it is lost with the old one."""
    assert {column.name for column in columns_of(metadata)} == {
        "ingress.inbox.payload",
        *(f"{service}.person_keys.wrapped_key" for service in ("ai", "notifier", "scheduler")),
    }


@pytest.mark.parametrize("name", ["x.y.text", "x.y.title", "notifier.contacts.phone"])
def test_a_column_for_words_would_not_pass(name: str) -> None:
    assert why_open(name) == []
