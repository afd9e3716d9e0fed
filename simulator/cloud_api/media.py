"""Files: uploaded, described, fetched, deleted."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.cloud_api.endpoint import Endpoints, File
from simulator.cloud_api.request import raw_body
from simulator.domain.graph_error import GraphError, missing, not_found
from simulator.domain.multipart import fields
from simulator.journal import Entry

_UPLOAD_LIMIT = 101 * 1024**2


class MediaEndpoints(Endpoints):
    """`POST /{number}/media`, `DELETE /{media}`, and the links that `GET /{media}` gives out."""

    def routes(self) -> list[Route]:
        """The paths."""
        return [
            self.route("/{object}/media", self._upload, "POST"),
            self.route("/{object}", self._delete_media, "DELETE"),
            Route(
                "/lookaside/whatsapp_business/attachments/",
                self.endpoint(self._download, versioned=False),
                methods=["GET"],
            ),
        ]

    async def _upload(self, request: Request, entry: Entry) -> Any:
        self.of_number(request)
        entry.type = "upload"
        body = await raw_body(request, _UPLOAD_LIMIT)
        entry.body = orjson.dumps({"bytes": len(body)})
        form = fields(request.headers.get("content-type", ""), body)
        product = form.get("messaging_product")
        if product is None or product.text != "whatsapp":
            raise GraphError(100, 'The parameter messaging_product must be "whatsapp".')
        file = form.get("file")
        if file is None or file.filename is None:
            raise missing("file")
        mime_type = form["type"].text if "type" in form else file.mime_type
        media = self.outside.shelf.upload(file.content, mime_type or "", file.filename)
        return {"id": media.id}

    async def _delete_media(self, request: Request, entry: Entry) -> Any:
        entry.type = "media"
        if not self.outside.shelf.remove(request.path_params["object"]):
            raise not_found(request.path_params["object"])
        return {"success": True}

    async def _download(self, request: Request, entry: Entry) -> Any:
        entry.type = "download"
        query = request.query_params
        media = self.outside.shelf.linked(
            query.get("mid", ""), query.get("ext", ""), query.get("hash", "")
        )
        strikes = self.outside.faults.strikes
        if media is None or strikes("media_gone") is not None:
            return Response(status_code=404)
        if (options := strikes("media_slow")) is not None:
            entry.fault = "media_slow"
            await asyncio.sleep(options["delay_ms"] / 1000)
        content = media.content
        if strikes("media_corrupt") is not None:
            entry.fault = "media_corrupt"
            content = bytes(reversed(content))
        return File(content, media_type=media.mime_type)
