"""The servers of `benchmarks.ingest`, each a process of its own.

python -m benchmarks.ingest_servers NAME DATABASE_URL
"""

from __future__ import annotations

import asyncio
import gc
import hashlib
import hmac
import os
import resource
import sys
import time
from typing import Any

import uvloop
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from benchmarks.ingest_load import PHONE_ID, SECRET


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
        whatsapp_auth_token="unused",
        hark_allowed="*",
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
        wanted |= {"wake", "due ingress.inbox"}
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
        free = ListenAddress("127.0.0.1", 0)
        # The peers run on uvicorn as it comes.
        web = WebServer(name, free, app, concurrency_limit=4096, protocol=HttpToolsProtocol)
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


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(*sys.argv[1:3]))
