"""What people do with their phones, as `messages[]` of a webhook."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from simulator.domain.message import Message
from simulator.domain.part import Part
from simulator.domain.person import Person


def message_part(message: Message, person: Person, business_number: str) -> Part:
    """A message from a person, as Meta hands it on."""
    payload = sender_fields(person) | {
        "id": message.wamid,
        "timestamp": str(int(message.time.timestamp())),
        "type": message.kind,
        # Contacts are an array on the wire, and the only content that is none of a dictionary.
        message.kind: message.content["contacts"]
        if message.kind == "contacts"
        else message.content,
    }
    context: dict[str, Any] = {}
    if message.forwarded:
        context["forwarded"] = True
    if message.reply_to:
        context |= {"from": business_number, "id": message.reply_to}
    if context:
        payload = {"context": context, **payload}
    return Part(sort="messages", payload=payload, contact=person.contact())


def event_part(
    person: Person,
    kind: str,
    content: dict[str, Any],
    wamid: str,
    now: datetime,
    payload: dict[str, Any] | None = None,
) -> Part:
    """Something about an earlier message, or, with a payload, anything at all."""
    fields = {"type": kind, kind: content} if payload is None else payload
    return Part(
        sort="messages",
        payload=sender_fields(person)
        | {"id": wamid, "timestamp": str(int(now.timestamp()))}
        | fields,
        contact=person.contact(),
    )


def system_part(person: Person, *, old_number: str, old_id: str, wamid: str, now: datetime) -> Part:
    """A person has a new number; Meta writes it about the old one, and without contacts."""
    if person.hides_number:
        system = {
            "body": f"User {person.name} changed their user id",
            "type": "user_changed_user_id",
            "user_id": person.user_id,
            "previous_user_id": old_id,
        }
        sender = {"from_user_id": old_id}
    else:
        system = {
            "body": f"User {person.name} changed from {old_number} to {person.wa_id}",
            "type": "user_changed_number",
            "wa_id": person.wa_id,
            "user_id": person.user_id,
            "previous_user_id": old_id,
        }
        sender = {"from": old_number, "from_user_id": old_id}
    return Part(
        sort="messages",
        payload=sender
        | {
            "id": wamid,
            "timestamp": str(int(now.timestamp())),
            "type": "system",
            "system": system,
        },
    )


def sender_fields(person: Person) -> dict[str, Any]:
    """`from` and `from_user_id`; the number is missing where the person hides it."""
    if person.hides_number:
        return {"from_user_id": person.user_id}
    return {"from": person.wa_id, "from_user_id": person.user_id}
