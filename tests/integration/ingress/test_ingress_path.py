"""From a signed webhook to the peers."""

from __future__ import annotations

from hark.ingress.v1.part_pb2 import Part
from tests.integration.ingress.house import House, status, text_message, webhook


async def test_a_text_is_recorded_with_the_notifier_and_then_handled_by_ai(house: House) -> None:
    answer = await house.post(webhook(text_message("remind me to call Ada", wamid="wamid.A=")))

    assert answer.status_code == 200
    assert answer.json() == {"status": "processing"}
    await house.settled()
    (inbound,) = house.serving.notifier.inbound
    (handled,) = house.serving.ai.handled
    assert inbound.provider_message_id == "wamid.A="
    assert inbound.sender.wa_id == "15550100001"
    assert inbound.sender.display_name == "Ada"
    assert inbound.mark_read
    assert handled.text.text == "remind me to call Ada"
    assert handled.message_id == inbound.message_id
    assert handled.message_id.startswith("m_")
    assert handled.message_time.seconds == 1763800000
    assert handled.time_zone_guess == "Europe/Berlin"
    (part,) = (await house.list(message_id=handled.message_id)).parts
    assert (part.kind, part.type, part.state) == (Part.KIND_MESSAGE, "text", Part.STATE_HANDLED)


async def test_statuses_of_one_webhook_travel_in_a_few_calls(house: House) -> None:
    await house.post(webhook(*(status(f"wamid.{number}") for number in range(40))))
    await house.settled()

    assert len(house.serving.notifier.statuses) == 40
    # Two on an idle machine; how many are handled within a moment depends on how busy it is.
    assert house.serving.notifier.status_calls <= 20
    assert house.serving.ai.handled == []
