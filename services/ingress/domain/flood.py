"""Flood control: how many messages of one sender are handled at once, and when the rest is.

The generic cell rate algorithm: each message moves the sender's *theoretical arrival time* on by
one gap; a message is over the limit while that time is further ahead than the burst allows.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

# Senders remembered at a time; whoever is forgotten starts with a full burst.
_MOST_SENDERS = 20_000
# Who goes on flooding is told again after this long.
_SILENCE = timedelta(minutes=10)


@dataclass(slots=True)
class _Sender:
    """When the next message would come if all came evenly, and until when nothing is said."""

    arrival: datetime
    silent_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """A message is over the limit: handled at `due_time`, and told about if `is_news`."""

    due_time: datetime
    is_news: bool


class FloodControl:
    """Counts by sender. `per_minute` and `burst` are 1 or more; bounded, in memory."""

    def __init__(self, *, per_minute: int, burst: int) -> None:
        self.gap = timedelta(minutes=1) / per_minute
        self._tolerance = self.gap * (burst - 1)
        self._senders: OrderedDict[bytes, _Sender] = OrderedDict()

    def check(self, lane: bytes, now: datetime) -> Over | None:
        """Counts one message; None where it may be handled now, else it is not counted."""
        sender = self._sender(lane, now)
        arrival = max(sender.arrival, now)
        if arrival - now <= self._tolerance:
            sender.arrival = arrival + self.gap
            return None
        is_news = sender.silent_until <= now
        return Over(due_time=arrival - self._tolerance, is_news=is_news)

    def told(self, lane: bytes, now: datetime) -> None:
        """The sender knows; nothing more is said for a while."""
        self._sender(lane, now).silent_until = now + _SILENCE

    def count(self, lane: bytes, now: datetime) -> None:
        """Counts a message that was put off before and is handled now."""
        sender = self._sender(lane, now)
        sender.arrival = max(sender.arrival, now + self._tolerance) + self.gap
        sender.silent_until = now + _SILENCE

    def _sender(self, lane: bytes, now: datetime) -> _Sender:
        sender = self._senders.get(lane)
        if sender is None:
            sender = self._senders[lane] = _Sender(now, now)
            if len(self._senders) > _MOST_SENDERS:
                self._senders.popitem(last=False)
        else:
            self._senders.move_to_end(lane)
        return sender
