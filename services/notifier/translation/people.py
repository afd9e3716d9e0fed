"""Between the wire and the domain, for what is about people, the account and templates."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, time
from zoneinfo import available_timezones

import orjson

from hark.notifier.v1 import contact_pb2, template_pb2
from hark.notifier.v1.inbound_pb2 import Sender as SenderProto
from hark.notifier.v1.notifier_service_pb2 import (
    EraseUserRequest,
    ListTemplatesRequest,
    PreviewNotificationResponse,
    RecordAccountChangeRequest,
    RecordIdentityChangeRequest,
    SetContactPreferencesRequest,
)
from services.notifier.domain.account import AccountChange
from services.notifier.domain.approved import Filled
from services.notifier.domain.contact import (
    AliasKind,
    Card,
    Erasure,
    Preferences,
    PreferencesChange,
    Renaming,
)
from services.notifier.translation import invalid, named, optional_time, required_time, wire_button
from services.notifier.usecases.previewing import Listed, Preview

MAX_VALUE_BYTES = 64 * 1024
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_.:-]{1,128}")
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,63}")
_LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}")
_LOCAL_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_PAGE_TOKEN = re.compile(r"([a-z][a-z0-9_]{0,63})/([A-Za-z-]{2,20})")


def message_id(value: str, field: str = "message_id") -> str:
    """One of Hark's message ids. Raises InvalidArgument."""
    if not _MESSAGE_ID.fullmatch(value):
        raise invalid(field, "is no message id of Hark's")
    return value


def identifier(value: str, field: str) -> str:
    """A UUID in its canonical form. Raises InvalidArgument."""
    try:
        return str(uuid.UUID(value))
    except ValueError:
        raise invalid(field, "is not a UUID") from None


def renaming(request: RecordIdentityChangeRequest) -> Renaming:
    """Whose names changed into what. Raises InvalidArgument."""
    return Renaming(
        old=named(request.old_sender),
        new=named(request.new_sender),
        change_time=required_time(request, "change_time"),
        message_id=message_id(request.message_id),
    )


def account_change(request: RecordAccountChangeRequest) -> AccountChange:
    """What WhatsApp said. Raises InvalidArgument."""
    if not _FIELD.fullmatch(request.field):
        raise invalid("field", "is the name of a webhook's field")
    if len(request.value_json) > MAX_VALUE_BYTES:
        raise invalid("value_json", f"has at most {MAX_VALUE_BYTES} bytes")
    try:
        value = orjson.loads(request.value_json)
    except orjson.JSONDecodeError:
        value = None
    if not isinstance(value, dict):
        raise invalid("value_json", "is not a JSON object")
    return AccountChange(
        change_id=message_id(request.change_id, "change_id"),
        field=request.field,
        value=value,
        receive_time=required_time(request, "receive_time"),
    )


def preferences_change(request: SetContactPreferencesRequest) -> PreferencesChange:
    """What is to be different. Raises InvalidArgument."""
    zone = request.time_zone if request.HasField("time_zone") else None
    if zone and zone not in available_timezones():
        raise invalid("time_zone", "is no IANA time zone")
    locale = request.locale if request.HasField("locale") else None
    if locale and not _LOCALE.fullmatch(locale):
        raise invalid("locale", "is no BCP 47 language tag")
    return PreferencesChange(
        is_stopped=request.is_stopped if request.HasField("is_stopped") else None,
        time_zone=zone,
        locale=locale.replace("_", "-") if locale else locale,
        quiet_hours=_quiet_hours(request),
        is_spoken=request.is_spoken if request.HasField("is_spoken") else None,
    )


def _quiet_hours(
    request: SetContactPreferencesRequest,
) -> tuple[time, time] | tuple[()] | None:
    if not request.HasField("quiet_hours"):
        return None
    start, end = request.quiet_hours.start_time, request.quiet_hours.end_time
    if not start and not end:
        return ()
    times = []
    for field, value in (("start_time", start), ("end_time", end)):
        match = _LOCAL_TIME.fullmatch(value)
        if match is None:
            raise invalid(f"quiet_hours.{field}", "is a local time such as 22:00")
        times.append(time(int(match[1]), int(match[2])))
    if times[0] == times[1]:
        raise invalid("quiet_hours", "start and end at the same time; leave both empty for none")
    return times[0], times[1]


