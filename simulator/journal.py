"""The log of everything the outside world saw and sent."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Literal

import orjson

from simulator.feed import Feed
from simulator.signal import Signal

Kind = Literal["api", "webhook", "gemini"]


@dataclass(slots=True, kw_only=True)
class Entry:
    """One call that came in or one webhook that went out.

    Bodies stay bytes and are parsed only when somebody reads the log: most entries of a load test
    never are. `monotonic` is this machine's monotonic clock at receipt, in seconds.
    """

    kind: Kind
    time: datetime
    monotonic: float
    method: str
    path: str
    body: bytes = b""
    status: int | None = None
    answer: bytes = b""
    duration_ms: float = 0.0
    to: str | None = None
    type: str | None = None
    wamid: str | None = None
    callback_data: str | None = None
    fault: str | None = None
    # Webhooks only: which delivery, which try of it, and what it carried.
    delivery: int | None = None
    attempt: int | None = None
    wamids: tuple[str, ...] = ()
    signature: str | None = None
    error: str | None = None
    seq: int = 0

    @property
    def size(self) -> int:
        """About how many bytes it holds."""
        return len(self.body) + len(self.answer) + 400

    def view(self) -> dict[str, Any]:
        """The entry as the control API shows it."""
        return {
            "seq": self.seq,
            "kind": self.kind,
            "time": self.time.isoformat(),
            "monotonic": self.monotonic,
            "method": self.method,
            "path": self.path,
            "to": self.to,
            "type": self.type,
            "wamid": self.wamid,
            "biz_opaque_callback_data": self.callback_data,
            "body": _parsed(self.body),
            "status": self.status,
            "answer": _parsed(self.answer),
            "duration_ms": round(self.duration_ms, 3),
            "fault": self.fault,
            "delivery": self.delivery,
            "attempt": self.attempt,
            "wamids": list(self.wamids),
            "signature": self.signature,
            "error": self.error,
        }


# Longer bodies (an injected 3 MB webhook, say) are shown by their size only.
_SHOWN = 64 * 1024


def _parsed(body: bytes) -> Any:
    if not body:
        return None
    if len(body) > _SHOWN:
        return {"bytes": len(body)}
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return body.decode("utf-8", "replace")


class Journal:
    """The newest entries, bounded by number and by bytes; readers learn how many they missed."""

    def __init__(self, *, entries: int, size: int, feed: Feed) -> None:
        self._entries: deque[Entry] = deque()
        self._entries_limit = entries
        self._bytes_limit = size
        self._bytes = 0
        self._feed = feed
        self._signal = Signal()
        self._pushed_out = 0
        self._cleared = 0
        self.sequence = 0

    def add(self, entry: Entry) -> None:
        """Writes an entry down."""
        self.sequence += 1
        entry.seq = self.sequence
        self._entries.append(entry)
        self._bytes += entry.size
        while len(self._entries) > self._entries_limit or self._bytes > self._bytes_limit:
            oldest = self._entries.popleft()
            self._bytes -= oldest.size
            self._pushed_out = oldest.seq
        if self._feed.watched:
            self._feed.publish("journal", entry.view())
        self._signal.fire()

    async def read(
        self, *, after: int, wait: float, limit: int, kind: str | None
    ) -> dict[str, Any]:
        """The entries after a sequence number, oldest first; without any, waits up to `wait` s."""
        if self.sequence <= after:
            await self._signal.wait(wait)
        first = self._entries[0].seq if self._entries else self.sequence + 1
        found: list[dict[str, Any]] = []
        following = after
        for entry in islice(self._entries, max(after + 1 - first, 0), None):
            if len(found) >= limit:
                break
            following = entry.seq
            if kind is None or entry.kind == kind:
                found.append(entry.view())
        return {
            "next": max(following, after),
            # What was pushed out before this reader saw it; a checker must find 0 here.
            "missed": max(self._pushed_out - max(after, self._cleared), 0),
            "entries": found,
        }

    def clear(self) -> None:
        """Forgets the entries; sequence numbers go on."""
        self._entries.clear()
        self._bytes = 0
        self._cleared = self.sequence


def monotonic() -> float:
    """The machine's monotonic clock, comparable between processes on it, in seconds."""
    return time.monotonic()
