"""System messages: a person has a new number or a new user id, and stays the same person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from services.ingress.domain.content import Content, IdentityChange, Ignored
from services.ingress.domain.sender import Sender, sender_named

Json = dict[str, Any]


def identity_change(message: Json) -> Content:
    """The change that a system message tells of; `Ignored` where it names no new id."""
    system = message.get("system")
    about: Json = system if isinstance(system, dict) else {}
    old = sender_named(
        phones=(message.get("from"), about.get("customer")),
        business_ids=(about.get("previous_user_id"), message.get("from_user_id")),
        parent_ids=(about.get("previous_parent_user_id"), message.get("from_parent_user_id")),
    )
    new = sender_named(
        phones=(about.get("wa_id"), about.get("new_wa_id")),
        business_ids=(about.get("user_id"),),
        parent_ids=(about.get("parent_user_id"),),
    )
    return _changed(old, new)


def identity_updates(value: Json) -> Iterator[tuple[IdentityChange, Any]]:
    """The changes in a `user_id_update` value, each with its timestamp."""
    updates = value.get("user_id_update")
    for update in updates if isinstance(updates, list) else ():
        if not isinstance(update, dict):
            continue
        found = _changed(_side(update, "previous"), _side(update, "current"))
        if isinstance(found, IdentityChange):
            yield found, update.get("timestamp")


def _side(update: Json, side: str) -> Sender:
    def of(key: str) -> Any:
        held = update.get(key)
        return held.get(side) if isinstance(held, dict) else None

    return sender_named(
        phones=(update.get("wa_id"),),
        business_ids=(of("user_id"),),
        parent_ids=(of("parent_user_id"),),
    )


def _changed(old: Sender, new: Sender) -> IdentityChange | Ignored:
    if not old.is_known or not new.is_known:
        # An identity key that changed, or a notice without names.
        return Ignored(reason="SYSTEM_MESSAGE")
    named = (new.wa_id, new.business_user_id, new.parent_user_id)
    before = (old.wa_id, old.business_user_id, old.parent_user_id)
    if all(not now or now == then for now, then in zip(named, before, strict=True)):
        return Ignored(reason="SYSTEM_MESSAGE")
    return IdentityChange(old=old, new=new)
