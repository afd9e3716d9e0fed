"""Who calls (tokens), and what they may (a table of methods and clients)."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Mapping

from chassis.errors import Code, ServiceError

# In a table: every client that has a token.
ANY_CLIENT = "*"
# The client that stands for a person with a terminal.
OPERATOR = "operator"
MINIMUM_TOKEN_LENGTH = 16
_CLIENT = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_TOKEN = re.compile(r"[\x21-\x2b\x2d-\x7e]+")


class Unauthenticated(ServiceError):
    """Send the metadata `authorization: Bearer <token>` with a token from HARK_TOKENS."""

    code = Code.UNAUTHENTICATED
    reason = "UNAUTHENTICATED"
    legacy_code = 401


class PermissionDenied(ServiceError):
    """This client may not call this method."""

    code = Code.PERMISSION_DENIED
    reason = "PERMISSION_DENIED"


class Tokens:
    """Which client each token stands for; a client may have several while they are rotated."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        # Looking up a hash under a random key takes the same time whatever the guess has in
        # common with a real token.
        self._key = os.urandom(32)
        self._clients: dict[bytes, str] = {}
        self._first: dict[str, str] = {}
        for client, token in pairs:
            self._clients[self._digest(token)] = client
            self._first.setdefault(client, token)

    @classmethod
    def parse(cls, text: str) -> Tokens:
        """The tokens that `client:token,client:token` describes.

        Raises ValueError that lists every faulty entry by position, never by its content.
        """
        pairs: list[tuple[str, str]] = []
        problems: list[str] = []
        owners: dict[str, str] = {}
        entries = [entry.strip() for entry in text.split(",") if entry.strip()]
        for position, entry in enumerate(entries, start=1):
            client, _, token = entry.partition(":")
            problem = _problem(client, token, owners)
            if problem:
                problems.append(f"entry {position} {problem}")
                continue
            owners[token] = client
            pairs.append((client, token))
        if not entries:
            problems.append("there is no entry; give client:token pairs, comma-separated")
        if problems:
            raise ValueError("; ".join(problems))
        return cls(pairs)

    @property
    def clients(self) -> frozenset[str]:
        """The names of all clients that have a token."""
        return frozenset(self._first)

    def client_for(self, token: str) -> str | None:
        """The client this token stands for, or None."""
        return self._clients.get(self._digest(token))

    def token_of(self, client: str) -> str:
        """The token this client sends (the first one given). Raises KeyError without one."""
        return self._first[client]

    def _digest(self, token: str) -> bytes:
        data = token.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(data, digest_size=16, key=self._key).digest()


class Authorization:
    """A table: full method name, or `/package.Service/*`, or `*` → the clients that may call it.

    The most exact line decides alone; a method without a line may be called by nobody.
    """

    def __init__(self, table: Mapping[str, Iterable[str]]) -> None:
        self._table = {pattern: frozenset(clients) for pattern, clients in table.items()}
        for pattern in self._table:
            if not re.fullmatch(r"\*|/[A-Za-z0-9_.]+/(\*|[A-Za-z0-9_]+)", pattern):
                raise ValueError(f"{pattern!r} is no method, no /package.Service/* and no *")

    def extended(self, table: Mapping[str, Iterable[str]]) -> Authorization:
        """This table with more lines; a line that stands here already stays as it is."""
        return Authorization({**table, **self._table})

    def clients_of(self, method: str) -> frozenset[str]:
        """The clients that may call `method`; holds `ANY_CLIENT` where every one may."""
        service = method.rpartition("/")[0]
        for pattern in (method, f"{service}/*", "*"):
            if pattern in self._table:
                return self._table[pattern]
        return frozenset()

    def allows(self, method: str, client: str) -> bool:
        """Whether `client` may call `method`."""
        clients = self.clients_of(method)
        return client in clients or ANY_CLIENT in clients


def _problem(client: str, token: str, owners: Mapping[str, str]) -> str:
    # Nothing of the entry is shown: what stands before the ':' may be a token by mistake.
    if not _CLIENT.fullmatch(client):
        return "has no client name (a-z, 0-9, '-', '_', up to 32) before its ':'"
    if len(token) < MINIMUM_TOKEN_LENGTH:
        return f"has a token shorter than {MINIMUM_TOKEN_LENGTH} characters after its ':'"
    if not _TOKEN.fullmatch(token):
        return "has a token with blanks or characters outside ASCII"
    if token in owners and owners[token] != client:
        return "has the same token as another client"
    return ""
