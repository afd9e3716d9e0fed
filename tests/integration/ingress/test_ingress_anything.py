"""No body makes a 500, a hang, or a part without an end."""

from __future__ import annotations

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.ingress.house import PHONE_ID, House

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**63), max_value=2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["body", "id", "type", "title", "code", "emoji", "text"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)
IDS = st.sampled_from(["wamid.1", "wamid.2", "", "wamid.\0"]) | JSON
# What a message holds: the fields that are looked at, with whatever in them.
HELD = (
    st.dictionaries(
        st.sampled_from(
            [
                "id",
                "message_id",
                "original_message_id",
                "message",
                "mime_type",
                "sha256",
                "caption",
                "latitude",
                "longitude",
                "emoji",
                "wa_id",
                "user_id",
                "previous_user_id",
                "forwarded",
                "type",
            ]
        ),
        st.sampled_from(["wamid.1", "15550100001", "US.1", "text", "image/png", True, 1.5]) | JSON,
        max_size=5,
    )
    | JSON
)
MESSAGES = st.fixed_dictionaries(
    {},
    optional={
        "from": st.sampled_from(["15550100001", "US.1", "", "15550783881"]) | JSON,
        "from_user_id": st.sampled_from(["US.1", "DE.2"]) | JSON,
        "id": IDS,
        "timestamp": st.sampled_from(["1763800000", 1763800000, "soon", 10**18]) | JSON,
        "type": st.sampled_from(
            [
                "text",
                "image",
                "audio",
                "interactive",
                "button",
                "reaction",
                "system",
                "unsupported",
                "edit",
                "revoke",
                "location",
                "contacts",
                "order",
                "a\x00b",
            ]
        )
        | JSON,
        "text": st.fixed_dictionaries({"body": JSON}) | JSON,
        "interactive": JSON,
        "button": JSON,
        "audio": HELD,
        "image": HELD,
        "location": HELD,
        "reaction": HELD,
        "edit": HELD,
        "revoke": HELD,
        "system": HELD,
        "context": HELD,
        "errors": JSON,
        "group_id": JSON,
    },
)
STATUSES = st.fixed_dictionaries(
    {},
    optional={
        "id": IDS,
        "status": st.sampled_from(["sent", "read", "in_orbit", "\0"]) | JSON,
        "timestamp": JSON,
        "errors": JSON,
        "biz_opaque_callback_data": JSON,
    },
)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "metadata": st.just({"phone_number_id": PHONE_ID}) | JSON,
        "contacts": JSON,
        "messages": st.lists(MESSAGES | JSON, max_size=4) | JSON,
        "statuses": st.lists(STATUSES | JSON, max_size=4) | JSON,
        "errors": JSON,
        "calls": JSON,
        "message_echoes": JSON,
    },
)
CHANGES = st.fixed_dictionaries(
    {"value": VALUES | JSON},
    optional={"field": st.sampled_from(["messages", "history", "account_update"]) | JSON},
)
ENTRIES = st.fixed_dictionaries({}, optional={"id": JSON, "changes": st.lists(CHANGES) | JSON})
BODIES = (
    st.fixed_dictionaries(
        {"object": st.just("whatsapp_business_account") | JSON},
        optional={"entry": st.lists(ENTRIES | JSON, max_size=3) | JSON},
    )
    | JSON
).map(lambda value: orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS))


async def test_an_authentic_body_of_any_kind_is_answered_200_and_comes_to_an_end(
    house: House,
) -> None:
    bodies: list[bytes] = []

    @settings(
        max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
    )
    @given(BODIES | st.binary(max_size=200))
    def gather(body: bytes) -> None:
        bodies.append(body)

    gather()
    for body in bodies:
        answer = await house.post(body)
        assert (answer.status_code, answer.json()) == (200, {"status": "processing"}), body
    await house.settled()
    assert await house.count() > 100
    assert await house.count("attempts > 1 OR takeovers > 0") == 0
    refused = await house.connection.fetch(
        "SELECT DISTINCT buried_reason FROM ingress.inbox WHERE buried_reason IS NOT NULL"
    )
    assert {row["buried_reason"] for row in refused} <= {
        "NOT_JSON",
        "NOT_AN_OBJECT",
        "OTHER_OBJECT",
        "NO_ENTRY",
        "NO_CHANGES",
        "NO_VALUE",
        "NO_MESSAGE",
        "NO_STATUS",
    }
