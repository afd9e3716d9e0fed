"""`/{account}/message_templates`: what may be sent outside the 24-hour window."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from simulator.cloud_api.endpoint import Endpoints
from simulator.cloud_api.request import parsed, raw_body
from simulator.domain.graph_error import GraphError, invalid, missing, not_found
from simulator.journal import Entry

_PAGE = 100


class TemplateEndpoints(Endpoints):
    """Creating, listing and deleting templates; well-formed ones are approved at once."""

    def routes(self) -> list[Route]:
        """The paths."""
        return [
            self.route("/{object}/message_templates", self._templates, "GET"),
            self.route("/{object}/message_templates", self._submit, "POST"),
            self.route("/{object}/message_templates", self._delete_template, "DELETE"),
            self.route("/{object}/unpause", self._unpause, "POST"),
        ]

    async def _templates(self, request: Request, entry: Entry) -> Any:
        del entry
        self.of_account(request)
        wanted = {
            key: request.query_params[key]
            for key in ("name", "language", "status", "category")
            if key in request.query_params
        }
        views = [template.view() for template in self.outside.templates]
        matching = [v for v in views if all(v[key] == value for key, value in wanted.items())]
        start, size = _cursor(request)
        page = matching[start : start + size]
        answer: dict[str, Any] = {"data": page}
        if start + size < len(matching):
            answer["paging"] = {"cursors": {"before": str(start), "after": str(start + size)}}
        return answer

    async def _submit(self, request: Request, entry: Entry) -> Any:
        self.of_account(request)
        entry.body = await raw_body(request)
        template = self.outside.templates.submit(parsed(entry.body))
        return {"id": template.id, "status": template.status, "category": template.category}

    async def _delete_template(self, request: Request, entry: Entry) -> Any:
        del entry
        self.of_account(request)
        name = request.query_params.get("name")
        if not name:
            raise missing("name")
        if not self.outside.templates.remove(name):
            raise invalid("name", "there is no template of this name")
        return {"success": True}

    async def _unpause(self, request: Request, entry: Entry) -> Any:
        del entry
        template = self.outside.templates.by_id(request.path_params["object"])
        if template is None:
            raise not_found(request.path_params["object"])
        if template.status == "PAUSED":
            self.outside.templates.move(template.name, template.language, "APPROVED")
        return {"success": True}


def _cursor(request: Request) -> tuple[int, int]:
    after = request.query_params.get("after", "0")
    limit = request.query_params.get("limit", "25")
    if not after.isdecimal() or not limit.isdecimal() or not 1 <= int(limit) <= _PAGE:
        raise GraphError(100, f"after must be a cursor, and limit lie between 1 and {_PAGE}")
    return int(after), int(limit)
