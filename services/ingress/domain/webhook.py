"""Meta's JSON into parts: every entry, change, message and status of one POST, each by itself.

Nothing in a body is relied upon: whatever has not the shape Meta documents becomes a part that says
so, and the parts beside it are none the worse for it.
"""

from __future__ import annotations

from typing import Any

from services.ingress.domain.json import Unreadable, canonical, parse
from services.ingress.domain.names import Names
from services.ingress.domain.part import Kind, Part

OBJECT = "whatsapp_business_account"
# In any other field messages are not said to Hark: old chats, another app's turn, echoes.
_LIVE_FIELDS = frozenset(("messages", None))
# What a value says about all of its parts; everything else in it is a part of its own.
_ENVELOPE = frozenset(("messaging_product", "metadata", "contacts"))
# Lists that are told apart by item, though nobody acts on them yet.
_LISTS = ("calls", "message_echoes", "user_preferences")
_LONGEST_TYPE = 64

Json = dict[str, Any]


def split(body: bytes, names: Names) -> list[Part]:
    """The parts of one body, in its order; at least one, and never an error.

    A body that says nothing (no JSON, no entry, another object) is one part of kind UNREADABLE
    whose type is the reason.
    """
    try:
        return _parts(parse(body), names)
    except Unreadable as error:
        return [unreadable(error.reason, body, names)]


def unreadable(reason: str, payload: bytes, names: Names) -> Part:
    """The part that keeps what could not be split."""
    dedupe_key = names.dedupe(canonical(("unreadable", reason)) + payload)
    return Part(Kind.UNREADABLE, reason, dedupe_key, dedupe_key, None, payload)


def type_name(value: Any) -> str:
    """A type as WhatsApp spells it; "unknown" unless 1 to 64 printable ASCII characters."""
    if type(value) is str and value.isascii() and value.isprintable():
        return value if 0 < len(value) <= _LONGEST_TYPE else "unknown"
    return "unknown"


def _parts(root: Any, names: Names) -> list[Part]:
    if not isinstance(root, dict):
        raise Unreadable("NOT_AN_OBJECT")
    if root.get("object") != OBJECT:
        raise Unreadable("OTHER_OBJECT")
    entries = root.get("entry")
    if not isinstance(entries, list) or not entries:
        raise Unreadable("NO_ENTRY")
    parts: list[Part] = []
    for entry in entries:
        changes = entry.get("changes") if isinstance(entry, dict) else None
        if not isinstance(changes, list) or not changes:
            parts.append(unreadable("NO_CHANGES", canonical(entry), names))
            continue
        for change in changes:
            value = change.get("value") if isinstance(change, dict) else None
            if isinstance(value, dict):
                _add_value(parts, names, entry, change.get("field"), value)
            else:
                parts.append(unreadable("NO_VALUE", canonical(change), names))
    return parts


def _add_value(parts: list[Part], names: Names, entry: Json, field: Any, value: Json) -> None:
    """Appends the parts of one value; what no rule takes out of it stays together as one."""
    left = value.keys() - _ENVELOPE
    before = len(parts)
    # A field may be of any JSON type, and a list is not hashable.
    if type(field) is not list and type(field) is not dict and field in _LIVE_FIELDS:
        messages, statuses = value.get("messages"), value.get("statuses")
        if isinstance(messages, list):
            left.discard("messages")
            for message in messages:
                parts.append(_message(names, value, message, len(messages)))
        if isinstance(statuses, list):
            left.discard("statuses")
            for status in statuses:
                parts.append(_status(names, value, status))
    if left:
        for key in _LISTS:
            if key in left and isinstance(value[key], list):
                left.discard(key)
                parts.extend(_item(names, value, field, key, item) for item in value[key])
    if left or len(parts) == before:
        rest = {key: value[key] for key in value if key in left or key in _ENVELOPE}
        parts.append(_account(names, entry, field, rest))


