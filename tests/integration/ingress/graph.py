"""WhatsApp's files, over real HTTP: descriptions and downloads, as a test wants them."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chassis.address import ListenAddress
from chassis.web import WebServer

GRAPH_TOKEN = "graph-token-for-tests"


@dataclass
class Graph:
    """Serves `files` by id, as voice notes; `trouble` counts how many downloads fail first."""

    files: dict[str, bytes] = field(default_factory=dict)
    mime_types: dict[str, str] = field(default_factory=dict)
    trouble: int = 0
    asked: list[str] = field(default_factory=list)
    strangers: int = 0

    async def __aenter__(self) -> Graph:
        routes = [Route("/v26.0/{media}", self._describe), Route("/files/{media}", self._download)]
        self._server = WebServer(
            "graph", ListenAddress("127.0.0.1", 0), Starlette(routes=routes), concurrency_limit=100
        )
        port = await self._server.start()
        self._task = asyncio.create_task(self._server.run())
        self.base_url = f"http://127.0.0.1:{port}"
        self.api_url = f"{self.base_url}/v26.0"
        return self

    async def __aexit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        await self._server.stop()
        await self._task

    def _known(self, request: Request) -> bytes | None:
        if request.headers.get("authorization") != f"Bearer {GRAPH_TOKEN}":
            self.strangers += 1
            return None
        return self.files.get(request.path_params["media"])

    async def _describe(self, request: Request) -> Response:
        media = request.path_params["media"]
        self.asked.append(media)
        content = self._known(request)
        if content is None:
            return JSONResponse({"error": {"code": 100}}, status_code=404)
        said: dict[str, Any] = {
            "url": f"{self.base_url}/files/{media}",
            "mime_type": self.mime_types.get(media, "audio/ogg"),
            "sha256": hashlib.sha256(content).hexdigest(),
            "file_size": len(content),
            "id": media,
        }
        return JSONResponse(said)

    async def _download(self, request: Request) -> Response:
        content = self._known(request)
        if content is None or self.trouble > 0:
            self.trouble -= 1
            return Response(status_code=404)
        return Response(content)
