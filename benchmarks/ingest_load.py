"""The load of `benchmarks.ingest`: 64 connections that post signed webhooks, each another one.

python -m benchmarks.ingest_load PORT FIRST COUNT
"""

from __future__ import annotations

import asyncio
import gc
import hmac
import json
import sys
import time
from collections.abc import Iterator
from typing import Any

import uvloop

SECRET = "benchmark_app_secret"
PHONE_ID = "106540352242922"
CONNECTIONS = 64
TEXT = "Remind me to call Ada tomorrow at six and to bring the caf\u00e9 voucher \U0001f600 along. "


def body(number: int) -> bytes:
    """One text message in the shape of 2026, written as Meta writes it (ASCII, compact)."""
    sender = f"1555{number % 10_000_000:07d}"
    contact = {
        "profile": {"name": "Ada Lovelace", "username": "ada"},
        "wa_id": sender,
        "user_id": f"US.134912086553027{number % 100_000:05d}",
    }
    message = {
        "from": sender,
        "from_user_id": contact["user_id"],
        "id": f"wamid.HBgLMTU1NTAxMDAwMDEVAgASGBQzQTRBNjU5OUFF{number:016d}AA==",
        "timestamp": "1763800000",
        "text": {"body": TEXT * 4},
        "type": "text",
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": PHONE_ID},
        "contacts": [contact],
        "messages": [message],
    }
    entry = {"id": "102290129340398", "changes": [{"value": value, "field": "messages"}]}
    whole = {"object": "whatsapp_business_account", "entry": [entry]}
    return json.dumps(whole, separators=(",", ":")).encode()


def requests(first: int, count: int) -> Iterator[bytes]:
    """Whole HTTP requests, signed; the template is filled, not built, to save the wait."""
    template = body(0)
    secret = SECRET.encode()
    wamid, sender = b"%016d", b"1555%07d"
    head, rest = template.split(b"0" * 16 + b"AA==")
    for number in range(first, first + count):
        digits = sender % (number % 10_000_000)
        filled = head.replace(b"15550000000", digits) + wamid % number + b"AA==" + rest
        signature = hmac.digest(secret, filled, "sha256").hex().encode()
        yield (
            b"POST /webhook HTTP/1.1\r\nhost: 127.0.0.1\r\nuser-agent: facebookexternalua\r\n"
            b"accept: */*\r\naccept-encoding: deflate, gzip\r\ncontent-type: application/json\r\n"
            b"x-hub-signature-256: sha256=%s\r\ncontent-length: %d\r\n\r\n%s"
        ) % (signature, len(filled), filled)


class Caller(asyncio.Protocol):
    """One connection: sends a request, waits for its answer, sends the next."""

    def __init__(self, waiting: Iterator[bytes], latencies: list[float]) -> None:
        self._waiting = waiting
        self._latencies = latencies
        self._buffer = b""
        self._started = 0.0
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        start = self._buffer.find(b"content-length: ") + 16
        length = int(self._buffer[start : self._buffer.find(b"\r\n", start)])
        if len(self._buffer) < head + 4 + length:
            return
        if not self._buffer.startswith(b"HTTP/1.1 200"):
            self._end(RuntimeError(self._buffer.decode(errors="replace")))
            return
        self._latencies.append(time.perf_counter() - self._started)
        self._buffer = b""
        self._send()

    def connection_lost(self, error: Exception | None) -> None:
        self._end(error or RuntimeError("the server hung up"))

    def _send(self) -> None:
        request = next(self._waiting, None)
        if request is None:
            self._end(None)
            self._transport.close()
            return
        self._started = time.perf_counter()
        self._transport.write(request)

    def _end(self, error: Exception | None) -> None:
        if self.finished.done():
            return
        if error is None:
            self.finished.set_result(None)
        else:
            self.finished.set_exception(error)


async def load(port: int, first: int, count: int) -> dict[str, Any]:
    """Sends `count` webhooks over 64 connections; how long it took."""
    ready = list(requests(first, count))
    gc.collect()
    gc.freeze()
    gc.disable()
    latencies: list[float] = []
    waiting = iter(ready)
    loop = asyncio.get_running_loop()
    cpu, started = time.process_time(), time.perf_counter()
    callers = [
        (await loop.create_connection(lambda: Caller(waiting, latencies), "127.0.0.1", port))[1]
        for _ in range(CONNECTIONS)
    ]
    await asyncio.gather(*(caller.finished for caller in callers))
    seconds = time.perf_counter() - started
    latencies.sort()
    return {
        "requests": len(latencies),
        "seconds": seconds,
        "p50_ms": latencies[len(latencies) // 2] * 1000,
        "p99_ms": latencies[len(latencies) * 99 // 100] * 1000,
        "load_cpu_us": (time.process_time() - cpu) / count * 1e6,
    }


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(load(*map(int, sys.argv[1:4])))))