def preferences(shown: Preferences) -> contact_pb2.ContactPreferences:
    """How a person is written to, as the wire has it."""
    hours = None
    if shown.quiet_hours is not None:
        start, end = (each.strftime("%H:%M") for each in shown.quiet_hours)
        hours = contact_pb2.QuietHours(start_time=start, end_time=end)
    return contact_pb2.ContactPreferences(
        is_stopped=shown.is_stopped,
        time_zone=shown.time_zone,
        locale=shown.locale,
        quiet_hours=hours,
        is_spoken=shown.is_spoken,
    )


def card(shown: Card) -> contact_pb2.Contact:
    """Who a person is, as the wire has it."""
    names = shown.sender.aliases
    made = contact_pb2.Contact(
        user_id=shown.user_id,
        generation=shown.generation,
        sender=SenderProto(
            wa_id=names.get(AliasKind.PHONE, ""),
            business_user_id=names.get(AliasKind.BUSINESS_USER_ID, ""),
            parent_user_id=names.get(AliasKind.PARENT_USER_ID, ""),
            display_name=shown.sender.display_name,
        ),
        preferences=preferences(shown.preferences),
    )
    made.create_time.FromDatetime(shown.create_time)
    made.last_inbound_time.FromDatetime(shown.last_inbound_time)
    return made


def erasure(request: EraseUserRequest, now: datetime) -> Erasure:
    """Who is to be forgotten. Raises InvalidArgument."""
    if request.generation < 1:
        raise invalid("generation", "is the one that RecordInbound told: 1 or more")
    return Erasure(
        user_id=identifier(request.user_id, "user_id"),
        generation=request.generation,
        request_id=identifier(request.request_id, "request_id"),
        erase_time=min(optional_time(request, "erase_time") or now, now),
    )


def template_page_start(request: ListTemplatesRequest) -> tuple[str, str] | None:
    """The template that the page before ended with. Raises InvalidArgument."""
    if not request.page_token:
        return None
    match = _PAGE_TOKEN.fullmatch(request.page_token)
    if match is None:
        raise invalid("page_token", "is not one that a page before has given")
    return match[1], match[2]


def template(listed: Listed) -> template_pb2.Template:
    """A template as the wire has it."""
    shown = listed.template
    return template_pb2.Template(
        name=shown.name,
        locale=shown.locale,
        version=shown.version,
        text=shown.text,
        spoken_text=shown.spoken or shown.text,
        parameters=[
            template_pb2.Template.Parameter(
                name=name, type=kind.value, is_optional=name in shown.optional
            )
            for name, kind in sorted(shown.types.items())
        ],
        buttons=[wire_button(button) for button in shown.buttons],
        approved_template=listed.approved_template,
        is_approved_usable=listed.is_usable,
    )


def preview(shown: Preview) -> PreviewNotificationResponse:
    """How something would look, as the wire has it."""
    response = PreviewNotificationResponse(
        locale=shown.locale,
        kind=shown.kind.name,
        inside_window=template_pb2.RenderedMessage(
            text=shown.text,
            buttons=[wire_button(button) for button in shown.buttons],
            file_name=shown.file_name,
        ),
    )
    if shown.outside is not None:
        response.outside_window.CopyFrom(_filled(shown.outside))
    if shown.is_window_open is not None:
        response.is_window_open = shown.is_window_open
    return response


def _filled(filled: Filled) -> template_pb2.RenderedMessage:
    return template_pb2.RenderedMessage(
        text=filled.text,
        buttons=[wire_button(button) for button in filled.buttons],
        approved_template=filled.name,
        approved_language=filled.language,
        parameters=dict(filled.parameters),
    )
