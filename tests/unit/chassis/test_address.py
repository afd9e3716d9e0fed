"""Where a server listens."""

from __future__ import annotations

import pytest

from chassis.address import ListenAddress


@pytest.mark.parametrize(
    ("text", "host", "port", "loopback"),
    [
        ("127.0.0.1:8080", "127.0.0.1", 8080, True),
        ("127.8.0.1:1", "127.8.0.1", 1, True),
        ("localhost:0", "localhost", 0, True),
        ("[::1]:50051", "::1", 50051, True),
        ("0.0.0.0:65535", "0.0.0.0", 65535, False),
        ("[::]:50051", "::", 50051, False),
        (" hark.internal:443 ", "hark.internal", 443, False),
        ("localhost.example.com:1", "localhost.example.com", 1, False),
    ],
)
def test_an_address_is_read_and_written(text: str, host: str, port: int, loopback: bool) -> None:
    address = ListenAddress.parse(text)

    assert (address.host, address.port, address.is_loopback) == (host, port, loopback)
    assert str(address) == text.strip()
    assert ListenAddress.parse(str(address)) == address
    assert hash(ListenAddress.parse(str(address))) == hash(address)


@pytest.mark.parametrize(
    "text",
    ["", "8080", ":8080", "host:", "host:-1", "host:65536", "host:٣", "::1:80", "ho st:1", "[x:80"],
)
def test_what_is_no_address_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not host:port|has "):
        ListenAddress.parse(text)


def test_the_same_host_at_another_port() -> None:
    assert str(ListenAddress.parse("[::1]:1").with_port(2)) == "[::1]:2"