def _message(names: Names, value: Json, message: Any, count: int) -> Part:
    if not isinstance(message, dict):
        return unreadable("NO_MESSAGE", canonical(message), names)
    get = message.get
    metadata = value.get("metadata")
    contact = _contact(value.get("contacts"), message, count)
    payload = canonical({"metadata": metadata, "contact": contact, "message": message})
    wamid = get("id")
    if type(wamid) is str and wamid:
        dedupe_key = names.dedupe(canonical(("message", _phone_id(metadata), wamid)))
        message_key = names.message(wamid)
    else:
        content = canonical(("message", _phone_id(metadata))) + canonical(message, sort=True)
        dedupe_key, message_key = names.dedupe(content), None
    sender = get("from_user_id") or get("from")
    person_key = names.lane(sender) if type(sender) is str else None
    lane = person_key or dedupe_key
    type_ = type_name(get("type"))
    return Part(Kind.MESSAGE, type_, dedupe_key, lane, message_key, payload, person_key)


def _contact(contacts: Any, message: Json, count: int) -> Any:
    """Who wrote it: the contact that has one of its ids, or the only one of the only message."""
    if not isinstance(contacts, list):
        return None
    if count == 1 and len(contacts) == 1:
        return contacts[0]
    given = (message.get("from_user_id"), message.get("from"))
    # Only text: an id of another kind is nobody's, and may not even be hashable.
    ids = {value for value in given if type(value) is str and value}
    for contact in contacts:
        if isinstance(contact, dict) and not ids.isdisjoint(
            value for value in (contact.get("user_id"), contact.get("wa_id")) if type(value) is str
        ):
            return contact
    return None


def _status(names: Names, value: Json, status: Any) -> Part:
    if not isinstance(status, dict):
        return unreadable("NO_STATUS", canonical(status), names)
    get = status.get
    metadata = value.get("metadata")
    payload = canonical({"metadata": metadata, "status": status})
    wamid, state = get("id"), get("status")
    if type(wamid) is str and wamid:
        # Meta's pages spell a group member's id both ways.
        member = get("recipient_participant_id") or get("participant_recipient_id")
        identity = canonical(("status", _phone_id(metadata), wamid, state, member))
        message_key = names.message(wamid)
    else:
        identity = canonical(("status", _phone_id(metadata))) + canonical(status, sort=True)
        message_key = None
    dedupe_key = names.dedupe(identity)
    # Statuses merge in any order: each is a lane of its own and waits for nothing.
    recipient = get("recipient_id") or get("recipient_user_id")
    person_key = names.lane(recipient) if type(recipient) is str else None
    type_ = type_name(state)
    return Part(Kind.STATUS, type_, dedupe_key, dedupe_key, message_key, payload, person_key)


def _item(names: Names, value: Json, field: Any, key: str, item: Any) -> Part:
    """One call, echo or preference."""
    metadata = value.get("metadata")
    payload = canonical({"metadata": metadata, "field": field, key: item})
    item_id = item.get("id") if isinstance(item, dict) else None
    message_key = None
    if key == "user_preferences" or type(item_id) is not str or not item_id:
        identity = canonical((key, _phone_id(metadata), item), sort=True)
    else:
        state = (item.get("event"), item.get("status")) if key == "calls" else ()
        identity = canonical((key, _phone_id(metadata), item_id, *state))
        message_key = names.message(item_id) if key == "message_echoes" else None
    dedupe_key = names.dedupe(identity)
    return Part(Kind.ACCOUNT, key, dedupe_key, dedupe_key, message_key, payload)


def _account(names: Names, entry: Json, field: Any, value: Json) -> Part:
    content = {
        "waba_id": entry.get("id"),
        "time": entry.get("time"),
        "field": field,
        "value": value,
    }
    dedupe_key = names.dedupe(canonical(("account", content), sort=True))
    payload = canonical(content)
    return Part(Kind.ACCOUNT, type_name(field), dedupe_key, dedupe_key, None, payload)


def _phone_id(metadata: Any) -> Any:
    return metadata.get("phone_number_id") if isinstance(metadata, dict) else None
