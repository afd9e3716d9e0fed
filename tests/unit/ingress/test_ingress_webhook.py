"""One POST into its parts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ingress.domain.part import Kind
from services.ingress.domain.webhook import split
from tests.unit.ingress.bodies import NAMES, entry, parts, text, value, webhook


def status(wamid: str = "wamid.1", state: str = "delivered", **more: Any) -> dict[str, Any]:
    return {"id": wamid, "status": state, "timestamp": "1763800000"} | more


def test_every_entry_change_message_and_status_is_a_part_in_its_order() -> None:
    found = parts(
        entry(value(messages=[text("a"), text("b")], statuses=[status("c")])),
        entry(value(statuses=[status("d"), status("e", "read")]), value(messages=[text("f")])),
    )
    assert [(part.kind, part.type) for part in found] == [
        (Kind.MESSAGE, "text"),
        (Kind.MESSAGE, "text"),
        (Kind.STATUS, "delivered"),
        (Kind.STATUS, "delivered"),
        (Kind.STATUS, "read"),
        (Kind.MESSAGE, "text"),
    ]
    assert len({part.dedupe_key for part in found}) == 6


def test_the_same_message_in_another_batch_is_the_same_part() -> None:
    (alone,) = parts(entry(value(messages=[text("a")])))
    batched = parts(entry(value(messages=[text("b"), text("a")]), waba_id="2"))
    assert alone.dedupe_key == batched[1].dedupe_key
    assert alone.dedupe_key != batched[0].dedupe_key


def test_the_same_id_at_another_number_is_another_message() -> None:
    (ours,) = parts(entry(value(messages=[text("a")])))
    (theirs,) = parts(entry(value(messages=[text("a")], phone_id="2")))
    assert ours.dedupe_key != theirs.dedupe_key


def test_a_status_is_told_apart_by_what_it_says_and_of_whom_but_not_by_when() -> None:
    keys = [
        parts(entry(value(statuses=[each])))[0].dedupe_key
        for each in (
            status(),
            status(timestamp="1763800009"),
            status(state="read"),
            status(recipient_participant_id="15550100002"),
            status(participant_recipient_id="15550100002"),
        )
    ]
    assert keys[0] == keys[1]
    assert keys[3] == keys[4]
    assert len(set(keys)) == 3


def test_messages_of_one_person_share_a_lane_and_statuses_share_none() -> None:
    found = parts(
        entry(
            value(
                messages=[text("a"), text("b", sender="15550100002"), text("c")],
                statuses=[status("a"), status("b")],
            )
        )
    )
    lanes = [part.lane for part in found]
    assert lanes[0] == lanes[2]
    assert len(set(lanes)) == 4


def test_the_lane_is_of_the_business_scoped_id_where_there_is_one() -> None:
    with_phone = text("a") | {"from_user_id": "US.1"}
    without = {key: with_phone[key] for key in with_phone if key != "from"} | {"id": "b"}
    found = parts(entry(value(messages=[with_phone, without])))
    assert found[0].lane == found[1].lane


def test_a_message_is_stored_with_its_own_contact_only() -> None:
    contacts = [
        {"wa_id": "15550100002", "profile": {"name": "Bob"}},
        {"wa_id": "15550100001", "profile": {"name": "Ada"}},
    ]
    messages = [text("a"), text("b", sender="15550100002"), text("c", sender="15550100003")]
    found = parts(entry(value(messages=messages, contacts=contacts)))
    named = [json.loads(part.payload)["contact"] for part in found]
    assert named == [contacts[1], contacts[0], None]


@pytest.mark.parametrize("odd", [["15550100001"], {"a": 1}, 15550100001, None])
def test_an_id_of_another_kind_is_nobodys(odd: Any) -> None:
    contacts = [{"wa_id": "15550100001"}, {"wa_id": odd, "user_id": odd}]
    messages = [text("a") | {"from": odd, "from_user_id": odd}, text("b")]
    found = parts(entry(value(messages=messages, contacts=contacts)))
    assert [part.kind for part in found] == [Kind.MESSAGE, Kind.MESSAGE]
    assert json.loads(found[0].payload)["contact"] is None
    assert json.loads(found[1].payload)["contact"] == contacts[0]


def test_the_only_contact_of_the_only_message_is_its_contact_whatever_its_number() -> None:
    contacts = [{"wa_id": "5511999990000", "profile": {"name": "Ana"}}]
    (part,) = parts(entry(value(messages=[text(sender="551199990000")], contacts=contacts)))
    assert json.loads(part.payload)["contact"] == contacts[0]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "NOT_JSON"),
        (b"{", "NOT_JSON"),
        (b"\xff\xfe", "NOT_JSON"),
        (b"[" * 10_000 + b"]" * 10_000, "NOT_JSON"),
        (b"[]", "NOT_AN_OBJECT"),
        (b'"whatsapp"', "NOT_AN_OBJECT"),
        (b"{}", "OTHER_OBJECT"),
        (b'{"object": "page", "entry": [{}]}', "OTHER_OBJECT"),
        (b'{"object": "whatsapp_business_account"}', "NO_ENTRY"),
        (b'{"object": "whatsapp_business_account", "entry": {}}', "NO_ENTRY"),
        (b'{"object": "whatsapp_business_account", "entry": []}', "NO_ENTRY"),
        (
            b'{"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages",'
            b' "value": ' + b'{"a":' * 300 + b"1" + b"}" * 303 + b"]}]}",
            "NOT_JSON",
        ),
    ],
)
def test_a_body_that_says_nothing_is_kept_whole_with_the_reason(body: bytes, reason: str) -> None:
    (part,) = split(body, NAMES)
    assert (part.kind, part.type, part.payload) == (Kind.UNREADABLE, reason, body)


def test_what_is_nested_too_deep_to_be_written_again_is_kept_whole() -> None:
    deep: Any = "x"
    for _ in range(400):
        deep = {"a": deep}
    body = webhook(entry(value(messages=[text() | {"text": deep}])))
    (part,) = split(body, NAMES)
    assert (part.kind, part.type, part.payload) == (Kind.UNREADABLE, "TOO_DEEP", body)


def test_half_an_emoji_costs_no_more_than_itself() -> None:
    body = webhook(entry(value(messages=[text(body="PLACE")]))).replace(
        b"PLACE", rb"cut \ud83d here \\ud83d \ud83d\ude00"
    )
    (part,) = split(body, NAMES)
    assert part.kind is Kind.MESSAGE
    assert (
        json.loads(part.payload)["message"]["text"]["body"] == "cut \ufffd here \\ud83d \U0001f600"
    )


def test_a_bad_neighbour_costs_nobody_anything() -> None:
    found = parts(
        None,
        {"id": "1"},
        {"id": "1", "changes": [7, {"field": "messages", "value": "x"}]},
        entry(value(messages=[None, text("a"), 3], statuses=["x", status()])),
    )
    assert [(part.kind, part.type) for part in found] == [
        (Kind.UNREADABLE, "NO_CHANGES"),
        (Kind.UNREADABLE, "NO_CHANGES"),
        (Kind.UNREADABLE, "NO_VALUE"),
        (Kind.UNREADABLE, "NO_VALUE"),
        (Kind.UNREADABLE, "NO_MESSAGE"),
        (Kind.MESSAGE, "text"),
        (Kind.UNREADABLE, "NO_MESSAGE"),
        (Kind.UNREADABLE, "NO_STATUS"),
        (Kind.STATUS, "delivered"),
    ]


@pytest.mark.parametrize("field", ["account_update", "field_of_tomorrow", None, 7, ["x"], {}])
def test_a_change_of_anything_else_is_one_part_of_its_own(field: Any) -> None:
    found = parts(entry({"event": "DISABLED_UPDATE"}, field=field))
    assert [part.kind for part in found] == [Kind.ACCOUNT]
    assert found[0].type == (field if isinstance(field, str) else "unknown")


def test_what_stands_beside_messages_in_a_value_is_kept_too() -> None:
    found = parts(entry(value(messages=[text()], errors=[{"code": 131000}], of_tomorrow=1)))
    assert [(part.kind, part.type) for part in found] == [
        (Kind.MESSAGE, "text"),
        (Kind.ACCOUNT, "messages"),
    ]
    kept = json.loads(found[1].payload)["value"]
    assert kept["errors"] == [{"code": 131000}]
    assert kept["of_tomorrow"] == 1
    assert "messages" not in kept


@pytest.mark.parametrize("field", ["history", "standby", "smb_message_echoes", "message_echoes"])
def test_messages_in_another_field_are_not_said_to_hark(field: str) -> None:
    found = parts(entry(value(messages=[text()]), field=field))
    assert [part.kind for part in found] == [Kind.ACCOUNT]


def test_each_echo_call_and_preference_is_a_part() -> None:
    found = parts(
        entry(value(message_echoes=[text("a"), text("b")]), field="smb_message_echoes"),
        entry(value(calls=[{"id": "c", "event": "connect"}, {"id": "c", "event": "terminate"}])),
        entry(value(user_preferences=[{"wa_id": "1", "value": "stop"}]), field="user_preferences"),
    )
    assert [(part.kind, part.type) for part in found] == [
        (Kind.ACCOUNT, "message_echoes"),
        (Kind.ACCOUNT, "message_echoes"),
        (Kind.ACCOUNT, "calls"),
        (Kind.ACCOUNT, "calls"),
        (Kind.ACCOUNT, "user_preferences"),
    ]
    assert len({part.dedupe_key for part in found}) == 5


def test_an_account_change_is_the_same_in_whatever_order_its_keys_come() -> None:
    (one,) = parts(entry({"event": "A", "b": {"c": 1, "d": 2}}, field="account_update"))
    (other,) = parts(entry({"b": {"d": 2, "c": 1}, "event": "A"}, field="account_update"))
    assert one.dedupe_key == other.dedupe_key


@pytest.mark.parametrize("kind", [None, 7, "", "x" * 65, "a\0b", "tëxt", ["text"]])
def test_a_type_that_is_none_is_unknown(kind: Any) -> None:
    (part,) = parts(entry(value(messages=[text() | {"type": kind}])))
    assert part.type == "unknown"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "from", "from_user_id", "type", "text", "metadata", "phone_number_id"]
            )
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(
    st.fixed_dictionaries(
        {"object": st.just("whatsapp_business_account") | JSON},
        optional={
            "entry": st.lists(
                JSON
                | st.fixed_dictionaries(
                    {
                        "changes": st.lists(
                            JSON
                            | st.fixed_dictionaries(
                                {
                                    "field": st.sampled_from(
                                        ["messages", "history", "user_preferences"]
                                    )
                                    | JSON,
                                    "value": st.dictionaries(
                                        st.sampled_from(
                                            [
                                                "messages",
                                                "statuses",
                                                "contacts",
                                                "metadata",
                                                "errors",
                                                "calls",
                                                "message_echoes",
                                                "user_preferences",
                                            ]
                                        ),
                                        JSON | st.lists(JSON, max_size=3),
                                    ),
                                }
                            ),
                            max_size=3,
                        )
                    }
                ),
                max_size=3,
            )
            | JSON
        },
    )
)
@settings(max_examples=400, deadline=None)
def test_whatever_a_body_holds_it_becomes_parts_and_always_the_same(root: Any) -> None:
    body = json.dumps(root).encode()
    found = split(body, NAMES)
    assert found
    assert found == split(body, NAMES)
    for part in found:
        assert len(part.dedupe_key) == len(part.lane) == 16
        assert part.message_key is None or len(part.message_key) == 16
        assert 0 < len(part.type) <= 64
        assert "\0" not in part.type


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_bytes_of_any_kind_become_parts(body: bytes) -> None:
    assert split(body, NAMES)
