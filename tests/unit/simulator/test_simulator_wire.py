"""Bytes as Meta writes and signs them."""

from __future__ import annotations

import base64

import pytest

from simulator.domain.identity import inbound_wamid, outbound_wamid
from simulator.domain.outgoing import USER_ID
from simulator.domain.person import Person
from simulator.domain.wire import escaped, signature


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            b'{"object":"whatsapp_business_account","entry":[]}',
            "dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756",
        ),
        (
            b'{"object": "whatsapp_business_account", "entry": []}',
            "56cbbaf4961c6cfdae48b7f116c047e5eb513d2c931baae63a2bc1afd26f803a",
        ),
        (
            b'{"text":"caf\\u00e9 \\ud83d\\ude00 a\\/b"}',
            "c9d22e3d453aada7996dfd47aee775408502fd3317fb0ccb53e35b4575aeb923",
        ),
    ],
)
def test_the_signature_is_metas(body: bytes, expected: str) -> None:
    assert signature("test_app_secret", body) == "sha256=" + expected


def test_json_is_compact_ascii_with_lower_case_escapes_and_escaped_slashes() -> None:
    body = escaped({"text": "café 😀 a/b", "n": [1, None]})

    assert body == b'{"text":"caf\\u00e9 \\ud83d\\ude00 a\\/b","n":[1,null]}'


@pytest.mark.parametrize("make", [inbound_wamid, outbound_wamid])
def test_a_message_id_holds_the_number_as_real_ones_do(make) -> None:
    wamid = make("15550100001")

    assert wamid.startswith("wamid.HBgL")
    assert b"15550100001" in base64.b64decode(wamid.removeprefix("wamid."))
    assert make("15550100001") != wamid


def test_the_user_id_of_a_person_is_stable_and_well_formed() -> None:
    person = Person.new("15550100001")

    assert USER_ID.fullmatch(person.user_id)
    assert person.user_id == Person.new("15550100001").user_id
    assert person.user_id != Person.new("15550100002").user_id
