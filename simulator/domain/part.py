"""What a webhook carries: one message or one status, with the contact it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from simulator.domain.message import Message, State
from simulator.domain.person import Person

Sort = Literal["messages", "statuses", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One event of a webhook; `payload` is what Meta writes into the array named by `sort`."""

    sort: Sort
    payload: dict[str, Any]
    contact: dict[str, Any] | None = None
    # For `other`: the field of the change; the payload is its whole value.
    field: str = "messages"

    @property
    def wamid(self) -> str:
        """The message that it is, or is about; empty for account events."""
        return str(self.payload.get("id", "")) if self.sort != "other" else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The business number that webhooks come from, as `metadata` names it."""

    account_id: str
    phone_number_id: str
    display_phone_number: str


def change(account: Account, parts: Sequence[Part]) -> dict[str, Any]:
    """One element of `changes`: parts of one field, their contacts named once each."""
    first = parts[0]
    if first.sort == "other":
        return {"value": first.payload, "field": first.field}
    value: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "metadata": {
            "display_phone_number": account.display_phone_number,
            "phone_number_id": account.phone_number_id,
        },
    }
    contacts = {str(part.contact): part.contact for part in parts if part.contact}
    if contacts:
        value["contacts"] = list(contacts.values())
    for part in parts:
        value.setdefault(part.sort, []).append(part.payload)
    return {"value": value, "field": "messages"}


def envelope(account: Account, groups: Iterable[Sequence[Part]]) -> dict[str, Any]:
    """A whole body: one entry, one change for each group of parts."""
    changes = [change(account, group) for group in groups]
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": account.account_id, "changes": changes}],
    }


def status_part(
    message: Message,
    person: Person,
    status: State,
    now: datetime,
    errors: Sequence[dict[str, Any]] = (),
) -> Part:
    """What Meta tells about a message that the business sent."""
    payload: dict[str, Any] = {
        "id": message.wamid,
        "status": status,
        "timestamp": str(int(now.timestamp())),
    }
    if not person.hides_number:
        payload["recipient_id"] = person.wa_id
    payload["recipient_user_id"] = person.user_id
    if message.callback_data is not None:
        payload["biz_opaque_callback_data"] = message.callback_data
    if status in {"sent", "delivered"}:
        payload["pricing"] = {
            "billable": True,
            "pricing_model": "PMP",
            "type": "regular",
            "category": message.category,
        }
    if errors:
        payload["errors"] = list(errors)
    return Part(
        sort="statuses",
        payload=payload,
        # Meta leaves the contacts out where it could not deliver.
        contact=None if errors else person.contact(),
    )
