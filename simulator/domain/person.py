"""Somebody with a phone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from simulator.domain.identity import business_scoped_user_id
from simulator.domain.message import Message
from simulator.domain.problem import Problem

_NUMBER = re.compile(r"\+?[1-9][0-9]{6,14}")


def wa_id_of(number: str) -> str:
    """The digits of an E.164 number; raises `Problem` for anything else."""
    if not _NUMBER.fullmatch(number):
        raise Problem(f"{number!r} is not an E.164 number such as +15550100001")
    return number.removeprefix("+")


# Mutable on purpose: this is the state of one phone.
@dataclass(slots=True, kw_only=True)
class Person:
    """One person's phone: who they are to the business, and what their chat shows."""

    wa_id: str
    name: str
    user_id: str
    username: str | None = None
    # With a username, and never met: the business sees the user id only.
    hides_number: bool = False
    time_zone: str = "UTC"
    read_receipts: bool = True
    on_whatsapp: bool = True
    last_wrote: datetime | None = None
    # Loop time until which "typing…" is shown.
    typing_until: float = 0.0
    changed: int = 0
    messages: dict[str, Message] = field(default_factory=dict)

    @classmethod
    def new(cls, wa_id: str) -> Person:
        """A person whom nobody has described yet."""
        return cls(
            wa_id=wa_id,
            name=f"Person {wa_id[-4:]}",
            user_id=business_scoped_user_id(wa_id),
        )

    def contact(self) -> dict[str, Any]:
        """The entry of `contacts` that goes with their messages and statuses."""
        profile: dict[str, Any] = {"name": self.name}
        if self.username:
            profile["username"] = self.username
        if self.hides_number:
            return {"profile": profile, "user_id": self.user_id}
        return {"profile": profile, "wa_id": self.wa_id, "user_id": self.user_id}

    def view(self) -> dict[str, Any]:
        """The person as the control API shows them."""
        return {
            "number": "+" + self.wa_id,
            "name": self.name,
            "user_id": self.user_id,
            "username": self.username,
            "hides_number": self.hides_number,
            "time_zone": self.time_zone,
            "read_receipts": self.read_receipts,
            "on_whatsapp": self.on_whatsapp,
            "last_wrote": self.last_wrote.isoformat() if self.last_wrote else None,
        }
