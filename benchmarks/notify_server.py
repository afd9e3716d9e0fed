"""The notifier of `benchmarks.notify`, as it is wired, in a process of its own.

python -m benchmarks.notify_server DATABASE_URL API_URL WORKS
"""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import sys
import time
from typing import Any

import uvloop

TOKEN = "a-token-of-the-benchmark"
# Caps so high that they never say no: what they cost is paid all the same.
CAPS = {
    "notifier_messages_per_minute": 1_000_000,
    "notifier_messages_per_day": 10_000_000,
    "notifier_people_outside_window": 10_000_000,
    "notifier_user_notifications_per_day": 10_000,
    "notifier_user_system_notifications_per_day": 10_000,
    "notifier_pair_seconds": 0.001,
    "notifier_pair_burst": 10_000,
}


def components(database_url: str, api_url: str) -> list[Any]:
    """All parts of the service, with caps raised."""
    from chassis.address import ListenAddress
    from chassis.auth import Tokens
    from chassis.clock import SystemClock
    from chassis.crypto import Keyring
    from chassis.process import Readiness
    from services.notifier.settings import NotifierSettings
    from services.notifier.wiring import assemble

    free = ListenAddress("127.0.0.1", 0)
    settings = NotifierSettings(
        notifier_listen=free,
        notifier_admin_listen=free,
        whatsapp_api_url=api_url,
        whatsapp_phone_id="106540352242922",
        whatsapp_auth_token="unused",
        **CAPS,
    )
    return assemble(
        settings,
        database_url=database_url,
        tokens=Tokens([("operator", TOKEN)]),
        own_token="",
        keyring=Keyring([("k1", b"k" * 32)]),
        hash_key=b"h" * 32,
        clock=SystemClock(),
        readiness=Readiness(),
    )


async def serve(database_url: str, api_url: str, works: str) -> None:
    """Runs until its standard input ends; answers each line with its CPU seconds and size."""
    from chassis.server import GrpcServer

    tasks, started = [], []
    for component in components(database_url, api_url):
        # Without its workers it only accepts: what becomes of it later is another figure.
        if works == "no" and component.name.startswith("due "):
            continue
        answer = await component.start()
        if isinstance(component, GrpcServer):
            port = answer
        started.append(component)
        if hasattr(component, "run"):
            tasks.append(asyncio.create_task(component.run()))
    gc.collect()
    gc.freeze()
    print(port, flush=True)
    lines = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while await lines.readline():
        print(time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, flush=True)
    for component in reversed(started):
        await component.stop()
    await asyncio.gather(*tasks)


if __name__ == "__main__":
    from chassis import log

    # Its lines are made as always; nobody reads them.
    with open(os.devnull, "w") as nowhere:
        log.configure("notifier", stream=nowhere)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve(*sys.argv[1:4]))
