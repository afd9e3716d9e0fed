"""What WhatsApp says became of a message that Hark sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.ingress.domain.message import other_number
from services.ingress.domain.moment import moment_of
from services.ingress.domain.webhook import type_name

_LONGEST_CALLBACK = 512
_LARGEST_CODE = 2**31 - 1

Json = dict[str, Any]


class Skipped(Exception):
    """A part that is not acted on; `reason` is UPPER_SNAKE."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """One delivery status of one message."""

    wamid: str
    status: str
    event_time: datetime
    callback_data: str
    provider_code: int


def read_status(payload: Json, *, phone_id: str, received: datetime) -> Status:
    """The status in a part's payload. Raises `Skipped` where there is nothing to record."""
    if other_number(payload, phone_id):
        raise Skipped("NOT_OUR_NUMBER")
    status: Json = payload["status"]
    wamid, state = status.get("id"), status.get("status")
    if not isinstance(wamid, str) or not wamid or not isinstance(state, str) or not state:
        raise Skipped("STATUS_INCOMPLETE")
    data = status.get("biz_opaque_callback_data")
    return Status(
        wamid=wamid,
        status=type_name(state),
        event_time=moment_of(status.get("timestamp"), received),
        callback_data=data if isinstance(data, str) and len(data) <= _LONGEST_CALLBACK else "",
        provider_code=_code(status.get("errors")),
    )


def _code(errors: Any) -> int:
    first = errors[0] if isinstance(errors, list) and errors else None
    code = first.get("code") if isinstance(first, dict) else None
    return code if type(code) is int and 0 <= code <= _LARGEST_CODE else 0
