"""How Meta sees the business: its token, number, account and app; good unless told otherwise."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.domain.problem import Problem

SCOPES = ("whatsapp_business_management", "whatsapp_business_messaging")
APP_FIELDS = (
    "account_update",
    "message_template_status_update",
    "messages",
    "phone_number_quality_update",
)
# Field -> what Meta says there; none means any text or number.
_VALUES: Mapping[str, frozenset[str]] = {
    "status": frozenset({"CONNECTED", "DISCONNECTED", "BANNED", "RESTRICTED", "PENDING"}),
    "quality_rating": frozenset({"GREEN", "YELLOW", "RED", "UNKNOWN"}),
    "code_verification_status": frozenset({"VERIFIED", "EXPIRED", "NOT_VERIFIED"}),
    "messaging_limit": frozenset(
        {"TIER_250", "TIER_2K", "TIER_10K", "TIER_100K", "TIER_UNLIMITED"}
    ),
    "business_verification_status": frozenset({"verified", "not_verified", "pending"}),
    "can_send_message": frozenset({"AVAILABLE", "LIMITED", "BLOCKED"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`token_expires` is seconds since 1970, 0 for never."""

    status: str = "CONNECTED"
    quality_rating: str = "GREEN"
    code_verification_status: str = "VERIFIED"
    messaging_limit: str = "TIER_2K"
    business_verification_status: str = "verified"
    can_send_message: str = "AVAILABLE"
    scopes: tuple[str, ...] = SCOPES
    token_expires: int = 0
    app_fields: tuple[str, ...] = APP_FIELDS

    def turned(self, wanted: Mapping[str, Any]) -> Standing:
        """With these fields changed. Raises `Problem` for one that Meta would not say."""
        changes: dict[str, Any] = {}
        for name, value in wanted.items():
            if name in _VALUES:
                if value not in _VALUES[name]:
                    raise Problem(f"{name} must be one of {', '.join(sorted(_VALUES[name]))}")
                changes[name] = value
            elif name in {"scopes", "app_fields"}:
                if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
                    raise Problem(f"{name} must be an array of strings")
                changes[name] = tuple(value)
            elif name == "token_expires":
                if not isinstance(value, int) or isinstance(value, bool) or value < 0:
                    raise Problem("token_expires must be seconds since 1970, or 0")
                changes[name] = value
            else:
                raise Problem(f"there is no {name!r}")
        return dataclasses.replace(self, **changes)
