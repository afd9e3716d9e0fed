"""Names and whose they are; guesses from a number."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import available_timezones

import pytest

from chassis.errors import InvalidArgument
from services.notifier.domain.contact import (
    AliasKind,
    identify,
    phone_digits,
    sender,
    window_until,
)
from services.notifier.domain.region import _MAIN_ZONES, guesses

PHONE, BUSINESS, PARENT = AliasKind.PHONE, AliasKind.BUSINESS_USER_ID, AliasKind.PARENT_USER_ID
SHOWN = sender(
    wa_id="15550100001",
    business_user_id="US.1A",
    parent_user_id="US.ENT.2B",
    display_name="Ada" * 200,
)


def test_names_are_told_apart_by_shape() -> None:
    assert SHOWN.aliases == {PHONE: "15550100001", BUSINESS: "US.1A", PARENT: "US.ENT.2B"}
    assert len(SHOWN.display_name) == 256
    mixed = sender(
        wa_id="US.1A", business_user_id="+4915112345678", parent_user_id="", display_name=""
    )
    assert mixed.aliases == {BUSINESS: "US.1A", PHONE: "4915112345678"}


@pytest.mark.parametrize("wa_id", ["", "abc", "US.", "us.123", "0123456", "1" * 16, "12345 678"])
def test_a_sender_needs_an_id(wa_id: str) -> None:
    with pytest.raises(InvalidArgument):
        sender(wa_id=wa_id, business_user_id="", parent_user_id="", display_name="Ada")


@pytest.mark.parametrize("number", ["15550100001", "+0155501", "+1 555 0100001", "", "+"])
def test_only_e164_is_a_phone_number(number: str) -> None:
    with pytest.raises(InvalidArgument):
        phone_digits(number)


def test_nobody_known_is_a_new_person_with_all_names() -> None:
    found = identify(SHOWN, {})
    assert found.user_id is None
    assert found.unlinked == {PHONE, BUSINESS, PARENT}


@pytest.mark.parametrize("kind", list(AliasKind))
def test_any_known_name_is_enough_and_the_others_are_linked(kind: AliasKind) -> None:
    found = identify(SHOWN, {kind: "ada"})
    assert found.user_id == "ada"
    assert found.unlinked == set(AliasKind) - {kind}
    assert not found.conflicting_user_ids


def test_where_names_disagree_the_phone_wins_and_nothing_is_linked() -> None:
    found = identify(SHOWN, {PHONE: "ada", BUSINESS: "bob"})
    assert found.user_id == "ada"
    assert found.unlinked == frozenset()
    assert found.conflicting_user_ids == {"bob"}
    without_phone = identify(SHOWN, {BUSINESS: "bob", PARENT: "eve"})
    assert without_phone.user_id == "bob"
    assert without_phone.conflicting_user_ids == {"eve"}


def test_the_window_is_24_hours_less_a_margin() -> None:
    wrote = datetime(2026, 11, 22, tzinfo=UTC)
    assert window_until(wrote) == wrote + timedelta(hours=23, minutes=55)


@pytest.mark.parametrize(
    ("digits", "zone", "locale"),
    [
        ("4915112345678", "Europe/Berlin", "de-DE"),
        ("12125550123", "America/New_York", "en-US"),
        ("13105550123", "America/Los_Angeles", "en-US"),
        ("15550100001", "America/New_York", "en-US"),
        ("447400123456", "Europe/London", "en-GB"),
        ("5511987654321", "America/Sao_Paulo", "pt-BR"),
        ("34612345678", "Europe/Madrid", "es-ES"),
        ("819012345678", "Asia/Tokyo", "ja-JP"),
        ("919876543210", "Asia/Kolkata", "hi-IN"),
        ("000", "", ""),
        ("", "", ""),
    ],
)
def test_a_number_gives_away_zone_and_language(digits: str, zone: str, locale: str) -> None:
    assert guesses(digits) == (zone, locale)


def test_every_zone_that_stands_for_a_region_exists() -> None:
    assert set(_MAIN_ZONES.values()) <= available_timezones()
