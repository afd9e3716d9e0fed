"""Who is taken to have written, when, and what a status says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from chassis.ids import message_id as of_the_house
from services.ingress.domain.moment import moment_of
from services.ingress.domain.names import Names, message_id, message_key
from services.ingress.domain.sender import Sender, sender_of
from services.ingress.domain.status import Skipped, read_status
from tests.unit.ingress.bodies import PHONE_ID

RECEIVED = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
METADATA = {"display_phone_number": "+1 555-078-3881", "phone_number_id": PHONE_ID}


@pytest.mark.parametrize(
    ("message", "contact", "expected"),
    [
        ({"from": "15550100001"}, None, Sender(wa_id="15550100001")),
        ({"from": "+15550100001"}, None, Sender(wa_id="15550100001")),
        (
            {"from": "551199990000"},
            {"wa_id": "5511999990000", "profile": {"name": "A\0na"}},
            Sender(wa_id="551199990000", display_name="Ana"),
        ),
        (
            {"from": "US.1234", "from_user_id": "US.1234"},
            {"wa_id": "US.1234", "user_id": "US.1234"},
            Sender(business_user_id="US.1234"),
        ),
        ({"from": "US.1234"}, None, Sender(business_user_id="US.1234")),
        (
            {"from_user_id": "US.1", "from_parent_user_id": "US.ENT.2"},
            {"user_id": "uUS.3", "profile": None},
            Sender(business_user_id="US.1", parent_user_id="US.ENT.2"),
        ),
        ({"from": 15550100001}, {"wa_id": "15550100001"}, Sender(wa_id="15550100001")),
        ({"from": ["x"]}, "Ada", Sender()),
        ({}, {"profile": {"name": "x" * 999}}, Sender(display_name="x" * 256)),
    ],
)
def test_ids_are_told_apart_by_their_shape(
    message: dict[str, Any], contact: Any, expected: Sender
) -> None:
    assert sender_of(message, contact) == expected


@pytest.mark.parametrize("value", ["1763800000", 1763800000])
def test_a_timestamp_may_be_text_or_a_number(value: Any) -> None:
    assert moment_of(value, RECEIVED) == datetime(2025, 11, 22, 8, 26, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    "value", [None, "", "soon", "-5", "1e9", 0, 1, "1", True, 1.5, "9" * 40, 10**30, 2000000000, []]
)
def test_a_time_that_cannot_be_is_the_time_of_receipt(value: Any) -> None:
    assert moment_of(value, RECEIVED) == RECEIVED


def test_a_status_keeps_what_correlates_it() -> None:
    status = {
        "id": "wamid.out",
        "status": "failed",
        "timestamp": "1763800000",
        "biz_opaque_callback_data": "attempt-1",
        "errors": [{"code": 131026}],
    }
    read = read_status(
        {"metadata": METADATA, "status": status}, phone_id=PHONE_ID, received=RECEIVED
    )
    assert (read.wamid, read.status) == ("wamid.out", "failed")
    assert (read.callback_data, read.provider_code) == ("attempt-1", 131026)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ({"status": {"status": "sent"}}, "STATUS_INCOMPLETE"),
        ({"status": {"id": "wamid.out"}}, "STATUS_INCOMPLETE"),
        ({"status": {"id": "wamid.out", "status": 7}}, "STATUS_INCOMPLETE"),
        ({"metadata": {"phone_number_id": "2"}, "status": {}}, "NOT_OUR_NUMBER"),
    ],
)
def test_a_status_of_nothing_is_skipped(payload: dict[str, Any], reason: str) -> None:
    with pytest.raises(Skipped) as skipped:
        read_status(payload, phone_id=PHONE_ID, received=RECEIVED)
    assert skipped.value.reason == reason


@pytest.mark.parametrize(
    "errors", [None, [], "x", [None], [{}], [{"code": "1"}], [{"code": 2**40}]]
)
def test_an_error_without_a_usable_code_is_code_0(errors: Any) -> None:
    status = {"id": "wamid.out", "status": "failed", "errors": errors}
    read = read_status({"status": status}, phone_id=PHONE_ID, received=RECEIVED)
    assert read.provider_code == 0


def test_message_ids_are_those_of_the_whole_house() -> None:
    key = b"m" * 32
    names = Names(dedupe_key=b"d" * 32, lane_key=b"l" * 32, message_key=key)
    wamid = "wamid.HBgLMTU1NTAxMDAwMDEVAgASGBQzQQA="
    assert message_id(names.message(wamid)) == of_the_house(key, wamid)
    assert message_key(of_the_house(key, wamid)) == names.message(wamid)


@pytest.mark.parametrize(
    "text", ["", "m_", "m_1", "x_" + "a" * 26, "m_" + "1" * 26, "m_" + "é" * 26]
)
def test_what_is_no_message_id_has_no_key(text: str) -> None:
    assert message_key(text) is None
