"""Errors in the shape, with the codes and the HTTP statuses, that the Graph API answers with."""

from __future__ import annotations

from typing import Any

from simulator.domain.identity import trace_id

# code -> (HTTP status, title). Clients must decide by the code: Meta says the status may vary.
CATALOGUE: dict[int, tuple[int, str]] = {
    1: (400, "An unknown error occurred"),
    2: (503, "Service temporarily unavailable"),
    4: (400, "Application request limit reached"),
    10: (403, "Application does not have permission for this action"),
    33: (400, "Unsupported request"),
    100: (400, "Invalid parameter"),
    104: (401, "An access token is required to request this resource."),
    190: (401, "Invalid OAuth access token - Cannot parse access token"),
    368: (403, "Temporarily blocked for policies violations"),
    2388019: (400, "Message template limit reached"),
    2388039: (400, "Message template length limit exceeded"),
    2388040: (400, "Message template field length limit exceeded"),
    2388047: (400, "Message template format is incorrect"),
    2388072: (400, "Message template body format is incorrect"),
    2388073: (400, "Message template footer format is incorrect"),
    2388293: (400, "Message template has too many parameters for its length"),
    2388299: (400, "Message template may not begin or end with a parameter"),
    2500: (400, "Unknown path components"),
    80007: (400, "Rate limit hit"),
    130429: (429, "Rate limit hit"),
    130472: (400, "User's number is part of an experiment"),
    131000: (500, "Something went wrong"),
    131005: (403, "Access denied"),
    131008: (400, "Required parameter is missing"),
    131009: (400, "Parameter value is not valid"),
    131016: (500, "Service unavailable"),
    131021: (400, "Recipient cannot be sender"),
    131026: (400, "Message undeliverable"),
    131030: (400, "Recipient phone number not in allowed list"),
    131031: (403, "Account has been locked"),
    131042: (400, "Business eligibility payment issue"),
    131045: (500, "Incorrect certificate"),
    131047: (400, "Re-engagement message"),
    131048: (400, "Spam rate limit hit"),
    131049: (400, "Message not delivered to keep the ecosystem healthy"),
    131050: (400, "User has stopped marketing messages"),
    131051: (400, "Unsupported message type"),
    131052: (400, "Media download error"),
    131053: (400, "Media upload error"),
    131056: (400, "Business account and customer account pair rate limit hit"),
    131057: (500, "Account in maintenance mode"),
    131062: (400, "Business-scoped user id cannot be used for this message"),
    131064: (400, "Messaging limit reached"),
    132000: (400, "Number of parameters does not match the expected number of params"),
    132001: (404, "Template name does not exist in the translation"),
    132005: (400, "Translated text too long"),
    132007: (400, "Template format character policy violated"),
    132008: (400, "Template parameter value is not valid"),
    132012: (400, "Parameter format does not match format in the created template"),
    132015: (400, "Template is paused"),
    132016: (400, "Template is disabled"),
    132018: (400, "Template parameter is not valid"),
    133010: (400, "Phone number not registered on the WhatsApp Business Platform"),
}


class GraphError(Exception):
    """A request that Meta refuses; nothing was sent."""

    def __init__(
        self,
        code: int,
        details: str = "",
        *,
        message: str | None = None,
        type: str = "OAuthException",
        subcode: int | None = None,
        status: int | None = None,
        transient: bool = False,
        retry_after: int | None = None,
    ) -> None:
        known_status, title = CATALOGUE[code]
        self.code = code
        self.details = details
        self.title = title
        self.message = message if message is not None else f"(#{code}) {title}"
        self.type = type
        self.subcode = subcode
        self.status = status if status is not None else known_status
        self.transient = transient
        self.retry_after = retry_after
        super().__init__(f"{self.message}: {details}")

    def body(self) -> dict[str, Any]:
        """What the answer holds."""
        error: dict[str, Any] = {"message": self.message, "type": self.type, "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        if self.transient:
            error["is_transient"] = True
        error["fbtrace_id"] = trace_id()
        return {"error": error}

    def headers(self) -> dict[str, str]:
        """`Retry-After`, where Meta says when to come back; who refuses a token says so too."""
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        if self.status == 401:
            headers["WWW-Authenticate"] = (
                f'OAuth "Facebook Platform" "invalid_token" "{self.title}"'
            )
        return headers


def webhook_error(code: int, details: str) -> dict[str, Any]:
    """An element of `statuses[].errors[]`: the same error, told later."""
    _, title = CATALOGUE[code]
    return {
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": details},
        "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
    }


def missing(name: str) -> GraphError:
    """A required parameter is not there."""
    return GraphError(131008, f"The parameter {name} is required.")


def invalid(name: str, why: str) -> GraphError:
    """A parameter is there, with a value that Meta does not take."""
    return GraphError(131009, f"The parameter {name} is not valid: {why}.")


def not_found(object_id: str) -> GraphError:
    """The path names something that does not exist, or that this token may not see."""
    return GraphError(
        100,
        message=(
            f"Unsupported request. Object with ID '{object_id}' does not exist, cannot be loaded "
            "due to missing permissions, or does not support this operation."
        ),
        type="GraphMethodException",
        subcode=33,
    )
