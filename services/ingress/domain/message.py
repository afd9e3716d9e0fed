"""One message of one person: who wrote it, when, what it holds, and what it stands in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.ingress.domain.content import Content, Ignored, Quote
from services.ingress.domain.moment import moment_of
from services.ingress.domain.reading import content_of, is_id
from services.ingress.domain.sender import Sender, sender_of

Json = dict[str, Any]
_NO_QUOTE = Quote()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of one person."""

    wamid: str
    sender: Sender
    message_time: datetime
    content: Content
    quote: Quote = _NO_QUOTE


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
        content=Ignored(reason=reason) if reason else content_of(message),
        quote=_quote(message),
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
    # A system message may name people in its own words only.
    if not sender.is_known and message.get("type") != "system":
        return "NO_SENDER"
    if not isinstance(message.get("id"), str) or not message["id"]:
        return "NO_MESSAGE_ID"
    metadata = payload.get("metadata")
    own = metadata.get("display_phone_number") if isinstance(metadata, dict) else None
    if isinstance(own, str) and sender.wa_id and _digits(own) == sender.wa_id:
        return "OWN_MESSAGE"
    return ""


def _quote(message: Json) -> Quote:
    held = message.get("context")
    context: Json = held if isinstance(held, dict) else {}
    reaction = message.get("reaction")
    # A reaction says elsewhere what it is under.
    about = reaction.get("message_id") if isinstance(reaction, dict) else context.get("id")
    return Quote(
        wamid=about if is_id(about) else "",
        is_forwarded=context.get("forwarded") is True
        or context.get("frequently_forwarded") is True,
    )


def _digits(number: str) -> str:
    return "".join(character for character in number if character.isdecimal())
