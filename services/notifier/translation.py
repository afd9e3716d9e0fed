"""Between the wire's messages and the domain's values; decides nothing."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from chassis.errors import InvalidArgument, ServiceError
from hark.notifier.v1 import notification_pb2 as wire
from hark.notifier.v1.inbound_pb2 import DeliveryStatus
from hark.notifier.v1.notifier_service_pb2 import (
    OVERFLOW_POLICY_HOLD,
    BatchSendResult,
    RecordInboundRequest,
    Refusal,
    SendNotificationRequest,
)
from services.notifier.domain.contact import sender
from services.notifier.domain.notification import Content, Draft, Notification
from services.notifier.domain.reconciliation import Observation
from services.notifier.ports import Inbound, StatusReport

# Years 2000 to 2200: what is outside is a mistake, and asks too much of some calendars.
_EARLIEST, _LATEST = 946_684_800, 7_258_118_400
_LONGEST_ID = 256
_LONGEST_STATUS = 32


def draft(request: SendNotificationRequest) -> Draft:
    """What a request asks for. Raises InvalidArgument for a time that is none."""
    return Draft(
        request_id=request.request_id,
        user_id=request.user_id,
        phone_number=request.phone_number,
        type=request.type,
        kind=request.kind,
        contents=tuple(
            Content(template=part.template, parameters=dict(part.parameters))
            for part in request.contents
        ),
        reply_to_message_id=request.reply_to_message_id,
        due_time=_optional_time(request, "due_time"),
        expire_time=_optional_time(request, "expire_time"),
        holds_overflow=request.overflow_policy == OVERFLOW_POLICY_HOLD,
    )


def inbound(request: RecordInboundRequest) -> Inbound:
    """What a person sent. Raises InvalidArgument for what is missing or malformed."""
    for field in ("message_id", "provider_message_id"):
        value = getattr(request, field)
        if not 0 < len(value) <= _LONGEST_ID:
            raise _invalid(field, f"has 1 to {_LONGEST_ID} characters")
    return Inbound(
        sender=sender(
            wa_id=request.sender.wa_id,
            business_user_id=request.sender.business_user_id,
            parent_user_id=request.sender.parent_user_id,
            display_name=request.sender.display_name,
        ),
        message_id=request.message_id,
        wamid=request.provider_message_id,
        message_time=_time(request, "message_time"),
    )


def report(status: DeliveryStatus, now: datetime) -> StatusReport:
    """One status; `now` stands where WhatsApp did not say when."""
    if not 0 < len(status.provider_message_id) <= _LONGEST_ID:
        raise _invalid("statuses.provider_message_id", f"has 1 to {_LONGEST_ID} characters")
    if not 0 < len(status.status) <= _LONGEST_STATUS:
        raise _invalid("statuses.status", f"has 1 to {_LONGEST_STATUS} characters")
    return StatusReport(
        wamid=status.provider_message_id,
        token=status.callback_data,
        observation=Observation(
            status=status.status,
            event_time=_optional_time(status, "event_time") or now,
            provider_code=status.provider_code,
        ),
    )


def notification(shown: Notification) -> wire.Notification:
    """A notification as the wire has it."""
    message = wire.Notification(
        notification_id=shown.notification_id,
        user_id=shown.user_id,
        type=wire.Notification.Type.ValueType(shown.type),
        kind=shown.kind,
        state=wire.Notification.State.ValueType(shown.state),
        state_reason=shown.state_reason,
        contents=[
            wire.Content(template=part.template, parameters=part.parameters)
            for part in shown.contents
        ],
        reply_to_message_id=shown.reply_to_message_id,
        request_id=shown.request_id,
        create_time=_stamp(shown.create_time),
        due_time=_stamp(shown.due_time),
        expire_time=_stamp(shown.expire_time),
        sent_time=_stamp(shown.sent_time),
        delivered_time=_stamp(shown.delivered_time),
        read_time=_stamp(shown.read_time),
    )
    for attempt in shown.attempts:
        message.attempts.add(
            number=attempt.number,
            start_time=_stamp(attempt.start_time),
            end_time=_stamp(attempt.end_time),
            outcome=wire.Attempt.Outcome.ValueType(attempt.outcome),
            provider_code=attempt.provider_code,
            reason=attempt.reason,
            template=attempt.template,
        )
    for event in shown.events:
        message.events.add(
            status=event.status,
            event_time=_stamp(event.event_time),
            record_time=_stamp(event.record_time),
            provider_code=event.provider_code,
        )
    return message


def result(request_id: str, answer: Notification | ServiceError) -> BatchSendResult:
    """What became of one request of a batch."""
    if isinstance(answer, Notification):
        return BatchSendResult(
            request_id=request_id,
            notification_id=answer.notification_id,
            state=wire.Notification.State.ValueType(answer.state),
        )
    delay = None
    if answer.retry_delay is not None:
        delay = Duration()
        delay.FromTimedelta(answer.retry_delay)
    refusal = Refusal(
        code=answer.code.value, reason=answer.reason, message=answer.message, retry_delay=delay
    )
    return BatchSendResult(request_id=request_id, refusal=refusal)


def _time(message: Message, field: str) -> datetime:
    time = _optional_time(message, field)
    if time is None:
        raise _invalid(field, "is not set")
    return time


def _optional_time(message: Message, field: str) -> datetime | None:
    if not message.HasField(field):
        return None
    stamp: Timestamp = getattr(message, field)
    if not (_EARLIEST <= stamp.seconds < _LATEST and 0 <= stamp.nanos < 1_000_000_000):
        raise _invalid(field, "is not a time between the years 2000 and 2200")
    return stamp.ToDatetime(UTC)


def _stamp(time: datetime | None) -> Timestamp | None:
    if time is None:
        return None
    # FromDatetime costs five times as much, and an answer has up to six of these.
    whole = calendar.timegm(time.utctimetuple())
    return Timestamp(seconds=whole, nanos=time.microsecond * 1000)


def _invalid(field: str, problem: str) -> InvalidArgument:
    return InvalidArgument(f"{field} {problem}", violations={field: problem})
