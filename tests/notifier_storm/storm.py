"""One run: two notifiers on one Postgres, and the simulator, whose statuses are brought in."""

from __future__ import annotations

import asyncio
import os
import time
import uuid
from collections import deque
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import sqlalchemy as sa
from google.protobuf.timestamp_pb2 import Timestamp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

import db.tables
from chassis.address import ListenAddress
from chassis.channel import Peer
from chassis.crypto import encoded_key, new_key
from chassis.errors import RemoteError
from chassis.web import WebServer
from db.embedded import EmbeddedPostgres
from db.engine import open_engine
from hark.notifier.v1.inbound_pb2 import DeliveryStatus, Sender
from hark.notifier.v1.notification_pb2 import Content, Notification
from hark.notifier.v1.notifier_service_pb2 import (
    OVERFLOW_POLICY_HOLD,
    BatchSendNotificationsRequest,
    RecordInboundRequest,
    RecordStatusesRequest,
    SendNotificationRequest,
)
from hark.notifier.v1.notifier_service_pb2_grpc import NotifierServiceStub
from tests.chaos.world import World
from tests.e2e.system import System
from tests.notifier_storm import checker
from tests.notifier_storm.plan import Plan, title
from tests.notifier_storm.replica import Replica

REPLICAS = 2
START_SECONDS = 120.0
_TOKEN = "storm-token-of-the-operator"
_BATCH = 100
# What waits of each priority counts as a backlog from here on.
_BACKLOG = 20
_LOOK_SECONDS = 0.2

_WAITING = """
SELECT count(*) FILTER (WHERE is_urgent AND state = 1 AND due_time <= now()) AS urgent,
  count(*) FILTER (WHERE NOT is_urgent AND state = 1 AND due_time <= now()) AS rest,
  count(*) AS open
FROM notifier.notifications WHERE settled_time IS NULL
"""
_TOLD = "SELECT request_id, kind, state, state_reason FROM notifier.notifications"
_ATTEMPTS = """
SELECT n.request_id, a.number, a.is_repeat, a.start_time, a.end_time, a.outcome, a.reason,
  (SELECT min(e.record_time) FROM notifier.provider_events e WHERE e.token = a.token) AS settled
FROM notifier.attempts a JOIN notifier.notifications n ON n.notification_id = a.notification_id
"""
_STATES = {
    1: "QUEUED", 2: "SENDING", 3: "SENT", 4: "DELIVERED", 5: "READ", 6: "PLAYED", 7: "HELD",
    8: "UNKNOWN", 9: "FAILED", 10: "CANCELLED", 11: "EXPIRED", 12: "DEAD",
}  # fmt: skip
_OUTCOMES = {0: "OPEN", 1: "ACCEPTED", 2: "REFUSED", 3: "AMBIGUOUS"}


@dataclass
class Result:
    """What a run leaves to be checked."""

    told: list[checker.Told] = field(default_factory=list)
    attempts: list[checker.Attempt] = field(default_factory=list)
    calls: list[checker.Call] = field(default_factory=list)
    backlog_until: float = 0.0
    seconds: float = 0.0
    killed: list[str] = field(default_factory=list)
    fell: list[int] = field(default_factory=list)
    injected: dict[str, int] = field(default_factory=dict)
    missed: int = 0
    left_open: int = 0


