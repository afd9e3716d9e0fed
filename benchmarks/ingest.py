"""How many webhooks a second are accepted durably, beside handlers that store nothing.

    python -m benchmarks.ingest                # a full run; writes benchmarks/results/ingest.json

Three servers, each one process on the same uvicorn (uvloop, httptools), take the same signed
webhooks over 64 connections, in turns, several rounds in one run:

- `hark`:  ingress as it is wired, its worker off: signature, splitting, sealing, and the 200 only
  after the group commit in an embedded Postgres (fsync on);
- `bare`:  a Starlette handler that verifies the signature, parses with orjson and answers 200;
- `pywa`:  pywa on Starlette, with one handler that does nothing.

Every webhook is another one (about 900 bytes), signed before the clock starts. A fourth process
makes the load; it, the server and Postgres share the machine's cores.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import hashlib
import hmac
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import uvloop

SECRET = "benchmark_app_secret"
PHONE_ID = "106540352242922"
CONNECTIONS = 64
SERVERS = ("hark", "bare", "pywa")
RESULTS = Path(__file__).parent / "results" / "ingest.json"
TEXT = "Remind me to call Ada tomorrow at six and to bring the caf\u00e9 voucher \U0001f600 along. "


# ------------------------------------------------------------------------------------ the load


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


# --------------------------------------------------------------------------------- the servers


def bare() -> Any:
    """What an acceptance that stores nothing costs at least."""
    import orjson
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    secret = SECRET.encode()

    async def webhook(request: Request) -> Response:
        raw = await request.body()
        given = request.headers.get("x-hub-signature-256", "")
        made = "sha256=" + hmac.new(secret, raw, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(given, made):
            return Response(status_code=403)
        orjson.loads(raw)
        return Response(b'{"status": "processing"}', media_type="application/json")

    return Starlette(routes=[Route("/webhook", webhook, methods=["POST"])])


def pywa() -> Any:
    """The field's Python library, as its documentation sets it up."""
    from pywa_async import WhatsApp, types
    from starlette.applications import Starlette

    app = Starlette()
    client = WhatsApp(
        phone_id=PHONE_ID,
        token="unused",
        server=app,
        webhook_endpoint="/webhook",
        verify_token="unused",
        app_secret=SECRET,
    )

    @client.on_message
    async def on_message(_client: WhatsApp, _message: types.Message) -> None:
        return None

    return app


async def hark(database_url: str) -> tuple[Any, list[Any]]:
    """Ingress as wired; only its acceptance runs, unless HARK_BENCHMARK_WORKER is set."""
    from chassis.address import ListenAddress
    from chassis.auth import Tokens
    from chassis.clock import SystemClock
    from chassis.crypto import Keyring
    from chassis.process import Readiness
    from services.ingress.settings import IngressSettings
    from services.ingress.wiring import assemble

    free = ListenAddress("127.0.0.1", 0)
    settings = IngressSettings(
        ingress_listen=free,
        ingress_grpc_listen=free,
        ingress_admin_listen=free,
        whatsapp_app_secret=SECRET,
        whatsapp_verify_token="unused",
        whatsapp_phone_id=os.environ.get("HARK_BENCHMARK_PHONE_ID", PHONE_ID),
    )
    components = assemble(
        settings,
        database_url=database_url,
        tokens=Tokens([("ingress", "a-token-of-the-benchmark")]),
        own_token="a-token-of-the-benchmark",
        keyring=Keyring([("k1", os.urandom(32))]),
        hash_key=os.urandom(32),
        clock=SystemClock(),
        readiness=Readiness(),
    )
    wanted = {"ingress web", "ingress inbox"}
    if os.environ.get("HARK_BENCHMARK_WORKER"):
        wanted |= {"ingress wake", "due ingress.inbox"}
    return next(c for c in components if c.name == "ingress web"), [
        component for component in components if component.name in wanted
    ]


async def serve(name: str, database_url: str) -> None:
    """Runs one server until its standard input ends; answers each line with its CPU seconds."""
    from chassis.address import ListenAddress
    from chassis.web import WebServer

    if name == "hark":
        web, components = await hark(database_url)
    else:
        app = bare() if name == "bare" else pywa()
        web = WebServer(name, ListenAddress("127.0.0.1", 0), app, concurrency_limit=4096)
        components = [web]
    tasks = []
    for component in components:
        started = await component.start()
        if component is web:
            port = started
        tasks.append(asyncio.create_task(component.run()))
    gc.collect()
    gc.freeze()
    print(port, flush=True)
    lines = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while await lines.readline():
        print(time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, flush=True)
    for component in reversed(components):
        await component.stop()
    await asyncio.gather(*tasks)


