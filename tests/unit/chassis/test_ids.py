"""Ids that sort, ids that repeat, ids that keep a secret."""

from __future__ import annotations

import base64
import re
import uuid
from datetime import UTC, datetime

import pytest
import time_machine

from chassis.ids import derived_id, message_id, new_id

KEY = b"k" * 32


def test_a_new_id_is_a_uuid_of_version_7_that_holds_its_time() -> None:
    moment = datetime(2026, 11, 22, 12, tzinfo=UTC)
    with time_machine.travel(moment, tick=False):
        made = uuid.UUID(new_id())

    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert made.int >> 80 == int(moment.timestamp() * 1000)


def test_later_ids_sort_after_earlier_ones_and_none_comes_twice() -> None:
    ids: list[str] = []
    for second in range(3):
        with time_machine.travel(datetime(2026, 1, 1, second=second, tzinfo=UTC), tick=False):
            ids += sorted(new_id() for _ in range(500))

    assert ids == sorted(ids)
    assert len(set(ids)) == 1_500


def test_a_derived_id_is_the_same_every_time_and_another_for_other_parts() -> None:
    first = derived_id("scheduler.notice", "r1", "2026-11-22T12:00:00Z")

    assert first == derived_id("scheduler.notice", "r1", "2026-11-22T12:00:00Z")
    assert uuid.UUID(first).version == 5
    assert first != derived_id("scheduler.digest", "r1", "2026-11-22T12:00:00Z")
    assert derived_id("n", "ab", "c") != derived_id("n", "a", "bc")


def test_a_part_cannot_pretend_to_be_two() -> None:
    with pytest.raises(ValueError, match="U\\+001F"):
        derived_id("n", "a\x1fb")


def test_derived_ids_never_change_between_releases() -> None:
    assert derived_id("n", "a", "b") == "60b3fa2f-ef17-582d-a268-c5735935efa1"


def test_a_message_id_says_nothing_about_the_name_outside() -> None:
    wamid = "wamid." + base64.b64encode(b"\x1c\x18\x0b16505551234\x15\x02").decode()
    inside = message_id(KEY, wamid)

    assert re.fullmatch(r"m_[a-z2-7]{26}", inside)
    assert inside == message_id(KEY, wamid)
    assert inside != message_id(b"x" * 32, wamid)
    padded = inside[2:].upper() + "=" * 6
    assert b"16505551234" not in base64.b32decode(padded)


def test_a_short_hash_key_is_refused() -> None:
    with pytest.raises(ValueError, match="16 to 64"):
        message_id(b"short", "wamid.x")
