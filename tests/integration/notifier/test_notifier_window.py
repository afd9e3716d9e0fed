"""Outside the 24-hour window: approved templates, and what happens where there is none to send."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hark.notifier.v1.inbound_pb2 import DeliveryStatus
from hark.notifier.v1.notification_pb2 import Content, Notification
from tests.integration.notifier.graph import Reply, ScriptedGraph, error
from tests.integration.notifier.house import House, a_request, eventually, notifier, send

SENT = Notification.STATE_SENT
FAILED = Notification.STATE_FAILED
WINDOW_CLOSED, PAUSED, MISSING, DISABLED = 131047, 132015, 132001, 132016


def forms(graph: ScriptedGraph) -> list[str]:
    """What was sent as: the names of templates, and "text"."""
    return [body["template"]["name"] if "template" in body else "text" for body in graph.sends]


def values(body: dict[str, Any]) -> dict[str, str]:
    (component,) = body["template"]["components"]
    return {each["parameter_name"]: each["text"] for each in component["parameters"]}


async def long_ago(house: House) -> str:
    """Somebody who last wrote 25 hours ago."""
    person = await house.record(at=house.clock.now() - timedelta(hours=25))
    return person.user_id


async def test_outside_the_window_a_reminder_goes_out_as_its_approved_template(
    house: House, graph: ScriptedGraph
) -> None:
    accepted = await send(house, a_request(await long_ago(house)))
    found = await house.in_state(accepted.notification_id, SENT)
    (body,) = graph.sends
    assert body["type"] == "template"
    assert body["template"]["language"] == {"code": "en"}
    assert values(body) == {"title": "Ada"}
    assert body["biz_opaque_callback_data"]
    assert "text" not in body
    assert "context" not in body
    assert [attempt.template for attempt in found.attempts] == ["hark_task_due"]


async def test_a_bubble_of_several_parts_goes_out_in_one_line(
    house: House, graph: ScriptedGraph
) -> None:
    parts = [
        Content(template="task_due", parameters={"title": title, "number": "1"})
        for title in ("call Ada", "buy\nmilk")
    ]
    accepted = await send(house, a_request(await long_ago(house), contents=parts))
    await house.in_state(accepted.notification_id, SENT)
    assert forms(graph) == ["hark_message"]
    assert values(graph.sends[0]) == {"text": "Reminder: call Ada; Reminder: buy; milk"}


async def test_the_message_that_opens_the_window_brings_back_plain_text(
    house: House, graph: ScriptedGraph
) -> None:
    user_id = await long_ago(house)
    await house.in_state((await send(house, a_request(user_id))).notification_id, SENT)
    await house.record(wamid="wamid.in-2", message_id="m_2")
    found = await house.in_state((await send(house, a_request(user_id))).notification_id, SENT)
    assert forms(graph) == ["hark_task_due", "text"]
    assert [attempt.template for attempt in found.attempts] == [""]


async def test_where_whatsapp_says_that_the_window_is_closed_the_template_goes_out_at_once(
    house: House, graph: ScriptedGraph
) -> None:
    person = await house.record()
    graph.script.append(error(WINDOW_CLOSED))
    accepted = await send(house, a_request(person.user_id))
    found = await house.in_state(accepted.notification_id, SENT)
    assert forms(graph) == ["text", "hark_task_due"]
    assert [attempt.reason for attempt in found.attempts] == ["WINDOW_CLOSED", ""]
    # Closed for whatever comes next, too, until they write.
    again = await send(house, a_request(person.user_id))
    await house.in_state(again.notification_id, SENT)
    assert forms(graph)[2:] == ["hark_task_due"]


async def test_even_a_reply_goes_out_where_whatsapp_thinks_the_window_closed(
    house: House, graph: ScriptedGraph
) -> None:
    person = await house.record()
    graph.script.append(error(WINDOW_CLOSED))
    accepted = await send(
        house,
        a_request(
            person.user_id,
            type=Notification.TYPE_CONFIRMATION,
            contents=[Content(template="reply", parameters={"text": "Here you are"})],
        ),
    )
    await house.in_state(accepted.notification_id, SENT)
    assert forms(graph) == ["text", "hark_message"]


async def test_a_closed_window_that_is_told_after_the_answer_loses_nothing(
    house: House, graph: ScriptedGraph
) -> None:
    person = await house.record(at=house.clock.now() - timedelta(hours=1))
    accepted = await send(house, a_request(person.user_id))
    await house.in_state(accepted.notification_id, SENT)
    failed = DeliveryStatus(
        provider_message_id="wamid.1", status="failed", provider_code=WINDOW_CLOSED
    )
    await house.status(failed)
    await graph.sent(2)
    await house.in_state(accepted.notification_id, SENT)
    await house.status(failed)
    await house.status(DeliveryStatus(provider_message_id="wamid.2", status="delivered"))
    found = await house.in_state(accepted.notification_id, Notification.STATE_DELIVERED)
    assert [attempt.template for attempt in found.attempts] == ["", "hark_task_due"]
    assert forms(graph) == ["text", "hark_task_due"]


async def test_a_closed_window_that_is_told_before_the_answer_loses_nothing(
    house: House, graph: ScriptedGraph
) -> None:
    person = await house.record(at=house.clock.now() - timedelta(hours=1))

    async def overtake(body: dict[str, Any], wamid: str) -> None:
        if "template" not in body:
            await house.status(
                DeliveryStatus(
                    provider_message_id=wamid,
                    status="failed",
                    provider_code=WINDOW_CLOSED,
                    callback_data=body["biz_opaque_callback_data"],
                )
            )

    graph.on_send = overtake
    accepted = await send(house, a_request(person.user_id))
    await graph.sent(2)
    await house.in_state(accepted.notification_id, SENT)
    assert forms(graph) == ["text", "hark_task_due"]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (MISSING, "TEMPLATE_NOT_APPROVED"),
        (PAUSED, "TEMPLATE_PAUSED"),
        (DISABLED, "TEMPLATE_DISABLED"),
        (132000, "TEMPLATE_PARAMETERS_INVALID"),
    ],
)
async def test_a_template_that_cannot_be_sent_gives_way_to_the_generic_one(
    house: House, graph: ScriptedGraph, code: int, reason: str
) -> None:
    user_id = await long_ago(house)
    graph.script.append(error(code))
    accepted = await send(house, a_request(user_id))
    found = await house.in_state(accepted.notification_id, SENT)
    assert [(a.template, a.reason) for a in found.attempts] == [
        ("hark_task_due", reason),
        ("hark_message", ""),
    ]
    assert values(graph.sends[1]) == {"text": "Reminder: Ada"}
    # It is left alone for a while, and tried again after that.
    await house.in_state((await send(house, a_request(user_id))).notification_id, SENT)
    house.clock.offset = timedelta(hours=25)
    await house.in_state((await send(house, a_request(user_id))).notification_id, SENT)
    assert forms(graph)[2:] == ["hark_message", "hark_task_due"]


async def test_where_no_template_is_left_it_fails_and_says_why(
    house: House, graph: ScriptedGraph
) -> None:
    user_id = await long_ago(house)
    graph.script += [error(PAUSED), error(MISSING)]
    accepted = await send(house, a_request(user_id))
    found = await house.in_state(accepted.notification_id, FAILED)
    assert found.state_reason == "TEMPLATE_NOT_APPROVED"
    assert [attempt.reason for attempt in found.attempts] == [
        "TEMPLATE_PAUSED",
        "TEMPLATE_NOT_APPROVED",
    ]
    second = await send(house, a_request(user_id))
    found = await house.in_state(second.notification_id, FAILED)
    assert found.state_reason == "WINDOW_CLOSED"
    assert not found.attempts
    assert len(graph.sends) == 2


async def test_a_refused_form_does_not_open_the_breaker(house: House, graph: ScriptedGraph) -> None:
    user_id = await long_ago(house)
    graph.script += [error(132018), Reply()] * 6
    for _ in range(6):
        accepted = await send(house, a_request(user_id))
        await house.in_state(accepted.notification_id, SENT)
    assert forms(graph) == ["hark_task_due", "hark_message"] * 6


async def test_a_repeat_outside_the_window_says_so(database_url: str, graph: ScriptedGraph) -> None:
    async with notifier(database_url, graph.url, probe_seconds=0.2) as house:
        user_id = await long_ago(house)
        graph.script.append(Reply(drops=True))
        accepted = await send(house, a_request(user_id))
        await house.in_state(accepted.notification_id, SENT)
        assert forms(graph) == ["hark_task_due", "hark_message"]
        assert values(graph.sends[1]) == {"text": "In case this did not reach you: Reminder: Ada"}


async def test_a_repeat_that_was_refused_still_says_so_when_it_goes_out(
    database_url: str, graph: ScriptedGraph
) -> None:
    async with notifier(database_url, graph.url, probe_seconds=0.2) as house:
        person = await house.record()
        graph.script += [Reply(drops=True), error(130429, 429)]
        accepted = await send(house, a_request(person.user_id))
        await house.in_state(accepted.notification_id, SENT)
        texts = [body["text"]["body"] for body in graph.sends]
        assert texts == ["Reminder: Ada", *["In case this did not reach you: Reminder: Ada"] * 2]


async def test_a_pace_for_one_person_holds_for_templates_too(
    house: House, graph: ScriptedGraph
) -> None:
    user_id = await long_ago(house)
    graph.script.append(error(131056))
    accepted = await send(house, a_request(user_id))

    async def sent() -> Notification | None:
        found = await house.get(accepted.notification_id)
        return found if found.state == SENT else None

    found = await eventually(sent)
    assert [a.template for a in found.attempts] == ["hark_task_due", "hark_task_due"]
