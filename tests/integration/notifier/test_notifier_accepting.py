"""What the notifier takes on, what it refuses, and from whom."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta
from typing import Any

import pytest

from chassis.auth import ANY_CLIENT
from chassis.errors import InvalidArgument, RequestIdReused, ServiceError
from hark.notifier.v1 import notifier_service_pb2
from hark.notifier.v1.notification_pb2 import Content, Notification
from hark.notifier.v1.notifier_service_pb2 import (
    BatchSendNotificationsRequest,
    CancelNotificationRequest,
    ListNotificationsRequest,
)
from services.notifier.authorization import SERVICE, TABLE
from services.notifier.domain.contact import UserNotFound
from services.notifier.domain.notification import NotificationStarted
from services.notifier.domain.template import TemplateNotFound
from tests.integration.notifier.graph import ScriptedGraph
from tests.integration.notifier.house import (
    WITHOUT_CAPS,
    House,
    a_request,
    notifier,
    send,
    stamp,
)


async def test_the_same_request_is_sent_once_and_another_body_is_refused(
    house: House, graph: ScriptedGraph
) -> None:
    person = await house.record()
    request = a_request(person.user_id)
    answers = await asyncio.gather(*(send(house, request) for _ in range(8)))
    assert len({answer.notification_id for answer in answers}) == 1
    await house.in_state(answers[0].notification_id, Notification.STATE_SENT)
    again = await send(house, request)
    assert again.state == Notification.STATE_SENT
    other = a_request(
        person.user_id,
        request_id=request.request_id,
        contents=[Content(template="task_due", parameters={"title": "Bob", "number": "1"})],
    )
    with pytest.raises(RequestIdReused):
        await send(house, other)
    assert len(graph.sends) == 1


async def test_an_internal_client_reaches_a_person_by_phone_number(
    house: House, graph: ScriptedGraph
) -> None:
    person = await house.record()
    accepted = await send(house, a_request(phone_number="+15550100001"))
    assert accepted.user_id == person.user_id
    await graph.sent(1)
    with pytest.raises(UserNotFound):
        await send(house, a_request(phone_number="+15550100002"))
    with pytest.raises(UserNotFound):
        await send(house, a_request(str(uuid.uuid4())))


async def test_what_cannot_be_said_is_refused_with_the_reason(house: House) -> None:
    person = await house.record()
    with pytest.raises(TemplateNotFound) as caught:
        await send(house, a_request(person.user_id, contents=[Content(template="nope")]))
    assert caught.value.metadata["code"] == "404"
    for faulty in (
        {"contents": [Content(template="task_due", parameters={"title": "x"})]},
        {"contents": [Content(template="reply", parameters={"text": "x" * 4097})]},
        {"contents": []},
        {"type": Notification.TYPE_UNSPECIFIED},
        {"kind": "no_such_kind"},
        {"kind": "reply"},
        {"request_id": "not-a-uuid"},
        {"due_time": stamp(house.clock.now() + timedelta(days=31))},
    ):
        with pytest.raises(InvalidArgument):
            await send(house, a_request(person.user_id, **faulty))


async def test_a_batch_of_500_is_judged_one_by_one(database_url: str, graph: ScriptedGraph) -> None:
    async with notifier(database_url, graph.url, **WITHOUT_CAPS) as house:
        person = await house.record()
        requests = [a_request(person.user_id) for _ in range(500)]
        requests[17] = a_request(person.user_id, contents=[Content(template="nope")])
        requests[499] = a_request(str(uuid.uuid4()))
        answer = await house.call(
            "BatchSendNotifications", BatchSendNotificationsRequest(requests=requests)
        )
        refused = {i: r.refusal.reason for i, r in enumerate(answer.results) if r.refusal.reason}
        assert refused == {17: "TEMPLATE_NOT_FOUND", 499: "USER_NOT_FOUND"}
        assert [r.request_id for r in answer.results] == [r.request_id for r in requests]
        await graph.sent(498, timeout=30)
        again = await house.call(
            "BatchSendNotifications", BatchSendNotificationsRequest(requests=requests)
        )
        assert [r.notification_id for r in again.results] == [
            r.notification_id for r in answer.results
        ]
        page = await house.call(
            "ListNotifications", ListNotificationsRequest(user_id=person.user_id, page_size=200)
        )
        assert len(page.notifications) == 200
        assert page.next_page_token
        assert len(graph.sends) == 498
        assert len({body["biz_opaque_callback_data"] for body in graph.sends}) == 498


async def test_a_cancelled_notification_is_not_sent_and_a_started_one_says_so(
    house: House, graph: ScriptedGraph
) -> None:
    person = await house.record()
    later = a_request(person.user_id, due_time=stamp(house.clock.now() + timedelta(hours=1)))
    accepted = await send(house, later)
    answer = await house.call(
        "CancelNotification", CancelNotificationRequest(request_id=later.request_id)
    )
    assert answer.notification.state == Notification.STATE_CANCELLED
    await house.call(
        "CancelNotification",
        CancelNotificationRequest(notification_id=accepted.notification_id),
    )
    house.clock.offset = timedelta(hours=2)
    sent = await send(house, a_request(person.user_id))
    await house.in_state(sent.notification_id, Notification.STATE_SENT)
    with pytest.raises(NotificationStarted):
        await house.call(
            "CancelNotification", CancelNotificationRequest(notification_id=sent.notification_id)
        )
    assert len(graph.sends) == 1


async def _followed(house: House, method: str, request: Any, *, client: str) -> None:
    stub = getattr(house.stubs[client], method)
    async for _ in house.peers[client].stream(stub, request, timeout=10.0):
        continue


# An empty request is a whole one.
_TAKE_NOTHING = ("ListNotifications", "ListTemplates", "GetQuota")


@pytest.mark.parametrize("method", [name.rpartition("/")[2] for name in TABLE])
@pytest.mark.parametrize("client", ["ingress", "ai", "operator"])
async def test_callers_may_do_only_what_the_table_says(
    house: House, method: str, client: str
) -> None:
    descriptor = notifier_service_pb2.DESCRIPTOR.services_by_name["NotifierService"]
    request_type = descriptor.methods_by_name[method].input_type
    request = getattr(notifier_service_pb2, request_type.name)()
    rule = TABLE[f"/{SERVICE}/{method}"]
    allowed = ANY_CLIENT in rule or client in rule
    if allowed and method in _TAKE_NOTHING:
        await house.call(method, request, client=client)
        return
    is_stream = descriptor.methods_by_name[method].server_streaming
    call = _followed if is_stream else House.call
    with pytest.raises(ServiceError) as caught:
        await call(house, method, request, client=client)
    reason = getattr(caught.value, "remote_reason", caught.value.reason)
    assert reason == ("INVALID_ARGUMENT" if allowed else "PERMISSION_DENIED")


def test_every_method_has_a_line_in_the_table() -> None:
    descriptor = notifier_service_pb2.DESCRIPTOR.services_by_name["NotifierService"]
    assert {f"/{SERVICE}/{each.name}" for each in descriptor.methods} == set(TABLE)
