"""Between the wire's messages and the domain's values; decides nothing."""

from __future__ import annotations

from datetime import UTC, datetime

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from chassis.errors import InvalidArgument, ServiceError
from hark.notifier.v1 import inbound_pb2 as wire_inbound
from hark.notifier.v1 import notification_pb2 as wire
from hark.notifier.v1.inbound_pb2 import DeliveryStatus
from hark.notifier.v1.notifier_service_pb2 import (
    OVERFLOW_POLICY_HOLD,
    BatchSendResult,
    RecordInboundRequest,
    Refusal,
    SendNotificationRequest,
)
from services.notifier.domain.button import Button
from services.notifier.domain.contact import Sender, sender
from services.notifier.domain.document import Document
from services.notifier.domain.notification import Content, Draft, Notification
from services.notifier.domain.reconciliation import Observation
from services.notifier.ports import Inbound, StatusReport

# Years 2000 to 2200: what is outside is a mistake, and asks too much of some calendars.
_EARLIEST, _LATEST = 946_684_800, 7_258_118_400
_LONGEST_ID = 256
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
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
        due_time=optional_time(request, "due_time"),
        expire_time=optional_time(request, "expire_time"),
        holds_overflow=request.overflow_policy == OVERFLOW_POLICY_HOLD,
        buttons=tuple(Button(title=each.title, payload=each.payload) for each in request.buttons),
        document=_document(request),
    )


def _document(request: SendNotificationRequest) -> Document | None:
    if not request.HasField("document"):
        return None
    given = request.document
    return Document(file_name=given.file_name, mime_type=given.mime_type, content=given.content)


def inbound(request: RecordInboundRequest) -> Inbound:
    """What a person sent. Raises InvalidArgument for what is missing or malformed."""
    for field in ("message_id", "provider_message_id"):
        value = getattr(request, field)
        if not 0 < len(value) <= _LONGEST_ID:
            raise invalid(field, f"has 1 to {_LONGEST_ID} characters")
    if len(request.quoted_provider_message_id) > _LONGEST_ID:
        raise invalid("quoted_provider_message_id", f"has at most {_LONGEST_ID} characters")
    return Inbound(
        sender=named(request.sender),
        message_id=request.message_id,
        wamid=request.provider_message_id,
        message_time=required_time(request, "message_time"),
    )


def named(given: wire_inbound.Sender) -> Sender:
    """The names in a message. Raises InvalidArgument where none of them is an id."""
    return sender(
        wa_id=given.wa_id,
        business_user_id=given.business_user_id,
        parent_user_id=given.parent_user_id,
        display_name=given.display_name,
    )


def report(status: DeliveryStatus, now: datetime) -> StatusReport:
    """One status; `now` stands where WhatsApp did not say when."""
    if not 0 < len(status.provider_message_id) <= _LONGEST_ID:
        raise invalid("statuses.provider_message_id", f"has 1 to {_LONGEST_ID} characters")
    if not 0 < len(status.status) <= _LONGEST_STATUS:
        raise invalid("statuses.status", f"has 1 to {_LONGEST_STATUS} characters")
    return StatusReport(
        wamid=status.provider_message_id,
        token=status.callback_data,
        observation=Observation(
            status=status.status,
            event_time=optional_time(status, "event_time") or now,
            provider_code=status.provider_code,
        ),
    )


def notification(shown: Notification) -> wire.Notification:
    """A notification as the wire has it."""
    message = wire.Notification(
        notification_id=shown.notification_id,
        user_id=shown.user_id,
        type=wire.Notification.Type.ValueType(shown.type or 0),
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
        held_until=_stamp(shown.held_until),
        bubble_id=shown.bubble_id,
        buttons=[wire_button(button) for button in shown.buttons],
        locale=shown.locale,
    )
    if (file := shown.document) is not None:
        message.document.file_name, message.document.mime_type = file.file_name, file.mime_type
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


def wire_button(button: Button) -> wire.Button:
    """A button as the wire has it."""
    return wire.Button(title=button.title, payload=button.payload)


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


def required_time(message: Message, field: str) -> datetime:
    """The time in a field. Raises InvalidArgument where it is not set, or none."""
    time = optional_time(message, field)
    if time is None:
        raise invalid(field, "is not set")
    return time


def optional_time(message: Message, field: str) -> datetime | None:
    """The same, None where it is not set."""
    if not message.HasField(field):
        return None
    stamp: Timestamp = getattr(message, field)
    if not (_EARLIEST <= stamp.seconds < _LATEST and 0 <= stamp.nanos < 1_000_000_000):
        raise invalid(field, "is not a time between the years 2000 and 2200")
    return stamp.ToDatetime(UTC)


def _stamp(time: datetime | None) -> Timestamp | None:
    if time is None:
        return None
    # FromDatetime costs five times as much, and an answer has up to six of these.
    since = time - _EPOCH
    return Timestamp(seconds=since.days * 86_400 + since.seconds, nanos=since.microseconds * 1000)


def invalid(field: str, problem: str) -> InvalidArgument:
    """What a caller is told about one field."""
    return InvalidArgument(f"{field} {problem}", violations={field: problem})
