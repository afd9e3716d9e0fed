"""Where the notifier's sealed values stand, and how a notification's body is written."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from db.sealed import Ciphertext, Seal, context
from services.notifier.domain.notification import Content


def body_place(notification_id: str) -> bytes:
    """Where a notification's body stands."""
    return context("notifier.notifications", "body", notification_id)


def sent_wamid_place(token: str) -> bytes:
    """Where the provider's id of what an attempt sent stands."""
    return context("notifier.attempts", "wamid", token)


def inbound_wamid_place(message_id: str) -> bytes:
    """Where the provider's id of what a person sent stands."""
    return context("notifier.inbound_messages", "wamid", message_id)


def contact_place(column: str, user_id: str) -> bytes:
    """Where one of a contact's columns stands."""
    return context("notifier.contacts", column, user_id)


def sealed_body(
    seal: Seal, notification_id: str, contents: Sequence[Content], text: str
) -> Ciphertext:
    """What a notification says, part by part, and the text made from it."""
    parts = [[part.template, dict(part.parameters)] for part in contents]
    data = orjson.dumps({"contents": parts, "text": text})
    return seal.seal(data, body_place(notification_id))


def opened_body(seal: Seal, notification_id: str, body: bytes) -> tuple[Sequence[Content], str]:
    """The contents and the text. Raises `chassis.crypto.Unreadable`."""
    data = orjson.loads(seal.open(body, body_place(notification_id)))
    contents = [Content(template=name, parameters=values) for name, values in data["contents"]]
    return contents, data["text"]
