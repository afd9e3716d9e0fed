"""What WhatsApp says about the account, its number and its templates, and who must hear of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from services.ingress.domain.json import canonical

Json = dict[str, Any]

# What notifier draws conclusions from, or keeps for an operator: templates, limits, wishes.
_FOR_NOTIFIER = frozenset(
    (
        "account_alerts",
        "account_review_update",
        "account_settings_update",
        "account_update",
        "business_capability_update",
        "business_username_update",
        "business_username_updates",
        "message_template_components_update",
        "message_template_quality_update",
        "message_template_status_update",
        "phone_number_name_update",
        "phone_number_quality_update",
        "security",
        "template_category_update",
        "template_correct_category_detection",
        "user_preferences",
    )
)
# Other products, and what was said elsewhere: kept, never acted on, never answered.
_RECORDED = {
    "automatic_events": "OTHER_PRODUCT",
    "calls": "CALL",
    "flows": "OTHER_PRODUCT",
    "group_lifecycle_update": "GROUP",
    "group_participants_update": "GROUP",
    "group_settings_update": "GROUP",
    "group_status_update": "GROUP",
    "history": "HISTORY",
    "message_echoes": "ECHO",
    "messages": "ERRORS_ONLY",
    "messaging_handovers": "OTHER_APP",
    "partner_solutions": "OTHER_PRODUCT",
    "payment_configuration_update": "OTHER_PRODUCT",
    "smb_app_state_sync": "HISTORY",
    "smb_message_echoes": "ECHO",
    "standby": "OTHER_APP",
    "tracking_events": "OTHER_PRODUCT",
}
UNKNOWN_FIELD = "UNKNOWN_FIELD"
# What notifier takes at most.
_LARGEST_VALUE = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChange:
    """One change that notifier is told of; `value` is JSON of at most 64 KiB."""

    field: str
    value: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """Nobody's business here; kept with an UPPER_SNAKE reason."""

    reason: str


def read_account(kind: str, payload: Json) -> AccountChange | Recorded:
    """What to do with an account part of type `kind`."""
    if kind not in _FOR_NOTIFIER:
        return Recorded(reason=_RECORDED.get(kind, UNKNOWN_FIELD))
    # One of a list travels as a list of one, the shape that Meta documents.
    value = canonical(payload["value"] if "value" in payload else {kind: [payload.get(kind)]})
    if len(value) > _LARGEST_VALUE:
        return Recorded(reason="VALUE_TOO_LARGE")
    return AccountChange(field=kind, value=value)


def is_known_field(kind: str) -> bool:
    """Whether Meta documents it, as far as Hark knows; what is not is counted as one."""
    return kind in _FOR_NOTIFIER or kind in _RECORDED