# ------------------------------------------------------------------------------------- the run


class Server:
    """One server process."""

    def __init__(self, name: str, database_url: str) -> None:
        self.name = name
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.ingest", "--serve", name, database_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def usage(self) -> tuple[float, int]:
        """CPU seconds so far and the largest resident size in KiB."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        cpu, memory = self._process.stdout.readline().split()
        return float(cpu), int(memory)

    def round(self, first: int, count: int) -> dict[str, Any]:
        """One round of load."""
        before, _ = self.usage()
        command = ["--load", str(self.port), str(first), str(count)]
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.ingest", *command],
            capture_output=True,
            text=True,
            check=True,
        )
        figures: dict[str, Any] = json.loads(done.stdout)
        after, memory = self.usage()
        figures["rate"] = figures["requests"] / figures["seconds"]
        figures["server_cpu_us"] = (after - before) / count * 1e6
        figures["server_memory_mib"] = memory / 1024
        return figures

    def stop(self) -> None:
        """Ends it and waits for its end."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)


async def run(names: list[str], rounds: int, count: int) -> dict[str, Any]:
    """All rounds of all servers, in turns."""
    import asyncpg
    import sqlalchemy as sa

    import db.tables
    from db.embedded import EmbeddedPostgres
    from db.engine import open_engine

    load_before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        postgres = EmbeddedPostgres(Path(folder) / "home")
        url = await postgres.start()
        engine = open_engine(url, application_name="benchmark", pool_size=1)
        async with engine.begin() as connection:
            await connection.execute(sa.schema.CreateSchema("ingress"))
            tables = [db.tables.metadata.tables["ingress.inbox"]]
            await connection.run_sync(db.tables.metadata.create_all, tables=tables)
        await engine.dispose()
        servers = [Server(name, url) for name in names]
        results: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
        try:
            first = 0
            for number in range(rounds + 1):
                for server in servers:
                    figures = server.round(first, count if number else count // 4)
                    first += count
                    # The first round only warms up.
                    if number:
                        results[server.name].append(figures)
                        print(number, server.name, f"{figures['rate']:.0f}/s", figures, flush=True)
        finally:
            for server in servers:
                server.stop()
        plain = await asyncpg.connect(url)
        fsync = await plain.fetchval("SHOW fsync")
        stored = await plain.fetchval("SELECT count(*) FROM ingress.inbox")
        await plain.close()
        await postgres.stop()
    return report(results, rounds, count, fsync=fsync, stored=stored, load_before=load_before)


def report(
    results: dict[str, list[dict[str, Any]]],
    rounds: int,
    count: int,
    *,
    fsync: str,
    stored: int,
    load_before: float,
) -> dict[str, Any]:
    """Medians over the rounds, and the ratios of each round's neighbours."""
    table = {
        name: {
            key: round(statistics.median(each[key] for each in figures), 2) for key in figures[0]
        }
        for name, figures in results.items()
    }
    ratios = {
        f"hark_to_{name}": round(
            statistics.median(
                ours["rate"] / theirs["rate"]
                for ours, theirs in zip(results["hark"], results[name], strict=True)
            ),
            3,
        )
        for name in results
        if name != "hark" and "hark" in results
    }
    libraries = ("starlette", "uvicorn", "uvloop", "httptools", "orjson", "asyncpg", "pywa")
    return {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": f"python -m benchmarks.ingest --rounds {rounds} --count {count}",
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "versions": {name: version(name) for name in libraries},
        # What else kept the machine busy: beyond 2, ratios mean little and rates nothing.
        "load_average_before": round(load_before, 2),
        "connections": CONNECTIONS,
        "body_bytes": len(body(0)),
        "fsync": fsync,
        "stored_rows": stored,
        "worker": "on" if os.environ.get("HARK_BENCHMARK_WORKER") else "off",
        "ratios": ratios,
        "median": table,
        "rounds": results,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--count", type=int, default=20_000, help="webhooks a round")
    parser.add_argument("--servers", default=",".join(SERVERS))
    parser.add_argument("--no-save", action="store_true")
    parser.add_argument("--serve", nargs=2, metavar=("NAME", "URL"), help=argparse.SUPPRESS)
    parser.add_argument("--load", nargs=3, type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        if arguments.serve:
            runner.run(serve(*arguments.serve))
        elif arguments.load:
            print(json.dumps(runner.run(load(*arguments.load))))
        else:
            names = arguments.servers.split(",")
            found = runner.run(run(names, arguments.rounds, arguments.count))
            print(json.dumps({key: found[key] for key in ("ratios", "median")}, indent=2))
            if not arguments.no_save:
                RESULTS.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
