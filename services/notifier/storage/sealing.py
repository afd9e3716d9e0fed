"""Where the notifier's sealed values stand, and how a notification's body is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from db.sealed import Ciphertext, Seal, context
from services.notifier.domain.button import Button
from services.notifier.domain.document import Document
from services.notifier.domain.notification import Content
from services.notifier.domain.template import FALLBACK_LOCALE


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What a notification says: its parts, the text made from them, and what goes along."""

    contents: Sequence[Content]
    text: str
    locale: str = FALLBACK_LOCALE
    buttons: Sequence[Button] = ()
    # Without its content, which is in a table of its own.
    document: Document | None = None


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


def document_place(column: str, notification_id: str) -> bytes:
    """Where one of a document's columns stands."""
    return context("notifier.documents", column, notification_id)


def sealed_body(seal: Seal, notification_id: str, body: Body) -> Ciphertext:
    """A body as it is stored; what it does not have takes no room."""
    data: dict[str, object] = {
        "contents": [[part.template, dict(part.parameters)] for part in body.contents],
        "text": body.text,
    }
    if body.locale != FALLBACK_LOCALE:
        data["locale"] = body.locale
    if body.buttons:
        data["buttons"] = [[button.title, button.payload] for button in body.buttons]
    if body.document is not None:
        data["document"] = [body.document.file_name, body.document.mime_type]
    return seal.seal(orjson.dumps(data), body_place(notification_id))


def opened_body(seal: Seal, notification_id: str, body: bytes) -> Body:
    """What was sealed. Raises `chassis.crypto.Unreadable`."""
    data = orjson.loads(seal.open(body, body_place(notification_id)))
    document = data.get("document")
    return Body(
        contents=[Content(template=name, parameters=values) for name, values in data["contents"]],
        text=data["text"],
        locale=data.get("locale", FALLBACK_LOCALE),
        buttons=[Button(title=title, payload=said) for title, said in data.get("buttons", ())],
        document=Document(file_name=document[0], mime_type=document[1]) if document else None,
    )