class Storm:
    """A run of one plan in `folder`."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self._plan = plan
        self._folder = folder
        self._kills = deque(plan.kills)
        self._requests: dict[str, int] = {}
        self._closing = asyncio.Event()
        self.result = Result()

    async def run(self) -> Result:
        """Runs it. Raises what keeps it from starting."""
        async with AsyncExitStack() as stack:
            await self._run(stack)
        return self.result

    async def _run(self, stack: AsyncExitStack) -> None:
        postgres = EmbeddedPostgres(self._folder / "home")
        stack.push_async_callback(postgres.stop)
        url = await postgres.start()
        await _make_tables(url)
        self._database = await asyncpg.connect(url)
        stack.push_async_callback(self._database.close)
        self._system = System(self._folder)
        stack.push_async_callback(self._system.stop)
        statuses = WebServer(
            "statuses", ListenAddress("127.0.0.1", self._system.ports["INGRESS"]), self._app()
        )
        await statuses.start()
        serving = asyncio.create_task(statuses.run())
        stack.push_async_callback(_ended, statuses, serving)
        await self._system.start_simulator()
        await self._start_replicas(stack, url)
        self._world = World(self._system.outside)
        stack.push_async_callback(self._world.close)
        await self._play()

    async def _start_replicas(self, stack: AsyncExitStack, url: str) -> None:
        environment = self._environment(url)
        self._replicas = [
            Replica(f"notifier-{index}", environment, self._kills, self._folder)
            for index in range(REPLICAS)
        ]
        tasks = [asyncio.create_task(replica.supervise()) for replica in self._replicas]

        async def stop() -> None:
            await asyncio.gather(*(replica.stop() for replica in self._replicas))
            await asyncio.gather(*tasks)

        stack.push_async_callback(stop)
        for replica in self._replicas:
            address = f"http://127.0.0.1:{replica.admin_port}/readyz"
            await self._system.until_ok(address, within=START_SECONDS)
        ports = ",".join(f"127.0.0.1:{replica.port}" for replica in self._replicas)
        self._peer = Peer(f"ipv4:{ports}", token=_TOKEN, errors=())
        self._stub = NotifierServiceStub(self._peer.channel)
        stack.push_async_callback(self._peer.close)
        # What comes in after this is nobody's business any more.
        stack.callback(self._closing.set)

    def _environment(self, url: str) -> dict[str, str]:
        size = self._plan.size
        own = {
            "DATABASE_URL": url,
            "HARK_TOKENS": f"operator:{_TOKEN},notifier:storm-token-of-its-own-self",
            "HARK_KEYS": f"k1:{encoded_key(new_key())}",
            "HARK_HASH_KEY": encoded_key(new_key()),
            "HARK_LOG_LEVEL": "WARNING",
            "WHATSAPP_AUTH_TOKEN": "test_auth_token",
            "WHATSAPP_VERIFY_TOKEN": "test_verify_token",
            "WHATSAPP_PHONE_ID": "test_phone_id",
            "WHATSAPP_APP_SECRET": "test_app_secret",
            "NOTIFIER_PROBE_SECONDS": str(size.probe_seconds),
            "NOTIFIER_MESSAGES_PER_MINUTE": str(size.minute_limit),
            "NOTIFIER_MINUTE_SECONDS": str(size.minute_seconds),
            "NOTIFIER_MESSAGES_PER_DAY": str(size.day_limit),
            "NOTIFIER_DAY_SECONDS": str(size.day_seconds),
            "NOTIFIER_PEOPLE_OUTSIDE_WINDOW": "0",
            "NOTIFIER_USER_NOTIFICATIONS_PER_DAY": "0",
            "NOTIFIER_PAIR_SECONDS": str(size.pair_seconds),
            "NOTIFIER_PAIR_BURST": str(size.pair_burst),
            "NOTIFIER_SEND_SLOTS": str(size.send_slots),
        }
        inherited = {
            name: value
            for name, value in self._system.environment.items()
            if not name.endswith(("_LISTEN", "_ADDRESS"))
        }
        return {**inherited, **own, "WHATSAPP_API_URL": f"{self._system.outside}/v26.0"}

    async def _play(self) -> None:
        size = self._plan.size
        await self._world._ask(
            "PATCH",
            "/control/settings",
            {
                "sent_ms": 30,
                "delivered_ms": 60,
                "read_ms": 60,
                "window_enforced": False,
                "throughput_per_second": 0,
                "pair_seconds": size.pair_seconds,
                "pair_burst": size.pair_burst,
                "retry_first_ms": 300,
                "retry_factor": 1.3,
                "retry_attempts": 40,
                "webhook_batch": 20,
            },
        )
        people = [await self._meet(number) for number in range(size.people)]
        await self._world.misbehave(list(self._plan.faults))
        start, begun = datetime.now(UTC), time.monotonic()
        await self._hand_in(people)
        await self._until_over(begun, size.limit_seconds)
        self.result.seconds = time.monotonic() - begun
        faults = await self._world.behave()
        self.result.injected = faults["injected"]
        await self._collect(start)

    async def _until_over(self, begun: float, limit: float) -> None:
        """Looks on until nothing is open; in the middle one of the two is killed from outside."""
        total, is_killed = self._plan.size.notifications, False
        while time.monotonic() < begun + limit:
            row = await self._database.fetchrow(_WAITING)
            if row["urgent"] >= _BACKLOG and row["rest"] >= _BACKLOG:
                self.result.backlog_until = time.monotonic() - begun
            if self._plan.kills and not is_killed and row["open"] < total // 2:
                is_killed = True
                self._replicas[-1].kill()
            self.result.left_open = row["open"]
            if not row["open"] and await self._world.is_quiet():
                return
            await asyncio.sleep(_LOOK_SECONDS)

    async def _meet(self, number: int) -> str:
        wa_id = f"155502{number:05}"
        answer = await self._peer.call(
            self._stub.RecordInbound,
            RecordInboundRequest(
                sender=Sender(wa_id=wa_id),
                message_id=f"m_{number}",
                provider_message_id=f"wamid.in-{number}",
                message_time=_stamp(datetime.now(UTC)),
            ),
            timeout=30.0,
        )
        return str(answer.user_id)

    async def _hand_in(self, people: list[str]) -> None:
        requests = []
        for number, (person, kind, kind_type) in enumerate(self._plan.notifications):
            request_id = str(uuid.uuid4())
            self._requests[request_id] = number
            requests.append(
                SendNotificationRequest(
                    user_id=people[person],
                    type=Notification.Type.ValueType(kind_type),
                    kind=kind,
                    contents=[
                        Content(
                            template="task_due", parameters={"title": title(number), "number": "1"}
                        )
                    ],
                    overflow_policy=OVERFLOW_POLICY_HOLD,
                    request_id=request_id,
                )
            )
        for first in range(0, len(requests), _BATCH):
            batch = BatchSendNotificationsRequest(requests=requests[first : first + _BATCH])
            await self._insist(self._stub.BatchSendNotifications, batch)

    async def _insist(self, method: Any, request: Any) -> Any:
        """Says it until it is heard: a replica may die at any moment."""
        ends = time.monotonic() + START_SECONDS
        while True:
            try:
                return await self._peer.call(method, request, timeout=10.0)
            except RemoteError as error:
                if not error.is_outage or time.monotonic() > ends:
                    raise
                await asyncio.sleep(0.2)

    def _app(self) -> Starlette:
        async def receive(request: Request) -> Response:
            if self._closing.is_set():
                return JSONResponse({"status": "closed"}, status_code=503)
            try:
                await self._pass_on(orjson.loads(await request.body()))
            except RemoteError:
                # The simulator tries again, as Meta does.
                return JSONResponse({"status": "later"}, status_code=503)
            return JSONResponse({"status": "processing"})

        return Starlette(routes=[Route("/webhook", receive, methods=["POST"])])

    async def _pass_on(self, body: dict[str, Any]) -> None:
        statuses = [
            DeliveryStatus(
                provider_message_id=status["id"],
                status=status["status"],
                event_time=Timestamp(seconds=int(status["timestamp"])),
                callback_data=status.get("biz_opaque_callback_data", ""),
                provider_code=next((e["code"] for e in status.get("errors", ())), 0),
            )
            for entry in body["entry"]
            for change in entry["changes"]
            for status in change["value"].get("statuses", ())
        ]
        if statuses:
            request = RecordStatusesRequest(statuses=statuses)
            await self._peer.call(self._stub.RecordStatuses, request, timeout=5.0)

    async def _collect(self, start: datetime) -> None:
        def seconds(when: datetime | None) -> float | None:
            return None if when is None else (when - start) / timedelta(seconds=1)

        def named(row: asyncpg.Record) -> str:
            return title(self._requests[str(row["request_id"])])

        self.result.told = [
            checker.Told(
                title=named(row),
                kind=row["kind"],
                state=_STATES[row["state"]],
                reason=row["state_reason"],
            )
            for row in await self._database.fetch(_TOLD)
        ]
        self.result.attempts = [
            checker.Attempt(
                title=named(row),
                number=row["number"],
                is_repeat=row["is_repeat"],
                begin=seconds(row["start_time"]) or 0.0,
                end=seconds(row["end_time"]),
                outcome=_OUTCOMES[row["outcome"]],
                reason=row["reason"],
                settled=seconds(row["settled"]),
            )
            for row in await self._database.fetch(_ATTEMPTS)
        ]
        log, self.result.missed = await self._world.log()
        self.result.calls = checker.calls(log, start)
        for replica in self._replicas:
            self.result.killed += replica.killed
            self.result.fell += replica.fell


async def _make_tables(url: str) -> None:
    engine = open_engine(url, application_name="storm", pool_size=1)
    async with engine.begin() as connection:
        for schema in db.tables.SCHEMAS:
            await connection.execute(sa.schema.CreateSchema(schema))
        await connection.run_sync(db.tables.metadata.create_all)
    await engine.dispose()


async def _ended(server: WebServer, serving: asyncio.Task[None]) -> None:
    await server.stop()
    await serving


def _stamp(when: datetime) -> Timestamp:
    message = Timestamp()
    message.FromDatetime(when)
    return message


os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")
