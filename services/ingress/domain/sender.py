"""Who wrote: ids told apart by their shape, for they have come in each other's field."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_BUSINESS_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9]{1,128}")
_PARENT_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")
_PHONE = re.compile(r"[0-9]{1,20}")
_LONGEST_NAME = 256

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """A person as WhatsApp names them; an id that was not said is empty."""

    wa_id: str = ""
    business_user_id: str = ""
    parent_user_id: str = ""
    display_name: str = ""

    @property
    def is_known(self) -> bool:
        """Whether there is any id to answer to."""
        return bool(self.wa_id or self.business_user_id or self.parent_user_id)


def sender_of(message: Json, contact: Any) -> Sender:
    """Who wrote `message`; what the message itself says comes before what its contact says."""
    about: Json = contact if isinstance(contact, dict) else {}
    written, named = message.get("from"), about.get("wa_id")
    own_id, contact_id = message.get("from_user_id"), about.get("user_id")
    parents = (message.get("from_parent_user_id"), about.get("parent_user_id"))
    return Sender(
        wa_id=_first(_PHONE, _digits(written), _digits(named)),
        business_user_id=_first(_BUSINESS_ID, own_id, contact_id, written, named),
        parent_user_id=_first(_PARENT_ID, *parents),
        display_name=_name(about.get("profile")),
    )


def sender_named(
    *, phones: Sequence[Any], business_ids: Sequence[Any], parent_ids: Sequence[Any]
) -> Sender:
    """Whoever is named so; of each kind of id the first that has its shape."""
    return Sender(
        wa_id=_first(_PHONE, *map(_digits, phones)),
        business_user_id=_first(_BUSINESS_ID, *business_ids),
        parent_user_id=_first(_PARENT_ID, *parent_ids),
    )


def _first(shape: re.Pattern[str], *values: Any) -> str:
    for value in values:
        if isinstance(value, str) and shape.fullmatch(value):
            return value
    return ""


def _digits(value: Any) -> Any:
    return value.removeprefix("+") if isinstance(value, str) else value


def _name(profile: Any) -> str:
    name = profile.get("name") if isinstance(profile, dict) else None
    return name.replace("\0", "")[:_LONGEST_NAME] if isinstance(name, str) else ""
