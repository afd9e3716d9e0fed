"""The load of `benchmarks.notify`, and the Graph API that its notifications arrive at.

python -m benchmarks.notify_load SCENARIO PORT COUNT …
"""

from __future__ import annotations

import asyncio
import gc
import json
import re
import sys
import time
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

import grpc
import uvloop

from benchmarks.notify_server import TOKEN
from hark.notifier.v1.inbound_pb2 import Sender
from hark.notifier.v1.notification_pb2 import Content, Notification
from hark.notifier.v1.notifier_service_pb2 import (
    BatchSendNotificationsRequest,
    RecordInboundRequest,
    SendNotificationRequest,
)
from hark.notifier.v1.notifier_service_pb2_grpc import NotifierServiceStub

PEOPLE = 2_000
CALLS = 64
BATCH = 500
SENDS = 32
METADATA = (("authorization", f"Bearer {TOKEN}"),)
_NUMBER = re.compile(rb"number (\d+)")
_ANSWER = b'{"messaging_product":"whatsapp","contacts":[],"messages":[{"id":"wamid.%d"}]}'


class Sink(asyncio.Protocol):
    """A Graph API that accepts every message at once; notes when each came."""

    arrivals: dict[int, float]
    waiting: asyncio.Event
    wanted = 0

    def __init__(self, arrivals: dict[int, float], waiting: asyncio.Event) -> None:
        self.arrivals, self.waiting = arrivals, waiting
        self._buffer = b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (head := self._buffer.find(b"\r\n\r\n")) >= 0:
            start = self._buffer.lower().find(b"content-length: ") + 16
            length = int(self._buffer[start : self._buffer.find(b"\r\n", start)])
            end = head + 4 + length
            if len(self._buffer) < end:
                return
            body, self._buffer = self._buffer[head + 4 : end], self._buffer[end:]
            self._arrived(body)

    def _arrived(self, body: bytes) -> None:
        match = _NUMBER.search(body)
        if match is not None:
            self.arrivals.setdefault(int(match[1]), time.perf_counter())
        answer = _ANSWER % len(self.arrivals)
        head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
        self._transport.write(head % len(answer) + answer)
        if len(self.arrivals) >= Sink.wanted:
            self.waiting.set()


class Client:
    """One channel to the notifier and the people it knows."""

    def __init__(self, port: int) -> None:
        self.channel = grpc.aio.insecure_channel(f"127.0.0.1:{port}")
        self.stub = NotifierServiceStub(self.channel)
        self.people: list[str] = []

    async def meet(self, count: int) -> None:
        """Makes `count` people known whose windows are open."""
        for first in range(0, count, CALLS):
            answers = await asyncio.gather(
                *(self._meet(number) for number in range(first, min(first + CALLS, count)))
            )
            self.people += answers

    async def _meet(self, number: int) -> str:
        request = RecordInboundRequest(
            sender=Sender(wa_id=f"1555{number:07d}"),
            message_id=f"m_{number}",
            provider_message_id=f"wamid.in-{number}",
        )
        request.message_time.GetCurrentTime()
        answer = await self.stub.RecordInbound(request, metadata=METADATA, timeout=30)
        return str(answer.user_id)

    def request(self, number: int, *, due_in: float) -> SendNotificationRequest:
        """The notification of this number: one template, one parameter."""
        text = f"Your parcel number {number} has arrived at the front desk, ask for Ada"
        request = SendNotificationRequest(
            user_id=self.people[number % len(self.people)],
            type=Notification.TYPE_TASK_UPDATE,
            contents=[Content(template="reply", parameters={"text": text})],
            request_id=str(uuid.uuid4()),
        )
        request.due_time.FromNanoseconds(time.time_ns() + int(due_in * 1e9))
        return request


async def unary(client: Client, count: int) -> dict[str, Any]:
    """`count` calls, 64 under way at any time; none of them falls due meanwhile."""
    ready = iter([client.request(number, due_in=86_400) for number in range(count)])
    latencies: list[float] = []

    async def caller() -> None:
        for request in ready:
            started = time.perf_counter()
            await client.stub.SendNotification(request, metadata=METADATA, timeout=30)
            latencies.append(time.perf_counter() - started)

    return await _timed(count, [caller() for _ in range(CALLS)], latencies)


async def batch(client: Client, count: int) -> dict[str, Any]:
    """`count` notifications in batches of 500, two calls under way at any time."""
    ready = iter(
        [
            BatchSendNotificationsRequest(
                requests=[
                    client.request(number, due_in=86_400) for number in range(first, first + BATCH)
                ]
            )
            for first in range(0, count, BATCH)
        ]
    )
    latencies: list[float] = []

    async def caller() -> None:
        for request in ready:
            started = time.perf_counter()
            answer = await client.stub.BatchSendNotifications(
                request, metadata=METADATA, timeout=30
            )
            latencies.append(time.perf_counter() - started)
            if any(result.HasField("refusal") for result in answer.results):
                raise RuntimeError(answer.results[0].refusal.reason)

    return await _timed(count, [caller() for _ in range(2)], latencies)


