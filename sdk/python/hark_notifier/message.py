"""What is to be said."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from google.protobuf.timestamp_pb2 import Timestamp

from hark.notifier.v1 import notification_pb2 as wire
from hark.notifier.v1.notifier_service_pb2 import (
    OVERFLOW_POLICY_HOLD,
    OVERFLOW_POLICY_REJECT,
    SendNotificationRequest,
)

_NAMESPACE = uuid.UUID("0d9f5c0e-5a3e-5c55-9a11-6f2c0c9d7a10")
_SEPARATOR = "\x1f"


class Type(IntEnum):
    """What a notification is about; decides its defaults."""

    EVENT_REMINDER = 1
    TASK_UPDATE = 2
    ERROR = 3
    STATUS_UPDATE = 4
    CONFIRMATION = 5


class State(IntEnum):
    """Where a notification stands."""

    QUEUED = 1
    SENDING = 2
    SENT = 3
    DELIVERED = 4
    READ = 5
    PLAYED = 6
    HELD = 7
    UNKNOWN = 8
    FAILED = 9
    CANCELLED = 10
    EXPIRED = 11
    DEAD = 12

    @property
    def is_over(self) -> bool:
        """Whether nothing is sent any more: it is out, or never will be."""
        return self not in (State.QUEUED, State.SENDING, State.HELD, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Button:
    """Something to tap; `payload` is what comes back to Hark."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file of at most 1 MiB, e.g. text/calendar or application/pdf."""

    file_name: str
    mime_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is to be said: 1 to 10 templates with their parameters, in one bubble.

    `hold` keeps what is over a cap until that frees up, instead of a `QuotaExceeded`. `due_time`
    and `expire_time` are aware datetimes.
    """

    type: Type
    contents: Sequence[tuple[str, Mapping[str, str]]]
    kind: str = ""
    reply_to_message_id: str = ""
    due_time: datetime | None = None
    expire_time: datetime | None = None
    hold: bool = False
    buttons: Sequence[Button] = field(default=())
    document: Document | None = None

    @classmethod
    def text(cls, text: str, *, type: Type = Type.STATUS_UPDATE) -> Message:
        """A message of your own words."""
        return cls(type=type, contents=[("reply", {"text": text})])

    @classmethod
    def template(
        cls,
        name: str,
        *,
        type: Type,
        **parameters: str,
    ) -> Message:
        """A message made from one template of the catalogue."""
        return cls(type=type, contents=[(name, parameters)])


def request_id(cause: str, *parts: str) -> str:
    """The id that this cause always gives: a repeated call is recognised, and sends nothing twice.

    Raises ValueError where a part holds the character U+001F.
    """
    if any(_SEPARATOR in part for part in (cause, *parts)):
        raise ValueError("a part of a request id must not hold the character U+001F")
    return str(uuid.uuid5(_NAMESPACE, _SEPARATOR.join((cause, *parts))))


def request(message: Message, *, to: str, id_: str) -> SendNotificationRequest:
    """The request that sends `message` to a phone number in E.164 or to a Hark user id."""
    made = SendNotificationRequest(
        type=wire.Notification.Type.ValueType(message.type),
        kind=message.kind,
        contents=[
            wire.Content(template=name, parameters=dict(values))
            for name, values in message.contents
        ],
        reply_to_message_id=message.reply_to_message_id,
        due_time=_stamp(message.due_time),
        expire_time=_stamp(message.expire_time),
        overflow_policy=OVERFLOW_POLICY_HOLD if message.hold else OVERFLOW_POLICY_REJECT,
        request_id=id_,
        buttons=[wire.Button(title=each.title, payload=each.payload) for each in message.buttons],
    )
    if to.startswith("+"):
        made.phone_number = to
    elif to:
        made.user_id = to
    if (file := message.document) is not None:
        made.document.file_name, made.document.mime_type = file.file_name, file.mime_type
        made.document.content = file.content
    return made


def _stamp(time: datetime | None) -> Timestamp | None:
    if time is None:
        return None
    if time.tzinfo is None:
        raise ValueError("times must say their zone")
    stamp = Timestamp()
    stamp.FromDatetime(time)
    return stamp
