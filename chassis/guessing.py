"""How often one peer may come with a token that nobody has."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import timedelta
from ipaddress import IPv6Network

from chassis.errors import Code, ServiceError

# A mistake in somebody's settings stays well below; a guesser needs 2**64 tries and more.
BURST = 200
PER_SECOND = 10.0
# Peers remembered; of more, the one not heard of for longest starts anew.
MOST_PEERS = 1024


class TooManyGuesses(ServiceError):
    """Too many calls without a valid token came from this address; correct the token, and wait."""

    code = Code.RESOURCE_EXHAUSTED
    reason = "RATE_LIMITED"
    legacy_code = 429


class Guesses:
    """A bucket of failed tries a peer: `burst` at once, then `per_second`.

    Calls with a valid token never touch it, so that a neighbour who guesses locks out nobody.
    """

    def __init__(
        self,
        *,
        burst: int = BURST,
        per_second: float = PER_SECOND,
        most_peers: int = MOST_PEERS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst = burst
        self._per_second = per_second
        self._most_peers = most_peers
        self._now = now
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def count(self, peer: str) -> None:
        """Counts one failed try of `peer` (as gRPC names it). Raises `TooManyGuesses`."""
        name, now = host(peer), self._now()
        left, counted = self._left.pop(name, (float(self._burst), now))
        left = min(float(self._burst), left + (now - counted) * self._per_second)
        is_over = left < 1
        self._left[name] = (left if is_over else left - 1, now)
        while len(self._left) > self._most_peers:
            self._left.popitem(last=False)
        if is_over:
            raise TooManyGuesses(retry_delay=timedelta(seconds=(1 - left) / self._per_second))


def host(peer: str) -> str:
    """The address in gRPC's name of a peer, without its port: connections are cheap."""
    name = peer.rpartition(":")[0] or peer
    kind, _, address = name.partition(":")
    if kind != "ipv6":
        return name
    address = address.removeprefix("%5B").removesuffix("%5D").strip("[]").partition("%")[0]
    try:
        # Who has one IPv6 address has the 2**64 of its network.
        return f"ipv6:{IPv6Network((address, 64), strict=False)}"
    except ValueError:
        return name
