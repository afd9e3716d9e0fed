"""What a caller of the webhook is told, and with which HTTP status."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from chassis.errors import Code, ServiceError

_RETRY = timedelta(seconds=5)


class Refusal(ServiceError):
    """The request was not accepted; nothing was changed."""

    http_status: ClassVar[int] = 400
    # Whether to close the connection rather than read on: there may be no end to it.
    hangs_up: bool = False


class HandshakeIncomplete(Refusal):
    """Send hub.mode, hub.challenge and hub.verify_token, as WhatsApp does."""

    code = Code.INVALID_ARGUMENT
    reason = "HANDSHAKE_INCOMPLETE"


class HandshakeRefused(Refusal):
    """Send hub.mode=subscribe and, as hub.verify_token, what WHATSAPP_VERIFY_TOKEN holds."""

    code = Code.PERMISSION_DENIED
    reason = "HANDSHAKE_REFUSED"
    http_status = 403


class SignatureMissing(Refusal):
    """Send the header X-Hub-Signature-256 once: sha256= and 64 lower-case hex digits."""

    code = Code.UNAUTHENTICATED
    reason = "SIGNATURE_MISSING"
    http_status = 401


class SignatureMismatch(Refusal):
    """Sign the raw bytes of the body with an app secret that WHATSAPP_APP_SECRET holds."""

    code = Code.PERMISSION_DENIED
    reason = "SIGNATURE_MISMATCH"
    http_status = 403


class LengthMalformed(Refusal):
    """Send Content-Length as a decimal number, or no such header."""

    code = Code.INVALID_ARGUMENT
    reason = "LENGTH_MALFORMED"


class BodyIncomplete(Refusal):
    """Send the whole body within 10 seconds."""

    code = Code.INVALID_ARGUMENT
    reason = "BODY_INCOMPLETE"
    hangs_up = True


class BodyTooLarge(Refusal):
    """Send at most 3 MiB and 64 KiB; WhatsApp never sends more than 3 MB."""

    code = Code.INVALID_ARGUMENT
    reason = "BODY_TOO_LARGE"
    http_status = 413

    def __init__(self, *, hangs_up: bool = False) -> None:
        super().__init__()
        self.hangs_up = hangs_up


class ContentTypeWrong(Refusal):
    """Send JSON, with Content-Type: application/json."""

    code = Code.INVALID_ARGUMENT
    reason = "CONTENT_TYPE_WRONG"
    http_status = 415


class PathUnknown(Refusal):
    """There is nothing here; webhooks go to /webhook."""

    code = Code.NOT_FOUND
    reason = "PATH_UNKNOWN"
    http_status = 404


class MethodWrong(Refusal):
    """Use GET for the handshake and POST for webhooks."""

    code = Code.UNIMPLEMENTED
    reason = "METHOD_WRONG"
    http_status = 405


class InboxFull(Refusal):
    """More webhooks wait to be stored than memory is set aside for; send this one again later."""

    code = Code.RESOURCE_EXHAUSTED
    reason = "INBOX_FULL"
    http_status = 503

    def __init__(self) -> None:
        super().__init__(retry_delay=_RETRY)


class InboxUnavailable(Refusal):
    """The inbox cannot be written to at the moment; send this webhook again later."""

    code = Code.UNAVAILABLE
    reason = "INBOX_UNAVAILABLE"
    http_status = 503

    def __init__(self) -> None:
        super().__init__(retry_delay=_RETRY)


class CalendarUnknown(Refusal):
    """There is no calendar at this address, or not any more; ask Hark for a new link."""

    code = Code.NOT_FOUND
    reason = "CALENDAR_UNKNOWN"
    http_status = 404


class CalendarBusy(Refusal):
    """This calendar is read too often; once an hour is enough."""

    code = Code.RESOURCE_EXHAUSTED
    reason = "CALENDAR_BUSY"
    http_status = 429

    def __init__(self, wait: timedelta) -> None:
        super().__init__(retry_delay=max(wait, timedelta(seconds=1)))


class CalendarUnavailable(Refusal):
    """Calendars cannot be read at the moment; try again later."""

    code = Code.UNAVAILABLE
    reason = "CALENDAR_UNAVAILABLE"
    http_status = 503

    def __init__(self) -> None:
        super().__init__(retry_delay=_RETRY)
