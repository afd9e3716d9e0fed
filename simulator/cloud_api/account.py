"""Everything of the Graph API that is not sending: numbers, account, templates, files."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.cloud_api.request import Json, check_token, check_version, parsed, raw_body
from simulator.domain.graph_error import GraphError, invalid, missing, not_found
from simulator.domain.multipart import fields
from simulator.domain.part import Account
from simulator.journal import Entry, monotonic
from simulator.media_shelf import found
from simulator.outside import Outside

_UPLOAD_LIMIT = 101 * 1024**2
_PAGE = 100
Handler = Callable[[Request, Entry], Awaitable[Any]]


class AccountEndpoints:
    """What `doctor` asks, what uploads and downloads files, what keeps the templates."""

    def __init__(self, outside: Outside, *, token: str) -> None:
        self._outside = outside
        self._token = token
        self._profile: dict[str, Any] = {"messaging_product": "whatsapp", "vertical": "OTHER"}

    @property
    def _account(self) -> Account:
        return self._outside.sender.account

    def routes(self) -> list[Route]:
        """The paths, most particular first."""
        return [
            self._route("/{version}/debug_token", self._debug_token, "GET"),
            self._route("/{version}/{object}/media", self._upload, "POST"),
            self._route("/{version}/{object}/phone_numbers", self._numbers, "GET"),
            self._route("/{version}/{object}/subscribed_apps", self._subscriptions, "GET"),
            self._route("/{version}/{object}/subscribed_apps", self._subscribe, "POST"),
            self._route("/{version}/{object}/subscribed_apps", self._unsubscribe, "DELETE"),
            self._route("/{version}/{object}/message_templates", self._templates, "GET"),
            self._route("/{version}/{object}/message_templates", self._submit, "POST"),
            self._route("/{version}/{object}/message_templates", self._delete_template, "DELETE"),
            self._route("/{version}/{object}/whatsapp_business_profile", self._get_profile, "GET"),
            self._route("/{version}/{object}/whatsapp_business_profile", self._set_profile, "POST"),
            self._route("/{version}/{object}/register", self._register, "POST"),
            self._route("/{version}/{object}/unpause", self._unpause, "POST"),
            self._route("/{version}/{object}", self._get, "GET"),
            self._route("/{version}/{object}", self._delete_media, "DELETE"),
            Route(
                "/lookaside/whatsapp_business/attachments/",
                self._endpoint(self._download, versioned=False),
                methods=["GET"],
            ),
        ]

    def _route(self, path: str, handler: Handler, method: str) -> Route:
        return Route(path, self._endpoint(handler), methods=[method])

    def _endpoint(
        self, handler: Handler, *, versioned: bool = True
    ) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            entry = Entry(
                kind="api",
                time=self._outside.clock.now(),
                monotonic=monotonic(),
                method=request.method,
                path=request.url.path,
            )
            try:
                if versioned:
                    check_version(request)
                check_token(request, self._token)
                result = await handler(request, entry)
                response = result if isinstance(result, Response) else Json(result)
            except GraphError as error:
                response = Json(error.body(), status_code=error.status, headers=error.headers())
            entry.status = response.status_code
            if not isinstance(response, _File):
                entry.answer = bytes(response.body)
            entry.duration_ms = (monotonic() - entry.monotonic) * 1000
            self._outside.journal.add(entry)
            return response

        return answer

    def _of_account(self, request: Request) -> None:
        wanted = request.path_params["object"]
        if wanted != self._account.account_id:
            raise not_found(wanted)

    def _of_number(self, request: Request) -> None:
        wanted = request.path_params["object"]
        if wanted != self._account.phone_number_id:
            raise not_found(wanted)

    async def _get(self, request: Request, entry: Entry) -> Any:
        wanted = request.path_params["object"]
        if wanted == self._account.phone_number_id:
            return _only(request, self._number_view())
        if wanted == self._account.account_id:
            return _only(request, self._account_view())
        template = self._outside.templates.by_id(wanted)
        if template is not None:
            return _only(request, template.view())
        entry.type = "media"
        media = found(self._outside.shelf.find(wanted), wanted)
        return {
            "messaging_product": "whatsapp",
            "url": self._outside.shelf.link(media),
            "mime_type": media.mime_type,
            "sha256": media.sha256_hex,
            "file_size": len(media.content),
            "id": media.id,
        }

    def _number_view(self) -> dict[str, Any]:
        return {
            "id": self._account.phone_number_id,
            "verified_name": "Hark",
            "display_phone_number": "+" + self._account.display_phone_number,
            "code_verification_status": "VERIFIED",
            "name_status": "APPROVED",
            "quality_rating": "GREEN",
            "status": "CONNECTED",
            "platform_type": "CLOUD_API",
            "throughput": {"level": "STANDARD"},
            "account_mode": "SANDBOX",
            "is_official_business_account": False,
            "webhook_configuration": {"application": self._outside.sender.url},
            "whatsapp_business_manager_messaging_limit": "TIER_250",
        }

    def _account_view(self) -> dict[str, Any]:
        return {
            "id": self._account.account_id,
            "name": "Hark",
            "currency": "USD",
            "timezone_id": "1",
            "message_template_namespace": "c6f1d0a2_5f2e_4c59_9ad2_0b4f7d1c9a11",
            "account_review_status": "APPROVED",
            "business_verification_status": "not_verified",
            "health_status": {"can_send_message": "AVAILABLE"},
        }

    async def _numbers(self, request: Request, entry: Entry) -> Any:
        del entry
        self._of_account(request)
        return {"data": [_only(request, self._number_view())]}

    async def _debug_token(self, request: Request, entry: Entry) -> Any:
        del entry
        given = request.query_params.get("input_token")
        if not given:
            raise missing("input_token")
        if given != self._token:
            error = {"code": 190, "message": "Invalid OAuth access token."}
            return {"data": {"is_valid": False, "scopes": [], "error": error}}
        scopes = ["whatsapp_business_management", "whatsapp_business_messaging"]
        targets = [self._account.account_id]
        return {
            "data": {
                "app_id": "1550000000",
                "application": "Hark",
                "type": "SYSTEM_USER",
                "is_valid": True,
                "expires_at": 0,
                "scopes": scopes,
                "granular_scopes": [{"scope": s, "target_ids": targets} for s in scopes],
            }
        }

    async def _subscriptions(self, request: Request, entry: Entry) -> Any:
        del entry
        self._of_account(request)
        app = {"whatsapp_business_api_data": {"id": "1550000000", "name": "Hark", "link": ""}}
        return {"data": [app] if self._outside.sender.subscribed else []}

    async def _subscribe(self, request: Request, entry: Entry) -> Any:
        self._of_account(request)
        entry.body = await raw_body(request)
        self._outside.sender.subscribed = True
        return {"success": True}

    async def _unsubscribe(self, request: Request, entry: Entry) -> Any:
        del entry
        self._of_account(request)
        self._outside.sender.subscribed = False
        return {"success": True}

    async def _templates(self, request: Request, entry: Entry) -> Any:
        del entry
        self._of_account(request)
        wanted = {
            key: request.query_params[key]
            for key in ("name", "language", "status", "category")
            if key in request.query_params
        }
        views = [template.view() for template in self._outside.templates]
        matching = [v for v in views if all(v[key] == value for key, value in wanted.items())]
        start, size = _cursor(request)
        page = matching[start : start + size]
        answer: dict[str, Any] = {"data": page}
        if start + size < len(matching):
            answer["paging"] = {"cursors": {"before": str(start), "after": str(start + size)}}
        return answer

    async def _submit(self, request: Request, entry: Entry) -> Any:
        self._of_account(request)
        entry.body = await raw_body(request)
        template = self._outside.templates.submit(parsed(entry.body))
        return {"id": template.id, "status": template.status, "category": template.category}

    async def _delete_template(self, request: Request, entry: Entry) -> Any:
        del entry
        self._of_account(request)
        name = request.query_params.get("name")
        if not name:
            raise missing("name")
        if not self._outside.templates.remove(name):
            raise invalid("name", "there is no template of this name")
        return {"success": True}

    async def _unpause(self, request: Request, entry: Entry) -> Any:
        del entry
        template = self._outside.templates.by_id(request.path_params["object"])
        if template is None:
            raise not_found(request.path_params["object"])
        if template.status == "PAUSED":
            self._outside.templates.move(template.name, template.language, "APPROVED")
        return {"success": True}

    async def _get_profile(self, request: Request, entry: Entry) -> Any:
        del entry
        self._of_number(request)
        return {"data": [self._profile]}

    async def _set_profile(self, request: Request, entry: Entry) -> Any:
        self._of_number(request)
        entry.body = await raw_body(request)
        for name, limit in {"about": 139, "address": 256, "description": 512, "email": 128}.items():
            value = parsed(entry.body).get(name)
            if value is not None and (not isinstance(value, str) or len(value) > limit):
                raise invalid(name, f"it must be a string of at most {limit} characters")
            if value is not None:
                self._profile[name] = value
        return {"success": True}

    async def _register(self, request: Request, entry: Entry) -> Any:
        self._of_number(request)
        entry.body = await raw_body(request)
        pin = parsed(entry.body).get("pin")
        if not isinstance(pin, str) or len(pin) != 6 or not pin.isdecimal():
            raise invalid("pin", "it must have 6 digits")
        return {"success": True}

    async def _upload(self, request: Request, entry: Entry) -> Any:
        self._of_number(request)
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
        media = self._outside.shelf.upload(file.content, mime_type or "", file.filename)
        return {"id": media.id}

    async def _delete_media(self, request: Request, entry: Entry) -> Any:
        entry.type = "media"
        if not self._outside.shelf.remove(request.path_params["object"]):
            raise not_found(request.path_params["object"])
        return {"success": True}

    async def _download(self, request: Request, entry: Entry) -> Any:
        entry.type = "download"
        query = request.query_params
        media = self._outside.shelf.linked(
            query.get("mid", ""), query.get("ext", ""), query.get("hash", "")
        )
        strikes = self._outside.faults.strikes
        if media is None or strikes("media_gone") is not None:
            return Response(status_code=404)
        if (options := strikes("media_slow")) is not None:
            entry.fault = "media_slow"
            await asyncio.sleep(options["delay_ms"] / 1000)
        content = media.content
        if strikes("media_corrupt") is not None:
            entry.fault = "media_corrupt"
            content = bytes(reversed(content))
        return _File(content, media_type=media.mime_type)


class _File(Response):
    """The bytes of a file; the journal keeps none of them."""


def _only(request: Request, view: dict[str, Any]) -> dict[str, Any]:
    """The fields that were asked for; without `fields`, all of them."""
    wanted = request.query_params.get("fields")
    if not wanted:
        return view
    names = {name.strip() for name in wanted.split(",")} | {"id"}
    unknown = sorted(names - view.keys())
    if unknown:
        raise GraphError(100, message=f"(#100) Tried accessing nonexisting field ({unknown[0]})")
    return {name: value for name, value in view.items() if name in names}


def _cursor(request: Request) -> tuple[int, int]:
    after = request.query_params.get("after", "0")
    limit = request.query_params.get("limit", "25")
    if not after.isdecimal() or not limit.isdecimal() or not 1 <= int(limit) <= _PAGE:
        raise GraphError(100, f"after must be a cursor, and limit lie between 1 and {_PAGE}")
    return int(after), int(limit)
