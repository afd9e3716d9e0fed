"""Calls without a valid token: so many an address, and no more."""

from __future__ import annotations

import pytest

from chassis.guessing import Guesses, TooManyGuesses, host


class Watch:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def tried(guesses: Guesses, peer: str, times: int) -> int:
    """How many of `times` tries were counted before the rest was sent away."""
    for done in range(times):
        try:
            guesses.count(peer)
        except TooManyGuesses:
            return done
    return times


def test_an_address_may_fail_in_a_burst_and_then_at_a_pace() -> None:
    watch = Watch()
    guesses = Guesses(burst=5, per_second=2, now=watch)

    assert tried(guesses, "ipv4:10.0.0.1:1000", 9) == 5
    watch.seconds += 1
    assert tried(guesses, "ipv4:10.0.0.1:2000", 9) == 2
    watch.seconds += 3600
    assert tried(guesses, "ipv4:10.0.0.1:3000", 9) == 5


def test_who_is_over_it_hears_when_to_come_back_and_waiting_is_enough() -> None:
    watch = Watch()
    guesses = Guesses(burst=1, per_second=4, now=watch)
    guesses.count("ipv4:10.0.0.1:1")
    with pytest.raises(TooManyGuesses) as refused:
        guesses.count("ipv4:10.0.0.1:1")
    assert refused.value.retry_delay is not None
    watch.seconds += refused.value.retry_delay.total_seconds()
    guesses.count("ipv4:10.0.0.1:1")


def test_another_address_is_not_touched() -> None:
    guesses = Guesses(burst=1, per_second=1, now=Watch())
    assert tried(guesses, "ipv4:10.0.0.1:1", 3) == 1
    assert tried(guesses, "ipv4:10.0.0.2:1", 3) == 1


def test_the_memory_of_addresses_is_bounded() -> None:
    guesses = Guesses(burst=1, per_second=1, most_peers=2, now=Watch())
    for last in range(50):
        guesses.count(f"ipv4:10.0.0.{last}:1")
    assert tried(guesses, "ipv4:10.0.0.0:1", 3) == 1
    assert tried(guesses, "ipv4:10.0.0.49:1", 3) == 0


@pytest.mark.parametrize(
    ("peer", "name"),
    [
        ("ipv4:10.0.0.1:4711", "ipv4:10.0.0.1"),
        ("ipv6:%5B2001:db8:1:2:3:4:5:6%5D:4711", "ipv6:2001:db8:1:2::/64"),
        ("ipv6:%5B2001:db8:1:2::6%5D:4711", "ipv6:2001:db8:1:2::/64"),
        ("ipv6:[::1]:4711", "ipv6:::/64"),
        ("ipv6:nonsense:4711", "ipv6:nonsense"),
        ("unix:", "unix"),
    ],
)
def test_a_port_makes_no_other_peer_and_an_ipv6_network_is_one(peer: str, name: str) -> None:
    assert host(peer) == name
