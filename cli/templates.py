"""`hark templates`: what may be said outside the 24-hour window, and whether Meta approved it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence

from pydantic import Field, SecretStr
from rich.console import Console
from rich.table import Table

from chassis.settings import Settings, SettingsProblems, load
from cli.simulator import CREDENTIALS, SIMULATED
from services.notifier import catalogue
from services.notifier.clients.template_account import (
    Standing,
    TemplateAccount,
    TemplateAccountError,
)
from services.notifier.domain.approved import ApprovedTemplate
from services.run import CONFIGURATION_ERROR

UNUSABLE = 1
# The simulator has one account.
_SIMULATED = SIMULATED | {"WHATSAPP_ACCOUNT_ID": "102290129340398"}

_console = Console(highlight=False)
_errors = Console(stderr=True, highlight=False)


class TemplateSettings(Settings):
    """Whose templates they are."""

    whatsapp_api_url: str = Field(
        default="https://graph.facebook.com/v26.0",
        pattern=r"^https?://[^\s]+$",
        description="The Graph API with its version; the simulator's while there is no account.",
    )
    whatsapp_account_id: str = Field(
        pattern=r"^[0-9]+$", description="Id of the WhatsApp Business account."
    )
    whatsapp_auth_token: SecretStr = Field(
        description="System-user token with whatsapp_business_management."
    )


def lint() -> int:
    """Checks every approved template against Meta's rules; prints what is wrong with one."""
    try:
        templates = _templates()
    except ValueError as problem:
        _errors.print(str(problem), style="red")
        return UNUSABLE
    for template in templates:
        _console.print(f"{template.name} ({template.language}): {template.body}", soft_wrap=True)
    return 0


def push() -> int:
    """Hands in what Meta does not have yet; prints where each one stands."""
    return _ask(hands_in=True)


def status() -> int:
    """Prints where each one stands; 1 where one of them cannot be sent."""
    return _ask(hands_in=False)


async def push_to_simulator() -> None:
    """Hands all of them to the simulator that the environment names, as `hark up` does.

    Raises TemplateAccountError where it refuses.
    """
    async with _account(_settings(is_simulated=True)) as account:
        for each in await account.push(_templates()):
            if not each.is_usable:
                raise TemplateAccountError(f"{each.name} ({each.language}) is {each.status}")


def _ask(*, hands_in: bool) -> int:
    async def asked() -> Sequence[Standing]:
        settings = _settings(is_simulated=not any(os.environ.get(name) for name in CREDENTIALS))
        async with _account(settings) as account:
            return await (account.push if hands_in else account.status)(_templates())

    try:
        standings = asyncio.run(asked())
    except SettingsProblems as problems:
        _errors.print(str(problems), style="red")
        return CONFIGURATION_ERROR
    except (TemplateAccountError, ValueError) as problem:
        _errors.print(str(problem), style="red")
        return UNUSABLE
    table = Table("template", "language", "status")
    for each in standings:
        table.add_row(each.name, each.language, each.status)
    _console.print(table)
    usable = {"APPROVED", "PENDING"} if hands_in else {"APPROVED"}
    return 0 if all(each.status in usable for each in standings) else UNUSABLE


def _settings(*, is_simulated: bool) -> TemplateSettings:
    if is_simulated:
        for name, value in _SIMULATED.items():
            os.environ[name] = os.environ.get(name) or value
    (settings,) = load(TemplateSettings)
    return settings


def _account(settings: TemplateSettings) -> TemplateAccount:
    return TemplateAccount(
        api_url=settings.whatsapp_api_url,
        account_id=settings.whatsapp_account_id,
        auth_token=settings.whatsapp_auth_token.get_secret_value(),
    )


def _templates() -> Sequence[ApprovedTemplate]:
    return [
        template
        for locale in catalogue.approved_locales()
        for _name, template in sorted(catalogue.load_approved(locale).templates.items())
    ]
