"""The number and the account at Meta: token, permissions, quality, limits, subscriptions."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from cli.doctor.environment import DoctorSettings, first_secret
from cli.doctor.finding import Finding, fail, ok, warn
from cli.doctor.graph import Graph, GraphRefused
from cli.doctor.storage import skew
from services.notifier import catalogue
from services.notifier.clients.template_account import TemplateAccount, TemplateAccountError

_SCOPES = ("whatsapp_business_messaging", "whatsapp_business_management")
_NEEDED_FIELDS = ("messages",)
_WANTED_FIELDS = ("message_template_status_update", "account_update", "phone_number_quality_update")
_EXPIRES_SOON = timedelta(days=14)
# A date in a header has no fractions.
_HEADER_GRAIN = timedelta(seconds=1)


async def check_whatsapp(settings: DoctorSettings) -> list[Finding]:
    """Everything that Meta can be asked; one finding says so where it does not answer at all."""
    token = settings.whatsapp_auth_token.get_secret_value()
    async with Graph(settings.whatsapp_api_url, token) as graph:
        found = await _asked("token", _token(graph, token))
        if any(each.check == "Graph API" for each in found):
            return found
        found += await _asked("phone number", _number(graph, settings.whatsapp_phone_id))
        found += await _account(graph, settings)
        if graph.clock is not None:
            there, before, after = graph.clock
            found.append(skew("clock of Meta", there, before - _HEADER_GRAIN, after))
        return found


async def _asked(check: str, question: Awaitable[list[Finding]]) -> list[Finding]:
    try:
        return await question
    except GraphRefused as refused:
        if refused.code == 0:
            return [fail("Graph API", str(refused), "Check WHATSAPP_API_URL and the network.")]
        advice = "Make a system-user token with the permissions below and assign it the account."
        return [fail(check, f"Meta refuses: {refused}", advice)]


async def _token(graph: Graph, token: str) -> list[Finding]:
    data = _mapping((await graph.get("debug_token", input_token=token)).get("data"))
    if not data.get("is_valid"):
        reason = _mapping(data.get("error")).get("message", "no reason given")
        return [fail("token", f"it is not valid: {reason}", "Make a new system-user token.")]
    missing = [scope for scope in _SCOPES if scope not in (data.get("scopes") or [])]
    found = [
        fail("permissions", f"the token lacks {', '.join(missing)}", "Make one that has them.")
        if missing
        else ok("permissions", f"the token has {' and '.join(_SCOPES)}")
    ]
    expires = data.get("expires_at")
    if not expires:
        return [ok("token", "valid, without an end"), *found]
    end = datetime.fromtimestamp(int(expires), UTC)
    advice = "Make a system-user token that does not expire."
    says = f"valid until {end:%Y-%m-%d %H:%M} UTC"
    soon = end - datetime.now(UTC) < _EXPIRES_SOON
    return [warn("token", says, advice) if soon else ok("token", says), *found]


async def _number(graph: Graph, phone_id: str) -> list[Finding]:
    fields = (
        "display_phone_number,status,quality_rating,code_verification_status,"
        "name_status,whatsapp_business_manager_messaging_limit,throughput"
    )
    number = await graph.get(phone_id, fields=fields)
    return [_connection(number), _quality(number), _tier(number)]


def _connection(number: Mapping[str, Any]) -> Finding:
    status = number.get("status", "CONNECTED")
    if status != "CONNECTED":
        return fail("phone number", f"it is {status}", "Register it: POST /{phone}/register.")
    if number.get("code_verification_status") not in {"VERIFIED", None}:
        return warn(
            "phone number",
            f"connected; its verification is {number['code_verification_status']}",
            "Verify it in the WhatsApp Manager.",
        )
    return ok("phone number", f"{number.get('display_phone_number', 'it')} is connected")


def _quality(number: Mapping[str, Any]) -> Finding:
    rating = number.get("quality_rating", "UNKNOWN")
    if rating == "RED":
        advice = "Send less that people did not ask for; Meta lowers the limit next."
        return fail("quality", "people block or report this number (RED)", advice)
    if rating == "YELLOW":
        return warn("quality", "some people block or report it (YELLOW)", "Look at what is sent.")
    return ok("quality", str(rating))


def _tier(number: Mapping[str, Any]) -> Finding:
    tier = str(number.get("whatsapp_business_manager_messaging_limit", "unknown"))
    if tier in {"TIER_50", "TIER_250"}:
        return warn(
            "messaging limit",
            f"{tier}: so many people a day can be written to outside their 24-hour window",
            "Verify the business to reach 2,000.",
        )
    return ok("messaging limit", tier)


async def _account(graph: Graph, settings: DoctorSettings) -> list[Finding]:
    account_id = settings.whatsapp_account_id
    if not account_id:
        advice = "Set WHATSAPP_ACCOUNT_ID; subscription and templates cannot be seen without it."
        return [warn("account", "WHATSAPP_ACCOUNT_ID is not set", advice)]
    found = await _asked("account", _verification(graph, account_id))
    found += await _asked("subscription of the account", _subscribed(graph, account_id))
    found += await _app(graph, settings)
    return [*found, await _templates(settings)]


async def _verification(graph: Graph, account_id: str) -> list[Finding]:
    fields = "business_verification_status,account_review_status,health_status"
    account = await graph.get(account_id, fields=fields)
    can_send = _mapping(account.get("health_status")).get("can_send_message", "AVAILABLE")
    verified = account.get("business_verification_status", "unknown")
    found = [
        ok("business", "verified")
        if verified == "verified"
        else warn("business", f"{verified}", "Verify it in the Business Manager; it takes days.")
    ]
    if can_send == "BLOCKED":
        advice = "Read the account's alerts in the WhatsApp Manager."
        return [fail("account", "Meta does not let it send (BLOCKED)", advice), *found]
    if can_send == "LIMITED":
        return [warn("account", "Meta limits it", "Read its alerts in the Manager."), *found]
    return [ok("account", "it may send"), *found]


async def _subscribed(graph: Graph, account_id: str) -> list[Finding]:
    apps = (await graph.get(f"{account_id}/subscribed_apps")).get("data")
    check = "subscription of the account"
    if not apps:
        meaning = "no app is subscribed to the account: no webhook ever comes, without any error"
        return [fail(check, meaning, f"POST /{account_id}/subscribed_apps with the token.")]
    return [ok(check, "the app is subscribed to it")]


async def _app(graph: Graph, settings: DoctorSettings) -> list[Finding]:
    check, app_id = "subscription of the app", settings.whatsapp_app_id
    if not app_id:
        return [
            warn(
                check,
                "WHATSAPP_APP_ID is not set: which fields the app gets is not known",
                "Set it, or look into the App Dashboard under WhatsApp, Configuration.",
            )
        ]
    app_token = f"{app_id}|{first_secret(settings.whatsapp_app_secret)}"

    async def ask() -> list[Finding]:
        answer = await graph.get(f"{app_id}/subscriptions", token=app_token)
        return [_fields(check, answer.get("data"))]

    return await _asked(check, ask())


def _fields(check: str, subscriptions: Any) -> Finding:
    names: set[str] = set()
    for each in subscriptions if isinstance(subscriptions, list) else []:
        if _mapping(each).get("object") == "whatsapp_business_account":
            names |= {str(_mapping(field).get("name", field)) for field in each.get("fields") or []}
    advice = "Tick the fields in the App Dashboard under WhatsApp, Configuration."
    if missing := [name for name in _NEEDED_FIELDS if name not in names]:
        return fail(check, f"the app does not get {', '.join(missing)}", advice)
    if missing := [name for name in _WANTED_FIELDS if name not in names]:
        return warn(check, f"the app does not get {', '.join(missing)}", advice)
    return ok(check, "the app gets what Hark acts on")


async def _templates(settings: DoctorSettings) -> Finding:
    wanted = [
        template
        for locale in catalogue.approved_locales()
        for template in catalogue.load_approved(locale).templates.values()
    ]
    try:
        async with TemplateAccount(
            api_url=settings.whatsapp_api_url,
            account_id=settings.whatsapp_account_id,
            auth_token=settings.whatsapp_auth_token.get_secret_value(),
        ) as account:
            standings = await account.status(wanted)
    except TemplateAccountError as error:
        return fail("templates", str(error), "Check the token's permissions.")
    unusable = [f"{s.name} ({s.language}) is {s.status}" for s in standings if not s.is_usable]
    if unusable:
        return fail(
            "templates",
            f"{len(unusable)} of {len(standings)} cannot be sent: {'; '.join(unusable[:5])}",
            "Run: hark templates push; then wait for Meta, or read why it refused.",
        )
    return ok("templates", f"all {len(standings)} are approved")


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
