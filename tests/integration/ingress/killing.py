"""Kills a process that accepts webhooks at every step of its event loop, one step a process.

    python -m tests.integration.ingress.killing DATABASE_URL [MOST_STEPS]

A coroutine goes on after an `await` only in a callback of the event loop. So a child that is killed
(SIGKILL) before its k-th callback dies at an await point, and k = 1, 2, 3, … finds every one of
them, until a child comes to its end. Prints a line of JSON for each child: its number, whether it
came to its end, and the webhooks that it had answered with 200 by then.

The children are forks of this process, which has no threads: a real kill costs milliseconds.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import signal
import sys
from typing import Any

from chassis.clock import SystemClock
from chassis.crypto import Keyring, derive
from db.engine import open_engine
from services.ingress.domain.names import Names
from services.ingress.domain.signature import Signatures
from services.ingress.storage.inbox import GroupCommit
from services.ingress.usecases.acceptance import Acceptance
from services.ingress.web.app import Web

SECRET = "test_app_secret"
HASH_KEY = b"h" * 32
KEYRING = Keyring([("k1", b"k" * 32)])
# More than any child takes.
MOST_STEPS = 2000
WEBHOOKS = 4
PARTS = 3


def names() -> Names:
    """As the wiring makes them; what stands there would bring gRPC and its threads along."""
    return Names(
        dedupe_key=derive(HASH_KEY, "inbox-dedupe"),
        lane_key=derive(HASH_KEY, "inbox-lane"),
        message_key=derive(HASH_KEY, "message-id"),
    )


def wamids(step: int, webhook: int) -> list[str]:
    """The messages of one webhook of one child."""
    return [f"wamid.{step}.{webhook}.{part}" for part in range(PARTS)]


def body(step: int, webhook: int) -> bytes:
    """One webhook, over two entries."""
    messages = [
        {"from": "15550100001", "id": wamid, "type": "text", "text": {"body": "hello"}}
        for wamid in wamids(step, webhook)
    ]
    entries = [
        {"id": "1", "changes": [{"field": "messages", "value": {"messages": some}}]}
        for some in (messages[:1], messages[1:])
    ]
    return json.dumps({"object": "whatsapp_business_account", "entry": entries}).encode()


class Nobody:
    """Counts nothing."""

    def stored(self, parts: int, new: int) -> None:
        """So many parts were stored."""

    def waiting(self, size: int) -> None:
        """So many bytes wait."""


async def post(web: Web, step: int, webhook: int, answers: int) -> None:
    """Posts one webhook in two chunks; what is answered is written down at once, as to a socket."""
    content = body(step, webhook)
    signature = hmac.new(SECRET.encode(), content, hashlib.sha256).hexdigest()
    half = len(content) // 2
    chunks = iter(((content[:half], True), (content[half:], False)))
    scope = {
        "type": "http",
        "path": "/webhook",
        "method": "POST",
        "headers": [(b"x-hub-signature-256", f"sha256={signature}".encode())],
    }

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0)
        chunk, more = next(chunks)
        return {"type": "http.request", "body": chunk, "more_body": more}

    async def send(message: Any) -> None:
        if message.get("status") == 200:
            os.write(answers, bytes((webhook,)))
        await asyncio.sleep(0)

    await web(scope, receive, send)


async def live(database_url: str, step: int, answers: int) -> None:
    """Accepts two webhooks that come together, and then two more."""
    engine = open_engine(database_url, application_name="hark-killed", pool_size=2)
    inbox = GroupCommit(
        engine,
        KEYRING,
        names(),
        clock=SystemClock(),
        queue_bytes=1 << 20,
        ring=lambda: None,
        observer=Nobody(),
    )
    acceptance = Acceptance(Signatures([SECRET]), names(), inbox)
    web = Web(acceptance, verify_token="x", ready=lambda: True, refused=lambda _reason: None)
    writer = asyncio.create_task(inbox.run())
    for pair in ((0, 1), (2, 3)):
        await asyncio.gather(*(post(web, step, webhook, answers) for webhook in pair))
    await inbox.stop()
    await writer
    await engine.dispose()


def doomed(step: int) -> None:
    """Has this process killed before the `step`-th callback of its event loop; 0 is never."""
    run, passed = asyncio.Handle._run, 0

    def counted(handle: asyncio.Handle) -> None:
        nonlocal passed
        passed += 1
        if passed == step:
            os.kill(os.getpid(), signal.SIGKILL)
        run(handle)

    asyncio.Handle._run = counted  # type: ignore[method-assign]


def child(database_url: str, step: int) -> tuple[bool, list[int]]:
    """Lives and is killed; whether it came to its end, and what it had answered."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        doomed(step)
        asyncio.run(live(database_url, step, writing))
        os._exit(0)
    os.close(writing)
    answered = b""
    while some := os.read(reading, 64):
        answered += some
    os.close(reading)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL, status
        return False, sorted(answered)
    assert os.waitstatus_to_exitcode(status) == 0, status
    return True, sorted(answered)


def main(database_url: str, most: int) -> None:
    """Children with a kill at step 1, 2, 3, … until one comes to its end."""
    for step in range(1, most + 1):
        is_over, answered = child(database_url, step)
        print(json.dumps({"step": step, "is_over": is_over, "answered": answered}), flush=True)
        if is_over:
            return


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else MOST_STEPS)
