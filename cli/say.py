"""`hark say`: a person with a simulated phone writes, and hears what Hark answers."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx2
from rich.console import Console

SIMULATOR = f"http://{os.environ.get('SIMULATOR_LISTEN') or '127.0.0.1:8090'}"
NO_ANSWER = 1
UNREACHABLE = 2
_LONGEST_POLL = 30.0

_console = Console(highlight=False)
_errors = Console(stderr=True, highlight=False)


def say(text: str, *, person: str, wait: float, listen: float) -> int:
    """Says `text` as `person`, prints answers as they come; 0 when there was one in time."""
    phone = f"{SIMULATOR}/control/people/{quote(person)}"
    with httpx2.Client(timeout=_LONGEST_POLL + 10) as client:
        try:
            said = client.post(f"{phone}/messages", json={"type": "text", "text": text})
            said.raise_for_status()
            return _hear(client, phone, said.json(), wait=wait, listen=listen)
        except httpx2.HTTPStatusError as error:
            _errors.print(f"The simulator refused: {error.response.text}", style="red")
        except httpx2.TransportError:
            _errors.print(f"No simulator answers on {SIMULATOR}; run `hark up`.", style="red")
    return UNREACHABLE


def _hear(
    client: httpx2.Client, phone: str, said: dict[str, Any], *, wait: float, listen: float
) -> int:
    started = time.monotonic()
    if said["webhook_status"] != 200:
        _errors.print("Hark did not take the webhook yet; it is tried again.", style="yellow")
    heard = 0
    end = started + max(wait, listen)
    for message in _answers(client, phone, said["sequence"], end):
        heard += 1
        _console.print(f"[dim]{time.monotonic() - started:7.3f} s[/dim]  {_words(message)}")
        if time.monotonic() >= started + listen:
            break
    if not heard:
        _errors.print(f"No answer within {wait:g} s.", style="red")
        return NO_ANSWER
    return 0


def _answers(
    client: httpx2.Client, phone: str, sequence: int, end: float
) -> Iterator[dict[str, Any]]:
    seen = sequence
    after = sequence
    while (left := end - time.monotonic()) > 0:
        polled = client.get(
            f"{phone}/transcript", params={"after": after, "wait": min(left, _LONGEST_POLL)}
        )
        polled.raise_for_status()
        news = polled.json()
        after = news["next"]
        for message in news["messages"]:
            if message["author"] == "business" and message["created"] > seen:
                seen = message["created"]
                yield message


def _words(message: dict[str, Any]) -> str:
    content = message.get(message["type"], {})
    body = content.get("body", "")
    return str(body.get("text", "") if isinstance(body, dict) else body) or f"({message['type']})"
