"""Tell a person something on WhatsApp, through Hark's notifier.

    async with Notifier("127.0.0.1:50053", token=token) as notifier:
        sent = await notifier.send(
            Message.text("Your parcel has arrived", type=Type.STATUS_UPDATE),
            to="+15550100001",
            request_id=request_id("parcel-arrived", parcel_id),
        )

Everything is sent at most once for a `request_id`: derive it from what causes the message, and
repeat the call as often as you like.
"""

from __future__ import annotations

from hark_notifier.client import Followed, Notifier, Sent
from hark_notifier.errors import (
    AlreadyStarted,
    InvalidArgument,
    NotFound,
    NotifierError,
    PermissionDenied,
    PersonStopped,
    QuotaExceeded,
    RequestIdReused,
    TemplateUnknown,
    TimedOut,
    Unauthenticated,
    Unavailable,
    UserUnknown,
)
from hark_notifier.message import Button, Document, Message, State, Type, request_id

__all__ = [
    "AlreadyStarted",
    "Button",
    "Document",
    "Followed",
    "InvalidArgument",
    "Message",
    "NotFound",
    "Notifier",
    "NotifierError",
    "PermissionDenied",
    "PersonStopped",
    "QuotaExceeded",
    "RequestIdReused",
    "Sent",
    "State",
    "TemplateUnknown",
    "TimedOut",
    "Type",
    "Unauthenticated",
    "Unavailable",
    "UserUnknown",
    "request_id",
]
