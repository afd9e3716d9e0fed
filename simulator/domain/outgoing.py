"""What a business asks Meta to send: the envelope around every kind of message."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from simulator.domain.graph_error import GraphError, invalid, missing

USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")
_NUMBER = re.compile(r"[1-9][0-9]{6,14}")
_FILLING = re.compile(r"[\s().-]")
_CALLBACK_DATA = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A checked request: whom it is for, what it is, and what comes back in its statuses."""

    # Exactly one of the two is set.
    wa_id: str | None
    user_id: str | None
    # The recipient as the request wrote it; Meta echoes it.
    input: str
    kind: str
    content: dict[str, Any]
    reply_to: str | None
    callback_data: str | None


def check_product(request: dict[str, Any]) -> None:
    """Raises `GraphError` unless the request is for WhatsApp at all."""
    product = request.get("messaging_product")
    if product is None:
        raise GraphError(100, "The parameter messaging_product is required.")
    if product != "whatsapp":
        raise GraphError(100, 'The parameter messaging_product must be "whatsapp".')


def recipient(request: dict[str, Any]) -> tuple[str | None, str | None, str]:
    """The number or the user id that the message is for; `to` wins where both stand there."""
    to = request.get("to")
    if to is not None:
        if not isinstance(to, str | int) or isinstance(to, bool):
            raise invalid("to", "it must be a phone number")
        digits = _FILLING.sub("", str(to)).removeprefix("+")
        if not _NUMBER.fullmatch(digits):
            raise invalid("to", "it must be a phone number in international format")
        return digits, None, str(to)
    user_id = request.get("recipient")
    if user_id is None:
        raise missing("to")
    if not isinstance(user_id, str) or not USER_ID.fullmatch(user_id):
        raise invalid("recipient", "it must be a business-scoped user id")
    return None, user_id, user_id


def callback_data(request: dict[str, Any]) -> str | None:
    """What every status of this message will carry."""
    data = request.get("biz_opaque_callback_data")
    if data is None:
        return None
    if not isinstance(data, str):
        raise invalid("biz_opaque_callback_data", "it must be a string")
    if len(data) > _CALLBACK_DATA:
        raise invalid("biz_opaque_callback_data", f"it is longer than {_CALLBACK_DATA} characters")
    return data


def reply_to(request: dict[str, Any]) -> str | None:
    """The message that this one answers, if it says so."""
    context = request.get("context")
    if context is None:
        return None
    if not isinstance(context, dict):
        raise invalid("context", "it must be an object")
    wamid = context.get("message_id")
    if not isinstance(wamid, str) or not wamid:
        raise missing("context['message_id']")
    return wamid
