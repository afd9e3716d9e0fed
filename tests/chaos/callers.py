"""Other clients of the services: each request is sent several times at once, then with another
body, as callers do whose answers are lost and whose code has bugs."""

from __future__ import annotations

import asyncio
import time
import uuid

from chassis.channel import Peer
from chassis.errors import RemoteError
from hark.notifier.v1.notification_pb2 import Content, Notification
from hark.notifier.v1.notifier_service_pb2 import SendNotificationRequest
from hark.notifier.v1.notifier_service_pb2_grpc import NotifierServiceStub
from hark.scheduler.v1.scheduler_service_pb2 import CreateTaskRequest, ListTasksRequest
from hark.scheduler.v1.scheduler_service_pb2_grpc import SchedulerServiceStub
from hark.scheduler.v1.task_pb2 import Task
from tests.chaos.history import CALL, EVENT, SAID, TASK, History
from tests.chaos.people import number_of
from tests.chaos.plan import Call
from tests.chaos.replicas import TOKENS, Fleet
from tests.chaos.storage import Storage

_TIMEOUT = 4.0
_MAIN, _OTHER = "main", "other"
_ROUNDS = 20


class Callers:
    """Calls the notifier and the scheduler as an operator would."""

    def __init__(self, fleet: Fleet, storage: Storage, history: History) -> None:
        self._notifier = Peer(fleet.target("notifier"), token=TOKENS["operator"])
        self._scheduler = Peer(fleet.target("scheduler"), token=TOKENS["operator"])
        self._stranger = Peer(fleet.target("notifier"), token="not-a-token-of-anybody")
        self._storage = storage
        self._history = history

    async def close(self) -> None:
        """Lets go."""
        for peer in (self._notifier, self._scheduler, self._stranger):
            await peer.close()

    async def make(self, call: Call) -> None:
        """One request in all its repetitions."""
        await asyncio.sleep(call.at)
        user_id = await self._known(call.person)
        if not user_id:
            return
        for _ in range(_ROUNDS):
            tries = [self._once(call, _MAIN, user_id) for _ in range(call.times)]
            if any(await asyncio.gather(*tries)):
                break
            # Both replicas are away: callers come back.
            await asyncio.sleep(1.0)
        await self._once(call, _OTHER, user_id)
        await self._once(call, _MAIN, user_id)

    async def intrude(self) -> None:
        """Somebody without a token asks for a message to be sent."""
        request = SendNotificationRequest(
            phone_number=number_of(0),
            type=Notification.TYPE_STATUS_UPDATE,
            contents=[Content(template="reply", parameters={"text": "forged by gRPC"})],
            request_id=str(uuid.UUID(int=7)),
        )
        stub = NotifierServiceStub(self._stranger.channel)
        try:
            await self._stranger.call(stub.SendNotification, request, timeout=_TIMEOUT)
            answer = "OK"
        except RemoteError as error:
            answer = error.remote_reason
        self._history.add(
            EVENT, name="call without a token", number="F7", what=answer, at=time.monotonic()
        )

    async def read_tasks(self) -> None:
        """What the scheduler says that everybody has to do; once all is quiet."""
        people = {said["person"] for said in self._history.of(SAID)}
        stub = SchedulerServiceStub(self._scheduler.channel)
        for person in sorted(people):
            user_id, token = await self._user_id(person), ""
            while user_id:
                request = ListTasksRequest(
                    user_id=user_id, include_completed=True, page_size=200, page_token=token
                )
                answer = await self._scheduler.call(stub.ListTasks, request, timeout=_TIMEOUT)
                for task in answer.tasks:
                    self._history.add(
                        TASK,
                        person=person,
                        task_id=task.task_id,
                        number=task.number,
                        title=task.title,
                        recurrence=task.recurrence,
                        is_done=task.state == Task.STATE_COMPLETED,
                        due=task.due_time.ToDatetime().isoformat() + "+00:00"
                        if task.HasField("due_time")
                        else None,
                    )
                token = answer.next_page_token
                if not token:
                    break

    async def _once(self, call: Call, body: str, user_id: str) -> bool:
        title = call.title if body == _MAIN else call.other_title
        start = time.monotonic()
        made, reason = "", ""
        try:
            made = await self._ask(call, title, user_id)
        except RemoteError as error:
            reason = error.remote_reason or error.remote_code.name
        self._history.add(
            CALL,
            method=call.method,
            person=call.person,
            request_id=_uuid(call),
            body=body,
            title=title,
            made=made,
            reason=reason,
            start=start,
            end=time.monotonic(),
        )
        return bool(made)

    async def _ask(self, call: Call, title: str, user_id: str) -> str:
        if call.method == "CreateTask":
            task = SchedulerServiceStub(self._scheduler.channel)
            wanted = CreateTaskRequest(
                user_id=user_id, task=Task(title=title), request_id=_uuid(call)
            )
            made = await self._scheduler.call(task.CreateTask, wanted, timeout=_TIMEOUT)
            return str(made.task.task_id)
        send = NotifierServiceStub(self._notifier.channel)
        # Of the two types, one may be repeated by its policy and the other never.
        type_ = (Notification.TYPE_STATUS_UPDATE, Notification.TYPE_TASK_UPDATE)[
            int(call.request_id[-1], 16) % 2
        ]
        request = SendNotificationRequest(
            phone_number=number_of(call.person),
            type=type_,
            contents=[Content(template="reply", parameters={"text": title})],
            request_id=_uuid(call),
        )
        answer = await self._notifier.call(send.SendNotification, request, timeout=_TIMEOUT)
        return str(answer.notification.notification_id)

    async def _known(self, person: int) -> str:
        """Waits, a minute at most, until the person is somebody whom Hark can address."""
        for _ in range(120):
            if user_id := await self._user_id(person):
                return user_id
            await asyncio.sleep(0.5)
        return ""

    async def _user_id(self, person: int) -> str:
        names = [said["message_id"] for said in self._history.of(SAID) if said["person"] == person]
        found = await self._storage.ask(
            "SELECT user_id FROM ai.turns WHERE message_id = ANY($1) LIMIT 1", names
        )
        return str(found or "")


def _uuid(call: Call) -> str:
    return str(uuid.UUID(hex=call.request_id))
