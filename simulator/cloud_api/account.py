"""The number and the account: what a doctor asks, subscriptions, profile, registration."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from simulator.cloud_api.endpoint import Endpoints, only
from simulator.cloud_api.request import parsed, raw_body
from simulator.domain.graph_error import invalid, missing, not_found
from simulator.journal import Entry
from simulator.media_shelf import found
from simulator.outside import Outside

APP_ID = "1550000000"
_PROFILE_LIMITS = {"about": 139, "address": 256, "description": 512, "email": 128}


class AccountEndpoints(Endpoints):
    """Everything that is looked up by an id, and what belongs to the account itself."""

    def __init__(self, outside: Outside, *, token: str, app_secret: str) -> None:
        super().__init__(outside, token=token)
        self._app_token = f"{APP_ID}|{app_secret}"
        self._profile: dict[str, Any] = {"messaging_product": "whatsapp", "vertical": "OTHER"}

    def routes(self) -> list[Route]:
        """The paths, most particular first."""
        return [
            self.route("/debug_token", self._debug_token, "GET"),
            self.route(
                "/{object}/subscriptions", self._app_subscriptions, "GET", token=self._app_token
            ),
            self.route("/{object}/phone_numbers", self._numbers, "GET"),
            self.route("/{object}/subscribed_apps", self._subscriptions, "GET"),
            self.route("/{object}/subscribed_apps", self._subscribe, "POST"),
            self.route("/{object}/subscribed_apps", self._unsubscribe, "DELETE"),
            self.route("/{object}/whatsapp_business_profile", self._get_profile, "GET"),
            self.route("/{object}/whatsapp_business_profile", self._set_profile, "POST"),
            self.route("/{object}/register", self._register, "POST"),
            self.route("/{object}", self._get, "GET"),
        ]

    async def _get(self, request: Request, entry: Entry) -> Any:
        wanted = request.path_params["object"]
        if wanted == self.account.phone_number_id:
            return only(request, self._number_view())
        if wanted == self.account.account_id:
            return only(request, self._account_view())
        template = self.outside.templates.by_id(wanted)
        if template is not None:
            return only(request, template.view())
        entry.type = "media"
        media = found(self.outside.shelf.find(wanted), wanted)
        return {
            "messaging_product": "whatsapp",
            "url": self.outside.shelf.link(media),
            "mime_type": media.mime_type,
            "sha256": media.sha256_hex,
            "file_size": len(media.content),
            "id": media.id,
        }

    def _number_view(self) -> dict[str, Any]:
        standing = self.outside.standing.current
        return {
            "id": self.account.phone_number_id,
            "verified_name": "Hark",
            "display_phone_number": "+" + self.account.display_phone_number,
            "code_verification_status": standing.code_verification_status,
            "name_status": "APPROVED",
            "quality_rating": standing.quality_rating,
            "status": standing.status,
            "platform_type": "CLOUD_API",
            "throughput": {"level": "STANDARD"},
            "account_mode": "SANDBOX",
            "is_official_business_account": False,
            "webhook_configuration": {"application": self.outside.sender.url},
            "whatsapp_business_manager_messaging_limit": standing.messaging_limit,
        }

    def _account_view(self) -> dict[str, Any]:
        standing = self.outside.standing.current
        return {
            "id": self.account.account_id,
            "name": "Hark",
            "currency": "USD",
            "timezone_id": "1",
            "message_template_namespace": "c6f1d0a2_5f2e_4c59_9ad2_0b4f7d1c9a11",
            "account_review_status": "APPROVED",
            "business_verification_status": standing.business_verification_status,
            "health_status": {"can_send_message": standing.can_send_message},
        }

    async def _numbers(self, request: Request, entry: Entry) -> Any:
        del entry
        self.of_account(request)
        return {"data": [only(request, self._number_view())]}

    async def _debug_token(self, request: Request, entry: Entry) -> Any:
        del entry
        given = request.query_params.get("input_token")
        if not given:
            raise missing("input_token")
        if given != self.token:
            error = {"code": 190, "message": "Invalid OAuth access token."}
            return {"data": {"is_valid": False, "scopes": [], "error": error}}
        standing = self.outside.standing.current
        targets = [self.account.account_id]
        return {
            "data": {
                "app_id": APP_ID,
                "application": "Hark",
                "type": "SYSTEM_USER",
                "is_valid": True,
                "expires_at": standing.token_expires,
                "scopes": list(standing.scopes),
                "granular_scopes": [{"scope": s, "target_ids": targets} for s in standing.scopes],
            }
        }

    async def _subscriptions(self, request: Request, entry: Entry) -> Any:
        del entry
        self.of_account(request)
        app = {"whatsapp_business_api_data": {"id": APP_ID, "name": "Hark", "link": ""}}
        return {"data": [app] if self.outside.sender.subscribed else []}

    async def _app_subscriptions(self, request: Request, entry: Entry) -> Any:
        """Which fields the app gets; asked with the app's own token, `id|secret`."""
        del entry
        if request.path_params["object"] != APP_ID:
            raise not_found(request.path_params["object"])
        fields = [{"name": f, "version": "v26.0"} for f in self.outside.standing.current.app_fields]
        return {
            "data": [
                {
                    "object": "whatsapp_business_account",
                    "callback_url": self.outside.sender.url,
                    "active": True,
                    "fields": fields,
                }
            ]
        }

    async def _subscribe(self, request: Request, entry: Entry) -> Any:
        self.of_account(request)
        entry.body = await raw_body(request)
        self.outside.sender.subscribed = True
        return {"success": True}

    async def _unsubscribe(self, request: Request, entry: Entry) -> Any:
        del entry
        self.of_account(request)
        self.outside.sender.subscribed = False
        return {"success": True}

    async def _get_profile(self, request: Request, entry: Entry) -> Any:
        del entry
        self.of_number(request)
        return {"data": [self._profile]}

    async def _set_profile(self, request: Request, entry: Entry) -> Any:
        self.of_number(request)
        entry.body = await raw_body(request)
        for name, limit in _PROFILE_LIMITS.items():
            value = parsed(entry.body).get(name)
            if value is not None and (not isinstance(value, str) or len(value) > limit):
                raise invalid(name, f"it must be a string of at most {limit} characters")
            if value is not None:
                self._profile[name] = value
        return {"success": True}

    async def _register(self, request: Request, entry: Entry) -> Any:
        self.of_number(request)
        entry.body = await raw_body(request)
        pin = parsed(entry.body).get("pin")
        if not isinstance(pin, str) or len(pin) != 6 or not pin.isdecimal():
            raise invalid("pin", "it must have 6 digits")
        return {"success": True}
