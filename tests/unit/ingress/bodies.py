"""Webhook bodies for tests, and the names they are split with."""

from __future__ import annotations

import json
from typing import Any

from services.ingress.domain.names import Names
from services.ingress.domain.part import Part
from services.ingress.domain.webhook import split

PHONE_ID = "106540352242922"
NAMES = Names(dedupe_key=b"d" * 32, lane_key=b"l" * 32, message_key=b"m" * 32)

Json = dict[str, Any]


def text(wamid: str = "wamid.1", *, sender: str = "15550100001", body: str = "hello") -> Json:
    return {
        "from": sender,
        "id": wamid,
        "timestamp": "1763800000",
        "type": "text",
        "text": {"body": body},
    }


def value(
    *, messages: Any = None, statuses: Any = None, phone_id: str = PHONE_ID, **more: Any
) -> Json:
    made: Json = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": phone_id},
    }
    if messages is not None:
        made["messages"] = messages
    if statuses is not None:
        made["statuses"] = statuses
    return made | more


def entry(*changes: Json, field: Any = "messages", waba_id: str = "1") -> Json:
    return {"id": waba_id, "changes": [{"field": field, "value": change} for change in changes]}


def webhook(*entries: Any) -> bytes:
    whole = {"object": "whatsapp_business_account", "entry": list(entries)}
    return json.dumps(whole).encode()


def parts(*entries: Any) -> list[Part]:
    return split(webhook(*entries), NAMES)
