"""A message as the Cloud API takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.notifier.domain.approved import Filled
from services.notifier.domain.button import MAX_BODY, MOST_BUTTONS, Button
from services.notifier.domain.contact import Address
from services.notifier.ports import Attachment, Outgoing

# What opens a list, in every language that Hark speaks.
_LIST = "Menu"


def message(outgoing: Outgoing) -> Mapping[str, Any]:
    """The body of the request."""
    body: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **_recipient(outgoing.address),
        **_content(outgoing),
        "biz_opaque_callback_data": outgoing.token,
    }
    if outgoing.reply_to_wamid:
        body["context"] = {"message_id": outgoing.reply_to_wamid}
    return body


def _content(outgoing: Outgoing) -> Mapping[str, Any]:
    text, buttons = outgoing.text, outgoing.buttons
    if outgoing.template is not None:
        return _template(outgoing.template)
    if outgoing.attachment is not None:
        return _document(outgoing.attachment, text)
    # A repeat may have outgrown them: the text matters more.
    if buttons and len(text) <= MAX_BODY:
        return {"type": "interactive", "interactive": _interactive(text, buttons)}
    return {"type": "text", "text": {"body": text, "preview_url": False}}


def _template(template: Filled) -> Mapping[str, Any]:
    parameters = [
        {"type": "text", "parameter_name": name, "text": value}
        for name, value in template.parameters
    ]
    components: list[Mapping[str, Any]] = [{"type": "body", "parameters": parameters}]
    components += [
        {
            "type": "button",
            "sub_type": "quick_reply",
            "index": str(index),
            "parameters": [{"type": "payload", "payload": button.payload}],
        }
        for index, button in enumerate(template.buttons)
    ]
    return {
        "type": "template",
        "template": {
            "name": template.name,
            "language": {"code": template.language},
            "components": components,
        },
    }


def _document(attachment: Attachment, text: str) -> Mapping[str, Any]:
    caption = text if len(text) <= MAX_BODY else text[: MAX_BODY - 1] + "…"
    return {
        "type": "document",
        "document": {
            "id": attachment.media_id,
            "filename": attachment.file_name,
            "caption": caption,
        },
    }


def _interactive(text: str, buttons: Sequence[Button]) -> Mapping[str, Any]:
    if len(buttons) <= MOST_BUTTONS:
        replies = [
            {"type": "reply", "reply": {"id": button.payload, "title": button.title}}
            for button in buttons
        ]
        return {"type": "button", "body": {"text": text}, "action": {"buttons": replies}}
    rows = [{"id": button.payload, "title": button.title} for button in buttons]
    action = {"button": _LIST, "sections": [{"rows": rows}]}
    return {"type": "list", "body": {"text": text}, "action": action}


def _recipient(address: Address) -> Mapping[str, str]:
    # Without "+" Meta may take the number for one of the business's own country.
    return {"to": f"+{address.phone}"} if address.phone else {"recipient": address.business_user_id}
