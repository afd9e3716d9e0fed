"""Where a server listens."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


class ListenAddress:
    """Where to listen: `host:port` or `[v6]:port`; port 0 is any free one."""

    __slots__ = ("host", "port")

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port

    @classmethod
    def parse(cls, text: str) -> ListenAddress:
        """Reads `host:port`. Raises ValueError that says what is wrong."""
        host, colon, port = text.strip().rpartition(":")
        if not colon or not host:
            raise ValueError("is not host:port")
        bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
        if ":" in bare and bare == host:
            raise ValueError("has an IPv6 host without brackets")
        if ":" not in bare and not _HOST.fullmatch(bare):
            raise ValueError("has no valid host before its ':'")
        if not (port.isascii() and port.isdigit() and int(port) <= 65535):
            raise ValueError("has no port from 0 to 65535 after its ':'")
        return cls(bare, int(port))

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can connect."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def with_port(self, port: int) -> ListenAddress:
        """The same host at another port."""
        return ListenAddress(self.host, port)

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def __repr__(self) -> str:
        return f"ListenAddress({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ListenAddress) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash((self.host, self.port))

    @classmethod
    def __get_pydantic_core_schema__(
        cls, _source: Any, _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        def read(value: object) -> ListenAddress:
            return value if isinstance(value, ListenAddress) else cls.parse(str(value))

        return core_schema.no_info_plain_validator_function(read)
