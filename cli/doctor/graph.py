"""Asking the Graph API: an answer, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any

import httpx2

_SECONDS = 5.0


class GraphRefused(Exception):
    """The Graph API refused or did not answer; `code` is Meta's, 0 where there is none."""

    def __init__(self, meaning: str, *, code: int = 0) -> None:
        super().__init__(meaning)
        self.code = code


class Graph:
    """GET requests with a token; a context manager. Raises `GraphRefused`."""

    def __init__(self, api_url: str, token: str) -> None:
        self._url = api_url.rstrip("/")
        self._token = token
        self._client = httpx2.AsyncClient(timeout=_SECONDS)
        # What the last answer said the time was over there, and ours before and after it.
        self.clock: tuple[datetime, datetime, datetime] | None = None

    async def __aenter__(self) -> Graph:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._client.aclose()

    async def get(self, path: str, *, token: str = "", **query: str) -> Mapping[str, Any]:
        """The JSON object at this path, asked with our token or with another one."""
        headers = {"authorization": f"Bearer {token or self._token}"}
        before = datetime.now(UTC)
        try:
            answer = await self._client.get(f"{self._url}/{path}", params=query, headers=headers)
        except httpx2.TransportError as error:
            raise GraphRefused(f"{self._url} does not answer ({type(error).__name__})") from error
        self._see_clock(answer.headers.get("date"), before)
        try:
            body = answer.json()
        except ValueError:
            raise GraphRefused(f"HTTP {answer.status_code} without JSON") from None
        if not isinstance(body, dict):
            raise GraphRefused(f"HTTP {answer.status_code} without an object")
        problem = body.get("error")
        if isinstance(problem, dict):
            said = f"{problem.get('message', 'no reason given')} (code {problem.get('code')})"
            code = problem.get("code")
            raise GraphRefused(said, code=code if isinstance(code, int) else 0)
        if answer.status_code != httpx2.codes.OK:
            raise GraphRefused(f"HTTP {answer.status_code}")
        return body

    def _see_clock(self, date: str | None, before: datetime) -> None:
        try:
            there = parsedate_to_datetime(date) if date else None
        except ValueError:
            return
        if there is not None:
            self.clock = (there, before, datetime.now(UTC))
