"""What people say to a village, as WhatsApp would pass it on."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from tests.security.village import PHONE_ID, SECRET, Village

ADA = "15550100001"


async def said(
    village: Village, text: str, *, sender: str = ADA, name: str = "Ada", wamid: str = ""
) -> str:
    """One person writes one text; returns when that is durable. The id it was sent with."""
    wamid = wamid or f"wamid.{hashlib.sha256(f'{sender} {text}'.encode()).hexdigest()[:24]}"
    message = {
        "from": sender,
        "id": wamid,
        "timestamp": str(int(village.clock.now().timestamp())),
        "type": "text",
        "text": {"body": text},
    }
    await delivered(village, {"messages": [message]}, sender=sender, name=name)
    return wamid


async def delivered(
    village: Village, value: Mapping[str, Any], *, sender: str = ADA, name: str = "Ada"
) -> None:
    """A webhook with this value, signed."""
    whole = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": PHONE_ID},
        "contacts": [{"profile": {"name": name}, "wa_id": sender}],
        **value,
    }
    change = {"field": "messages", "value": whole}
    body = json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}
    ).encode()
    signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    answer = await village.post(body, signature)
    assert answer.status_code == 200, answer.text