async def _timed(count: int, callers: Iterable[Any], latencies: list[float]) -> dict[str, Any]:
    gc.collect()
    gc.freeze()
    started, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*callers)
    seconds = time.perf_counter() - started
    return {
        "rate": count / seconds,
        **_quantiles(latencies),
        "load_cpu_us": (time.process_time() - cpu) / count * 1e6,
    }


async def paced(
    client: Client, count: int, arrivals: dict[int, float], waiting: asyncio.Event, rate: int
) -> dict[str, Any]:
    """`rate` notifications a second, due at once: from the call to the request on the wire."""
    Sink.wanted = count
    called: dict[int, float] = {}
    answered: dict[int, float] = {}

    async def one(number: int) -> None:
        request = client.request(number, due_in=0)
        called[number] = time.perf_counter()
        await client.stub.SendNotification(request, metadata=METADATA, timeout=30)
        answered[number] = time.perf_counter()

    started = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(count):
            await asyncio.sleep(max(0.0, started + number / rate - time.perf_counter()))
            group.create_task(one(number))
    async with asyncio.timeout(60):
        await waiting.wait()
    whole = [arrivals[number] - called[number] for number in range(count)]
    after = [max(0.0, arrivals[number] - answered[number]) for number in range(count)]
    return {
        "rate": rate,
        "from_call": _quantiles(whole),
        "from_answer": _quantiles(after),
    }


async def sends(
    client: Client, count: int, arrivals: dict[int, float], waiting: asyncio.Event
) -> dict[str, Any]:
    """`count` that fall due at one instant: from the first to the last on the wire."""
    due = time.time() + 4 + count / 2000
    Sink.wanted = count
    for first in range(0, count, BATCH):
        requests = []
        for number in range(first, min(first + BATCH, count)):
            request = client.request(number, due_in=0)
            request.due_time.FromNanoseconds(int(due * 1e9))
            requests.append(request)
        batch_ = BatchSendNotificationsRequest(requests=requests)
        await client.stub.BatchSendNotifications(batch_, metadata=METADATA, timeout=30)
    if arrivals or time.time() > due:
        raise RuntimeError("they fell due before all were accepted")
    async with asyncio.timeout(120):
        await waiting.wait()
    times = sorted(arrivals.values())
    return {"rate": count / (times[-1] - times[0])}


async def bare(url: str, count: int) -> dict[str, Any]:
    """The same messages by a loop over httpx2 and nothing else, as many at a time."""
    import httpx2
    import orjson

    numbers = iter(range(count))
    limits = httpx2.Limits(max_connections=SENDS + 8, max_keepalive_connections=8)

    async with httpx2.AsyncClient(limits=limits, timeout=5.0) as client:

        async def sender() -> None:
            for number in numbers:
                text = f"Your parcel number {number} has arrived at the front desk, ask for Ada"
                body = {
                    "messaging_product": "whatsapp",
                    "recipient_type": "individual",
                    "to": f"+1555{number:07d}",
                    "type": "text",
                    "text": {"body": text, "preview_url": False},
                    "biz_opaque_callback_data": str(uuid.uuid4()),
                }
                response = await client.post(
                    f"{url}/106540352242922/messages",
                    content=orjson.dumps(body),
                    headers={"content-type": "application/json", "authorization": "Bearer x"},
                )
                orjson.loads(response.content)

        started = time.perf_counter()
        await asyncio.gather(*(sender() for _ in range(SENDS)))
        return {"rate": count / (time.perf_counter() - started)}


def _quantiles(latencies: Sequence[float]) -> dict[str, float]:
    ordered = sorted(latencies)
    return {
        "p50_ms": ordered[len(ordered) // 2] * 1000,
        "p99_ms": ordered[min(len(ordered) * 99 // 100, len(ordered) - 1)] * 1000,
    }


async def sink() -> tuple[dict[int, float], asyncio.Event, int]:
    """A Graph API on a free port: what arrives, the event of the last, the port."""
    arrivals: dict[int, float] = {}
    waiting = asyncio.Event()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Sink(arrivals, waiting), "127.0.0.1", 0)
    return arrivals, waiting, int(server.sockets[0].getsockname()[1])


async def main() -> None:
    """Starts the sink, says where it is, and does what each line asks for until there is none."""
    arrivals, waiting, port = await sink()
    Sink.wanted = sys.maxsize
    print(port, flush=True)
    lines = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    clients: dict[int, Client] = {}
    while line := await lines.readline():
        scenario, target, count_ = line.decode().split()
        count = int(count_)
        arrivals.clear()
        waiting.clear()
        if scenario == "bare":
            found = await bare(target, count)
        else:
            client = clients.get(int(target))
            if client is None:
                client = clients[int(target)] = Client(int(target))
                # One a person: what is due for one at the same instant would share a bubble.
                await client.meet(PEOPLE)
            if scenario == "unary":
                found = await unary(client, count)
            elif scenario == "batch":
                found = await batch(client, count)
            elif scenario == "paced":
                found = await paced(client, count, arrivals, waiting, 200)
            else:
                found = await sends(client, count, arrivals, waiting)
        print(json.dumps(found), flush=True)
    for client in clients.values():
        await client.channel.close()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
