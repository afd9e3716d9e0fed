"""The content of a message of each type; every field of each may be missing or of another kind."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeGuard

from services.ingress.domain.content import (
    Button,
    Content,
    Edit,
    Failure,
    Ignored,
    Location,
    Media,
    MediaFailure,
    Reaction,
    Revoke,
    Text,
    Unsupported,
)
from services.ingress.domain.identity import identity_change
from services.ingress.domain.webhook import type_name

LONGEST_TEXT = 4096
_LONGEST_PAYLOAD = 256
_LONGEST_TITLE = 256
_LONGEST_PLACE = 1000
_LONGEST_EMOJI = 64
_LONGEST_ID = 512
# What can be said anew in words: a text, a caption.
_EDITABLE = ("text", "image")
# Meta's code for a message that it could not hand over at all.
_UNAVAILABLE = 131060

Json = dict[str, Any]


def content_of(message: Json) -> Content:
    """What a message holds; `Unsupported` where that cannot be read."""
    kind = type_name(message.get("type"))
    read = _READERS.get(kind)
    return read(message) if read else Unsupported(type=kind)


def _text(message: Json) -> Content:
    return _words(_inside(message, "text").get("body"), "text")


def _button(message: Json) -> Content:
    button = _inside(message, "button")
    return _tapped(button.get("payload"), button.get("text"), "button")


def _interactive(message: Json) -> Content:
    interactive = _inside(message, "interactive")
    if interactive.get("type") == "call_permission_reply":
        return Ignored(reason="CALL_PERMISSION")
    for reply in ("button_reply", "list_reply"):
        if held := _inside(interactive, reply):
            return _tapped(held.get("id"), held.get("title"), "interactive")
    # A form that was filled in; Hark sends none, so nobody waits for what its JSON may hold.
    return Unsupported(type="flow" if "nfm_reply" in interactive else "interactive")


def _tapped(payload: Any, title: Any, kind: str) -> Content:
    carried = clean(payload)
    shown = clean(title)[:_LONGEST_TITLE]
    if not carried:
        return _words(shown, kind)
    if len(carried) > _LONGEST_PAYLOAD:
        # Not one of ours: what the person saw on it is what they say.
        return _words(shown, kind)
    return Button(payload=carried, title=shown)


def _location(message: Json) -> Content:
    held = _inside(message, "location")
    latitude = _degrees(held.get("latitude"), 90)
    longitude = _degrees(held.get("longitude"), 180)
    if latitude is None or longitude is None:
        return Unsupported(type="location")
    return Location(
        latitude=latitude,
        longitude=longitude,
        name=clean(held.get("name"))[:_LONGEST_PLACE],
        address=clean(held.get("address"))[:_LONGEST_PLACE],
    )


def _reaction(message: Json) -> Content:
    return Reaction(emoji=clean(_inside(message, "reaction").get("emoji"))[:_LONGEST_EMOJI])


def _edit(message: Json) -> Content:
    edit = _inside(message, "edit")
    original, inner = edit.get("original_message_id"), _inside(edit, "message")
    words = ""
    match content_of(inner) if inner.get("type") in _EDITABLE else None:
        case Text(text=text):
            words = text
        case Media(caption=caption):
            words = caption
    if not words or not is_id(original):
        return Unsupported(type="edit")
    return Edit(text=words, original_wamid=original)


def _revoke(message: Json) -> Content:
    original = _inside(message, "revoke").get("original_message_id")
    return Revoke(original_wamid=original) if is_id(original) else Ignored(reason="REVOKED_NOTHING")


def _audio(message: Json) -> Content:
    # An old name for the same thing.
    held = _inside(message, "audio") or _inside(message, "voice")
    is_voice = held.get("voice") is True or message.get("type") == "voice"
    return _media(held, "voice" if is_voice else "audio")


def _image(message: Json) -> Content:
    return _media(_inside(message, "image"), "image")


def _media(held: Json, kind: str) -> Content:
    media_id = held.get("id")
    # It stands in a path at WhatsApp's.
    if not is_id(media_id) or not media_id.isascii() or not media_id.replace("_", "a").isalnum():
        return MediaFailure(kind=kind, reason=Failure.UNAVAILABLE)
    return Media(
        kind=kind,
        media_id=media_id,
        mime_type=clean(held.get("mime_type"))[:_LONGEST_TITLE],
        sha256=clean(held.get("sha256"))[:_LONGEST_TITLE],
        caption=clean(held.get("caption"))[:LONGEST_TEXT],
        is_voice=kind == "voice",
    )


def _unsupported(message: Json) -> Content:
    errors = message.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    if isinstance(first, dict) and first.get("code") == _UNAVAILABLE:
        return Unsupported(type="unavailable")
    kind = _inside(message, "unsupported").get("type")
    return Unsupported(type="unsupported" if kind is None else type_name(kind))


def _welcome(_message: Json) -> Content:
    return Ignored(reason="WELCOME_REQUEST")


def _words(value: Any, kind: str) -> Content:
    text = clean(value)
    if not 0 < len(text) <= LONGEST_TEXT:
        return Unsupported(type=kind)
    return Text(text=text)


def clean(value: Any) -> str:
    """A text without NUL and without space around it; empty where it is none."""
    # Postgres text holds no NUL, and no person means one.
    return value.replace("\0", "").strip() if isinstance(value, str) else ""


def is_id(value: Any) -> TypeGuard[str]:
    """Whether it can be an id of WhatsApp's."""
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_ID


def _degrees(value: Any, bound: int) -> float | None:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) and -bound <= value <= bound else None


def _inside(holder: Json, key: str) -> Json:
    held = holder.get(key)
    return held if isinstance(held, dict) else {}


_READERS: Mapping[str, Callable[[Json], Content]] = {
    "text": _text,
    "button": _button,
    "interactive": _interactive,
    "location": _location,
    "reaction": _reaction,
    "edit": _edit,
    "revoke": _revoke,
    "audio": _audio,
    "voice": _audio,
    "image": _image,
    "system": identity_change,
    "unsupported": _unsupported,
    "unknown": _unsupported,
    "request_welcome": _welcome,
}
