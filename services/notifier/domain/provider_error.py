"""Meta's error codes as data: what each one proves, and what follows from it.

A decision rests on the code, never on a title, and on the HTTP status only where the code is
unknown: Meta says that statuses vary.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from types import MappingProxyType


class ErrorClass(Enum):
    """What an error code says about the message that it answers."""

    # Certainly not sent; trying again is safe.
    NOT_SENT = "R+"
    # It may have been sent; trying again needs proof or a policy.
    MAYBE_SENT = "R?"
    # Not for hours, or another way.
    WAIT = "W"
    # Only an approved template can go out.
    NEEDS_TEMPLATE = "T"
    # This message never can.
    MESSAGE = "P"
    # This person never can, for now.
    PERSON = "U"
    # The account or its settings are wrong: nothing can be sent until somebody acts.
    ACCOUNT = "C"
    # Only ever about what comes in.
    INBOUND = "I"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorRule:
    """One row of the table; `reason` is what callers see."""

    error_class: ErrorClass
    reason: str
    # A pair-rate error delays that person only; the other throttles slow everything down.
    is_pair_rate: bool = False
    # The template is at fault, not what was to be said: it goes out in another form. How long
    # the template is left alone; zero where only these values did not fit it.
    template_pause: timedelta | None = None


# Meta pauses for 3 hours, then 6, and lifts some pauses earlier; a template that is missing may be
# on its way.
_TEMPLATE_PAUSES = {
    132000: timedelta(minutes=5),
    132001: timedelta(minutes=5),
    132005: timedelta(),
    132007: timedelta(hours=24),
    132008: timedelta(),
    132012: timedelta(minutes=5),
    132015: timedelta(minutes=30),
    132016: timedelta(hours=24),
    132018: timedelta(),
    134101: timedelta(minutes=5),
    134102: timedelta(minutes=30),
}


def _rules(error_class: ErrorClass, reasons: dict[int, str]) -> dict[int, ErrorRule]:
    return {
        code: ErrorRule(
            error_class=error_class,
            reason=reason,
            is_pair_rate=code == 131056,
            template_pause=_TEMPLATE_PAUSES.get(code),
        )
        for code, reason in reasons.items()
    }


_NOT_SENT = {
    4: "APP_RATE_LIMITED",
    17: "APP_RATE_LIMITED",
    341: "APP_RATE_LIMITED",
    613: "APP_RATE_LIMITED",
    80007: "ACCOUNT_RATE_LIMITED",
    130429: "NUMBER_RATE_LIMITED",
    131056: "PAIR_RATE_LIMITED",
    131208: "GROUP_RATE_LIMITED",
    132069: "FLOW_THROTTLED",
}
_MAYBE_SENT = {
    1: "PROVIDER_ERROR",
    2: "PROVIDER_UNAVAILABLE",
    131000: "PROVIDER_ERROR",
    131016: "PROVIDER_UNAVAILABLE",
    131057: "NUMBER_IN_MAINTENANCE",
    133004: "PROVIDER_UNAVAILABLE",
    2494100: "NUMBER_IN_MAINTENANCE",
}
_WAIT = {
    130472: "MARKETING_EXPERIMENT",
    131049: "MARKETING_LIMITED",
    131064: "MESSAGING_LIMIT_REACHED",
    132015: "TEMPLATE_PAUSED",
    134101: "TEMPLATE_SYNCING",
}
_MESSAGE = {
    100: "PARAMETER_INVALID",
    131008: "PARAMETER_MISSING",
    131009: "PARAMETER_INVALID",
    131014: "REQUEST_REFUSED",
    131020: "GROUP_ERROR",
    131021: "RECIPIENT_IS_SENDER",
    131041: "GROUP_ERROR",
    131051: "MESSAGE_TYPE_UNSUPPORTED",
    131053: "MEDIA_UPLOAD_FAILED",
    131055: "METHOD_NOT_ALLOWED",
    131059: "GROUP_ERROR",
    131062: "USER_ID_NOT_USABLE",
    131063: "MARKETING_TEMPLATES_DISABLED",
    132000: "TEMPLATE_PARAMETERS_INVALID",
    132001: "TEMPLATE_NOT_APPROVED",
    132005: "TEMPLATE_TEXT_TOO_LONG",
    132007: "TEMPLATE_POLICY_VIOLATED",
    132008: "TEMPLATE_PARAMETERS_INVALID",
    132012: "TEMPLATE_PARAMETERS_INVALID",
    132016: "TEMPLATE_DISABLED",
    132018: "TEMPLATE_PARAMETERS_INVALID",
    132068: "FLOW_BLOCKED",
    134100: "TEMPLATE_NOT_USABLE",
    134102: "TEMPLATE_NOT_USABLE",
    135000: "REQUEST_REFUSED",
    137000: "IDENTITY_CHANGED",
    1752041: "REQUEST_REFUSED",
}
_PERSON = {
    130497: "COUNTRY_RESTRICTED",
    131026: "UNDELIVERABLE",
    131050: "MARKETING_OPTED_OUT",
}
_ACCOUNT = {
    0: "ACCESS_TOKEN_INVALID",
    3: "PERMISSION_MISSING",
    10: "PERMISSION_MISSING",
    33: "SENDER_UNKNOWN",
    102: "ACCESS_TOKEN_INVALID",
    104: "ACCESS_TOKEN_INVALID",
    190: "ACCESS_TOKEN_INVALID",
    368: "ACCOUNT_BLOCKED",
    463: "ACCESS_TOKEN_INVALID",
    467: "ACCESS_TOKEN_INVALID",
    131005: "PERMISSION_MISSING",
    131030: "RECIPIENT_NOT_ALLOWED",
    131031: "ACCOUNT_LOCKED",
    131037: "DISPLAY_NAME_NOT_APPROVED",
    131042: "PAYMENT_PROBLEM",
    131044: "PAYMENT_PROBLEM",
    131045: "NUMBER_NOT_REGISTERED",
    131048: "SPAM_LIMITED",
    133000: "NUMBER_NOT_REGISTERED",
    133005: "NUMBER_NOT_REGISTERED",
    133006: "NUMBER_NOT_REGISTERED",
    133008: "NUMBER_NOT_REGISTERED",
    133009: "NUMBER_NOT_REGISTERED",
    133010: "NUMBER_NOT_REGISTERED",
    133015: "NUMBER_NOT_REGISTERED",
    133016: "NUMBER_NOT_REGISTERED",
    134011: "PAYMENT_PROBLEM",
    136024: "NUMBER_NOT_REGISTERED",
    2388012: "NUMBER_NOT_REGISTERED",
    2388091: "NUMBER_NOT_REGISTERED",
    2388093: "NUMBER_NOT_REGISTERED",
    2388103: "NUMBER_NOT_REGISTERED",
}
_INBOUND = {131052: "MEDIA_DOWNLOAD_FAILED", 131060: "MESSAGE_UNAVAILABLE"}

RULES = MappingProxyType(
    _rules(ErrorClass.NOT_SENT, _NOT_SENT)
    | _rules(ErrorClass.MAYBE_SENT, _MAYBE_SENT)
    | _rules(ErrorClass.WAIT, _WAIT)
    | _rules(ErrorClass.NEEDS_TEMPLATE, {131047: "WINDOW_CLOSED"})
    | _rules(ErrorClass.MESSAGE, _MESSAGE)
    | _rules(ErrorClass.PERSON, _PERSON)
    | _rules(ErrorClass.ACCOUNT, _ACCOUNT)
    | _rules(ErrorClass.INBOUND, _INBOUND)
)
# Whole families of one meaning: (first, last), class, reason.
RANGES = (
    (200, 299, ErrorClass.ACCOUNT, "PERMISSION_MISSING"),
    (131201, 131215, ErrorClass.MESSAGE, "GROUP_ERROR"),
    (138000, 138018, ErrorClass.MESSAGE, "CALLING_ERROR"),
    (139000, 139103, ErrorClass.MESSAGE, "REQUEST_REFUSED"),
    (147001, 147005, ErrorClass.MESSAGE, "REQUEST_REFUSED"),
    (200005, 200007, ErrorClass.MESSAGE, "REQUEST_REFUSED"),
    (2388019, 2388299, ErrorClass.MESSAGE, "TEMPLATE_INVALID"),
    (2494164, 2494179, ErrorClass.MESSAGE, "REQUEST_REFUSED"),
    (2593107, 2593109, ErrorClass.MESSAGE, "REQUEST_REFUSED"),
)


def rule_for(code: int | None, *, http_status: int = 0, is_transient: bool = False) -> ErrorRule:
    """What an error means: by its code, else by the HTTP status.

    `code` is None where the answer had none; `http_status` is 0 for what a status webhook reports.
    What this table does not know proves nothing on a 408, a 429, a 5xx or where Meta calls it
    transient.
    """
    if code is not None:
        rule = RULES.get(code)
        if rule is not None:
            return rule
        for first, last, error_class, reason in RANGES:
            if first <= code <= last:
                return ErrorRule(error_class=error_class, reason=reason)
    elif http_status in (401, 403):
        return ErrorRule(error_class=ErrorClass.ACCOUNT, reason="ACCESS_REFUSED")
    if is_transient or http_status in (408, 429) or http_status >= 500:
        return ErrorRule(error_class=ErrorClass.MAYBE_SENT, reason="PROVIDER_ERROR")
    return ErrorRule(error_class=ErrorClass.MESSAGE, reason="REQUEST_REFUSED")
