"""What a person said, and what is to be done with it: understood, told about, or left alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.ingress.domain.moment import moment_of
from services.ingress.domain.sender import Sender, sender_of
from services.ingress.domain.webhook import type_name

LONGEST_TEXT = 4096
# Meta's code for a message that it could not hand over at all.
_UNAVAILABLE = 131060

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words: typed, or on the button that was pressed. 1 to 4,096 characters."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsupported:
    """Something that cannot be read yet; the person is told so."""

    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """Nothing that waits for an answer; recorded with an UPPER_SNAKE reason."""

    reason: str


Content = Text | Unsupported | Ignored


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of one person."""

    wamid: str
    sender: Sender
    message_time: datetime
    content: Content


def read_message(payload: Json, *, phone_id: str, received: datetime) -> Message:
    """The message in a part's payload, sent to our number `phone_id` and stored at `received`."""
    message: Json = payload["message"]
    wamid = message.get("id")
    sender = sender_of(message, payload.get("contact"))
    reason = _not_for_us(payload, sender, phone_id)
    return Message(
        wamid=wamid if isinstance(wamid, str) else "",
        sender=sender,
        message_time=moment_of(message.get("timestamp"), received),
        content=Ignored(reason=reason) if reason else _content(message),
    )


def other_number(payload: Json, phone_id: str) -> bool:
    """Whether a payload says that it is about a number that is not ours."""
    metadata = payload.get("metadata")
    said = metadata.get("phone_number_id") if isinstance(metadata, dict) else None
    return said is not None and str(said) != phone_id


def _not_for_us(payload: Json, sender: Sender, phone_id: str) -> str:
    """Why a message is not answered whatever it holds; empty where it may be."""
    message: Json = payload["message"]
    if other_number(payload, phone_id):
        return "NOT_OUR_NUMBER"
    if message.get("group_id"):
        return "GROUP_MESSAGE"
    if not sender.is_known:
        return "NO_SENDER"
    if not isinstance(message.get("id"), str) or not message["id"]:
        return "NO_MESSAGE_ID"
    metadata = payload.get("metadata")
    own = metadata.get("display_phone_number") if isinstance(metadata, dict) else None
    if isinstance(own, str) and sender.wa_id and _digits(own) == sender.wa_id:
        return "OWN_MESSAGE"
    return ""


def _content(message: Json) -> Content:
    kind = type_name(message.get("type"))
    if kind in _SILENT:
        return Ignored(reason=_SILENT[kind])
    read = _READERS.get(kind)
    return read(message) if read else Unsupported(type=_ALIASES.get(kind, kind))


def _text(message: Json) -> Content:
    return _words(_inside(message, "text").get("body"), "text")


def _button(message: Json) -> Content:
    button = _inside(message, "button")
    return _words(button.get("text") or button.get("payload"), "button")


def _interactive(message: Json) -> Content:
    interactive = _inside(message, "interactive")
    if interactive.get("type") == "call_permission_reply":
        return Ignored(reason="CALL_PERMISSION")
    for reply in ("button_reply", "list_reply"):
        if title := _inside(interactive, reply).get("title"):
            return _words(title, "interactive")
    return Unsupported(type="interactive")


def _unsupported(message: Json) -> Content:
    errors = message.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    if isinstance(first, dict) and first.get("code") == _UNAVAILABLE:
        return Unsupported(type="unavailable")
    kind = _inside(message, "unsupported").get("type")
    return Unsupported(type="unsupported" if kind is None else type_name(kind))


def _words(value: Any, kind: str) -> Content:
    # Postgres text holds no NUL, and no person means one.
    text = value.replace("\0", "").strip() if isinstance(value, str) else ""
    if not 0 < len(text) <= LONGEST_TEXT:
        return Unsupported(type=kind)
    return Text(text=text)


def _inside(holder: Json, key: str) -> Json:
    held = holder.get(key)
    return held if isinstance(held, dict) else {}


def _digits(number: str) -> str:
    return "".join(character for character in number if character.isdecimal())


# Nobody waits for an answer to these.
_SILENT: Mapping[str, str] = {
    "reaction": "REACTION",
    "system": "SYSTEM_MESSAGE",
    "revoke": "REVOKED",
    "request_welcome": "WELCOME_REQUEST",
}
_READERS: Mapping[str, Callable[[Json], Content]] = {
    "text": _text,
    "button": _button,
    "interactive": _interactive,
    "unsupported": _unsupported,
    "unknown": _unsupported,
}
# An old name for the same thing.
_ALIASES: Mapping[str, str] = {"voice": "audio"}
