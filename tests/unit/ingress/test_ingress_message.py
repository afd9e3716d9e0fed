"""What a message is taken for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ingress.domain.content import (
    Button,
    Content,
    Edit,
    Failure,
    IdentityChange,
    Ignored,
    Location,
    Media,
    MediaFailure,
    Quote,
    Reaction,
    Revoke,
    Text,
    Unsupported,
)
from services.ingress.domain.message import Message, read_message
from services.ingress.domain.sender import Sender
from tests.unit.ingress.bodies import PHONE_ID, text

RECEIVED = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
METADATA = {"display_phone_number": "+1 555-078-3881", "phone_number_id": PHONE_ID}


def read(message: dict[str, Any], **metadata: Any) -> Message:
    payload = {"metadata": METADATA | metadata, "contact": None, "message": message}
    return read_message(payload, phone_id=PHONE_ID, received=RECEIVED)


def content(message: dict[str, Any], **metadata: Any) -> Content:
    return read(message, **metadata).content


def of_type(kind: Any, body: Any = None, **more: Any) -> dict[str, Any]:
    return {"from": "15550100001", "id": "wamid.1", "type": kind, str(kind): body} | more


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (of_type("text", {"body": " call Ada\0 "}), Text(text="call Ada")),
        (of_type("text", {"body": "x" * 4096}), Text(text="x" * 4096)),
        (of_type("text", {"body": "x" * 4097}), Unsupported(type="text")),
        (of_type("text", {"body": "\0 "}), Unsupported(type="text")),
        (of_type("text", {"body": 7}), Unsupported(type="text")),
        (of_type("text"), Unsupported(type="text")),
        (
            of_type("button", {"text": "Done", "payload": "v1:done:task:1"}),
            Button(payload="v1:done:task:1", title="Done"),
        ),
        (of_type("button", {"payload": "done-3"}), Button(payload="done-3", title="")),
        (of_type("button", {"text": "Done"}), Text(text="Done")),
        (of_type("button", {"text": "Done", "payload": "x" * 257}), Text(text="Done")),
        (of_type("button", {"text": 7, "payload": None}), Unsupported(type="button")),
        (
            of_type(
                "interactive",
                {"type": "button_reply", "button_reply": {"id": "v1:yes:turn:m_1", "title": "Yes"}},
            ),
            Button(payload="v1:yes:turn:m_1", title="Yes"),
        ),
        (
            of_type("interactive", {"list_reply": {"id": "v1:pick:turn:m_1:2", "title": "Two"}}),
            Button(payload="v1:pick:turn:m_1:2", title="Two"),
        ),
        (
            of_type("interactive", {"type": "list_reply", "list_reply": {"title": "Tomorrow"}}),
            Text(text="Tomorrow"),
        ),
        (
            of_type("interactive", {"type": "nfm_reply", "nfm_reply": {"response_json": "{bro"}}),
            Unsupported(type="flow"),
        ),
        (of_type("interactive"), Unsupported(type="interactive")),
        (
            of_type("interactive", {"type": "call_permission_reply"}),
            Ignored(reason="CALL_PERMISSION"),
        ),
        (
            of_type(
                "image", {"id": "1", "mime_type": "image/png", "sha256": "x", "caption": " c "}
            ),
            Media(kind="image", media_id="1", mime_type="image/png", sha256="x", caption="c"),
        ),
        (
            of_type("audio", {"id": "1", "mime_type": "audio/ogg; codecs=opus", "voice": True}),
            Media(
                kind="voice",
                media_id="1",
                mime_type="audio/ogg; codecs=opus",
                sha256="",
                is_voice=True,
            ),
        ),
        (
            of_type("audio", {"id": "1"}),
            Media(kind="audio", media_id="1", mime_type="", sha256=""),
        ),
        (
            of_type("voice", {"id": "1"}),
            Media(kind="voice", media_id="1", mime_type="", sha256="", is_voice=True),
        ),
        (of_type("image", {}), MediaFailure(kind="image", reason=Failure.UNAVAILABLE)),
        (
            of_type("image", {"id": "../../etc"}),
            MediaFailure(kind="image", reason=Failure.UNAVAILABLE),
        ),
        (of_type("video", {"id": "1"}), Unsupported(type="video")),
        (of_type("document", {"id": "1", "filename": "../x"}), Unsupported(type="document")),
        (of_type("sticker", {"id": "1"}), Unsupported(type="sticker")),
        (of_type("contacts", [{}]), Unsupported(type="contacts")),
        (
            of_type("location", {"latitude": 52.5, "longitude": "13.4", "name": "Ber\0lin"}),
            Location(latitude=52.5, longitude=13.4, name="Berlin"),
        ),
        (of_type("location", {"latitude": 91, "longitude": 0}), Unsupported(type="location")),
        (of_type("location", {"latitude": "nan", "longitude": 0}), Unsupported(type="location")),
        (of_type("location", {"latitude": True, "longitude": 0}), Unsupported(type="location")),
        (of_type("location"), Unsupported(type="location")),
        (of_type("order", {}), Unsupported(type="order")),
        (of_type("type_of_tomorrow"), Unsupported(type="type_of_tomorrow")),
        (of_type(None), Unsupported(type="unsupported")),
        (of_type("unsupported", {"type": "poll"}), Unsupported(type="poll")),
        (of_type("unsupported", errors=[{"code": 131051}]), Unsupported(type="unsupported")),
        (of_type("unsupported", errors=[{"code": 131060}]), Unsupported(type="unavailable")),
        (of_type("edit", {"original_message_id": "1"}), Unsupported(type="edit")),
        (
            of_type(
                "edit",
                {
                    "original_message_id": "wamid.0",
                    "message": {"type": "text", "text": {"body": "at 7"}},
                },
            ),
            Edit(text="at 7", original_wamid="wamid.0"),
        ),
        (
            of_type(
                "edit",
                {
                    "original_message_id": "wamid.0",
                    "message": {"type": "image", "image": {"id": "1", "caption": "at 8"}},
                },
            ),
            Edit(text="at 8", original_wamid="wamid.0"),
        ),
        (
            of_type("edit", {"original_message_id": "wamid.0", "message": {"type": "edit"}}),
            Unsupported(type="edit"),
        ),
        (
            of_type("edit", {"message": {"type": "text", "text": {"body": "at 7"}}}),
            Unsupported(type="edit"),
        ),
        (of_type("reaction", {"emoji": "👍", "message_id": "wamid.0"}), Reaction(emoji="👍")),
        (of_type("reaction", {"message_id": "wamid.0"}), Reaction(emoji="")),
        (of_type("system", {"type": "user_changed_number"}), Ignored(reason="SYSTEM_MESSAGE")),
        (
            of_type("system", {"type": "user_changed_number", "wa_id": "15550100002"}),
            IdentityChange(
                old=Sender(wa_id="15550100001"),
                new=Sender(wa_id="15550100002"),
            ),
        ),
        (
            of_type(
                "system",
                {"type": "user_changed_user_id", "user_id": "US.2", "previous_user_id": "US.1"},
            )
            | {"from": None},
            IdentityChange(
                old=Sender(business_user_id="US.1"), new=Sender(business_user_id="US.2")
            ),
        ),
        (
            of_type("system", {"type": "customer_identity_changed", "identity": "hash"}),
            Ignored(reason="SYSTEM_MESSAGE"),
        ),
        (
            of_type("system", {"type": "user_changed_number", "wa_id": "15550100001"}),
            Ignored(reason="SYSTEM_MESSAGE"),
        ),
        (of_type("revoke", {}), Ignored(reason="REVOKED_NOTHING")),
        (of_type("revoke", {"original_message_id": "wamid.0"}), Revoke(original_wamid="wamid.0")),
        (of_type("request_welcome"), Ignored(reason="WELCOME_REQUEST")),
        (text() | {"group_id": "g"}, Ignored(reason="GROUP_MESSAGE")),
        (text() | {"from": None}, Ignored(reason="NO_SENDER")),
        (text() | {"id": None}, Ignored(reason="NO_MESSAGE_ID")),
        (text() | {"from": "15550783881"}, Ignored(reason="OWN_MESSAGE")),
        (text() | {"context": None, "referral": {"source_id": "1"}}, Text(text="hello")),
    ],
)
def test_what_a_message_is_taken_for(message: dict[str, Any], expected: Content) -> None:
    assert content(message) == expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (text(), Quote()),
        (text() | {"context": None}, Quote()),
        (text() | {"context": {"id": "wamid.0", "from": "1"}}, Quote(wamid="wamid.0")),
        (text() | {"context": {"forwarded": True}}, Quote(is_forwarded=True)),
        (text() | {"context": {"frequently_forwarded": True}}, Quote(is_forwarded=True)),
        (text() | {"context": {"forwarded": "yes", "id": 7}}, Quote()),
        (of_type("reaction", {"message_id": "wamid.0"}), Quote(wamid="wamid.0")),
    ],
)
def test_what_a_message_stands_in_is_read(message: dict[str, Any], expected: Quote) -> None:
    assert read(message).quote == expected


def test_a_message_to_a_number_that_is_not_ours_is_left_alone() -> None:
    assert content(text(), phone_number_id="2") == Ignored(reason="NOT_OUR_NUMBER")
    assert content(text(), phone_number_id=int(PHONE_ID)) == Text(text="hello")
    assert content(text(), phone_number_id=None) == Text(text="hello")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "from",
                "from_user_id",
                "from_parent_user_id",
                "id",
                "timestamp",
                "type",
                "text",
                "button",
                "interactive",
                "location",
                "reaction",
                "edit",
                "revoke",
                "audio",
                "image",
                "system",
                "errors",
                "unsupported",
                "group_id",
                "context",
            ]
        ),
        st.sampled_from(
            [
                "text",
                "button",
                "interactive",
                "location",
                "reaction",
                "edit",
                "revoke",
                "audio",
                "image",
                "system",
                "unsupported",
                "15550100001",
            ]
        )
        | JSON
        | st.dictionaries(
            st.sampled_from(
                [
                    "type",
                    "id",
                    "original_message_id",
                    "message",
                    "button_reply",
                    "latitude",
                    "longitude",
                    "caption",
                    "wa_id",
                    "user_id",
                    "emoji",
                ]
            ),
            st.sampled_from(["text", "image", "edit", "15550100001", "US.1"]) | JSON,
        ),
    ),
    JSON,
    JSON,
)
@settings(max_examples=400, deadline=None)
def test_whatever_a_message_holds_it_can_be_read(
    message: dict[str, Any], contact: Any, metadata: Any
) -> None:
    payload = {"metadata": metadata, "contact": contact, "message": message}
    read = read_message(payload, phone_id=PHONE_ID, received=RECEIVED)
    assert read.message_time <= RECEIVED
